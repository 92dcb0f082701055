using System.Globalization;
using System.Runtime.CompilerServices;
using LogAudit.OpenApi;
using Newtonsoft.Json.Linq;

namespace LogAudit.Products;

/// <summary>SQL audit and slow log of RDS: delivered by a collection policy; the audit also needs the instance's paid SQL log, which DAS switches.</summary>
internal sealed class Rds(OpenApiClient api, Writing writing, ProductFacts facts) : IProductHandler
{
    private const string SqlLog = "rds.sql-log";

    // Source: ListTagResources takes at most 50 ids.
    private const int TagBatch = 50;

    public ProductSpec Spec => facts.Spec;

    public IReadOnlyCollection<string> SettingKinds => [SqlLog];

    public async IAsyncEnumerable<ResourceRef> ListAsync(Scope scope, [EnumeratorCancellation] CancellationToken cancel)
    {
        // The list has no tags, and the policy language asks for them.
        var batch = new List<ResourceRef>(TagBatch);
        await foreach (var instance in api.ResourcesAsync(facts, scope, cancel))
        {
            batch.Add(instance);
            if (batch.Count == TagBatch)
            {
                foreach (var tagged in await WithTagsAsync(batch, cancel))
                {
                    yield return tagged;
                }

                batch.Clear();
            }
        }

        foreach (var tagged in batch.Count == 0 ? [] : await WithTagsAsync(batch, cancel))
        {
            yield return tagged;
        }
    }

    public IAsyncEnumerable<Observed> ObserveAsync(
        LogKind kind,
        IReadOnlyList<ResourceRef> resources,
        LogTarget target,
        CancellationToken cancel
    ) => Observing.EachAsync(kind, resources, (instance, stop) => JudgeAsync(kind, instance, stop), cancel);

    public async Task<SettingState?> ReadAsync(SettingRef setting, CancellationToken cancel) =>
        (await ConfigAsync(setting, cancel)).State;

    public async Task WriteAsync(SettingChange change, CancellationToken cancel)
    {
        var present = (await ConfigAsync(change.Setting, cancel)).State;
        if (present.Equals(change.To))
        {
            return;
        }

        SettingMovedException.ThrowUnlessFrom(change, present);
        var to =
            change.To
            ?? throw new InvalidOperationException($"{change.Setting} cannot be removed: an instance always has it.");
        var call = Das(change.Setting, "ModifySqlLogConfig");
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
            async stop => IsSo(await ConfigAsync(change.Setting, stop)),
            cancel
        );
        // The switch works in the background of the instance.
        await writing.WaitAsync(
            async stop => await ConfigAsync(change.Setting, stop) is { IsBusy: false } config && IsSo(config),
            cancel
        );

        bool IsSo(SqlLogConfig config) => config.State["enable"].Same(to["enable"]);
    }

    private async Task<Observed> JudgeAsync(LogKind kind, ResourceRef instance, CancellationToken cancel)
    {
        if (WhyNot(kind, instance) is { } obstacle)
        {
            return instance.Is(kind, obstacle);
        }

        if (!kind.Route.HasFlag(Routes.Switch))
        {
            return instance.Is(kind, new Observation.Enabled());
        }

        var setting = new SettingRef(SqlLog, instance.Account, instance.Region, instance.Id);
        var config = await ConfigAsync(setting, cancel);
        var why = $"SQL audit of {instance.Id} is off";
        return config switch
        {
            { IsSupported: false } => instance.Is(
                kind,
                new Observation.NotApplicable("DAS offers no SQL log for this instance")
            ),
            { IsBusy: true } => instance.Is(
                kind,
                new Observation.Unknown($"the SQL log of {instance.Id} is being switched", LookAgain: true)
            ),
            { IsOn: true } => instance.Is(kind, new Observation.Enabled()),
            _ => instance.Is(
                kind,
                new Observation.Disabled(why),
                new SettingChange(setting, config.State, config.SwitchedOn, why)
            ),
        };
    }

    private Observation? WhyNot(LogKind kind, ResourceRef instance)
    {
        var (engine, status) = (Property("engine"), Property("status"));
        if (!Are(kind.Route.HasFlag(Routes.Switch) ? "auditEngines" : "slowEngines", engine))
        {
            return new Observation.NotApplicable($"{engine} has no {kind.Name} log");
        }

        if (engine is "MySQL" && Are("basicCategories", Property("category")))
        {
            return new Observation.NotApplicable($"MySQL of the edition {Property("category")} has no {kind.Name} log");
        }

        return status is "Running" ? null
            : Are("restingStatuses", status) ? new Observation.NotApplicable($"it is {status} and runs nothing")
            : new Observation.Unknown($"{instance.Id} is {status}, not Running", LookAgain: true);

        string Property(string name) => instance.Properties.GetValueOrDefault(name, "");

        bool Are(string words, string word) => facts.Words[words].Contains(word, StringComparer.Ordinal);
    }

    private async Task<SqlLogConfig> ConfigAsync(SettingRef setting, CancellationToken cancel) =>
        SqlLogConfig.Read(await api.CallAsync(Das(setting, "DescribeSqlLogConfig"), cancel));

    private async Task<IEnumerable<ResourceRef>> WithTagsAsync(List<ResourceRef> instances, CancellationToken cancel)
    {
        var call = new ApiCall
        {
            Product = ApiProducts.Rds,
            Action = "ListTagResources",
            Account = instances[0].Account,
            Region = instances[0].Region,
            Parameters = ApiParameters
                .Of(("RegionId", instances[0].Region.Value), ("ResourceType", "INSTANCE"))
                .WithList("ResourceId", instances.Select(instance => instance.Id)),
        };
        var tags = instances.ToDictionary(
            instance => instance.Id,
            _ => new Dictionary<string, string>(StringComparer.Ordinal),
            StringComparer.Ordinal
        );
        await foreach (var tag in api.TagsAsync(call, cancel))
        {
            if (tags.TryGetValue(tag.TextOf("ResourceId"), out var own))
            {
                own[tag.TextOf("TagKey")] = tag.TextOf("TagValue");
            }
        }

        return [.. instances.Select(instance => instance with { Tags = tags[instance.Id] })];
    }

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

/// <summary>Answer of DAS DescribeSqlLogConfig.</summary>
/// <param name="State">What we switch: <c>enable</c>, <c>requestEnable</c> (SQL Explorer, version 3 only) and <c>retention</c> in days, 0 while it is off.</param>
/// <param name="RetentionDays">Days kept, as the answer tells them even while it is off.</param>
/// <param name="IsVersion3">Whether the instance offers version 3, where both switches must be on.</param>
/// <param name="IsSupported">Whether the instance can have the SQL log.</param>
/// <param name="IsBusy">Whether a change is under way.</param>
internal sealed record SqlLogConfig(
    SettingState State,
    int RetentionDays,
    bool IsVersion3,
    bool IsSupported,
    bool IsBusy
)
{
    // Source: DAS ModifySqlLogConfig, version 3 takes no less.
    private const int LeastDays = 30;

    /// <summary>Whether statements are recorded.</summary>
    public bool IsOn => State["enable"] is "true" && (!IsVersion3 || State["requestEnable"] is "true");

    /// <summary>The state with everything on that audit needs; a longer retention is kept.</summary>
    public SettingState SwitchedOn =>
        SettingState.Of(
            ("enable", "true"),
            ("requestEnable", IsVersion3 ? "true" : State["requestEnable"]),
            ("retention", Math.Max(RetentionDays, LeastDays).ToString(CultureInfo.InvariantCulture))
        );

    /// <summary>Reads the answer.</summary>
    public static SqlLogConfig Read(JObject answer)
    {
        var (version, offered) = (answer.TextOf("Data.Version"), answer.TextOf("Data.SupportVersion"));
        var told = answer.TextOf("Data.SqlLogEnable");
        var enable = told.Length > 0 ? told : answer.Need("Data.Enable", "DAS", "DescribeSqlLogConfig");
        _ = int.TryParse(
            answer.TextOf("Data.Retention"),
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out var days
        );
        return new SqlLogConfig(
            SettingState.Of(
                ("enable", enable),
                ("requestEnable", answer.TextOf("Data.RequestEnable") is "true" ? "true" : "false"),
                ("retention", enable is "true" ? days.ToString(CultureInfo.InvariantCulture) : "0")
            ),
            days,
            version is "SQL_LOG_V3" || offered is "SQL_LOG_V3",
            version is not "SQL_LOG_NOT_SUPPORT" && offered is not "SQL_LOG_NOT_SUPPORT",
            answer.TextOf("Data.SqlLogState") is "RUNNING"
        );
    }
}
