using System.Globalization;
using FsCheck;
using FsCheck.Xunit;
using LogAudit.Testing;
using Microsoft.Extensions.Time.Testing;

namespace LogAudit.Forwarding.Tests.Sinks;

public abstract class RelpContract : SinkContract
{
    protected override IFormat Format { get; } = new Rfc5424(new Rfc5424Options());

    [Fact]
    public async Task Next_batch_goes_in_the_same_session_and_the_end_is_announced()
    {
        await using var soc = new RelpSoc(Tls());
        using var batch = SinkBatches.Of(Format, 3);
        using (var sink = new Relp(Options(soc.Port), TimeProvider.System))
        {
            await sink.SendAsync(batch, CancellationToken.None);
            await sink.SendAsync(batch, CancellationToken.None);
        }

        await soc.Closed;
        Assert.Equal(6, soc.Messages.Count);
        Assert.Equal(1, soc.Connections);
    }

    [Theory]
    [InlineData(SocMood.Dies)]
    [InlineData(SocMood.Leaves)]
    public async Task What_was_answered_before_the_end_of_a_session_is_not_sent_again(SocMood mood)
    {
        await using var soc = new RelpSoc(Tls());
        soc.Next(mood);
        using var sink = new Relp(Options(soc.Port), TimeProvider.System);
        using var batch = SinkBatches.Of(Format, 300);

        var report = await sink.SendAsync(batch, CancellationToken.None);
        var rest = batch.Select([
            .. Enumerable.Range(0, 300).Where(index => report[index] is not RecordOutcome.Accepted),
        ]);
        var again = await sink.SendAsync(rest, CancellationToken.None);

        Assert.Equal(300 - RelpSoc.AnsweredBeforeTheEnd, rest.Count);
        Assert.All(Outcomes(again), outcome => Assert.IsType<RecordOutcome.Accepted>(outcome));
        Assert.Equal(Enumerable.Range(0, 300).Select(SinkBatches.Marker), Markers(soc.Messages));
        Assert.Equal(2, soc.Connections);
    }

    [Fact]
    public async Task Session_that_ended_between_batches_is_opened_again()
    {
        await using var soc = new RelpSoc(Tls());
        soc.Next(SocMood.Leaves);
        using var sink = new Relp(Options(soc.Port), TimeProvider.System);
        using var batch = SinkBatches.Of(Format, RelpSoc.AnsweredBeforeTheEnd);

        var first = await sink.SendAsync(batch, CancellationToken.None);
        await soc.Ended;
        var second = await sink.SendAsync(batch, CancellationToken.None);

        Assert.All(Outcomes(first), outcome => Assert.IsType<RecordOutcome.Accepted>(outcome));
        Assert.All(Outcomes(second), outcome => Assert.IsType<RecordOutcome.Accepted>(outcome));
        Assert.Equal(2, soc.Connections);
    }

    protected override Task<SinkUnderTest> StartAsync(SocMood mood, TimeSpan timeout)
    {
        var soc = new RelpSoc(Tls());
        soc.Next(mood);
        return Task.FromResult(
            new SinkUnderTest(new Relp(Options(soc.Port, timeout), TimeProvider.System), () => soc.Messages, soc)
        );
    }

    protected abstract SocTls? Tls();

    protected abstract SocketTarget Target(int port);

    private protected RelpOptions Options(int port, TimeSpan? timeout = null) =>
        new() { Target = Target(port) with { Timeout = timeout ?? TimeSpan.FromSeconds(30) } };
}

public sealed class RelpTcpTests : RelpContract
{
    [Fact]
    public async Task Response_decides_message_by_message()
    {
        await using var soc = new RelpSoc(answer: message =>
            message.Contains(SinkBatches.Marker(1), StringComparison.Ordinal) ? $"500 cannot take {message}"
            : message.Contains(SinkBatches.Marker(2), StringComparison.Ordinal) ? "421 busy"
            : "200 OK"
        );
        using var sink = new Relp(Options(soc.Port), TimeProvider.System);
        using var batch = SinkBatches.Of(Format, 4);

        var report = await sink.SendAsync(batch, CancellationToken.None);

        Assert.Equal(
            [
                typeof(RecordOutcome.Accepted),
                typeof(RecordOutcome.Reject),
                typeof(RecordOutcome.Retry),
                typeof(RecordOutcome.Accepted),
            ],
            Outcomes(report).Select(outcome => outcome.GetType())
        );
        Assert.DoesNotContain("marker", report[1].ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    public async Task No_more_messages_are_on_the_way_than_the_window_allows(int window)
    {
        await using var soc = new RelpSoc();
        using var sink = new Relp(Options(soc.Port) with { Window = window }, TimeProvider.System);
        using var batch = SinkBatches.Of(Format, 50);

        var report = await sink.SendAsync(batch, CancellationToken.None);

        Assert.All(Outcomes(report), outcome => Assert.IsType<RecordOutcome.Accepted>(outcome));
        Assert.InRange(soc.MostOutstanding, 1, window);
    }

    [Theory]
    [InlineData("500 no", "500")]
    [InlineData("200 OK\ncommands=syslog", "version")]
    [InlineData("200 OK\nrelp_version=0\ncommands=eventlog", "command syslog")]
    [InlineData("what", "RELP")]
    public async Task Session_that_the_receiver_does_not_agree_to_sends_nothing(string opening, string why)
    {
        await using var soc = new RelpSoc(opening: opening);
        using var sink = new Relp(Options(soc.Port), TimeProvider.System);
        using var batch = SinkBatches.Of(Format, 2);

        var report = await sink.SendAsync(batch, CancellationToken.None);

        AssertRetry(report);
        Assert.Contains(why, ((RecordOutcome.Retry)report[0]).Why, StringComparison.Ordinal);
        Assert.Empty(soc.Messages);
    }

    [Property(MaxTest = 40)]
    public async Task Wherever_a_connection_is_cut_what_was_accepted_is_stored_and_everything_arrives(
        NonNegativeInt[] cuts
    )
    {
        const int Records = 200;
        await using var soc = new RelpSoc();
        using var sink = new Relp(Options(soc.Port), TimeProvider.System);
        using var batch = SinkBatches.Of(Format, Records);
        var open = Enumerable.Range(0, Records).ToList();

        for (var round = 0; open.Count > 0; round++)
        {
            if (round < cuts.Length)
            {
                soc.AnsweredBeforeTheCut = cuts[round].Get % Records;
                soc.Next(SocMood.Cuts);
            }

            var report = await sink.SendAsync(batch.Select(open), CancellationToken.None);
            var stored = Markers(soc.Messages).ToHashSet(StringComparer.Ordinal);
            var accepted = open.Where((_, at) => report[at] is RecordOutcome.Accepted).ToList();
            Assert.All(accepted, index => Assert.Contains(SinkBatches.Marker(index), stored));
            Assert.True(round < cuts.Length || accepted.Count == open.Count, report[0].ToString());
            open = [.. open.Except(accepted)];
        }

        Assert.Equal(
            Enumerable.Range(0, Records).Select(SinkBatches.Marker),
            Markers(soc.Messages).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public async Task Time_out_begins_anew_with_every_answer()
    {
        var clock = new FakeTimeProvider();
        await using var soc = new RelpSoc(answer: _ =>
        {
            clock.Advance(TimeSpan.FromSeconds(20));
            return "200 OK";
        });
        using var sink = new Relp(Options(soc.Port) with { Window = 1 }, clock);
        using var batch = SinkBatches.Of(Format, 5);

        var report = await sink.SendAsync(batch, CancellationToken.None);

        Assert.All(Outcomes(report), outcome => Assert.IsType<RecordOutcome.Accepted>(outcome));
    }

    [Fact]
    public async Task Session_that_was_idle_for_more_than_a_minute_is_not_trusted()
    {
        var clock = new FakeTimeProvider();
        await using var soc = new RelpSoc();
        using var sink = new Relp(Options(soc.Port), clock);
        using var batch = SinkBatches.Of(Format, 1);

        await sink.SendAsync(batch, CancellationToken.None);
        clock.Advance(TimeSpan.FromSeconds(61));
        await sink.SendAsync(batch, CancellationToken.None);

        Assert.Equal(2, soc.Connections);
        await soc.Closed;
    }

    [Fact]
    public async Task Receiver_that_speaks_something_else_is_named_so()
    {
        await using var soc = new HttpSoc(_ => new SocAnswer(200));
        using var sink = new Relp(Options(soc.Address.Port, TimeSpan.FromSeconds(2)), TimeProvider.System);
        using var batch = SinkBatches.Of(Format, 1);

        AssertRetry(await sink.SendAsync(batch, CancellationToken.None));
    }

    [Fact]
    public void Window_counts_an_answer_once_and_only_for_what_was_sent()
    {
        var report = new DeliveryReport(3);
        var window = new RelpWindow(first: 5, [0, 1, 2], report) { Sent = 2 };

        Assert.True(window.Note(6, 200));
        Assert.False(window.Note(6, 200));
        Assert.False(window.Note(4, 200));
        Assert.False(window.Note(7, 200));
        Assert.IsType<RecordOutcome.Accepted>(report[1]);
        Assert.Equal((1, 2), (window.Outstanding, window.Unanswered));
    }

    protected override SocTls? Tls() => null;

    protected override SocketTarget Target(int port) => new(new Uri($"tcp://127.0.0.1:{port}"));
}

public sealed class RelpTlsTests : RelpContract, IDisposable
{
    private readonly TestCertificates certificates = new();

    public void Dispose() => certificates.Dispose();

    [Fact]
    public async Task Client_certificate_is_shown_where_the_receiver_asks_for_it()
    {
        await using var soc = new RelpSoc(new SocTls(certificates.Server, AsksForCertificate: true));
        using var batch = SinkBatches.Of(Format, 2);
        using var without = new Relp(Options(soc.Port), TimeProvider.System);
        using var with = new Relp(
            Options(soc.Port) with
            {
                Target = Target(soc.Port) with { Trust = certificates.Trust },
            },
            TimeProvider.System
        );

        AssertRetry(await without.SendAsync(batch, CancellationToken.None));
        var report = await with.SendAsync(batch, CancellationToken.None);

        Assert.All(Outcomes(report), outcome => Assert.IsType<RecordOutcome.Accepted>(outcome));
        Assert.Equal(2, soc.Messages.Count);
    }

    protected override SocTls? Tls() => new(certificates.Server);

    protected override SocketTarget Target(int port) =>
        new(new Uri($"tls://127.0.0.1:{port}"))
        {
            ServerName = "localhost",
            Trust = new TlsTrust(certificates.CaFile, null, null),
        };
}
