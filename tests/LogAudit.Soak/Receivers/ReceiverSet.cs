using System.Text;
using LogAudit.Testing;
using LogAudit.Testing.Otlp;

namespace LogAudit.Soak;

/// <summary>The receivers of a run: four of the function, three of the consumers, a Logstore each.</summary>
internal sealed class ReceiverSet(int seed, Troubles troubles) : IAsyncDisposable
{
    private const string Token = "soak-token";

    private readonly TestCertificates certificates = new();
    private readonly List<Receiver> all = [];

    public IReadOnlyList<Receiver> All => all;

    private string TokenFile => Path.Combine(certificates.Folder, "token");

    private SocTls Tls => new(certificates.Server);

    /// <summary>Starts them.</summary>
    public void Start()
    {
        File.WriteAllText(TokenFile, Token);
        AddHec(new Road("hec", "slb", "slb_log", Forwarder.Function));
        AddElastic(new Road("elastic", "rds", "rds_log", Forwarder.Function));
        AddWebhook(new Road("webhook", "vpc", "vpc_log", Forwarder.Function));
        AddSyslog(new Road("tls", "nas", "nas_log", Forwarder.Function), Tls);
        AddOtlp(new Road("otlp", "dns", "dns_log", Forwarder.Consumer));
        AddRelp(new Road("relp", "alb", "alb_log", Forwarder.Consumer));
        AddSyslog(new Road("tcp", "oss", "oss_log", Forwarder.Consumer), tls: null);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var receiver in all)
        {
            await receiver.Owner.DisposeAsync();
        }

        certificates.Dispose();
    }

    private void AddHec(Road road)
    {
        var (receipts, mood, taken) = (Book(road), new HttpMood(), new Counter());
        var soc = new HecSoc(
            _ => mood.Answer(),
            one =>
            {
                receipts.Take(Encoding.UTF8.GetBytes(one.Event));
                taken.Add();
            },
            Tls,
            Peers.FreePort()
        )
        {
            Token = Token,
            GivesAcks = true,
            // 6: invalid data format.
            Judge = text => IsRefused(mood, receipts, text) ? 6 : 0,
        };
        Add(
            receipts,
            soc.Listener,
            taken,
            [
                mood.Answers("http-429", () => new SocAnswer(429, "Retry-After: 1")),
                mood.Answers("http-500", () => HecSoc.Says(500, 8)),
                mood.Answers("http-503", () => HecSoc.Says(503, 9)),
                mood.PartialRefusal(),
            ],
            "splunk-hec",
            "json",
            host => $"https://{host}:{soc.Listener.Port}",
            $"token: \"file:{TokenFile}\", ack: true, ack-seconds: 5",
            soc
        );
    }

    private void AddElastic(Road road)
    {
        var (receipts, mood, taken) = (Book(road), new HttpMood(), new Counter());
        var soc = new ElasticSoc(
            _ => mood.Answer(),
            document => IsRefused(mood, receipts, document) ? 400 : 201,
            (_, document) =>
            {
                receipts.Take(Encoding.UTF8.GetBytes(document));
                taken.Add();
            },
            Tls,
            Peers.FreePort()
        );
        Add(
            receipts,
            soc.Listener,
            taken,
            [
                mood.Answers("http-429", () => new SocAnswer(429, "Retry-After: 1")),
                mood.Answers("http-500", () => new SocAnswer(500)),
                mood.Answers("http-503", () => new SocAnswer(503)),
                mood.PartialRefusal(),
            ],
            "elasticsearch",
            "json",
            host => $"https://{host}:{soc.Listener.Port}",
            "",
            soc
        );
    }

    private void AddWebhook(Road road)
    {
        var (receipts, mood, taken) = (Book(road), new HttpMood(), new Counter());
        var soc = new HttpSoc(
            request =>
            {
                if (mood.Answer() is { } moody)
                {
                    return moody;
                }

                var lines = request.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
                if (mood.IsPicky && lines.Any(line => IsRefused(mood, receipts, line)))
                {
                    return new SocAnswer(422);
                }

                foreach (var line in lines)
                {
                    receipts.Take(Encoding.UTF8.GetBytes(line));
                    taken.Add();
                }

                return new SocAnswer(202);
            },
            Tls,
            Peers.FreePort()
        )
        {
            Keeps = false,
        };
        Add(
            receipts,
            soc.Listener,
            taken,
            [
                mood.Answers("http-429", () => new SocAnswer(429, "Retry-After: 1")),
                mood.Answers("http-500", () => new SocAnswer(500)),
                mood.Answers("http-503", () => new SocAnswer(503, "Retry-After: 1")),
                mood.PartialRefusal(),
            ],
            "webhook",
            "json",
            host => $"https://{host}:{soc.Listener.Port}/logs",
            "body: ndjson",
            soc
        );
    }

    private void AddOtlp(Road road)
    {
        var (receipts, mood, taken) = (Book(road), new HttpMood(), new Counter());
        void Store(LogRecord record)
        {
            receipts.Take(Encoding.UTF8.GetBytes(record.Body.StringValue));
            taken.Add();
        }

        var soc = new OtlpSoc(
            (_, export) => mood.Answer() ?? (mood.IsPicky ? Partly(export, mood, receipts, Store) : null),
            Store,
            tls: null,
            Peers.FreePort()
        );
        Add(
            receipts,
            soc.Listener,
            taken,
            [
                mood.Answers("http-429", () => new SocAnswer(429, "Retry-After: 1")),
                mood.Answers("http-503", () => new SocAnswer(503, "Retry-After: 1")),
                mood.PartialRefusal(),
            ],
            "otlp",
            "json",
            host => $"http://{host}:{soc.Listener.Port}",
            "max-records: 500",
            soc
        );
    }

    private void AddRelp(Road road)
    {
        var (receipts, mood, taken) = (Book(road), new HttpMood(), new Counter());
        var soc = new RelpSoc(
            Tls,
            message =>
                mood.IsPicky && IsRefused(mood, receipts, DeliveredRecord.InSyslog(message)) ? "500 refused" : "200 OK",
            stored: message =>
            {
                receipts.Take(Encoding.UTF8.GetBytes(DeliveredRecord.InSyslog(message)));
                taken.Add();
            },
            port: Peers.FreePort()
        );
        Add(
            receipts,
            soc.Listener,
            taken,
            [mood.PartialRefusal()],
            "relp",
            "rfc5424",
            host => $"tls://{host}:{soc.Port}",
            "",
            soc
        );
    }

    private void AddSyslog(Road road, SocTls? tls)
    {
        var (receipts, taken) = (Book(road), new Counter());
        var soc = new SyslogSoc(
            tls,
            stored: message =>
            {
                receipts.Take(Encoding.UTF8.GetBytes(DeliveredRecord.InSyslog(message)));
                taken.Add();
            },
            port: Peers.FreePort()
        );
        Add(
            receipts,
            soc.Listener,
            taken,
            [],
            "syslog",
            "rfc5424",
            host => $"{(tls is null ? "tcp" : "tls")}://{host}:{soc.Port}",
            "",
            soc
        );
    }

    private Receipts Book(Road road) => new(seed, road, troubles);

    private void Add(
        Receipts receipts,
        SocListener listener,
        Counter taken,
        IReadOnlyList<FaultKind> own,
        string sink,
        string format,
        Func<string, string> address,
        string options,
        IAsyncDisposable owner
    )
    {
        string Settings(string host) =>
            $"""
                  - name: {receipts.Road.Name}
                    sink: {sink}
                    format: {format}
                    products: [{receipts.Road.Product}]
                    options:
                      address: {address(host)}
                      timeout-seconds: 3{(
                    listener.Tls is null ? "" : $"\n      ca-file: {certificates.CaFile}"
                )}{string.Concat(
                    options.Split(", ", StringSplitOptions.RemoveEmptyEntries).Select(one => $"\n      {one}")
                )}

                """;
        List<FaultKind> faults =
        [
            .. own,
            ListenerFaults.Crash(listener),
            ListenerFaults.Hang(listener),
            ListenerFaults.HalfClose(listener),
        ];
        if (listener.Tls is not null)
        {
            faults.Add(ListenerFaults.ExpiredCertificate(listener, certificates));
        }

        all.Add(new Receiver(receipts, listener, () => taken.Value, faults, Settings, owner));
    }

    // A record that is refused for good must become a dead letter.
    private static bool IsRefused(HttpMood mood, Receipts receipts, string json)
    {
        if (
            !mood.IsPicky
            || DeliveredRecord.Read(Encoding.UTF8.GetBytes(json)) is not { } record
            || RecordText.Read(record.Text) is not (_, var number)
            || !mood.Refuses(number)
        )
        {
            return false;
        }

        receipts.Refuse(number);
        return true;
    }

    // Stores what it takes and says how many it left out; all of them become dead letters, because it does not say which.
    private static SocAnswer? Partly(
        ExportLogsServiceRequest export,
        HttpMood mood,
        Receipts receipts,
        Action<LogRecord> store
    )
    {
        var refused = 0;
        foreach (var record in export.ResourceLogs.SelectMany(one => one.ScopeLogs).SelectMany(one => one.LogRecords))
        {
            if (IsRefused(mood, receipts, record.Body.StringValue))
            {
                refused++;
            }
            else
            {
                store(record);
            }
        }

        // {partial_success {rejected_log_records}}: a number below 128 is one byte.
        return new SocAnswer(200, "Content-Type: application/x-protobuf")
        {
            Body = refused == 0 ? "" : $"\n\u0002\b{(char)refused}",
        };
    }

    private sealed class Counter
    {
        private long value;

        public long Value => Interlocked.Read(ref value);

        public void Add() => Interlocked.Increment(ref value);
    }
}
