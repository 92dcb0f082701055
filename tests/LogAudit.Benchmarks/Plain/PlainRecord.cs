using LogAudit.Wire;
using Newtonsoft.Json.Linq;

namespace LogAudit.Benchmarks;

/// <summary>Where a record was read.</summary>
internal sealed record PlainPlace(string Project, string Logstore, int Shard, string Cursor, int Index);

/// <summary>A record of the plain way: the ECS object, and what formats need beside it.</summary>
internal sealed class PlainRecord(PlainMapping mapping)
{
    public PlainMapping Mapping { get; } = mapping;
    public JObject Ecs { get; } = [];

    /// <summary>What no ECS name took.</summary>
    public JObject Rest { get; } = [];

    /// <summary>Value of each target, in the order of the mapping.</summary>
    public List<(PlainTarget Target, FieldConversion Convert, JToken Value, string Text)> Values { get; } = [];

    public string Id { get; set; } = "";
    public required PlainPlace Place { get; init; }

    /// <summary>The group as it was pulled.</summary>
    public required LogGroup Group { get; init; }

    /// <summary>The log as it was pulled.</summary>
    public required Log Log { get; init; }

    public long TimeNanos { get; set; }
    public long IngestedNanos { get; set; }

    /// <summary>The value behind an ECS name, before conversion; empty when there is none.</summary>
    public string Text(string target) => Values.Find(value => value.Target.Name == target).Text ?? "";

    /// <summary>Sets a member of the ECS object.</summary>
    public void Set(string[] path, JToken value)
    {
        var at = Ecs;
        foreach (var part in path.AsSpan(0, path.Length - 1))
        {
            if (at[part] is not JObject inner)
            {
                inner = [];
                at[part] = inner;
            }

            at = inner;
        }

        at[path[^1]] = value;
    }
}
