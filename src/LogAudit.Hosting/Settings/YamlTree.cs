using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace LogAudit.Hosting;

/// <summary>A part of a YAML file, with its line.</summary>
internal abstract record YamlPart(int Line);

/// <summary>A text, number, boolean or nothing.</summary>
/// <param name="Text">As written.</param>
/// <param name="Plain">Written without quotes, so that <c>null</c>, <c>true</c> and numbers are what they look like.</param>
/// <param name="Line">Line in the file; 0 when it comes from the environment.</param>
internal sealed record YamlText(string Text, bool Plain, int Line) : YamlPart(Line)
{
    /// <summary>Whether it is written as nothing at all.</summary>
    public bool IsNothing => Plain && Text is "" or "~" or "null" or "Null" or "NULL";
}

/// <summary>A list.</summary>
internal sealed record YamlList(List<YamlPart> Items, int Line) : YamlPart(Line);

/// <summary>Keys and values.</summary>
internal sealed record YamlMap(List<YamlEntry> Entries, int Line) : YamlPart(Line)
{
    /// <summary>The first value of a key; null when there is none.</summary>
    public YamlPart? Find(string key) =>
        Entries.Find(entry => string.Equals(entry.Key, key, StringComparison.Ordinal))?.Value;
}

/// <summary>A key and its value.</summary>
internal sealed record YamlEntry(string Key, int Line, YamlPart Value);

/// <summary>Reads YAML into parts: keeps lines and keys that repeat, so that every mistake can be told at once.</summary>
internal static class YamlTree
{
    private const int MaxDepth = 16;

    /// <summary>The one document of a text; null when it is empty.</summary>
    /// <exception cref="YamlException">The text is not YAML, has several documents, uses anchors, or nests too deep.</exception>
    public static YamlPart? Read(string text)
    {
        var parser = new Parser(new StringReader(text));
        try
        {
            return Read(parser);
        }
        catch (Exception failure) when (failure is InvalidOperationException or ArgumentException or FormatException)
        {
            // The parser's scanner has paths on broken input that end in these instead of its own exception.
            var at = parser.Current?.End ?? Mark.Empty;
            throw new YamlException(at, at, "the text breaks off inside a value", failure);
        }
    }

    private static YamlPart? Read(Parser parser)
    {
        parser.Consume<StreamStart>();
        if (parser.TryConsume<StreamEnd>(out _))
        {
            return null;
        }

        parser.Consume<DocumentStart>();
        var root = Part(parser, depth: 0);
        parser.Consume<DocumentEnd>();
        if (parser.Current is not StreamEnd)
        {
            throw At(parser, "a settings file is one document, without a second '---'");
        }

        return root is YamlText { IsNothing: true } ? null : root;
    }

    private static YamlPart Part(Parser parser, int depth)
    {
        if (depth > MaxDepth)
        {
            throw At(parser, $"the file nests deeper than {MaxDepth} levels");
        }

        var line = (int)parser.Current!.Start.Line;
        if (parser.Current is NodeEvent { Anchor.IsEmpty: false } or AnchorAlias)
        {
            throw At(parser, "anchors and aliases are not part of a settings file; write the value out");
        }

        if (parser.TryConsume<Scalar>(out var scalar))
        {
            return new YamlText(scalar.Value, scalar.Style == ScalarStyle.Plain, line);
        }

        if (parser.TryConsume<SequenceStart>(out _))
        {
            var items = new List<YamlPart>();
            while (!parser.TryConsume<SequenceEnd>(out _))
            {
                items.Add(Part(parser, depth + 1));
            }

            return new YamlList(items, line);
        }

        parser.Consume<MappingStart>();
        var entries = new List<YamlEntry>();
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            if (!parser.TryConsume<Scalar>(out var key))
            {
                throw At(parser, "a key is a plain text");
            }

            entries.Add(new(key.Value, (int)key.Start.Line, Part(parser, depth + 1)));
        }

        return new YamlMap(entries, line);
    }

    private static YamlException At(Parser parser, string problem) =>
        new(parser.Current!.Start, parser.Current.End, problem);
}
