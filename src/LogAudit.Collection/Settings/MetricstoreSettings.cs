using System.Globalization;
using LogAudit.Sls;

namespace LogAudit.Collection;

/// <summary>Metricstores: retention. Shards are given at creation only; later the service splits them.</summary>
internal sealed class MetricstoreSettings(SlsAccess sls) : ISettingHandler
{
    public IReadOnlyCollection<string> SettingKinds => [Collection.SettingKinds.Metricstore];

    public async Task<SettingState?> ReadAsync(SettingRef setting, CancellationToken cancel)
    {
        var (project, name) = SlsAccess.Split(setting);
        return await sls.For(setting).GetMetricstoreAsync(project, new LogstoreName(name), cancel) is { } found
            ? SettingState.Of(("ttl", found.TtlDays.ToString(CultureInfo.InvariantCulture)))
            : null;
    }

    public async Task WriteAsync(SettingChange change, CancellationToken cancel)
    {
        var (project, text) = SlsAccess.Split(change.Setting);
        var (client, name) = (sls.For(change.Setting), new LogstoreName(text));
        if (change.To is not { } to)
        {
            await client.DeleteMetricstoreAsync(project, name, cancel);
            return;
        }

        var days = int.Parse(to["ttl"], NumberStyles.None, CultureInfo.InvariantCulture);
        if (await client.GetMetricstoreAsync(project, name, cancel) is { } present)
        {
            await client.UpdateMetricstoreAsync(project, present with { TtlDays = days }, cancel);
        }
        else
        {
            await SlsAccess.CreateAsync(
                client.CreateMetricstoreAsync(project, new() { Name = name, TtlDays = days }, cancel)
            );
        }
    }
}
