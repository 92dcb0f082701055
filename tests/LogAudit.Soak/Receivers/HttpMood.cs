using LogAudit.Testing;

namespace LogAudit.Soak;

/// <summary>What an HTTP receiver answers instead of taking a request, while a fault lasts.</summary>
internal sealed class HttpMood
{
    private volatile SocAnswer? answer;
    private long struck;
    private volatile int badRemainder = -1;
    private long refused;

    /// <summary>Every so many records one is bad, while records are refused.</summary>
    public const int BadEvery = 499;

    /// <summary>The answer; null lets a request through.</summary>
    public SocAnswer? Answer()
    {
        var now = answer;
        if (now is not null)
        {
            Interlocked.Increment(ref struck);
        }

        return now;
    }

    /// <summary>Whether the receiver refuses a record now.</summary>
    public bool Refuses(int number)
    {
        if (badRemainder < 0 || number % BadEvery != badRemainder)
        {
            return false;
        }

        Interlocked.Increment(ref refused);
        return true;
    }

    /// <summary>Whether it refuses records now.</summary>
    public bool IsPicky => badRemainder >= 0;

    /// <summary>A fault in which every request is answered so.</summary>
    public FaultKind Answers(string name, Func<SocAnswer> said) =>
        new(
            name,
            async (random, cancel) =>
            {
                var before = Interlocked.Read(ref struck);
                answer = said();
                try
                {
                    await Waiting.UntilStruckAsync(() => Interlocked.Read(ref struck) - before, 4, cancel);
                    await Waiting.ForAsync(random, 0.1, 1.5, cancel);
                }
                finally
                {
                    answer = null;
                }

                return Interlocked.Read(ref struck) - before;
            }
        );

    /// <summary>A fault in which some records are refused for good.</summary>
    public FaultKind PartialRefusal() =>
        new(
            "partial-refusal",
            async (random, cancel) =>
            {
                var before = Interlocked.Read(ref refused);
                badRemainder = random.Next(BadEvery);
                try
                {
                    await Waiting.UntilStruckAsync(() => Interlocked.Read(ref refused) - before, 6, cancel);
                }
                finally
                {
                    badRemainder = -1;
                }

                return Interlocked.Read(ref refused) - before;
            }
        );
}
