using System.Globalization;
using System.Text;
using K4os.Compression.LZ4;
using LogAudit.Forwarding;
using LogAudit.Sls;
using LogAudit.Wire;

namespace LogAudit.Benchmarks;

/// <summary>The plain way from a pulled body to the bytes of records: Google.Protobuf objects, a dictionary per record, Newtonsoft objects. Same output, written without our encoder.</summary>
internal sealed class PlainEncoder(MixedCorpus corpus, string format)
{
    private readonly Dictionary<(string Logstore, string Mark), PlainMapping> mappings = MixedCorpus
        .LogKinds.SelectMany(kind =>
            kind.Topics.Select(topic =>
                (Key: (kind.Logstore.Replace("{trail}", "logaudit", StringComparison.Ordinal), topic), Kind: kind)
            )
        )
        .ToDictionary(pair => pair.Key, pair => new PlainMapping(pair.Kind));

    private readonly Dictionary<string, string> toldBy = MixedCorpus
        .LogKinds.Where(kind => kind.ToldBy.Length > 0)
        .DistinctBy(kind => kind.Logstore)
        .ToDictionary(kind => kind.Logstore, kind => kind.ToldBy, StringComparer.Ordinal);

    private readonly Func<PlainRecord, string> write = PlainFormats.All[format];

    /// <summary>Encodes every pull of the corpus.</summary>
    public void Run()
    {
        foreach (var pull in corpus.Pulls)
        {
            Encode(pull);
        }
    }

    /// <summary>Encodes one pull.</summary>
    public List<byte[]> Encode(CorpusPull pull)
    {
        var raw = new byte[pull.Raw.Length];
        LZ4Codec.Decode(pull.Packed, raw);
        var list = LogGroupList.Parser.ParseFrom(raw);
        var messages = new List<byte[]>();
        var prefix = new byte[RecordId.PrefixLength];
        for (var g = 0; g < list.LogGroups.Count; g++)
        {
            var group = list.LogGroups[g];
            RecordId.WritePrefix(pull.Shard, CorpusPull.GroupCursor(g), prefix);
            var start = Encoding.ASCII.GetString(prefix);
            for (var index = 0; index < group.Logs.Count; index++)
            {
                var log = group.Logs[index];
                var id = start + index.ToString(CultureInfo.InvariantCulture);
                var place = new PlainPlace(
                    pull.Target.Project.Value,
                    pull.Target.Logstore.Value,
                    pull.Shard.Shard,
                    CorpusPull.GroupCursor(g).Value,
                    index
                );
                var record = PlainNormaliser.Read(MappingOf(pull.Target.Logstore, group, log), group, log, id, place);
                messages.Add(Encoding.UTF8.GetBytes(write(record)));
            }
        }

        return messages;
    }

    private PlainMapping MappingOf(LogstoreName logstore, LogGroup group, Log log)
    {
        var mark = toldBy.TryGetValue(logstore.Value, out var field)
            ? log.Contents.First(one => one.Key == field).Value
            : group.Topic;
        return mappings[(logstore.Value, mark)];
    }
}
