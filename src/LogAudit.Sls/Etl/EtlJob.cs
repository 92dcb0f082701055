using System.Text.Json.Nodes;

namespace LogAudit.Sls;

/// <summary>A data transformation job: reads one Logstore, runs a script, writes to other Logstores.</summary>
/// <remarks>Source: SLS CreateETL, GetETL; member names from the official SDKs.</remarks>
public sealed record EtlJob
{
    /// <summary>Its name, unique in the project.</summary>
    public required string Name { get; init; }

    /// <summary>Title for people.</summary>
    public required string DisplayName { get; init; }

    /// <summary>Free text.</summary>
    public string Description { get; init; } = "";

    /// <summary>Logstore that it reads, in the job's own project.</summary>
    public required LogstoreName Source { get; init; }

    /// <summary>The script.</summary>
    /// <value><c>*</c> in the language <c>SPL</c> passes every log on unchanged.</value>
    public string Script { get; init; } = "*";

    /// <summary>Language of the script (<c>lang</c>). Default <c>SPL</c>.</summary>
    public string Language { get; init; } = "SPL";

    /// <summary>Role that reads the source, <c>acs:ram::uid:role/name</c>.</summary>
    public required string RoleArn { get; init; }

    /// <summary>Receive time from which it reads, Unix seconds; 0 from the first log.</summary>
    public long FromTime { get; init; }

    /// <summary>Receive time up to which it reads, Unix seconds; 0 for good.</summary>
    public long ToTime { get; init; }

    /// <summary>Where it writes.</summary>
    public required IReadOnlyList<EtlSink> Sinks { get; init; }

    /// <summary><c>RUNNING</c>, <c>STOPPED</c>, … as the service tells; empty in a wanted job.</summary>
    public string Status { get; init; } = "";

    internal static EtlJob From(JsonObject json)
    {
        var configuration = json.Object("configuration");
        return new()
        {
            Name = json.Text("name"),
            DisplayName = json.TextOr("displayName", ""),
            Description = json.TextOr("description", ""),
            Source = new LogstoreName(configuration.Text("logstore")),
            Script = configuration.TextOr("script", ""),
            Language = configuration.TextOr("lang", ""),
            RoleArn = configuration.TextOr("roleArn", ""),
            FromTime = configuration.LongOr("fromTime", 0),
            ToTime = configuration.LongOr("toTime", 0),
            Sinks = [.. configuration.Objects("sinks").Select(EtlSink.From)],
            Status = json.TextOr("status", ""),
        };
    }

    /// <summary>Lays this over an object of the service (or an empty one).</summary>
    internal JsonObject Over(JsonObject json)
    {
        json["name"] = Name;
        json["displayName"] = DisplayName;
        json["description"] = Description;
        var configuration = json["configuration"] as JsonObject ?? [];
        configuration["version"] = 2;
        configuration["lang"] = Language;
        configuration["logstore"] = Source.Value;
        configuration["script"] = Script;
        configuration["parameters"] ??= new JsonObject();
        configuration["roleArn"] = RoleArn;
        configuration["fromTime"] = FromTime;
        configuration["toTime"] = ToTime;
        configuration["sinks"] = new JsonArray([.. Sinks.Select(sink => sink.ToJson())]);
        json["configuration"] = configuration;
        json["schedule"] = new JsonObject { ["type"] = "Resident" };
        return json;
    }

    /// <inheritdoc/>
    public bool Equals(EtlJob? other) =>
        other is not null
        && (Name, DisplayName, Description, Source, Script, Language, RoleArn, FromTime, ToTime)
            == (
                other.Name,
                other.DisplayName,
                other.Description,
                other.Source,
                other.Script,
                other.Language,
                other.RoleArn,
                other.FromTime,
                other.ToTime
            )
        && Sinks.SequenceEqual(other.Sinks);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Name, Source, Script, RoleArn);
}

/// <summary>Where a data transformation job writes.</summary>
/// <param name="Name">Name of the sink in the script, for example <c>central</c>.</param>
/// <param name="Endpoint">Endpoint of the target's region, for example <c>cn-shanghai-intranet.log.aliyuncs.com</c>.</param>
/// <param name="Project">Target project.</param>
/// <param name="Logstore">Target Logstore.</param>
/// <param name="RoleArn">Role that writes there, <c>acs:ram::uid:role/name</c>.</param>
public sealed record EtlSink(string Name, string Endpoint, ProjectName Project, LogstoreName Logstore, string RoleArn)
{
    internal static EtlSink From(JsonObject json) =>
        new(
            json.Text("name"),
            json.TextOr("endpoint", ""),
            new ProjectName(json.Text("project")),
            new LogstoreName(json.Text("logstore")),
            json.TextOr("roleArn", "")
        );

    internal JsonNode ToJson() =>
        new JsonObject
        {
            ["type"] = "AliyunLOG",
            ["name"] = Name,
            ["endpoint"] = Endpoint,
            ["project"] = Project.Value,
            ["logstore"] = Logstore.Value,
            ["roleArn"] = RoleArn,
            ["datasets"] = new JsonArray("__UNNAMED__"),
        };
}
