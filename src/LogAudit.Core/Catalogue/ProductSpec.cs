namespace LogAudit;

/// <summary>Everything about a product that a reviewer can check without C#, as read from its data file.</summary>
public sealed record ProductSpec
{
    /// <summary>Product code of LogAudit, for example <c>slb</c>.</summary>
    public required string Code { get; init; }

    /// <summary>Name for people, for example <c>Classic Load Balancer</c>.</summary>
    public required string Title { get; init; }

    /// <summary>Its log kinds.</summary>
    public required IReadOnlyList<LogKind> LogKinds { get; init; }

    /// <summary>Events that tell of a new or changed resource.</summary>
    public required IReadOnlyList<ChangeEvent> ChangeEvents { get; init; }

    /// <summary>RAM actions that the handler needs in the account of the resources, with the calls that use them.</summary>
    public required IReadOnlyList<RamAction> RamActions { get; init; }

    /// <summary>Whether listing is per region (instances) or once per account (buckets, trails).</summary>
    public bool ListsPerRegion { get; init; } = true;

    /// <summary>Whether it has no regions but two sites, one for the mainland and one for the rest, each with a home region: a site is in scope when any of its regions is.</summary>
    public bool BySite { get; init; }

    /// <summary>Every key that it understands under <c>collect:</c> of the settings.</summary>
    public IReadOnlyList<CollectVariable> Variables { get; init; } = [];

    /// <summary>What must be so before its logs can be collected.</summary>
    public IReadOnlyList<Prerequisite> Prerequisites { get; init; } = [];

    /// <summary>Known gaps, shown by <c>explain</c> and in reports.</summary>
    public IReadOnlyList<string> Gaps { get; init; } = [];

    /// <summary>Facts about the whole product that are inferred rather than read, each with its reason.</summary>
    public IReadOnlyList<string> Assumed { get; init; } = [];
}

/// <summary>One kind of log of a product.</summary>
public sealed record LogKind
{
    /// <summary>Product code.</summary>
    public required string Product { get; init; }

    /// <summary>Name within the product, for example <c>access</c>.</summary>
    public required string Name { get; init; }

    /// <summary>What it holds, for people.</summary>
    public string About { get; init; } = "";

    /// <summary>How it is collected; several flags when several things must be on.</summary>
    public required Routes Route { get; init; }

    /// <summary>Codes of its collection policy; null without <see cref="Routes.Policy"/>, and where only the settings can name them.</summary>
    public PolicyCodes? Policy { get; init; }

    /// <summary>Variable under <c>collect:</c> that names the codes of its collection policy, <c>product/data</c>, over those known here; empty when they are certain.</summary>
    public string PolicyCodesVariable { get; init; } = "";

    /// <summary>Whether the product logs to a project in the resource's own account and region first, from where the logs are carried to the central Logstore.</summary>
    public bool RegionalFirst { get; init; }

    /// <summary>Name patterns of the projects that the product makes for its logs, for example <c>wafng-project-*</c>; empty where it makes none. The logs are carried on from there.</summary>
    public IReadOnlyList<string> LandsIn { get; init; } = [];

    /// <summary>Variable that names further projects that the log already goes to and is carried on from, because its one place is taken by another use; empty without.</summary>
    public string LandsInVariable { get; init; } = "";

    /// <summary>SPL of the job that carries the logs on, with <c>{account}</c> and <c>{region}</c> of their source, and with <c>{landing}</c> for what the star of <see cref="LandsIn"/> stands for in the name of their project, and <c>{name}</c> for the name of the one resource that writes there, empty where several do.</summary>
    public string Carry { get; init; } = "*";

    /// <summary>Whether the product makes its Logstore in the central project itself, index included (a trail).</summary>
    public bool MakesLogstore { get; init; }

    /// <summary>Logstore of the centre for what cannot be written to <see cref="Logstore"/> itself, because the product lets nobody else write there: the records of listed members, and a copy where <see cref="CopyVariable"/> asks for one. Empty otherwise.</summary>
    public string CopyLogstore { get; init; } = "";

    /// <summary>Variable that asks for a copy of the central account's own records in <see cref="CopyLogstore"/>, for queries written for that name; empty without.</summary>
    public string CopyVariable { get; init; } = "";

    /// <summary>Whether its Logstore stands only after a person has acted: no trigger can point at it before, and the sweep finds it when it is there.</summary>
    public bool WaitsForPerson => MakesLogstore && Route == Routes.Manual;

    /// <summary>Whether in a resource directory one setting of the central account serves every member (an organisation trail).</summary>
    public bool ServesOrganisation { get; init; }

    /// <summary>Whether the central store is a Metricstore of the name <see cref="Logstore"/>.</summary>
    public bool Metricstore { get; init; }

    /// <summary>Day on which the product stopped delivering the log, <c>yyyy-MM-dd</c>; empty while it does. It is never switched on, and what was stored stays searchable.</summary>
    public string Ended { get; init; } = "";

    /// <summary>How it is read by API; null without <see cref="Routes.Poll"/>.</summary>
    public PollSpec? Poll { get; init; }

    /// <summary>Field of its records that holds the id of their resource: whether they arrive is then told for each resource. Empty where it is told for the account.</summary>
    public string ResourceField { get; init; } = "";

    /// <summary>What a person must do, in order, where nothing can be switched by API; shown until a check finds it done.</summary>
    public IReadOnlyList<string> Steps { get; init; } = [];

    /// <summary>Central (and regional) Logstore name, for example <c>slb_log</c>. <c>actiontrail_{trail}</c> for a trail.</summary>
    public required string Logstore { get; init; }

    /// <summary>Field whose value marks its records where <c>__topic__</c> says nothing (<c>dataType</c> of Cloud Config), one for all kinds of a Logstore; empty where the topic marks them.</summary>
    public string ToldBy { get; init; } = "";

    /// <summary>Values of <c>__topic__</c>, or of the field <see cref="ToldBy"/>, that mark its records.</summary>
    public required IReadOnlyList<string> Topics { get; init; }

    /// <summary>Regions in which the product offers the log. A resource elsewhere is <see cref="Observation.NotApplicable"/>.</summary>
    public required IReadOnlyList<RegionId> Regions { get; init; }

    /// <summary>Old-service variable that switches it on, for example <c>slb_access_enabled</c>.</summary>
    public required string EnabledVariable { get; init; }

    /// <summary>Variable for the days kept centrally.</summary>
    public required string TtlVariable { get; init; }

    /// <summary>Variable for the days kept regionally; empty when not regional first.</summary>
    public string RegionalTtlVariable { get; init; } = "";

    /// <summary>Variable for the days that the product keeps in its own Logstore, where a call of the product says them; empty elsewhere. Where it is not given they are left as they are.</summary>
    public string OwnTtlVariable { get; init; } = "";

    /// <summary>Variable for the policy script; empty when the old service had none.</summary>
    public string PolicyVariable { get; init; } = "";

    /// <summary>Days kept regionally by default.</summary>
    public int RegionalTtlDays { get; init; } = 7;

    /// <summary>Fields of the index of the Logstore.</summary>
    public required IReadOnlyList<IndexField> Fields { get; init; }

    /// <summary>How records become ECS.</summary>
    public required RecordMapping Mapping { get; init; }

    /// <summary>Names of the dashboards over its Logstore.</summary>
    public IReadOnlyList<DashboardSpec> Dashboards { get; init; } = [];

    /// <summary>Facts that are inferred rather than read, each with its reason.</summary>
    public IReadOnlyList<string> Assumed { get; init; } = [];
}

/// <summary>How a log kind is collected.</summary>
[Flags]
public enum Routes
{
    /// <summary>Only checked and reported; a person acts.</summary>
    Manual = 0,

    /// <summary>An SLS collection policy delivers it.</summary>
    Policy = 1,

    /// <summary>A setting of the product, per instance or account, must be on.</summary>
    Switch = 2,

    /// <summary>The product ships to a project that we name.</summary>
    Delivery = 4,

    /// <summary>Read by API and written to the central store; only where no collection policy reaches it.</summary>
    Poll = 8,
}

/// <summary>Codes of an SLS collection policy.</summary>
/// <param name="ProductCode">For example <c>oss</c>.</param>
/// <param name="DataCode">For example <c>access_log</c>.</param>
/// <param name="Assumed">True when the vendor's table was not readable and the code is inferred.</param>
public sealed record PolicyCodes(string ProductCode, string DataCode, bool Assumed)
{
    /// <summary>The one resource mode that the service allows, <c>attributeMode</c>; empty when every mode is.</summary>
    public string OnlyMode { get; init; } = "";

    /// <summary>Whether the policy must name the region that takes a log without a region first (<c>dataConfig.dataRegion</c>).</summary>
    public bool NeedsDataRegion { get; init; }
}

/// <summary>What must be so before a log can be collected.</summary>
/// <param name="Text">The condition.</param>
/// <param name="Step">What a person does where it is not so; empty when the text says it.</param>
public sealed record Prerequisite(string Text, string Step)
{
    /// <summary>Property of a resource that tells whether it is so, and the value that says yes; null where no call tells.</summary>
    public (string Property, string Yes)? Needs { get; init; }
}

/// <summary>A field of a Logstore's index.</summary>
/// <param name="Name">Field name as the records carry it.</param>
/// <param name="Type"><c>text</c>, <c>long</c>, <c>double</c> or <c>json</c>.</param>
public sealed record IndexField(string Name, string Type);

/// <summary>An event of the audit trail or the event bus that tells of a new or changed resource.</summary>
/// <param name="Service"><c>serviceName</c> of the trail, compared without case, for example <c>Slb</c>.</param>
/// <param name="Name"><c>eventName</c>, for example <c>CreateLoadBalancer</c>.</param>
/// <param name="Effect">What it means for collection.</param>
/// <param name="IdPaths">Where the resource id stands, first hit wins: <c>responseElements.LoadBalancerId</c>, <c>referencedResources.ACS::SLB::LoadBalancer</c>. None found: the whole region is looked at.</param>
public sealed record ChangeEvent(string Service, string Name, ChangeEffect Effect, IReadOnlyList<string> IdPaths)
{
    /// <summary>Known gap that the event opens in the logs, for the report of the run; empty for none.</summary>
    public string Gap { get; init; } = "";
}

/// <summary>What a change event means for collection.</summary>
public enum ChangeEffect
{
    /// <summary>A resource was created.</summary>
    Created,

    /// <summary>A resource changed in a way that may make it eligible or switch its log off.</summary>
    Changed,

    /// <summary>A resource was deleted.</summary>
    Deleted,
}

/// <summary>A RAM action that a handler needs.</summary>
/// <param name="Action">For example <c>slb:DescribeLoadBalancers</c>.</param>
/// <param name="Call">API call that uses it, <c>Product:Action</c>, for example <c>Slb:DescribeLoadBalancers</c>; a test compares the two lists.</param>
/// <param name="Resource">Resource pattern of the policy with <c>{account}</c> in it; <c>*</c> where the product knows no finer one.</param>
/// <param name="Writes">Whether the call changes something.</param>
/// <param name="Assumed">True when the action's name is inferred.</param>
public sealed record RamAction(string Action, string Call, string Resource, bool Writes, bool Assumed)
{
    /// <summary>Whether only <c>undo</c> calls it. A person undoes, with rights of their own; the functions are not granted it.</summary>
    public bool UndoOnly { get; init; }

    /// <summary>Names of the log kinds that need it; empty when every one does. It is granted only where the settings ask for one of them.</summary>
    public IReadOnlyList<string> OnlyFor { get; init; } = [];

    /// <summary>Condition keys with the value that each must equal, for example <c>ram:ServiceName</c> → <c>actiontrail.aliyuncs.com</c>; empty for none.</summary>
    public IReadOnlyDictionary<string, string> Conditions { get; init; } =
        new Dictionary<string, string>(StringComparer.Ordinal);
}

/// <summary>A dashboard to provision.</summary>
/// <param name="Name">Dashboard name, for example <c>slb_audit_center</c>.</param>
/// <param name="DisplayName">Title for people.</param>
/// <param name="Charts">Its charts, in reading order.</param>
public sealed record DashboardSpec(string Name, string DisplayName, IReadOnlyList<ChartSpec> Charts);

/// <summary>A chart of a dashboard.</summary>
/// <param name="Title">Unique within its dashboard.</param>
/// <param name="Type">SLS chart type: <c>table</c>, <c>linepro</c>, <c>barpro</c>, <c>piepro</c>, <c>aggpro</c>.</param>
/// <param name="Query">Search and SQL over indexed fields of the Logstore.</param>
public sealed record ChartSpec(string Title, string Type, string Query)
{
    /// <summary>Logstore that the query looks into; empty for that of the dashboard.</summary>
    public string Logstore { get; init; } = "";

    /// <summary>Days that the query looks back. Default 1.</summary>
    public int Days { get; init; } = 1;
}
