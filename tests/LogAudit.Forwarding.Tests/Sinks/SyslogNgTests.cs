using System.Text;
using System.Text.Json.Nodes;
using LogAudit.Testing;

namespace LogAudit.Forwarding.Tests.Sinks;

public sealed class SyslogNgTests : IDisposable
{
    private const int Records = 2_000;

    private readonly TestCertificates certificates = new();

    public void Dispose() => certificates.Dispose();

    [PeerTheory("syslog-ng")]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task Accepted_records_are_parsed_header_structured_data_and_json(bool tls, bool lines)
    {
        await using var syslogNg = await SyslogNg.StartAsync(
            new SyslogNgInput(tls ? certificates : null, Lines: lines)
        );
        using var sink = new Syslog(
            new SyslogOptions
            {
                Target = Target(syslogNg.Port, tls),
                Framing = lines ? Framing.Lf : Framing.OctetCounting,
            },
            TimeProvider.System
        );
        using var batch = SinkBatches.Of(new Rfc5424(new Rfc5424Options()), Records, padding: 300);

        var report = await sink.SendAsync(batch, CancellationToken.None);
        var written = await syslogNg.LinesAsync(Records);

        Assert.All(
            Enumerable.Range(0, Records),
            index => Assert.True(report[index] is RecordOutcome.Accepted, report[index].ToString())
        );
        Assert.All(
            written.Index(),
            line =>
            {
                var parts = line.Item.Split('\t');
                Assert.Equal(Encoding.ASCII.GetString(batch.Id(line.Index)), parts[0]);
                Assert.Equal(Encoding.ASCII.GetString(batch.Account(line.Index)), parts[1]);
                Assert.Equal(SinkBatches.Marker(line.Index), parts[2]);
                Assert.Equal(parts[0], (string?)JsonNode.Parse(parts[3])!["event"]!["id"]);
            }
        );
    }

    [PeerFact("syslog-ng")]
    public async Task Client_certificate_that_is_missing_is_noticed_though_tls_13_refuses_it_late()
    {
        await using var syslogNg = await SyslogNg.StartAsync(new SyslogNgInput(certificates, AsksForCertificate: true));
        using var batch = SinkBatches.Of(new Rfc5424(new Rfc5424Options()), 3);
        using var without = new Syslog(
            new SyslogOptions { Target = Target(syslogNg.Port, tls: true) },
            TimeProvider.System
        );
        using var with = new Syslog(
            new SyslogOptions { Target = Target(syslogNg.Port, tls: true) with { Trust = certificates.Trust } },
            TimeProvider.System
        );

        var refused = await without.SendAsync(batch, CancellationToken.None);
        var taken = await with.SendAsync(batch, CancellationToken.None);

        Assert.All(
            Enumerable.Range(0, 3),
            index =>
                Assert.Contains(
                    "certificate required",
                    ((RecordOutcome.Retry)refused[index]).Why,
                    StringComparison.Ordinal
                )
        );
        Assert.IsType<RecordOutcome.Accepted>(taken[2]);
        Assert.Equal(3, (await syslogNg.LinesAsync(3)).Count);
    }

    private SocketTarget Target(int port, bool tls) =>
        new(new Uri($"{(tls ? "tls" : "tcp")}://127.0.0.1:{port}"))
        {
            ServerName = "localhost",
            Trust = new TlsTrust(certificates.CaFile, null, null),
            Timeout = TimeSpan.FromSeconds(60),
        };
}
