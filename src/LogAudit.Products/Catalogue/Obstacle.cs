namespace LogAudit.Products;

/// <summary>What a property of a resource says against its log, before anything is switched.</summary>
/// <param name="When">Property → words; it stands in the way where all of them fit.</param>
/// <param name="Unless">Property → words; it does not where one of them fits.</param>
/// <param name="Answer">What it means for the log.</param>
/// <param name="Text">Why, with the resource's holes.</param>
internal sealed record Obstacle(
    IReadOnlyDictionary<string, IReadOnlyList<string>> When,
    IReadOnlyDictionary<string, IReadOnlyList<string>> Unless,
    ObstacleAnswer Answer,
    string Text
)
{
    /// <summary>What a person must do; empty where time will do it.</summary>
    public string Step { get; init; } = "";

    /// <summary>The log kinds for which it holds; empty means all.</summary>
    public IReadOnlyList<string> Kinds { get; init; } = [];

    /// <summary>What it says of a log of a resource; null when it does not stand in the way.</summary>
    public Observation? Of(LogKind kind, ResourceRef resource)
    {
        if (
            (Kinds.Count > 0 && !Kinds.Contains(kind.Name, StringComparer.Ordinal))
            || !When.All(Fits)
            || Unless.Any(Fits)
        )
        {
            return null;
        }

        var why = Holes.Fill(Text, Holes.Of(resource));
        return Answer switch
        {
            ObstacleAnswer.Never => new Observation.NotApplicable(why),
            ObstacleAnswer.Waits => new Observation.Unknown(why, LookAgain: true),
            _ => new Observation.Disabled(why) { Todo = Step },
        };

        bool Fits(KeyValuePair<string, IReadOnlyList<string>> words) =>
            words.Value.Contains(resource.Properties.GetValueOrDefault(words.Key, ""), StringComparer.Ordinal);
    }
}

/// <summary>What an obstacle means for a log.</summary>
internal enum ObstacleAnswer
{
    /// <summary>The resource cannot have it.</summary>
    Never,

    /// <summary>Not yet: a later look may find the way free.</summary>
    Waits,

    /// <summary>A person must act.</summary>
    Asks,
}
