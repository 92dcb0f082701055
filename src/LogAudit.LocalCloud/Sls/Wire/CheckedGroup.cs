using Google.Protobuf;
using LogAudit.LocalCloud.Kernel;
using LogAudit.LocalCloud.Sls.Storage;

namespace LogAudit.LocalCloud.Sls;

/// <summary>A LogGroup in the wire's form, checked.</summary>
/// <param name="Bytes">The protobuf.</param>
/// <param name="Facts">What it holds.</param>
internal sealed record CheckedGroup(ReadOnlyMemory<byte> Bytes, GroupFacts Facts)
{
    /// <summary>Reads a LogGroup that a client sent; every required field must be there.</summary>
    /// <remarks>One bad log and nothing is stored. Source: SLS protocol 7.1.</remarks>
    /// <exception cref="CloudError">It is not a LogGroup.</exception>
    public static CheckedGroup Read(byte[] bytes)
    {
        Wire.LogGroup group;
        try
        {
            group = Wire.LogGroup.Parser.ParseFrom(bytes);
        }
        catch (InvalidProtocolBufferException)
        {
            throw SlsRefusal.Body("protobuf deserialize failed: the body is not a LogGroup");
        }
        var (logs, minTime, maxTime) = (0, uint.MaxValue, 0u);
        foreach (var log in group.Logs)
        {
            if (!log.HasTime)
                throw SlsRefusal.Body($"log {logs} has no Time");
            if (log.HasTimeNs && log.TimeNs > 999_999_999)
                throw SlsRefusal.Body($"log {logs} has a Time_ns above 999999999");
            foreach (var content in log.Contents)
            {
                if (!content.HasKey || !content.HasValue)
                    throw SlsRefusal.Body($"log {logs} has a content without key or value");
            }
            minTime = Math.Min(minTime, log.Time);
            maxTime = Math.Max(maxTime, log.Time);
            logs++;
        }
        foreach (var tag in group.LogTags)
        {
            if (!tag.HasKey || !tag.HasValue)
                throw SlsRefusal.Body("a LogTag has no key or value");
        }
        return new CheckedGroup(bytes, new GroupFacts(logs, logs == 0 ? 0 : minTime, maxTime));
    }

    /// <summary>Makes a LogGroup of records.</summary>
    public static CheckedGroup Of(
        IReadOnlyList<LogItem> items,
        string topic,
        string source,
        IEnumerable<KeyValuePair<string, string>>? tags
    )
    {
        var group = new Wire.LogGroup { Topic = topic, Source = source };
        foreach (var (key, value) in tags ?? [])
            group.LogTags.Add(new Wire.LogTag { Key = key, Value = value });
        foreach (var item in items)
        {
            var log = new Wire.LogRecord { Time = item.Time };
            if (item.TimeNs is { } nanoseconds)
                log.TimeNs = nanoseconds;
            foreach (var (key, value) in item.Fields)
                log.Contents.Add(new Wire.Content { Key = key, Value = ByteString.CopyFromUtf8(value) });
            group.Logs.Add(log);
        }
        return new CheckedGroup(
            group.ToByteArray(),
            new GroupFacts(group.Logs.Count, group.Logs.Min(log => log.Time), group.Logs.Max(log => log.Time))
        );
    }

    /// <summary>Protobuf of tags to be laid behind a LogGroup: fields of a message may be concatenated.</summary>
    public static byte[] Tags(params ReadOnlySpan<(string Key, string Value)> tags)
    {
        var group = new Wire.LogGroup();
        foreach (var (key, value) in tags)
            group.LogTags.Add(new Wire.LogTag { Key = key, Value = value });
        return group.ToByteArray();
    }
}
