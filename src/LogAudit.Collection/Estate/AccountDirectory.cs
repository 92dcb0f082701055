using LogAudit.OpenApi;
using Microsoft.Extensions.Logging;
using Newtonsoft.Json.Linq;

namespace LogAudit.Collection;

/// <summary>Finds the accounts in scope: the central one, those of the resource directory, or those of a list.</summary>
/// <remarks>
/// The directory's list does not hold its management account, which is added. An account counts as entered when credentials for it could be had.
/// Source: ResourceDirectoryMaster ListAccounts, GetResourceDirectory. Assumed: members whose promotion is pending can be used.
/// </remarks>
internal sealed partial class AccountDirectory(
    Settings settings,
    OpenApiClient api,
    IAccountCredentials credentials,
    CarryingRoles carrying,
    ReconcileOptions options,
    ILogger<AccountDirectory> log
) : IAccountDirectory
{
    public async Task<AccountList> ListAsync(CancellationToken cancel)
    {
        var (found, problem) = await FindAsync(cancel);
        var others = found
            .Where(entry => entry.Account != settings.Central.Account)
            .DistinctBy(entry => entry.Account)
            .ToArray();
        await Parallel.ForEachAsync(
            others.Index(),
            new ParallelOptions { MaxDegreeOfParallelism = options.Parallelism, CancellationToken = cancel },
            async (entry, stop) =>
                others[entry.Index] = entry.Item with { Problem = await ProblemAsync(entry.Item.Account, stop) }
        );
        return await carrying.CheckAsync(
            new([new AccountEntry(settings.Central.Account, "central"), .. others], problem),
            options.Parallelism,
            cancel
        );
    }

    private async Task<(IReadOnlyList<AccountEntry> Found, string Problem)> FindAsync(CancellationToken cancel)
    {
        var named = settings.Accounts.Members.Select(member => new AccountEntry(member)).ToList();
        if (settings.Accounts.Mode != AccountsMode.Directory)
        {
            return (settings.Accounts.Mode == AccountsMode.List ? named : [], "");
        }

        try
        {
            var all = await DirectoryAsync(cancel);
            var missing = named
                .Where(entry => all.All(one => one.Account != entry.Account))
                .Select(entry => entry.Account.Value)
                .ToList();
            return (
                named.Count == 0 ? all : [.. all.Where(entry => settings.Accounts.Members.Contains(entry.Account))],
                missing.Count == 0 ? "" : $"not in the resource directory: {string.Join(", ", missing)}"
            );
        }
        catch (OpenApiException failure)
        {
            DirectoryUnreadable(log, failure);
            return (named, $"the accounts of the resource directory could not be listed: {failure.Message}");
        }
    }

    private async Task<IReadOnlyList<AccountEntry>> DirectoryAsync(CancellationToken cancel)
    {
        var directory = await api.CallAsync(Call("GetResourceDirectory"), cancel);
        var accounts = new List<AccountEntry>();
        if (
            directory.SelectToken("ResourceDirectory.MasterAccountId")?.ToString() is { } master
            && AccountId.IsValid(master)
        )
        {
            accounts.Add(new(new AccountId(master), "management"));
        }

        await foreach (var row in api.RowsAsync(Call("ListAccounts"), Paging.ByToken("Accounts.Account"), cancel))
        {
            if (!IsLeaving(row) && row.Value<string>("AccountId") is { } id && AccountId.IsValid(id))
            {
                accounts.Add(new(new AccountId(id), row.Value<string>("DisplayName") ?? ""));
            }
        }

        return accounts;
    }

    private static bool IsLeaving(JObject row) => row.Value<string>("DeletionStatus") is "Deleting";

    private async Task<string> ProblemAsync(AccountId account, CancellationToken cancel)
    {
        try
        {
            await credentials.For(account).GetAsync(cancel);
            return "";
        }
        catch (Exception exception) when (!cancel.IsCancellationRequested)
        {
            AccountClosed(log, exception, account.Value);
            return $"cannot be entered: {exception.Message}";
        }
    }

    private ApiCall Call(string action) =>
        new()
        {
            Product = ApiProducts.ResourceDirectoryMaster,
            Action = action,
            Account = settings.Central.Account,
            Region = settings.Central.Region,
        };

    [LoggerMessage(
        5005,
        LogLevel.Warning,
        "The resource directory could not be listed; only accounts that the settings name are looked at"
    )]
    private static partial void DirectoryUnreadable(ILogger log, Exception exception);

    [LoggerMessage(5006, LogLevel.Warning, "Account {Account} cannot be entered; its resources count as unknown")]
    private static partial void AccountClosed(ILogger log, Exception exception, string account);
}
