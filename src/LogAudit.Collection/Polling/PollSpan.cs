namespace LogAudit.Collection;

/// <summary>The next stretch of time to read: new from <paramref name="From"/> up to, not including, <paramref name="To"/>; asked for from <paramref name="Ask"/>, which reaches back for late records.</summary>
/// <param name="Ask">Beginning of the call's window.</param>
/// <param name="From">End of what was read before.</param>
/// <param name="To">End of the window.</param>
/// <param name="Lost">How much before it can no longer be read, because the product does not keep it; zero as a rule.</param>
internal sealed record PollSpan(DateTimeOffset Ask, DateTimeOffset From, DateTimeOffset To, TimeSpan Lost)
{
    /// <summary>The next stretch; null when nothing is due.</summary>
    /// <param name="window">Bounds of the log.</param>
    /// <param name="until">End of what was read before; null when nothing was.</param>
    /// <param name="now">The present.</param>
    public static PollSpan? Next(PollWindow window, DateTimeOffset? until, DateTimeOffset now)
    {
        var end = PollTimes.Floor(now - window.Settle, window.Step);
        var oldest = PollTimes.Floor(now - window.Kept, window.Step) + window.Step;
        var from = until ?? PollTimes.Floor(end - window.Back, window.Step);
        var lost = from < oldest ? oldest - from : TimeSpan.Zero;
        from += lost;
        if (end - from < (window.Every < window.Step ? window.Step : window.Every))
        {
            return null;
        }

        var ask = until is null || lost > TimeSpan.Zero ? from : from - window.Overlap;
        var to = from + window.Most < end ? from + window.Most : end;
        return new(ask < oldest ? oldest : ask, from, to, lost);
    }

    /// <summary>The first half; null when it cannot be made smaller.</summary>
    public PollSpan? Half(TimeSpan step)
    {
        var half = PollTimes.Floor(From + ((To - From) / 2), step);
        return half > From ? this with { To = half } : null;
    }
}
