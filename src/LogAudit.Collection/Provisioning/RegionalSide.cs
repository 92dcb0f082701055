namespace LogAudit.Collection;

/// <summary>What must stand where logs are delivered first, in the resource's own account, and the job that carries them on.</summary>
internal static class RegionalSide
{
    /// <summary>The settings of one regional Logstore; empty when the logs go straight to the centre.</summary>
    public static IEnumerable<WantedSetting> Settings(LogTarget from, IReadOnlyList<CollectKind> kinds, Layout layout)
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
        if (!madeByProduct)
        {
            yield return Wanted.Index(
                Phase.Regional,
                from,
                kinds.SelectMany(kind => kind.Kind.Fields),
                $"{from} must be searchable"
            );
        }

        yield return Wanted.Etl(from, to, kinds[0].Kind.Carry);
    }
}
