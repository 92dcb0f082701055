using System.Globalization;
using LogAudit.LocalCloud.Kernel;
using LogAudit.LocalCloud.Sls.Storage;

namespace LogAudit.EndToEnd.Tests.Forwarding;

/// <summary>Marked records in Logstores whose shards are split and merged; knows which shard took which mark.</summary>
internal sealed class MarkedShards(FunctionCloud cloud, Random random)
{
    private const int MostShards = 12;

    private int next;

    /// <summary>Every mark, with its Logstore and shard, in the order in which they were written.</summary>
    public List<(string Mark, string Logstore, int Shard)> Written { get; } = [];

    /// <summary>Splits and merges made so far.</summary>
    public int Changes { get; private set; }

    /// <summary>Writes groups to a Logstore; its writable shards take them in turn.</summary>
    public void Append(string logstore, int groups, int perGroup)
    {
        var target = Logstore(logstore);
        for (var group = 0; group < groups; group++)
        {
            var marks = Enumerable
                .Range(0, perGroup)
                .Select(_ => string.Create(CultureInfo.InvariantCulture, $"m{next++:D7}"))
                .ToList();
            var (shard, _) = target.Append([
                .. marks.Select(mark => new LogItem(
                    (uint)TimeProvider.System.GetUtcNow().ToUnixTimeSeconds(),
                    [new("mark", mark)]
                )),
            ]);
            Written.AddRange(marks.Select(mark => (mark, logstore, shard)));
        }
    }

    /// <summary>Splits a writable shard, or merges two.</summary>
    public void ChangeShards(string logstore)
    {
        var target = Logstore(logstore);
        var open = target.Shards.Where(shard => !shard.IsReadonly).OrderBy(shard => shard.Keys.Begin).ToList();
        if (open.Count > 1 && (target.Shards.Count > MostShards || random.Next(2) == 0))
        {
            target.Merge(open[random.Next(open.Count - 1)].Id);
        }
        else
        {
            target.Split(open[random.Next(open.Count)].Id, key: null, parts: 2);
        }

        Changes++;
    }

    /// <summary>Shards with their parents.</summary>
    public IEnumerable<(int Child, int Parent)> Parents(string logstore) =>
        Logstore(logstore).Shards.SelectMany(shard => shard.Parents.Select(parent => (shard.Id, parent)));

    private SlsLogstore Logstore(string name) => cloud.Store.Logstore(FunctionCloud.Project, name)!;
}
