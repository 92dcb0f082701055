using LogAudit.Sls;

namespace LogAudit.Collection;

/// <summary>Says whether records of a log have arrived in the centre: the check for a log that only a person can switch on.</summary>
internal interface IArrivals
{
    /// <summary>Whether a record of a kind arrived within the last day: of the resource where the records name it, else of its account.</summary>
    Task<bool> AnyAsync(LogKind kind, ResourceRef resource, CancellationToken cancel);
}

/// <summary>Asks the index of the central Logstore.</summary>
internal sealed class Arrivals(SlsAccess sls, Layout layout, TimeProvider time) : IArrivals
{
    private static readonly TimeSpan Window = TimeSpan.FromDays(1);

    public async Task<bool> AnyAsync(LogKind kind, ResourceRef resource, CancellationToken cancel)
    {
        var central = layout.Central(kind);
        var now = time.GetUtcNow();
        try
        {
            var found = await sls.For(central.Account, central.Region)
                .GetLogsAsync(
                    central.Project,
                    central.Logstore,
                    new LogQuery
                    {
                        From = now - Window,
                        To = now.AddMinutes(1),
                        Query = Query(kind, resource),
                        Lines = 1,
                    },
                    cancel
                );
            return found.Rows.Count > 0;
        }
        catch (SlsException failure) when (failure.IsNotFound)
        {
            // Nothing can have arrived in a Logstore that does not stand yet.
            return false;
        }
    }

    /// <summary>The topics of the kind and, where its records name them, the account and the resource.</summary>
    internal static string Query(LogKind kind, ResourceRef resource)
    {
        var topics = string.Join(" or ", kind.Topics.Select(topic => $"__topic__: \"{topic}\""));
        var owner = kind.Mapping.Fields.FirstOrDefault(field => field.Target is "cloud.account.id");
        return string.Concat(
            owner is null && kind.ResourceField.Length == 0 ? topics : $"({topics})",
            owner is null ? "" : $" and {Prefix(kind)}{owner.Source}: \"{resource.Account}\"",
            kind.ResourceField.Length == 0 ? "" : $" and {kind.ResourceField}: \"{resource.Id}\""
        );
    }

    // The members of a record that is one JSON text are indexed under the name of its field.
    private static string Prefix(LogKind kind) =>
        kind.Mapping.JsonField.Length == 0 ? "" : $"{kind.Mapping.JsonField}.";
}
