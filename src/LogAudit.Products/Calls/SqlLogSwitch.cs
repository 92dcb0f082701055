using LogAudit.OpenApi;

namespace LogAudit.Products;

/// <summary>The paid SQL log (SQL Explorer and audit) of a database, which DAS switches for RDS instances and PolarDB clusters alike.</summary>
/// <param name="api">Calls the service.</param>
/// <param name="writing">Sends writes.</param>
/// <param name="facts">Facts of the product; its words <c>retentions</c> are the days that DAS takes.</param>
/// <param name="kind">Kind of the setting, for example <c>rds.sql-log</c>.</param>
internal sealed class SqlLogSwitch(OpenApiClient api, Writing writing, ProductFacts facts, string kind)
{
    /// <summary>Says whether statements of a database are recorded, and what would switch it on.</summary>
    public async Task<Observed> JudgeAsync(LogKind log, ResourceRef database, CancellationToken cancel)
    {
        var setting = new SettingRef(kind, database.Account, database.Region, database.Id);
        var config = await ConfigAsync(setting, cancel);
        var why = $"SQL audit of {database.Id} is off";
        return config switch
        {
            { IsSupported: false } => database.Is(
                log,
                new Observation.NotApplicable("DAS offers no SQL log for this instance")
            ),
            { IsBusy: true } => database.Is(
                log,
                new Observation.Unknown($"the SQL log of {database.Id} is being switched", LookAgain: true)
            ),
            { IsOn: true } => database.Is(log, new Observation.Enabled()),
            _ => database.Is(
                log,
                new Observation.Disabled(why),
                new SettingChange(setting, config.State, config.SwitchedOn, why)
            ),
        };
    }

    /// <summary>The present state of the switch.</summary>
    public async Task<SettingState?> ReadAsync(SettingRef setting, CancellationToken cancel) =>
        (await ConfigAsync(setting, cancel)).State;

    /// <summary>Switches and waits until the cloud shows it.</summary>
    public Task WriteAsync(SettingChange change, CancellationToken cancel) =>
        Switching.WriteAsync(
            change,
            ReadAsync,
            (present, to) =>
                SendAsync(
                    change.Setting,
                    present!,
                    to
                        ?? throw new InvalidOperationException(
                            $"{change.Setting} cannot be removed: a database always has it."
                        ),
                    cancel
                ),
            cancel
        );

    private async Task SendAsync(SettingRef setting, SettingState present, SettingState to, CancellationToken cancel)
    {
        var call = Das(setting, "ModifySqlLogConfig");
        var form = call.Form.With("Enable", to["enable"]);
        if (!to["requestEnable"].Same(present["requestEnable"]))
        {
            form = form.With("RequestEnable", to["requestEnable"]);
        }

        // Any other number was set in an older version, and is kept by saying nothing.
        form = facts.Words["retentions"].Contains(to["retention"], StringComparer.Ordinal)
            ? form.With("Retention", to["retention"])
            : form;
        await writing.SendAsync(
            call with
            {
                Form = form,
            },
            facts.Errors,
            async stop => IsSo(await ConfigAsync(setting, stop)),
            cancel
        );
        // The switch works in the background of the instance.
        await writing.WaitAsync(
            async stop => await ConfigAsync(setting, stop) is { IsBusy: false } config && IsSo(config),
            cancel
        );

        bool IsSo(SqlLogConfig config) => config.State["enable"].Same(to["enable"]);
    }

    private async Task<SqlLogConfig> ConfigAsync(SettingRef setting, CancellationToken cancel) =>
        SqlLogConfig.Read(await api.CallAsync(Das(setting, "DescribeSqlLogConfig"), cancel));

    private static ApiCall Das(SettingRef setting, string action) =>
        new()
        {
            Product = ApiProducts.Das,
            Action = action,
            Account = setting.Account,
            Region = setting.Region,
            Form = ApiParameters.Of(("InstanceId", setting.Id)),
        };
}
