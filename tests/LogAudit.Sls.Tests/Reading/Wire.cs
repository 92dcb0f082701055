using System.Text;
using Google.Protobuf;
using K4os.Compression.LZ4;
using LogAudit.Wire;

namespace LogAudit.Sls.Tests.Reading;

/// <summary>Bodies of pulls, and what our readers and Google's see in them.</summary>
internal static class Wire
{
    public static readonly PullSource Source = new(
        new ProjectName("audit-central"),
        new LogstoreName("slb_log"),
        3,
        Cursor.Of(1000)
    );

    public static PulledLogs Decode(byte[] raw, int groups) =>
        PulledLogs.Decode(Source, Headers(groups, raw.Length, LogCompression.None), raw, 1 << 26);

    public static PullHeaders Headers(int groups, long rawSize, LogCompression compression) =>
        new(Cursor.Of(1000 + groups), groups, rawSize, compression, groups == 0 ? null : 999 + groups, "id");

    public static byte[] Lz4(byte[] raw)
    {
        var packed = new byte[LZ4Codec.MaximumOutputSize(raw.Length)];
        return packed[..LZ4Codec.Encode(raw, packed)];
    }

    /// <summary>Everything that our readers see, as objects of the other reader.</summary>
    public static LogGroupList Read(byte[] raw, int groups)
    {
        using var pulled = Decode(raw, groups);
        var list = new LogGroupList();
        for (var group = pulled.Groups(); group.Next(); )
        {
            var one = new LogGroup();
            if (group.Topic.Length > 0)
            {
                one.Topic = Encoding.UTF8.GetString(group.Topic);
            }

            if (group.Source.Length > 0)
            {
                one.Source = Encoding.UTF8.GetString(group.Source);
            }

            for (var tag = group.Tags(); tag.Next(); )
            {
                one.LogTags.Add(
                    new LogTag { Key = Encoding.UTF8.GetString(tag.Key), Value = Encoding.UTF8.GetString(tag.Value) }
                );
            }

            for (var log = group.Logs(); log.Next(); )
            {
                var read = new Log { Time = log.Time };
                if (log.TimeNs != 0)
                {
                    read.TimeNs = log.TimeNs;
                }

                for (var field = log.Fields(); field.Next(); )
                {
                    read.Contents.Add(
                        new Log.Types.Content
                        {
                            Key = Encoding.UTF8.GetString(field.Key),
                            Value = Encoding.UTF8.GetString(field.Value),
                        }
                    );
                }

                Assert.Equal(log.FieldCount, read.Contents.Count);
                one.Logs.Add(read);
            }

            Assert.Equal(group.LogCount, one.Logs.Count);
            list.LogGroups.Add(one);
        }

        return list;
    }

    /// <summary>The same, as Google's reader sees it, without what ours does not give out.</summary>
    public static LogGroupList ReadByGoogle(byte[] raw)
    {
        var list = LogGroupList.Parser.WithDiscardUnknownFields(discardUnknownFields: true).ParseFrom(raw);
        foreach (var group in list.LogGroups)
        {
            group.ClearCategory();
            group.ClearMachineUUID();
            if (group.Topic.Length == 0)
            {
                group.ClearTopic();
            }

            if (group.Source.Length == 0)
            {
                group.ClearSource();
            }

            foreach (var log in group.Logs.Where(log => log.TimeNs == 0))
            {
                log.ClearTimeNs();
            }
        }

        return list;
    }

    public static byte[] Bytes(this IMessage message) => message.ToByteArray();
}
