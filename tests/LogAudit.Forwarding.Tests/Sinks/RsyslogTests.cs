using System.Text.Json.Nodes;
using LogAudit.Testing;

namespace LogAudit.Forwarding.Tests.Sinks;

public sealed class RsyslogTests : IDisposable
{
    private const int Records = 5_000;

    private readonly TestCertificates certificates = new();

    public void Dispose() => certificates.Dispose();

    [PeerTheory("rsyslog")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Every_accepted_record_is_in_the_file_at_that_moment(bool tls)
    {
        await using var rsyslog = await Rsyslog.StartAsync(tls ? certificates : null);
        using var sink = new Syslog(Options(rsyslog.Port, tls), TimeProvider.System);
        using var batch = SinkBatches.Of(new Rfc5424(new Rfc5424Options()), Records, padding: 500);

        var report = await sink.SendAsync(batch, CancellationToken.None);
        var lines = await File.ReadAllLinesAsync(rsyslog.File);

        Assert.All(
            Enumerable.Range(0, Records),
            index => Assert.True(report[index] is RecordOutcome.Accepted, report[index].ToString())
        );
        Assert.Equal(
            Enumerable.Range(0, Records).Select(SinkBatches.Marker),
            lines.Select(line => (string?)JsonNode.Parse(line)!["aliyun"]!["test_log"]!["mark"])
        );
    }

    [PeerTheory("rsyslog")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Records_of_a_killed_receiver_are_not_accepted_and_arrive_after_its_restart(bool tls)
    {
        await using var rsyslog = await Rsyslog.StartAsync(tls ? certificates : null);
        using var sink = new Syslog(Options(rsyslog.Port, tls), TimeProvider.System);
        using var batch = SinkBatches.Of(new Rfc5424(new Rfc5424Options()), 100);
        await rsyslog.KillAsync();

        var down = await sink.SendAsync(batch, CancellationToken.None);
        await rsyslog.RestartAsync();
        var up = await sink.SendAsync(batch, CancellationToken.None);

        Assert.IsType<RecordOutcome.Retry>(down[0]);
        Assert.IsType<RecordOutcome.Accepted>(up[99]);
        Assert.Equal(100, (await File.ReadAllLinesAsync(rsyslog.File)).Length);
    }

    [PeerTheory("rsyslog")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Records_that_a_stopped_receiver_accepted_are_in_its_file(bool tls)
    {
        await using var rsyslog = await Rsyslog.StartAsync(tls ? certificates : null);
        using var sink = new Syslog(Options(rsyslog.Port, tls), TimeProvider.System);
        using var batch = SinkBatches.Of(new Rfc5424(new Rfc5424Options()), Records, padding: 1_000);
        var (accepted, refused) = (0, 0);

        // The stop moves through the batch and past its end, faster and faster, until both fates were seen often enough.
        for (var round = 0; round < 60 && (round < 24 || accepted == 0 || refused == 0); round++)
        {
            var sending = sink.SendAsync(batch, CancellationToken.None);
            await Task.Delay(TimeSpan.FromMilliseconds(6 * round * (1 + (round / 12))), TimeProvider.System);
            await rsyslog.StopAsync();
            var report = await sending;
            var lines = File.Exists(rsyslog.File) ? await File.ReadAllLinesAsync(rsyslog.File) : [];
            if (report[0] is RecordOutcome.Accepted)
            {
                accepted++;
                Assert.Equal(Records, lines.Length);
            }
            else
            {
                refused++;
            }

            File.Delete(rsyslog.File);
            await rsyslog.RestartAsync();
        }

        Assert.True(accepted > 0 && refused > 0, $"{accepted} accepted, {refused} refused");
    }

    [PeerFact("rsyslog")]
    public async Task Datagrams_arrive_whole()
    {
        // So few that the kernel holds them all while a busy machine does not run the receiver.
        const int Few = 20;
        await using var rsyslog = await Rsyslog.StartAsync(new RsyslogInput(RsyslogProtocol.Udp));
        using var sink = new Syslog(
            new SyslogOptions
            {
                Target = new SocketTarget(new Uri($"udp://127.0.0.1:{rsyslog.Port}")),
                Limit = new MessageLimit(2048),
            },
            TimeProvider.System
        );
        using var batch = SinkBatches.Of(new Rfc5424(new Rfc5424Options()), Few, padding: 200);

        var report = await sink.SendAsync(batch, CancellationToken.None);
        var lines = await Peers.LinesAsync(rsyslog.File, Few);

        Assert.IsType<RecordOutcome.Accepted>(report[Few - 1]);
        Assert.Equal(
            Enumerable.Range(0, Few).Select(SinkBatches.Marker),
            lines.Select(line => (string?)JsonNode.Parse(line)!["aliyun"]!["test_log"]!["mark"])
        );
    }

    private SyslogOptions Options(int port, bool tls) =>
        new()
        {
            Target = new SocketTarget(new Uri($"{(tls ? "tls" : "tcp")}://127.0.0.1:{port}"))
            {
                ServerName = "localhost",
                Trust = new TlsTrust(certificates.CaFile, null, null),
                Timeout = TimeSpan.FromSeconds(60),
            },
        };
}
