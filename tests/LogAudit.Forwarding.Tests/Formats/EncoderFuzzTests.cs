using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using LogAudit.Forwarding.Tests.Records;
using LogAudit.Testing;

namespace LogAudit.Forwarding.Tests.Formats;

/// <summary>Random records through the normaliser and every format. <c>LOGAUDIT_ENCODER_SEEDS=100..5000</c> plays others, and more of them.</summary>
public sealed class EncoderFuzzTests
{
    private const string Planted = "PLANTED5ecret0000000000000001";

    private static readonly MappingCatalogue Mappings = new(new Products.ProductCatalogue().LogKinds);
    private static readonly KindSample[] Kinds = [.. KindSample.All.Values];
    private static readonly string[] SecretNames =
    [
        "Password",
        "access_key_secret",
        "x.SecurityToken",
        "authorization",
    ];

    private static readonly string[] Pieces =
    [
        "a",
        "|",
        "=",
        "\\",
        "\"",
        "]",
        "\n",
        "\r\n",
        "\t",
        "\0",
        "{",
        "[",
        "}",
        "审计",
        "😀",
        "\u2028",
        "\uFEFF",
        "\\u0041",
        "cs1=",
        " src=",
        "#2",
        "198.51.100.7",
        "1772449445123",
        "-",
    ];

    [Fact]
    public void Any_record_is_read_back_in_every_format_and_shows_no_secret()
    {
        var (first, last) = Seeds();
        for (var seed = first; seed <= last; seed++)
        {
            var random = new Random(seed);
            var sample = Kinds[random.Next(Kinds.Length)];
            var group = Group(sample, random);

            try
            {
                AssertReadBack(sample, group);
            }
            catch (Exception finding)
            {
                throw new Xunit.Sdk.XunitException($"seed {seed}, {sample.Kind.Product} {sample.Kind.Name}", finding);
            }
        }
    }

    private static void AssertReadBack(KindSample sample, TestGroup group)
    {
        ReadBack? who = null;
        foreach (var name in FormatCatalogue.Names)
        {
            var line = Assert.Single(Normalised.Text(Mappings, sample.Target, EveryFormatTests.Made(name), group));

            Assert.DoesNotContain(Planted, line, StringComparison.Ordinal);
            var read = ReadBack.Of(name, line);
            Assert.NotEmpty(LineValues.Of(name, line));
            who ??= read;
            Assert.Equal(
                (who.Id, who.Kind, who.Cursor, who.Index, who.Ingested),
                (read.Id, read.Kind, read.Cursor, read.Index, read.Ingested)
            );
        }
    }

    private static TestGroup Group(KindSample sample, Random random)
    {
        var names = sample.Fields.Select(field => field.Path[0]).Append(sample.Kind.Mapping.JsonField).ToList();
        var fields = new List<(string, byte[])>();
        for (var count = random.Next(12); count >= 0; count--)
        {
            var name = random.Next(3) == 0 ? Text(random) : names[random.Next(names.Count)];
            fields.Add(random.Next(6) == 0 ? Secret(random) : (name, Value(random)));
        }

        return sample.GroupOf([.. fields]) with
        {
            Source = Text(random),
            Tags =
            [
                (Text(random), Text(random)),
                ("token", Planted),
                .. random.Next(2) == 0 ? [("__receive_time__", "1772439331")] : Array.Empty<(string, string)>(),
            ],
        };
    }

    private static byte[] Value(Random random) =>
        random.Next(5) switch
        {
            0 => Bytes(random),
            1 => Encoding.UTF8.GetBytes(Tree(random, depth: 3).ToJsonString()),
            2 => [.. Encoding.UTF8.GetBytes(Tree(random, depth: 2).ToJsonString()), .. Bytes(random)],
            3 => Encoding.UTF8.GetBytes(random.Next().ToString(CultureInfo.InvariantCulture)),
            _ => Encoding.UTF8.GetBytes(Text(random)),
        };

    // The places in which a secret is promised not to be seen.
    private static (string Name, byte[] Value) Secret(Random random)
    {
        var name = SecretNames[random.Next(SecretNames.Length)];
        return random.Next(3) switch
        {
            0 => (name, Encoding.UTF8.GetBytes(Planted)),
            1 => (
                "body",
                Encoding.UTF8.GetBytes(new JsonObject { ["a"] = new JsonObject { [name] = Planted } }.ToJsonString())
            ),
            _ => ("url", Encoding.UTF8.GetBytes($"/path?b=1&{name}={Planted}&c=2")),
        };
    }

    private static JsonObject Tree(Random random, int depth)
    {
        var tree = new JsonObject();
        for (var count = random.Next(4); count >= 0; count--)
        {
            tree[Text(random)] = random.Next(6) switch
            {
                0 when depth > 0 => Tree(random, depth - 1),
                1 => new JsonArray(Text(random), null, random.Next()),
                2 => null,
                3 => random.NextDouble(),
                4 => true,
                _ => Text(random),
            };
        }

        if (random.Next(4) == 0)
        {
            tree[SecretNames[random.Next(SecretNames.Length)]] = Planted;
        }

        return tree;
    }

    private static string Text(Random random) =>
        string.Concat(Enumerable.Range(0, random.Next(5)).Select(_ => Pieces[random.Next(Pieces.Length)]));

    private static byte[] Bytes(Random random)
    {
        var bytes = new byte[random.Next(40)];
        random.NextBytes(bytes);
        return bytes;
    }

    private static (int First, int Last) Seeds() =>
        Environment.GetEnvironmentVariable("LOGAUDIT_ENCODER_SEEDS") is { Length: > 0 } range
        && range.Split("..") is [var first, var last]
            ? (int.Parse(first, CultureInfo.InvariantCulture), int.Parse(last, CultureInfo.InvariantCulture))
            : (1, 400);
}
