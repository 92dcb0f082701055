using LogAudit.OpenApi;
using Newtonsoft.Json.Linq;

namespace LogAudit.Products;

/// <summary>Asks for the properties that all resources of a list have in common.</summary>
internal static class Asking
{
    /// <summary>What the owner of a list tells; nothing for a list without one, null where nothing was bought.</summary>
    public static async Task<IReadOnlyDictionary<string, string>?> OwnedAsync(
        this OpenApiClient api,
        ListCall list,
        ErrorTable errors,
        Scope scope,
        CancellationToken cancel
    )
    {
        var told = new Dictionary<string, string>(StringComparer.Ordinal);
        if (list.Owner is not { } owner)
        {
            return told;
        }

        try
        {
            await TellAsync(api, owner.Ask, errors, scope, told, cancel);
            return told[owner.Exists].Length > 0 ? told : null;
        }
        catch (OpenApiException failure) when (errors.IsNotBought(failure))
        {
            return null;
        }
    }

    /// <summary>What the owner, the calls and the data file tell of all resources of a list; a call may ask about what the first of them tells, where it is the only one.</summary>
    public static async Task<IReadOnlyDictionary<string, string>> CommonAsync(
        this OpenApiClient api,
        ListCall list,
        ErrorTable errors,
        Scope scope,
        IReadOnlyDictionary<string, string> owned,
        ResourceRef first,
        CancellationToken cancel
    )
    {
        if (owned.Count == 0 && list.Asks.Count == 0 && list.Fixed.Count == 0)
        {
            return owned;
        }

        var told = new Dictionary<string, string>(first.Properties, StringComparer.Ordinal);
        foreach (var (name, text) in owned)
        {
            told[name] = text;
        }

        foreach (var ask in list.Asks)
        {
            await TellAsync(api, ask, errors, scope, told, cancel);
        }

        foreach (var (name, text) in list.Fixed)
        {
            told[name] = Holes.Fill(text, hole => Known(scope, told, hole));
        }

        return told;
    }

    /// <summary>The resource with more properties; its own come before them.</summary>
    public static ResourceRef With(this ResourceRef resource, IReadOnlyDictionary<string, string> more) =>
        resource with
        {
            Properties = new Dictionary<string, string>(
                more.Where(one => !resource.Properties.ContainsKey(one.Key)).Concat(resource.Properties),
                StringComparer.Ordinal
            ),
        };

    private static async Task TellAsync(
        OpenApiClient api,
        Ask ask,
        ErrorTable errors,
        Scope scope,
        Dictionary<string, string> told,
        CancellationToken cancel
    )
    {
        var isAsked = ask.When.All(one => one.Value.Same(told.GetValueOrDefault(one.Key)));
        var answer = isAsked ? await AnswerAsync() : null;
        foreach (var (name, reading) in ask.Tells)
        {
            told[name] =
                answer is not null ? reading.Of(answer, ask.Call)
                : isAsked ? ask.Unsupported[name]
                : "";
        }

        async Task<JObject?> AnswerAsync()
        {
            try
            {
                var call = ask.Call.In(scope.Account, scope.Region, told.GetValueOrDefault);
                return await api.CallAsync(call, cancel);
            }
            catch (OpenApiException failure) when (ask.Unsupported.Count > 0 && errors.IsNotSupported(failure))
            {
                return null;
            }
        }
    }

    private static string? Known(Scope scope, Dictionary<string, string> told, string hole) =>
        hole switch
        {
            "account" => scope.Account.Value,
            "region" => scope.Region.Value,
            _ => told.GetValueOrDefault(hole),
        };
}
