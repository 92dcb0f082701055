using LogAudit.Sls;

namespace LogAudit.Collection;

/// <summary>Gives SLS clients whose retries end before the deadline of the current invocation.</summary>
internal sealed class SlsAccess(SlsClients clients, CurrentInvocation invocation)
{
    public SlsClient For(AccountId account, RegionId region) =>
        clients.Within(invocation.Deadline).For(account, region);

    public SlsClient For(SettingRef setting) => For(setting.Account, setting.Region);

    /// <summary>Takes <c>project/name</c> apart.</summary>
    public static (ProjectName Project, string Name) Split(SettingRef setting) =>
        setting.Id.Split('/', 2) is [var project, var name]
            ? (new ProjectName(project), name)
            : throw new ArgumentException($"The id of {setting} is not project/name.", nameof(setting));

    /// <summary>Carries out a creation; what somebody else made meanwhile counts, for the caller reads before and the next run compares.</summary>
    public static async Task CreateAsync(Task creation)
    {
        try
        {
            await creation;
        }
        catch (SlsException failure)
            when (failure.ErrorCode.Contains("AlreadyExist", StringComparison.OrdinalIgnoreCase))
        {
            // Already so is success: two runs may make the same thing at once.
        }
    }
}
