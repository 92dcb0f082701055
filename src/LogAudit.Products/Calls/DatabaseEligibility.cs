namespace LogAudit.Products;

/// <summary>Says which databases can have a log, from the words of the data file: <c>{kind}Engines</c>, <c>basicCategories</c>, <c>restingStatuses</c>.</summary>
internal static class DatabaseEligibility
{
    /// <summary>Why a database cannot have the log, or not yet; null when nothing stands in the way.</summary>
    public static Observation? WhyNot(ProductFacts facts, LogKind kind, ResourceRef database)
    {
        var (engine, category, status) = (Property("engine"), Property("category"), Property("status"));
        if (!Are($"{kind.Name}Engines", engine))
        {
            return new Observation.NotApplicable($"{engine} has no {kind.Name} log");
        }

        if (engine is "MySQL" && Are("basicCategories", category))
        {
            return new Observation.NotApplicable($"MySQL of the edition {category} has no {kind.Name} log");
        }

        return status is "Running" ? null
            : Are("restingStatuses", status) ? new Observation.NotApplicable($"it is {status} and runs nothing")
            : new Observation.Unknown($"{database.Id} is {status}, not Running", LookAgain: true);

        string Property(string name) => database.Properties.GetValueOrDefault(name, "");

        bool Are(string words, string word) =>
            facts.Words.GetValueOrDefault(words, []).Contains(word, StringComparer.Ordinal);
    }
}
