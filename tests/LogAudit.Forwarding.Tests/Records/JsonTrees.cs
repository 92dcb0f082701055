using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;

namespace LogAudit.Forwarding.Tests.Records;

/// <summary>Random JSON objects whose names collide with mapped paths often.</summary>
internal static class JsonTrees
{
    private static readonly Gen<string> Names = Gen.Elements("a", "b", "c", "d", "e é", "f\"g", "a.b");

    private static readonly Gen<string> Texts = Gen.Elements(
        "",
        "-",
        "x",
        "\"q\"",
        "tab\t",
        "审计",
        "\\",
        "\u0001",
        "{}",
        "{\"k\":1}"
    );

    public static Gen<JsonObject> Objects => Gen.Sized(size => Members(Math.Min(size, 4)));

    /// <summary>Every text that a tree holds; numbers and booleans as their JSON.</summary>
    public static IEnumerable<string> Leaves(JsonNode? node) =>
        node switch
        {
            null => [],
            JsonObject members => members.SelectMany(member => Leaves(member.Value)),
            JsonArray items => items.SelectMany(Leaves),
            _ => [node.ToString()],
        };

    private static Gen<JsonObject> Members(int depth) =>
        from count in Gen.Choose(0, 5)
        from names in Gen.ListOf(Names, count)
        from values in Gen.ListOf(Value(depth), count)
        select new JsonObject(
            names
                .Zip(values)
                .DistinctBy(member => member.First)
                .Select(member => KeyValuePair.Create(member.First, member.Second?.DeepClone()))
        );

    private static Gen<JsonNode?> Value(int depth)
    {
        var leaf = Gen.OneOf(
            Texts.Select(text => (JsonNode?)JsonValue.Create(text)),
            Gen.Choose(-5, 1000).Select(number => (JsonNode?)JsonValue.Create(number)),
            Gen.Constant((JsonNode?)JsonValue.Create(true)),
            Gen.Constant((JsonNode?)null)
        );
        return depth <= 0
            ? leaf
            : Gen.OneOf(
                leaf,
                Members(depth - 1).Select(members => (JsonNode?)members),
                from items in Gen.ListOf(Value(depth - 1), 2)
                select (JsonNode?)new JsonArray([.. items.Select(item => item?.DeepClone())])
            );
    }
}
