namespace LogAudit.Collection;

/// <summary>The kinds of settings that Collection itself reads and writes; those of products are named by their handlers.</summary>
public static class SettingKinds
{
    /// <summary>A project; id <c>project</c>, state <c>description</c>.</summary>
    public const string Project = "sls.project";

    /// <summary>A Logstore; id <c>project/logstore</c>, state <c>ttl</c> in days and <c>shards</c>, <c>growing</c> or <c>fixed</c>.</summary>
    public const string Logstore = "sls.logstore";

    /// <summary>A Metricstore; id <c>project/metricstore</c>, state <c>ttl</c> in days.</summary>
    public const string Metricstore = "sls.metricstore";

    /// <summary>An index; id <c>project/logstore</c>, state <c>line</c> → <c>yes</c> and <c>key:field</c> → type.</summary>
    public const string Index = "sls.index";

    /// <summary>A dashboard; id <c>project/dashboard</c>, state <c>displayName</c>, <c>logstore</c>, <c>charts</c>, <c>stamp</c>.</summary>
    public const string Dashboard = "sls.dashboard";

    /// <summary>A collection policy; id its name, state its members, flat.</summary>
    public const string CollectionPolicy = "sls.collection-policy";

    /// <summary>A job that carries logs; id <c>project/job</c>.</summary>
    public const string Etl = "sls.etl";

    /// <summary>A RAM role; id its name, state <c>trust</c>, <c>description</c>.</summary>
    public const string Role = "ram.role";

    /// <summary>A RAM policy of the account's own; id its name, state <c>document</c>.</summary>
    public const string RolePolicy = "ram.policy";

    /// <summary>A RAM policy attached to a role; id <c>role/policy</c>, state <c>type</c>.</summary>
    public const string Attachment = "ram.attachment";
}
