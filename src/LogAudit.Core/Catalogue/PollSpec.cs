namespace LogAudit;

/// <summary>How a log that a product only offers by API is read: the call, its window of time, its pages, and what a row becomes.</summary>
public sealed record PollSpec
{
    /// <summary>Code of the API, for example <c>Rds</c>.</summary>
    public required string Api { get; init; }

    /// <summary>The action, for example <c>DescribeErrorLogs</c>.</summary>
    public required string Action { get; init; }

    /// <summary>Parameters with fixed values.</summary>
    public IReadOnlyDictionary<string, string> With { get; init; } =
        new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Whether the parameters go into the form body instead of the query.</summary>
    public bool InBody { get; init; }

    /// <summary>Parameter that names the resource; empty for a call that reads the whole account and region.</summary>
    public string ResourceParameter { get; init; } = "";

    /// <summary>Parameter that names the region; empty for none.</summary>
    public string RegionParameter { get; init; } = "";

    /// <summary>The window of time.</summary>
    public required PollWindow Window { get; init; }

    /// <summary>JSONPath of the rows.</summary>
    public required string Rows { get; init; }

    /// <summary>Rows of a page (<c>PageSize</c>, with <c>PageNumber</c> from 1); 0 where one answer holds everything.</summary>
    public int PageSize { get; init; }

    /// <summary>JSONPath of the number of rows in the window; empty where the answer does not tell it.</summary>
    public string TotalPath { get; init; } = "";

    /// <summary>Calls of this action that one account may be asked in a minute.</summary>
    public required int CallsPerMinute { get; init; }

    /// <summary>How a row becomes a record; null for metrics.</summary>
    public PollRecord? Record { get; init; }

    /// <summary>How a row becomes samples of a Metricstore; null for records.</summary>
    public PollMetrics? Metrics { get; init; }
}

/// <summary>The window of time of a call.</summary>
/// <param name="StartParameter">Parameter of its beginning.</param>
/// <param name="EndParameter">Parameter of its end.</param>
/// <param name="Format">How both are written.</param>
public sealed record PollWindow(string StartParameter, string EndParameter, PollTime Format)
{
    /// <summary>Longest window of one call.</summary>
    public TimeSpan Most { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Youngest records that are left to the next window, because the product is still writing them.</summary>
    public TimeSpan Settle { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How far the next window reaches back over the last one, for records that come late.</summary>
    public TimeSpan Overlap { get; init; } = TimeSpan.Zero;

    /// <summary>Shortest pause between two windows.</summary>
    public TimeSpan Every { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How far the very first window of a resource reaches back.</summary>
    public TimeSpan Back { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>How long the product keeps what can be read; what is older is lost and is told.</summary>
    public TimeSpan Kept { get; init; } = TimeSpan.FromDays(7);

    /// <summary>The smallest step that <see cref="Format"/> can tell.</summary>
    public TimeSpan Step => Format == PollTime.Minute ? TimeSpan.FromMinutes(1) : TimeSpan.FromSeconds(1);
}

/// <summary>How an API writes a time.</summary>
public enum PollTime
{
    /// <summary><c>2026-03-01T02:03Z</c>.</summary>
    Minute,

    /// <summary>ISO 8601 with seconds or finer, <c>2026-03-01T02:03:04Z</c>.</summary>
    Second,

    /// <summary>Unix seconds.</summary>
    UnixSeconds,

    /// <summary>Unix milliseconds.</summary>
    UnixMillis,
}

/// <summary>How a row becomes a record.</summary>
/// <remarks>A value is a path in the row, or in braces a word of the resource: <c>{account}</c>, <c>{region}</c>, <c>{id}</c>, <c>{name}</c> or a property, <c>{instance.db_type}</c>.</remarks>
public sealed record PollRecord
{
    /// <summary>Name of the field that holds the record's id; the index and the normaliser know it.</summary>
    public const string IdField = "logaudit_id";

    /// <summary>Path of the time in the row.</summary>
    public required string TimePath { get; init; }

    /// <summary>How that time is written.</summary>
    public required PollTime TimeFormat { get; init; }

    /// <summary>Paths of the members that tell one record from another; the id is made of them.</summary>
    public required IReadOnlyList<string> Id { get; init; }

    /// <summary>Field of the record → value. A path that the row lacks leaves the field out.</summary>
    public required IReadOnlyDictionary<string, string> Fields { get; init; }

    /// <summary>Property of the resource that decides the topic; empty where the kind has one topic.</summary>
    public string TopicProperty { get; init; } = "";

    /// <summary>Value of that property → topic; every other value has the first topic of the kind.</summary>
    public IReadOnlyDictionary<string, string> Topics { get; init; } =
        new Dictionary<string, string>(StringComparer.Ordinal);
}

/// <summary>How a row becomes samples.</summary>
public sealed record PollMetrics
{
    /// <summary>Parameter that lists the keys asked for, joined by commas.</summary>
    public required string KeyParameter { get; init; }

    /// <summary>Keys that one call takes.</summary>
    public required int MostKeys { get; init; }

    /// <summary>The keys.</summary>
    public required IReadOnlyList<string> Keys { get; init; }

    /// <summary>Path of the name of the row's values; several names are joined by <c>&amp;</c>, as the values are.</summary>
    public required string NamePath { get; init; }

    /// <summary>Path of the points in the row.</summary>
    public required string PointsPath { get; init; }

    /// <summary>Path of the time in a point.</summary>
    public required string TimePath { get; init; }

    /// <summary>How that time is written.</summary>
    public required PollTime TimeFormat { get; init; }

    /// <summary>Path of the value in a point.</summary>
    public required string ValuePath { get; init; }

    /// <summary>Label → value, as in <see cref="PollRecord.Fields"/>.</summary>
    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    /// <summary>Name of a value → name of the metric. A name that is not here is told and left out.</summary>
    public required IReadOnlyDictionary<string, string> Names { get; init; }
}
