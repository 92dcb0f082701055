using LogAudit.OpenApi;

namespace LogAudit.Collection;

/// <summary>Says of which members the logs cannot be carried to the centre, because <c>bootstrap</c> has not run since they joined.</summary>
/// <remarks>A job in the member reads with its role and writes with the central one, which names every account that it trusts. Nothing else would tell: the job is made, and stands still.</remarks>
internal sealed class CarryingRoles(OpenApiClient api, Settings settings)
{
    // RAM is one for all regions; its calls take any.
    private static readonly RegionId Anywhere = new("cn-hangzhou");

    /// <summary>Looks at members that can be entered, and gives them what was found.</summary>
    public async Task<AccountList> CheckAsync(AccountList list, int parallelism, CancellationToken cancel)
    {
        var members = list.Accounts.Where(one => one.CanEnter && one.Account != settings.Central.Account).ToArray();
        if (members.Length == 0)
        {
            return list;
        }

        var sink = await ReadAsync(settings.Central.Account, OwnRoles.EtlSink, cancel);
        var answers = new (string Finding, string Unknown)[members.Length];
        await Parallel.ForEachAsync(
            members.Index(),
            new ParallelOptions { MaxDegreeOfParallelism = parallelism, CancellationToken = cancel },
            async (one, stop) => answers[one.Index] = await JudgeAsync(one.Item.Account, sink, stop)
        );
        return list with
        {
            Findings = [.. answers.Select(answer => answer.Finding).Where(text => text.Length > 0)],
            Unknown = [.. answers.Select(answer => answer.Unknown).Where(text => text.Length > 0)],
        };
    }

    private async Task<(string Finding, string Unknown)> JudgeAsync(
        AccountId member,
        RoleTrust sink,
        CancellationToken cancel
    )
    {
        var own = await ReadAsync(member, OwnRoles.Etl, cancel);
        var unread = sink.Problem.Length > 0 ? sink.Problem : own.Problem;
        var missing = new List<string>();
        if (own is { Document: null, Problem: "" })
        {
            missing.Add($"it has no role {OwnRoles.Etl}");
        }

        if (sink.Problem.Length == 0 && !Trusts(sink.Document, member))
        {
            missing.Add($"role {OwnRoles.EtlSink} of account {settings.Central.Account} does not trust it");
        }

        return (
            missing.Count == 0
                ? ""
                : $"logs of account {member} are not carried to the centre: {string.Join(", and ", missing)}; run logaudit bootstrap, as after every account that joins",
            unread.Length == 0 ? "" : $"account {member}: whether its logs are carried could not be told: {unread}"
        );
    }

    /// <summary>SLS acting for an account is <c>uid@log.aliyuncs.com</c>.</summary>
    private static bool Trusts(string? document, AccountId member) =>
        document?.Contains($"\"{member}@log.aliyuncs.com\"", StringComparison.OrdinalIgnoreCase) ?? false;

    private async Task<RoleTrust> ReadAsync(AccountId account, string role, CancellationToken cancel)
    {
        var call = new ApiCall
        {
            Product = ApiProducts.Ram,
            Action = "GetRole",
            Account = account,
            Region = Anywhere,
            Parameters = ApiParameters.Of(("RoleName", role)),
        };
        try
        {
            var answer = await api.CallAsync(call, cancel);
            return answer.SelectToken("Role.AssumeRolePolicyDocument")?.ToString() is { } document
                ? new(RoleSettings.Normal(document), "")
                : new(null, "RAM answered without Role.AssumeRolePolicyDocument; the API may have changed.");
        }
        catch (OpenApiException failure) when (failure.IsNotFound)
        {
            return new(null, "");
        }
        catch (Exception failure) when (!cancel.IsCancellationRequested)
        {
            return new(null, failure.Message);
        }
    }

    /// <summary>Trust policy of a role; no document and no problem means that there is no such role.</summary>
    private sealed record RoleTrust(string? Document, string Problem);
}
