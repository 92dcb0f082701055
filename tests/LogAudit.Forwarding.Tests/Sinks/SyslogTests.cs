using LogAudit.Testing;

namespace LogAudit.Forwarding.Tests.Sinks;

public abstract class SyslogContract : SinkContract
{
    protected override IFormat Format { get; } = new Rfc5424(new Rfc5424Options());

    [Fact]
    public async Task Message_that_is_too_long_is_rejected_and_the_others_are_accepted()
    {
        await using var test = await StartAsync(SocMood.Takes, TimeSpan.FromSeconds(30));
        using var batch = SinkBatches.Of(Format, 2, padding: 9000);
        using var small = SinkBatches.Of(Format, 3);

        var report = await test.Sink.SendAsync(batch, CancellationToken.None);
        var others = await test.Sink.SendAsync(small, CancellationToken.None);

        Assert.All(
            Outcomes(report),
            outcome =>
                Assert.Contains("8192", Assert.IsType<RecordOutcome.Reject>(outcome).Reason, StringComparison.Ordinal)
        );
        Assert.All(Outcomes(others), outcome => Assert.IsType<RecordOutcome.Accepted>(outcome));
        Assert.Equal(3, test.Received().Count());
    }
}

public sealed class SyslogTcpTests : SyslogContract
{
    [Fact]
    public async Task Message_is_cut_where_the_settings_say_so()
    {
        await using var soc = new SyslogSoc();
        using var sink = new Syslog(
            Options(soc.Port, TimeSpan.FromSeconds(30)) with
            {
                Limit = new MessageLimit(1000, Truncates: true),
            },
            TimeProvider.System
        );
        using var batch = SinkBatches.Of(Format, 1, padding: 2000);

        var report = await sink.SendAsync(batch, CancellationToken.None);

        Assert.IsType<RecordOutcome.Accepted>(report[0]);
        Assert.Equal(1000, Assert.Single(soc.Messages).Length);
    }

    [Fact]
    public async Task Receiver_that_is_not_there_is_tried_again()
    {
        var soc = new SyslogSoc();
        await soc.DisposeAsync();
        using var sink = new Syslog(Options(soc.Port, TimeSpan.FromSeconds(5)), TimeProvider.System);
        using var batch = SinkBatches.Of(Format, 1);

        AssertRetry(await sink.SendAsync(batch, CancellationToken.None));
    }

    protected override Task<SinkUnderTest> StartAsync(SocMood mood, TimeSpan timeout)
    {
        var soc = new SyslogSoc();
        soc.Next(mood);
        return Task.FromResult(
            new SinkUnderTest(new Syslog(Options(soc.Port, timeout), TimeProvider.System), () => soc.Messages, soc)
        );
    }

    private static SyslogOptions Options(int port, TimeSpan timeout) =>
        new() { Target = new SocketTarget(new Uri($"tcp://127.0.0.1:{port}")) { Timeout = timeout } };
}

public sealed class SyslogLinesTests : SyslogContract
{
    [Fact]
    public async Task Line_feed_in_a_record_becomes_a_space()
    {
        await using var soc = new SyslogSoc(lines: true);
        using var sink = new Syslog(Options(soc.Port, TimeSpan.FromSeconds(30)), TimeProvider.System);
        using var batch = SinkBatches.Of(new Broken(), 2);

        var report = await sink.SendAsync(batch, CancellationToken.None);

        Assert.All(Outcomes(report), outcome => Assert.IsType<RecordOutcome.Accepted>(outcome));
        Assert.Equal(["<110>one  two", "<110>one  two"], soc.Messages);
    }

    protected override Task<SinkUnderTest> StartAsync(SocMood mood, TimeSpan timeout)
    {
        var soc = new SyslogSoc(lines: true);
        soc.Next(mood);
        return Task.FromResult(
            new SinkUnderTest(new Syslog(Options(soc.Port, timeout), TimeProvider.System), () => soc.Messages, soc)
        );
    }

    private static SyslogOptions Options(int port, TimeSpan timeout) =>
        new()
        {
            Target = new SocketTarget(new Uri($"tcp://127.0.0.1:{port}")) { Timeout = timeout },
            Framing = Framing.Lf,
        };

    private sealed class Broken : IFormat
    {
        public string Name => "broken";
        public string ContentType => "text/plain";

        public void Write(in AuditRecord record, System.Buffers.IBufferWriter<byte> to) =>
            System.Buffers.BuffersExtensions.Write(to, "<110>one\n\ntwo"u8);
    }
}

public sealed class SyslogTlsTests : SyslogContract, IDisposable
{
    private readonly TestCertificates certificates = new();

    public void Dispose() => certificates.Dispose();

    [Fact]
    public async Task Receiver_that_dies_without_ending_tls_has_not_accepted()
    {
        await using var test = await StartAsync(SocMood.Dies, TimeSpan.FromSeconds(30));
        using var batch = SinkBatches.Of(Format, 3);

        var report = await test.Sink.SendAsync(batch, CancellationToken.None);

        AssertRetry(report);
        Assert.Contains("close_notify", ((RecordOutcome.Retry)report[0]).Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Certificate_of_another_name_or_another_authority_is_refused()
    {
        using var others = new TestCertificates();
        await using var soc = new SyslogSoc(new SocTls(certificates.Server));
        using var batch = SinkBatches.Of(Format, 1);

        foreach (
            var wrong in new[]
            {
                Target(soc.Port) with
                {
                    ServerName = "other.example.com",
                },
                Target(soc.Port) with
                {
                    Trust = new TlsTrust(others.CaFile, null, null),
                },
            }
        )
        {
            using var sink = new Syslog(new SyslogOptions { Target = wrong }, TimeProvider.System);

            AssertRetry(await sink.SendAsync(batch, CancellationToken.None));
        }

        Assert.Empty(soc.Messages);
    }

    [Fact]
    public async Task Client_certificate_is_shown_where_the_receiver_asks_for_it()
    {
        await using var soc = new SyslogSoc(new SocTls(certificates.Server, AsksForCertificate: true));
        using var batch = SinkBatches.Of(Format, 2);
        using var without = new Syslog(new SyslogOptions { Target = Target(soc.Port) }, TimeProvider.System);
        using var with = new Syslog(
            new SyslogOptions { Target = Target(soc.Port) with { Trust = certificates.Trust } },
            TimeProvider.System
        );

        AssertRetry(await without.SendAsync(batch, CancellationToken.None));
        var report = await with.SendAsync(batch, CancellationToken.None);

        Assert.All(Outcomes(report), outcome => Assert.IsType<RecordOutcome.Accepted>(outcome));
        Assert.Equal(2, soc.Messages.Count);
    }

    protected override Task<SinkUnderTest> StartAsync(SocMood mood, TimeSpan timeout)
    {
        var soc = new SyslogSoc(new SocTls(certificates.Server));
        soc.Next(mood);
        return Task.FromResult(
            new SinkUnderTest(
                new Syslog(
                    new SyslogOptions { Target = Target(soc.Port) with { Timeout = timeout } },
                    TimeProvider.System
                ),
                () => soc.Messages,
                soc
            )
        );
    }

    private SocketTarget Target(int port) =>
        new(new Uri($"tls://127.0.0.1:{port}"))
        {
            ServerName = "localhost",
            Trust = new TlsTrust(certificates.CaFile, null, null),
        };
}

public sealed class SyslogUdpTests : LossySinkContract
{
    protected override IFormat Format { get; } = new Rfc5424(new Rfc5424Options());

    [Fact]
    public async Task Message_longer_than_a_datagram_may_be_is_rejected()
    {
        await using var soc = new UdpSoc();
        using var sink = new Syslog(Options(soc.Port), TimeProvider.System);
        using var batch = SinkBatches.Of(Format, 1, padding: 2048);

        Assert.IsType<RecordOutcome.Reject>((await sink.SendAsync(batch, CancellationToken.None))[0]);
        Assert.Empty(soc.Messages());
    }

    [Fact]
    public void Sink_does_not_acknowledge()
    {
        using var sink = new Syslog(Options(514), TimeProvider.System);

        Assert.False(sink.Acknowledges);
    }

    // The first try finds nobody where the contract wants a failure: a datagram cannot be cut.
    protected override Task<SinkUnderTest> StartAsync(SocMood mood, TimeSpan timeout)
    {
        var soc = new UdpSoc(listens: mood == SocMood.Takes);
        var sink = new Syslog(Options(soc.Port), TimeProvider.System);
        return Task.FromResult(
            new SinkUnderTest(mood == SocMood.Takes ? sink : new ListeningLater(sink, soc), soc.Messages, soc)
        );
    }

    private static SyslogOptions Options(int port) =>
        new() { Target = new SocketTarget(new Uri($"udp://127.0.0.1:{port}")), Limit = new MessageLimit(2048) };

    private sealed class ListeningLater(ISink sink, UdpSoc soc) : ISink
    {
        public string Name => sink.Name;
        public bool Acknowledges => sink.Acknowledges;

        public async Task<DeliveryReport> SendAsync(EncodedBatch batch, CancellationToken cancel)
        {
            var report = await sink.SendAsync(batch, cancel);
            soc.Listen();
            return report;
        }

        public void Dispose() => sink.Dispose();
    }
}
