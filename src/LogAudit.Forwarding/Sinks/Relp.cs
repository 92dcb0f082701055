using System.Collections.Concurrent;

namespace LogAudit.Forwarding;

/// <summary>Options of sink <c>relp</c>.</summary>
public sealed record RelpOptions
{
    /// <summary>The receiver. The port is by agreement, often 2514 or 20514.</summary>
    public required SocketTarget Target { get; init; }

    /// <summary>How long a message may be. Default 8192 bytes, rsyslog's <c>maxMessageSize</c> unless configured otherwise; it cuts longer ones silently.</summary>
    /// <value>480–16,777,216 bytes.</value>
    public MessageLimit Limit { get; init; } = new(8192);

    /// <summary>Messages on the way without an answer. Default 128.</summary>
    /// <value>1–1,000.</value>
    public int Window { get; init; } = 128;

    /// <summary>Reads the options of a destination.</summary>
    public static RelpOptions From(OptionReader options) =>
        new()
        {
            Target = SocketTarget.From(options, ["tls", "tcp"], port: 2514),
            Limit = MessageLimit.From(options, 8192, 16 * 1024 * 1024),
            Window = (int)options.Whole("window", 128, 1, 1_000),
        };
}

/// <summary>Sink <c>relp</c>: syslog messages over RELP, each answered by the receiver.</summary>
/// <remarks>
/// A message is accepted by its own answer, so a broken connection sends again only what was not answered.
/// Sessions are kept for the next batch: opening one costs three round trips, with TLS more.
/// Source: the RELP specification, github.com/rsyslog/librelp; tried with rsyslog's imrelp.
/// </remarks>
public sealed class Relp(RelpOptions options, TimeProvider time) : ISink
{
    // A frozen function does not hear that its peer has gone; firewalls forget a quiet connection after minutes.
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(60);

    private readonly ConcurrentStack<(RelpSession Session, long Since)> idle = new();

    /// <summary>Formats that RELP carries.</summary>
    public static IReadOnlyList<string> Formats => Syslog.Formats;

    /// <inheritdoc/>
    public string Name => "relp";

    /// <inheritdoc/>
    public bool Acknowledges => true;

    /// <inheritdoc/>
    public async Task<DeliveryReport> SendAsync(EncodedBatch batch, CancellationToken cancel)
    {
        var report = new DeliveryReport(batch.Count);
        var fitting = options.Limit.Fitting(batch, report);
        if (fitting.Count == 0)
        {
            return report;
        }

        var unanswered = options.Target.Retry(fitting.Count, "not answered");
        report.Set(fitting, unanswered);
        var problem = await Exchange.RunAsync(
            options.Target,
            time,
            exchange => SendAsync(batch, fitting, report, exchange),
            cancel
        );
        if (problem.Length > 0)
        {
            var open = fitting.FindAll(index => ReferenceEquals(report[index], unanswered));
            report.Set(open, options.Target.Retry(open.Count, problem));
        }

        return report;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        while (idle.TryPop(out var kept))
        {
            kept.Session.Dispose();
        }
    }

    private async Task<string> SendAsync(
        EncodedBatch batch,
        List<int> indices,
        DeliveryReport report,
        Exchange exchange
    )
    {
        var session = Kept(indices.Count) ?? await RelpSession.OpenAsync(options.Target, exchange.Token);
        try
        {
            await session.SendAsync(batch, indices, options, report, exchange);
        }
        catch
        {
            session.Dispose();
            throw;
        }

        idle.Push((session, time.GetTimestamp()));
        return "";
    }

    private RelpSession? Kept(int messages)
    {
        while (idle.TryPop(out var kept))
        {
            if (time.GetElapsedTime(kept.Since) <= LongestPause && kept.Session.IsReadyFor(messages))
            {
                return kept.Session;
            }

            kept.Session.Dispose();
        }

        return null;
    }
}
