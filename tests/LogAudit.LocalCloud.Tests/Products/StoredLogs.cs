using LogAudit.LocalCloud.Sls.Storage;
using LogAudit.LocalCloud.Sls.Wire;

namespace LogAudit.LocalCloud.Tests.Products;

/// <summary>Reads what a Logstore of LocalCloud holds.</summary>
internal static class StoredLogs
{
    /// <summary>Every record as a map of its fields, with <c>__topic__</c>.</summary>
    public static IReadOnlyList<Dictionary<string, string>> Of(ProductCloud cloud, string project, string logstore)
    {
        var records = new List<Dictionary<string, string>>();
        foreach (var shard in cloud.Cloud.Services.Get<SlsStore>().Logstore(project, logstore)?.Shards ?? [])
        {
            foreach (var stored in shard.Groups(shard.BeginCursor, int.MaxValue))
            {
                var group = LogGroup.Parser.ParseFrom(stored.Bytes.Span);
                foreach (var log in group.Logs)
                {
                    var record = log.Contents.ToDictionary(c => c.Key, c => c.Value.ToStringUtf8());
                    record["__topic__"] = group.Topic;
                    records.Add(record);
                }
            }
        }
        return records;
    }
}
