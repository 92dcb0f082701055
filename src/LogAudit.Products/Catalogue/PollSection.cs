using System.Globalization;

namespace LogAudit.Products;

/// <summary>Reads <c>poll:</c> of a log kind: the call that reads it, its window, its pages, its quota, and what a row becomes.</summary>
internal static class PollSection
{
    private static readonly Dictionary<string, PollTime> Times = new(StringComparer.Ordinal)
    {
        ["minute"] = PollTime.Minute,
        ["iso"] = PollTime.Second,
        ["seconds"] = PollTime.UnixSeconds,
        ["millis"] = PollTime.UnixMillis,
    };

    /// <summary>Reads the section; it holds either <c>record</c> or <c>metrics</c>. What it assumes is shown with what the log kind assumes.</summary>
    public static (PollSpec? Poll, IReadOnlyList<string> Assumed) Read(DataNode node)
    {
        ProductFile.Sourced(node);
        var (api, action) = CallSection.Name(node, "call");
        var (size, total) = node.Has("pages")
            ? node.One("pages", pages => (pages.Number("size", 0), pages.Text("total", "")))
            : (0, "");
        var poll = new PollSpec
        {
            Api = api.Code,
            Action = action,
            With = node.Map("with"),
            InBody = node.Flag("inBody", otherwise: false),
            ResourceParameter = node.Text("resource", ""),
            RegionParameter = node.Text("region", ""),
            Window = node.One("window", Window),
            Rows = node.Text("rows"),
            PageSize = size,
            TotalPath = total,
            CallsPerMinute = node.Number("callsPerMinute", 0) is > 0 and var calls
                ? calls
                : throw node.Wrong("callsPerMinute", "a number above 0 is wanted"),
            Record = node.Has("record") ? node.One("record", Record) : null,
            Metrics = node.Has("metrics") ? node.One("metrics", Metrics) : null,
        };
        return poll.Record is null == poll.Metrics is null
            ? throw node.Wrong("record", "either record or metrics is wanted")
            : (poll, node.TextsOrNone("assumed"));
    }

    private static PollWindow Window(DataNode node)
    {
        var window = new PollWindow(node.Text("start"), node.Text("end"), node.Word("format", Times));
        return window with
        {
            Most = Length(node, "most", window.Most),
            Settle = Length(node, "settle", window.Settle),
            Overlap = Length(node, "overlap", window.Overlap),
            Every = Length(node, "every", window.Every),
            Back = Length(node, "back", window.Back),
            Kept = Length(node, "kept", window.Kept),
        };
    }

    private static PollRecord Record(DataNode node)
    {
        var (path, format) = node.One("time", Time);
        var record = new PollRecord
        {
            TimePath = path,
            TimeFormat = format,
            Id = node.Texts("id"),
            Fields = node.Map("fields"),
        };
        return node.Has("topic")
            ? node.One("topic", topic => record with { TopicProperty = topic.Text("of"), Topics = topic.Map("is") })
            : record;
    }

    private static PollMetrics Metrics(DataNode node)
    {
        var (path, format) = node.One("time", Time);
        return new PollMetrics
        {
            KeyParameter = node.Text("parameter"),
            MostKeys = node.Number("most", 1),
            Keys = node.Texts("keys"),
            NamePath = node.Text("name"),
            PointsPath = node.Text("points"),
            TimePath = path,
            TimeFormat = format,
            ValuePath = node.Text("value"),
            Labels = node.Map("labels"),
            Names = node.Map("names"),
        };
    }

    private static (string Path, PollTime Format) Time(DataNode node) => (node.Text("at"), node.Word("format", Times));

    /// <summary>A length of time: <c>30s</c>, <c>10m</c>, <c>2h</c>, <c>7d</c>.</summary>
    private static TimeSpan Length(DataNode node, string key, TimeSpan otherwise)
    {
        if (!node.Has(key))
        {
            return otherwise;
        }

        var text = node.Text(key);
        return
            text is [.. var digits, var unit]
            && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && Unit(unit) is { } one
            ? one * number
            : throw node.Wrong(key, $"'{text}' is no length of time such as 30s, 10m, 2h or 7d");
    }

    private static TimeSpan? Unit(char unit) =>
        unit switch
        {
            's' => TimeSpan.FromSeconds(1),
            'm' => TimeSpan.FromMinutes(1),
            'h' => TimeSpan.FromHours(1),
            'd' => TimeSpan.FromDays(1),
            _ => null,
        };
}
