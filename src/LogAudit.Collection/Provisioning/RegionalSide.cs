namespace LogAudit.Collection;

/// <summary>What must stand where logs are delivered first, in the resource's own account, and the job that carries them on.</summary>
internal static class RegionalSide
{
    /// <summary>The settings of one regional Logstore; empty when the logs go straight to the centre.</summary>
    /// <param name="from">The Logstore.</param>
    /// <param name="kinds">The log kinds in it.</param>
    /// <param name="name">Name of the resource to which alone it belongs; empty where several write there.</param>
    /// <param name="isKept">Whether the product says by a call of its own how long it keeps them there.</param>
    /// <param name="layout">Where things stand.</param>
    public static IEnumerable<WantedSetting> Settings(
        LogTarget from,
        IReadOnlyList<CollectKind> kinds,
        string name,
        bool isKept,
        Layout layout
    )
    {
        var to = layout.CarriedTo(kinds[0].Kind);
        if (from == layout.Central(kinds[0].Kind))
        {
            yield break;
        }

        // What a product makes itself, index included, is only kept long enough.
        var madeByProduct = !Layout.IsOurs(from) || kinds.Any(kind => kind.Kind.MakesLogstore);
        if (Layout.IsOurs(from))
        {
            yield return Wanted.Project(Phase.Regional, from, $"{from.Project} is missing");
        }

        if (!isKept || Layout.IsOurs(from))
        {
            yield return Wanted.Logstore(
                Phase.Regional,
                from,
                kinds.Max(kind => kind.RegionalDays),
                growing: true,
                $"{from} is missing"
            ) with
            {
                OnlyIfPresent = madeByProduct,
            };
        }

        if (!madeByProduct)
        {
            yield return Wanted.Index(
                Phase.Regional,
                from,
                kinds.SelectMany(kind => kind.Kind.Fields),
                $"{from} must be searchable"
            );
        }

        yield return Wanted.Etl(from, to, Script(kinds[0].Kind, from, name));
    }

    // In a text of SPL a quotation mark is written twice.
    private static string Script(LogKind kind, LogTarget from, string name) =>
        kind
            .Carry.Replace("{account}", from.Account.Value, StringComparison.Ordinal)
            .Replace("{region}", from.Region.Value, StringComparison.Ordinal)
            .Replace("{landing}", Landing(kind, from.Project), StringComparison.Ordinal)
            .Replace("{name}", name.Replace("'", "''", StringComparison.Ordinal), StringComparison.Ordinal);

    /// <summary>What the star of the project's name pattern stands for: of <c>k8s-log-*</c> the cluster.</summary>
    private static string Landing(LogKind kind, ProjectName project) =>
        kind
            .LandsIn.Select(pattern => pattern.Split('*'))
            .Where(parts => parts.Length == 2)
            .Where(parts => project.Value.StartsWith(parts[0], StringComparison.Ordinal))
            .Where(parts => project.Value.EndsWith(parts[1], StringComparison.Ordinal))
            .Select(parts => project.Value[parts[0].Length..^parts[1].Length])
            .FirstOrDefault("");
}
