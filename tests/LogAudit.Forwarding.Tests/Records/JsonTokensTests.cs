using System.Text;
using System.Text.Json;
using LogAudit.Testing;

namespace LogAudit.Forwarding.Tests.Records;

public sealed class JsonTokensTests
{
    private static readonly string[] Pieces =
    [
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\"a\"",
        "\"\\u00e9\\ud83d\"",
        "\"\\x\"",
        "\"long enough for a whole block of sixteen\"",
        "0",
        "-0",
        "01",
        "1.5e+3",
        "1.",
        "-",
        "true",
        "fals",
        "null",
        " ",
        "\t\n",
        "\"\u0001\"",
        "\"open",
        "\"\\",
        "\\",
        "2e",
        "9",
        "x",
    ];

    [Fact]
    public void Tokens_are_those_of_the_reader_of_the_framework()
    {
        var random = new Random(20261126);
        for (var round = 0; round < 20_000; round++)
        {
            var text = new StringBuilder();
            Value(random, text, depth: 0);
            if (random.Next(3) == 0)
            {
                text.Insert(random.Next(text.Length + 1), Pieces[random.Next(Pieces.Length)]);
            }

            if (random.Next(4) == 0)
            {
                text.Length = random.Next(text.Length + 1);
            }

            AssertSame(text.ToString());
        }
    }

    [Fact]
    public void Sixty_four_levels_are_read_and_no_more()
    {
        foreach (var levels in (int[])[63, 64, 65])
        {
            foreach (var (open, close) in ((string, string)[])[("[", "]"), ("{\"a\":", "}")])
            {
                AssertSame(
                    string.Concat(Enumerable.Repeat(open, levels))
                        + "1"
                        + string.Concat(Enumerable.Repeat(close, levels))
                );
            }
        }
    }

    [Fact]
    public void Since_gives_a_subtree_as_it_is_written_and_counts_the_white_space_in_it()
    {
        var json = """{"a":{"b":[1,"]"]},"c": {"d" :2}}"""u8;
        var tokens = new JsonTokens(json);
        tokens.Read();

        tokens.Read();
        tokens.Read();
        var first = tokens.TokenStart;
        tokens.Skip();
        Assert.Equal("""{"b":[1,"]"]}""", Encoding.UTF8.GetString(tokens.Since(first)));
        Assert.Equal(0, tokens.Spaces);

        tokens.Read();
        tokens.Read();
        var second = tokens.TokenStart;
        tokens.Skip();
        Assert.Equal("""{"d" :2}""", Encoding.UTF8.GetString(tokens.Since(second)));
        Assert.Equal(2, tokens.Spaces);
    }

    private static void AssertSame(string text)
    {
        var json = Encoding.UTF8.GetBytes(text);
        var expected = new List<string>();
        try
        {
            var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 64 });
            while (reader.Read())
            {
                expected.Add($"{reader.TokenType} {Encoding.UTF8.GetString(reader.ValueSpan)} {reader.ValueIsEscaped}");
            }
        }
        catch (JsonException)
        {
            expected.Add("broken");
        }

        var actual = new List<string>();
        try
        {
            var tokens = new JsonTokens(json);
            while (tokens.Read())
            {
                var isText = tokens.TokenType is JsonTokenType.String or JsonTokenType.PropertyName;
                actual.Add(
                    $"{tokens.TokenType} {Encoding.UTF8.GetString(tokens.ValueSpan)} {isText && tokens.ValueIsEscaped}"
                );
            }
        }
        catch (JsonException)
        {
            actual.Add("broken");
        }

        // Where a text is broken both refuse it; how far they come before may differ.
        Assert.Equal(expected[^1] == "broken", actual[^1] == "broken");
        if (expected[^1] != "broken")
        {
            Assert.Equal(expected, actual);
        }
    }

    private static void Value(Random random, StringBuilder text, int depth)
    {
        switch (random.Next(depth > 4 ? 4 : 7))
        {
            case 0:
                text.Append(random.Next(-1000, 1000));
                break;
            case 1:
                text.Append(random.Next(2) == 0 ? "true" : "-12.5E-2");
                break;
            case 2 or 3:
                text.Append('"')
                    .Append('x', random.Next(40))
                    .Append(random.Next(3) == 0 ? "\\n\\u0041é" : "")
                    .Append('"');
                break;
            case 4:
                text.Append("[ ");
                Items(random, text, () => Value(random, text, depth + 1));
                text.Append(']');
                break;
            default:
                text.Append('{');
                Items(
                    random,
                    text,
                    () =>
                    {
                        text.Append("\"n").Append(random.Next(10)).Append("\":");
                        Value(random, text, depth + 1);
                    }
                );
                text.Append('}');
                break;
        }
    }

    private static void Items(Random random, StringBuilder text, Action one)
    {
        for (int count = random.Next(4), number = 0; number < count; number++)
        {
            text.Append(
                number == 0 ? ""
                : random.Next(3) == 0 ? " ,\n"
                : ","
            );
            one();
        }
    }
}
