using System.Text;
using System.Text.Json.Nodes;
using LogAudit.Testing;

namespace LogAudit.Forwarding.Tests.Sinks;

public sealed class RsyslogRelpTests : IDisposable
{
    private const int Records = 5_000;

    private readonly TestCertificates certificates = new();

    public void Dispose() => certificates.Dispose();

    [PeerTheory("rsyslog-relp")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Every_accepted_record_is_in_the_file_at_that_moment(bool tls)
    {
        await using var rsyslog = await StartAsync(tls);
        using var sink = new Relp(Options(rsyslog.Port, tls), TimeProvider.System);
        using var batch = SinkBatches.Of(new Rfc5424(new Rfc5424Options()), Records, padding: 500);

        var report = await sink.SendAsync(batch, CancellationToken.None);
        var ids = Ids(rsyslog);

        Assert.All(
            Enumerable.Range(0, Records),
            index => Assert.True(report[index] is RecordOutcome.Accepted, report[index].ToString())
        );
        Assert.Equal(Enumerable.Range(0, Records).Select(index => Id(batch, index)), ids);
    }

    [PeerTheory("rsyslog-relp")]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task Records_arrive_with_equal_ids_though_the_receiver_ends_in_the_middle(bool tls, bool killed)
    {
        await using var rsyslog = await StartAsync(tls);
        using var sink = new Relp(Options(rsyslog.Port, tls), TimeProvider.System);
        using var batch = SinkBatches.Of(new Rfc5424(new Rfc5424Options()), Records, padding: 500);
        var (open, broken) = (Enumerable.Range(0, Records).ToList(), 0);

        for (var round = 0; open.Count > 0; round++)
        {
            var sending = sink.SendAsync(batch.Select(open), CancellationToken.None);
            if (round < 3)
            {
                await UntilItWroteAsync(rsyslog, (round + 1) * 200);
                await (killed ? rsyslog.KillAsync() : rsyslog.StopAsync());
            }

            var report = await sending;
            var written = Ids(rsyslog).ToHashSet(StringComparer.Ordinal);
            var accepted = open.Where((_, at) => report[at] is RecordOutcome.Accepted).ToList();
            Assert.All(accepted, index => Assert.Contains(Id(batch, index), written));
            Assert.DoesNotContain(Enumerable.Range(0, report.Count), at => report[at] is RecordOutcome.Reject);
            open = [.. open.Except(accepted)];
            if (round < 3)
            {
                broken += open.Count > 0 ? 1 : 0;
                await rsyslog.RestartAsync();
            }
        }

        Assert.True(broken > 0, "the receiver never ended in the middle");
        Assert.Equal(
            Enumerable.Range(0, Records).Select(index => Id(batch, index)).Order(StringComparer.Ordinal),
            Ids(rsyslog).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)
        );
    }

    [PeerFact("rsyslog-relp")]
    public async Task Client_certificate_is_shown_where_the_receiver_requires_it()
    {
        await using var rsyslog = await Rsyslog.StartAsync(
            new RsyslogInput(RsyslogProtocol.Relp, certificates, AsksForCertificate: true)
        );
        using var batch = SinkBatches.Of(new Rfc5424(new Rfc5424Options()), 3);
        using var without = new Relp(Options(rsyslog.Port, tls: true), TimeProvider.System);
        using var with = new Relp(
            Options(rsyslog.Port, tls: true) with
            {
                Target = Options(rsyslog.Port, tls: true).Target with { Trust = certificates.Trust },
            },
            TimeProvider.System
        );

        var refused = await without.SendAsync(batch, CancellationToken.None);
        var taken = await with.SendAsync(batch, CancellationToken.None);

        Assert.Contains("certificate required", ((RecordOutcome.Retry)refused[0]).Why, StringComparison.Ordinal);
        Assert.IsType<RecordOutcome.Accepted>(taken[2]);
        Assert.Equal(3, Ids(rsyslog).Count());
    }

    private Task<Rsyslog> StartAsync(bool tls) =>
        Rsyslog.StartAsync(new RsyslogInput(RsyslogProtocol.Relp, tls ? certificates : null));

    private RelpOptions Options(int port, bool tls) =>
        new()
        {
            Target = new SocketTarget(new Uri($"{(tls ? "tls" : "tcp")}://127.0.0.1:{port}"))
            {
                ServerName = "localhost",
                Trust = new TlsTrust(certificates.CaFile, null, null),
                Timeout = TimeSpan.FromSeconds(60),
            },
        };

    private static string Id(EncodedBatch batch, int index) => Encoding.ASCII.GetString(batch.Id(index));

    private static IEnumerable<string> Ids(Rsyslog rsyslog) =>
        File.ReadLines(rsyslog.File).Select(line => (string)JsonNode.Parse(line)!["event"]!["id"]!);

    private static async Task UntilItWroteAsync(Rsyslog rsyslog, int lines)
    {
        while (!File.Exists(rsyslog.File) || File.ReadLines(rsyslog.File).Count() < lines)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System);
        }
    }
}
