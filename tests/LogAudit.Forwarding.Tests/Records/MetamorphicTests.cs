using System.Text;
using System.Text.Json.Nodes;
using LogAudit.Forwarding.Tests.Formats;
using LogAudit.Testing;

namespace LogAudit.Forwarding.Tests.Records;

/// <summary>What must hold for the records of every kind, whatever their writer changes: valid in every format, the same id and time, and every value found again.</summary>
public sealed class MetamorphicTests
{
    private static readonly MappingCatalogue Mappings = new(new Products.ProductCatalogue().LogKinds);
    private static readonly byte[] BrokenTail = [0xFF, (byte)'a', 0xE4, 0xB8];

    public static TheoryData<string> Kinds => [.. KindSample.All.Keys];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Record_of_every_kind_is_found_again_in_every_format(string name)
    {
        var sample = KindSample.All[name];

        foreach (var (read, values) in Everywhere(sample, sample.Group()))
        {
            Assert.Equal(name, $"{read.Product} {read.Kind}");
            Assert.Equal(
                sample.Fields.Any(field => field.IsTime),
                read.Time.ToUnixTimeSeconds() != KindSample.LogSeconds
            );
            AssertHolds(values, sample.Fields);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Order_of_fields_does_not_matter(string name)
    {
        var sample = KindSample.All[name];
        var first = Json(sample, sample.Group());

        for (var seed = 1; seed <= 3; seed++)
        {
            var shuffled = Json(sample, sample.Group(shuffle: new Random(seed)));

            Assert.True(JsonNode.DeepEquals(first, shuffled), $"{first}\n{shuffled}");
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Unknown_fields_are_kept_and_change_nothing_else(string name)
    {
        var sample = KindSample.All[name];
        var group = sample.Group();
        var log = group.Logs[0];
        byte[] nested = [.. """{"a":{"b":["deep1",{"c":"deep2"}]},"d":null}"""u8];
        var more = group with
        {
            Logs = [log with { Fields = [("zz_new", [.. "new1"u8]), .. log.Fields, ("zz nested", nested)] }],
        };

        foreach (var (read, values) in Everywhere(sample, more))
        {
            Assert.Subset(values, new HashSet<string>(["new1", "deep1", "deep2"]));
            AssertHolds(values, sample.Fields);
        }

        var json = Json(sample, more);
        var rest = json["aliyun"]![sample.Kind.Product]!.AsObject();
        Assert.True(rest.Remove("zz_new") && rest.Remove("zz nested"));
        Assert.True(JsonNode.DeepEquals(Json(sample, group), json));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Fields_that_say_nothing_leave_a_valid_record_with_the_time_of_the_log(string name)
    {
        var sample = KindSample.All[name];

        foreach (var nothing in new[] { "", "-", "null" })
        {
            foreach (var (read, values) in Everywhere(sample, sample.Group(field => Encoding.UTF8.GetBytes(nothing))))
            {
                Assert.Equal(KindSample.LogSeconds, read.Time.ToUnixTimeSeconds());
                Assert.Contains(nothing, values);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Members_that_are_null_leave_a_valid_record_with_the_time_of_the_log(string name)
    {
        var sample = KindSample.All[name];
        var nulls = new JsonObject(
            sample
                .Fields.Select(field => KeyValuePair.Create(field.Path[0], (JsonNode?)null))
                .DistinctBy(one => one.Key)
        );
        var holder = sample.Kind.Mapping.JsonField is { Length: > 0 } field ? field : "any";
        var group = sample.GroupOf((holder, Encoding.UTF8.GetBytes(nulls.ToJsonString())));

        foreach (var (read, _) in Everywhere(sample, group))
        {
            Assert.Equal(KindSample.LogSeconds, read.Time.ToUnixTimeSeconds());
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Numbers_as_texts_and_texts_as_numbers_are_the_same_record(string name)
    {
        var sample = KindSample.All[name];
        var numbers = sample with
        {
            Fields =
            [
                .. sample.Fields.Select(field =>
                    decimal.TryParse(field.Text, System.Globalization.CultureInfo.InvariantCulture, out _)
                        ? field with
                        {
                            Value = JsonNode.Parse(field.Text)!,
                        }
                        : field
                ),
            ],
        };

        var (texts, asNumbers) = (Json(sample, sample.Group()), Json(sample, numbers.Group()));

        Assert.Equal(Leaves(texts), Leaves(asNumbers));
        foreach (var (_, values) in Everywhere(sample, numbers.Group()))
        {
            AssertHolds(values, sample.Fields);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Value_of_a_megabyte_is_kept_whole(string name)
    {
        var sample = KindSample.All[name];
        // Flat formats carry an account or a region of such a length under another key: nobody has one.
        var place = sample
            .Kind.Mapping.Fields.Where(field => field.Target.StartsWith("cloud.", StringComparison.Ordinal))
            .Select(field => field.Source)
            .ToHashSet();
        var large = sample.Fields.First(field =>
            field.Text.StartsWith("value", StringComparison.Ordinal)
            && !field.IsId
            && !place.Contains(string.Join('.', field.Path))
        );
        var text = large.Text + new string('x', 1024 * 1024);

        var group = sample.Group(field => Encoding.UTF8.GetBytes(field == large ? text : field.Text));

        foreach (var (_, values) in Everywhere(sample, group))
        {
            Assert.Contains(text, values);
            AssertHolds(values, sample.Fields.Where(field => field != large));
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Broken_utf8_in_every_value_is_replaced_and_nothing_is_dropped(string name)
    {
        var sample = KindSample.All[name];

        var group = sample.Group(field => [.. Encoding.UTF8.GetBytes(field.Text), .. BrokenTail]);

        foreach (var (read, values) in Everywhere(sample, group))
        {
            Assert.Equal(KindSample.LogSeconds, read.Time.ToUnixTimeSeconds());
            Assert.Subset(values, sample.Fields.Select(field => $"{field.Text}\uFFFDa\uFFFD").ToHashSet());
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Record_without_a_time_of_its_own_has_that_of_the_log(string name)
    {
        var sample = KindSample.All[name];
        var group = sample.Group(field => field.IsTime ? null : Encoding.UTF8.GetBytes(field.Text));

        foreach (var (read, values) in Everywhere(sample, group))
        {
            Assert.Equal(KindSample.LogSeconds, read.Time.ToUnixTimeSeconds());
            AssertHolds(values, sample.Fields.Where(field => !field.IsTime));
        }
    }

    // The record in every format, each read by the parser of the format; all agree about who it is.
    private static List<(ReadBack Read, HashSet<string> Values)> Everywhere(KindSample sample, TestGroup group)
    {
        var found = new List<(ReadBack Read, HashSet<string> Values)>();
        foreach (var name in FormatCatalogue.Names)
        {
            var line = Assert.Single(Normalised.Text(Mappings, sample.Target, EveryFormatTests.Made(name), group));
            found.Add((ReadBack.Of(name, line), LineValues.Of(name, line)));
        }

        var first = found[0].Read;
        Assert.All(found, one => Assert.Equal(first, one.Read));
        return found;
    }

    private static JsonObject Json(KindSample sample, TestGroup group) =>
        Normalised.Json(Mappings, sample.Target, group);

    private static List<string> Leaves(JsonNode json) => [.. JsonTrees.Leaves(json).Order(StringComparer.Ordinal)];

    private static void AssertHolds(HashSet<string> values, IEnumerable<SampleField> fields) =>
        Assert.Empty(
            fields
                .Where(field =>
                    !values.Overlaps(field.Shown)
                    && !LineValues.Inside(field.Text).Skip(field.Value is JsonValue ? 0 : 1).All(values.Contains)
                )
                .Select(field => $"{string.Join('.', field.Path)}={field.Text}")
        );
}
