using System.Text;
using LogAudit.Collection;
using Microsoft.Extensions.DependencyInjection;

namespace LogAudit.EndToEnd.Tests.Permissions;

/// <summary>The member role that the settings name, guarded by their external id.</summary>
public sealed class MemberAccessTests
{
    private static readonly AccountId Member = new(GovernedCloud.Member);

    [Theory]
    [InlineData("handshake", true)]
    [InlineData("guess", false)]
    [InlineData(null, false)]
    public async Task The_functions_enter_a_member_only_with_the_external_id_that_bootstrap_wrote(
        string? sent,
        bool enters
    )
    {
        await using var cloud = await StartAsync();
        await using var function = cloud.AsFunction(change: settings =>
            settings with
            {
                Accounts = settings.Accounts with { ExternalId = sent },
            }
        );

        var report = await RunAsync(function);

        var rows = report.Coverage.Where(row => row.Account == Member).ToList();
        Assert.Equal(enters, report.Unknown.Count == 0);
        Assert.Equal(enters, rows.TrueForAll(row => row is { Collecting: > 0, Unreadable: false }));
        Assert.Equal(!enters, rows.TrueForAll(row => row is { Collecting: 0, Unreadable: true }));
    }

    [Theory]
    [InlineData("soc-reader:logaudit", 0)]
    [InlineData("soc-reader:alice", 1)]
    [InlineData("logaudit-member:logaudit", 1)]
    public async Task A_change_by_the_member_role_of_the_settings_is_our_own(string userName, int looks)
    {
        await using var cloud = await StartAsync();
        await using var function = cloud.AsFunction();
        await RunAsync(function);

        var answer = await function
            .GetRequiredService<OnChangeFunction>()
            .InvokeAsync(
                Encoding.UTF8.GetBytes(
                    $$$"""
                    {"id":"e1","specversion":"1.0","type":"slb:ActionTrail:ApiCall","source":"acs.slb","aliyunaccountid":"{{{GovernedCloud.Member}}}",
                     "data":{"eventId":"e1","eventRW":"Write","serviceName":"Slb","eventName":"SetAccessLogsDownloadAttribute","acsRegion":"{{{GovernedCloud.Region}}}",
                     "requestParameters":{"LoadBalancerId":"lb-{{{GovernedCloud.Member}}}"},"userIdentity":{"userName":"{{{userName}}}"} } }
                    """
                ),
                Deadline.None,
                CancellationToken.None
            );

        Assert.Equal((looks, 0), (answer.Units, answer.Writes));
    }

    private static Task<GovernedCloud> StartAsync() =>
        GovernedCloud.StartAsync(
            AccountsMode.List,
            change: usual =>
                usual with
                {
                    Accounts = usual.Accounts with { MemberRole = "soc-reader", ExternalId = "handshake" },
                }
        );

    private static Task<RunReport> RunAsync(IServiceProvider function) =>
        function.GetRequiredService<IReconciler>().RunAsync("timer", Deadline.None, CancellationToken.None);
}
