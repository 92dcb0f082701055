using System.Globalization;
using LogAudit.Sls;

namespace LogAudit.Collection;

/// <summary>Logstores: retention and shards. Shards are given at creation only; later the service splits those of a growing one.</summary>
internal sealed class LogstoreSettings(SlsAccess sls) : ISettingHandler
{
    private const string Growing = "growing";

    public IReadOnlyCollection<string> SettingKinds => [Collection.SettingKinds.Logstore];

    public async Task<SettingState?> ReadAsync(SettingRef setting, CancellationToken cancel)
    {
        var (project, name) = SlsAccess.Split(setting);
        return await sls.For(setting).GetLogstoreAsync(project, new LogstoreName(name), cancel) is { } found
            ? SettingState.Of(
                ("ttl", found.TtlDays.ToString(CultureInfo.InvariantCulture)),
                ("shards", found.AutoSplit ? Growing : "fixed")
            )
            : null;
    }

    public async Task WriteAsync(SettingChange change, CancellationToken cancel)
    {
        var (project, name) = SlsAccess.Split(change.Setting);
        var client = sls.For(change.Setting);
        var logstore = new LogstoreName(name);
        if (change.To is not { } to)
        {
            await client.DeleteLogstoreAsync(project, logstore, cancel);
        }
        else if (await client.GetLogstoreAsync(project, logstore, cancel) is { } present)
        {
            await client.UpdateLogstoreAsync(project, present with { TtlDays = Whole(to["ttl"]) }, cancel);
        }
        else
        {
            await SlsAccess.CreateAsync(
                client.CreateLogstoreAsync(
                    project,
                    new LogstoreConfig
                    {
                        Name = logstore,
                        TtlDays = Whole(to["ttl"]),
                        ShardCount = to["shards"] is Growing ? 2 : 1,
                        AutoSplit = to["shards"] is Growing,
                        MaxSplitShard = to["shards"] is Growing ? 64 : 1,
                    },
                    cancel
                )
            );
        }
    }

    private static int Whole(string text) =>
        int.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
}
