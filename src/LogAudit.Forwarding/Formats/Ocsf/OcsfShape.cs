using System.Text;

namespace LogAudit.Forwarding;

/// <summary>How the records of one log kind are written in OCSF: as events of their class, and as base events where a record lacks what the class requires. Built once per log kind.</summary>
internal sealed class OcsfShape
{
    private const string Unmapped = "unmapped.";

    private readonly CompiledMapping mapping;
    private readonly int[][] needs;
    private readonly int verb;

    /// <summary>Builds.</summary>
    public OcsfShape(CompiledMapping mapping)
    {
        this.mapping = mapping;
        Class = OcsfClass.Of(mapping.OcsfClass);
        var places = Places(mapping, Class);
        var keys = places
            .Where(place => place.Name.Key)
            .GroupBy(place => place.Name.Object, StringComparer.Ordinal)
            .ToDictionary(
                group => group.Key,
                group => group.Select(place => place.Target).ToArray(),
                StringComparer.Ordinal
            );
        needs = [.. Class.Needs.Select(objects => objects.SelectMany(one => Filling(one, keys)).Distinct().ToArray())];
        verb = mapping.TargetNumber(Class.Uid is 4002 ? "http.request.method" : "event.action");
        Event = Tree(mapping, places, keys, Class);
        Fallback = Tree(mapping, [], keys, OcsfClass.Base);
    }

    /// <summary>The class.</summary>
    public OcsfClass Class { get; }

    /// <summary>Members of an event of the class.</summary>
    public RecordShape Event { get; }

    /// <summary>Members of a base event: everything of the record's own is unmapped.</summary>
    public RecordShape Fallback { get; }

    /// <summary>Whether a record holds what its class requires.</summary>
    public bool Fits(in AuditRecord record)
    {
        foreach (var targets in needs)
        {
            if (!record.HasAny(targets))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The text that tells the activity; empty where the record has none.</summary>
    public ReadOnlySpan<byte> Verb(in AuditRecord record) => record.Word(verb);

    /// <summary>The activity that a text tells.</summary>
    public int Activity(ReadOnlySpan<byte> told)
    {
        if (told.Length == 0)
        {
            return Class.Otherwise is OcsfClass.Other ? 0 : Class.Otherwise;
        }

        foreach (var (name, activity) in Class.Activities)
        {
            if (told.Length >= name.Length && Ascii.EqualsIgnoreCase(told[..name.Length], name))
            {
                return activity;
            }
        }

        return Class.Otherwise;
    }

    /// <summary>Status: 1 success, 2 failure, 0 where the record does not say.</summary>
    public int Status(in AuditRecord record)
    {
        var outcome = record.Word(mapping.OutcomeTarget);
        if (outcome.Length == 0 && mapping.Constants.TryGetValue("event.outcome", out var always))
        {
            return always == "success" ? 1 : 2;
        }

        return outcome.SequenceEqual("success"u8) ? 1
            : outcome.SequenceEqual("failure"u8) ? 2
            : 0;
    }

    // Targets of the mapping that have a place in the class, each place once.
    private static List<(OcsfName Name, int Target)> Places(CompiledMapping mapping, OcsfClass of)
    {
        var places = new List<(OcsfName Name, int Target)>();
        foreach (var name in OcsfNames.All)
        {
            if (
                (name.Classes.Length == 0 || name.Classes.Contains(of.Uid))
                && mapping.TargetNumber(name.Ecs) is >= 0 and var target
                && places.TrueForAll(taken => taken.Target != target && taken.Name.Attribute != name.Attribute)
            )
            {
                places.Add((name, target));
            }
        }

        // Without any key of its object an attribute could only make an invalid one.
        places.RemoveAll(place =>
            OcsfNames.IsKeyed(place.Name.Object)
            && !places.Exists(key => key.Name.Key && key.Name.Object == place.Name.Object)
        );
        return places;
    }

    // The targets of which one is enough that an object is there and valid.
    private static IEnumerable<int> Filling(string name, Dictionary<string, int[]> keys) =>
        keys.Where(pair => pair.Key == name || pair.Key.StartsWith($"{name}.", StringComparison.Ordinal))
            .SelectMany(pair => pair.Value);

    private static RecordShape Tree(
        CompiledMapping mapping,
        List<(OcsfName Name, int Target)> places,
        Dictionary<string, int[]> keys,
        OcsfClass of
    )
    {
        var tree = new EcsTree();
        Header(tree, mapping, of);
        foreach (var (name, target) in places)
        {
            var guard = name.Key ? [] : keys.GetValueOrDefault(name.Object, []);
            tree.Add(
                name.Attribute,
                LeafKind.Field,
                target: target,
                addressName: mapping.Targets[target].TakesAddress ? "name" : null,
                guard: new LeafGuard(guard, Needed: true)
            );
            if (guard.Length > 0)
            {
                tree.Add($"{Unmapped}{name.Ecs}", LeafKind.Field, target: target, guard: new LeafGuard(guard, false));
            }
        }

        foreach (var (name, attribute, json) in OcsfNames.Companions)
        {
            if (of != OcsfClass.Base && keys.TryGetValue(name, out var guard))
            {
                tree.Add(attribute, LeafKind.Constant, Encoding.UTF8.GetBytes(json), guard: new LeafGuard(guard, true));
            }
        }

        for (var target = 0; target < mapping.Targets.Length; target++)
        {
            var name = mapping.Targets[target].Name;
            if (
                !places.Exists(place => place.Target == target)
                && name is not ("@timestamp" or "cloud.account.id" or "cloud.region")
            )
            {
                tree.Add(
                    $"{Unmapped}{name}",
                    LeafKind.Field,
                    target: target,
                    addressName: mapping.Targets[target].TakesAddress ? "address" : null
                );
            }
        }

        tree.Add($"{Unmapped}{CompiledMapping.PlaceMember}", LeafKind.Place);
        tree.Add($"{Unmapped}{CompiledMapping.RestMember(mapping.Product)}", LeafKind.Rest);
        tree.Freeze();
        return new RecordShape(tree);
    }

    private static void Header(EcsTree tree, CompiledMapping mapping, OcsfClass of)
    {
        Constant("metadata.version", Ocsf.SchemaVersion);
        tree.Add("metadata.uid", LeafKind.Id);
        Constant("metadata.product.name", mapping.Product);
        Constant("metadata.product.vendor_name", "Alibaba Cloud");
        Constant("metadata.product.feature.name", mapping.LogKind);
        tree.Add("metadata.profiles", LeafKind.Constant, [.. "[\"cloud\"]"u8]);
        Constant("metadata.log_name", mapping.Dataset);
        tree.Add("metadata.logged_time", LeafKind.IngestedMillis);
        Constant("cloud.provider", "Alibaba Cloud");
        Field("cloud.account.uid", mapping.AccountTarget);
        Field("cloud.region", mapping.RegionTarget);
        if (of.Uid is 2002 or 2003 or 2004)
        {
            tree.Add("finding_info.uid", LeafKind.Id);
        }
        else if (of.Uid is 3002)
        {
            Constant("service.name", mapping.Product);
        }

        void Constant(string name, string text) =>
            tree.Add(name, LeafKind.Constant, Encoding.UTF8.GetBytes($"\"{text}\""));

        void Field(string name, int target)
        {
            if (target >= 0)
            {
                tree.Add(name, LeafKind.Field, target: target);
            }
        }
    }
}
