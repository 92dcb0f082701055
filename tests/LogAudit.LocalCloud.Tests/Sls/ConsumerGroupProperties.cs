using FsCheck.Xunit;
using LogAudit.LocalCloud.Sls.Consumers;
using LogAudit.LocalCloud.Sls.Storage;
using Microsoft.Extensions.Time.Testing;

namespace LogAudit.LocalCloud.Tests.Sls;

public sealed class ConsumerGroupProperties
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    /// <summary>Three consumers that follow the official algorithm, with random pauses, deaths, splits and slow stops.</summary>
    [Property(MaxTest = 200)]
    public void No_shard_is_ever_held_by_two_living_consumers_and_quiet_deals_out_all(byte[] steps)
    {
        var clock = new FakeTimeProvider();
        var logstore = new SlsStore(clock)
            .EnsureProject("a-project", "1", "cn-hangzhou")
            .EnsureLogstore("a-logstore", 30, 3);
        logstore.Consumers.Create("group", (int)Timeout.TotalSeconds, order: false);
        var group = logstore.Consumers.Need("group");
        Consumer[] consumers = [new("a"), new("b"), new("c")];

        foreach (var step in steps)
        {
            var consumer = consumers[step % 3];
            switch (step / 3 % 6)
            {
                case 0:
                    clock.Advance(TimeSpan.FromSeconds(step % 30));
                    break;
                case 1 when logstore.Shards.Count < 12:
                    var open = logstore.Shards.First(shard => !shard.IsReadonly);
                    logstore.Split(open.Id, key: null, parts: 2);
                    break;
                default:
                    consumer.Beat(group, clock.GetUtcNow(), lets: step % 2 == 0);
                    break;
            }
            var living = consumers.Where(one => clock.GetUtcNow() - one.LastBeat <= Timeout).ToArray();
            Assert.Equal(
                living.Sum(one => one.Running.Count),
                living.SelectMany(one => one.Running).Distinct().Count()
            );
        }
        for (var i = 0; i < 8; i++)
        {
            foreach (var consumer in consumers)
                consumer.Beat(group, clock.GetUtcNow(), lets: true);
        }

        Assert.Equal(logstore.Shards.Select(shard => shard.Id), consumers.SelectMany(one => one.Running).Order());
        Assert.True(consumers.Max(one => one.Running.Count) - consumers.Min(one => one.Running.Count) <= 1);
    }

    /// <summary>Runs a shard from the answer that names it until it has said that it no longer does.</summary>
    private sealed class Consumer(string name)
    {
        private HashSet<int> wanted = [];

        public HashSet<int> Running { get; private set; } = [];

        public DateTimeOffset LastBeat { get; private set; } = DateTimeOffset.MinValue;

        public void Beat(ConsumerGroup group, DateTimeOffset now, bool lets)
        {
            // After a silence longer than the time-out the official consumer has dropped all its shards.
            if (now - LastBeat > Timeout)
                Running = [];
            else if (lets)
                Running.IntersectWith(wanted);
            wanted = [.. group.Heartbeat(name, Running)];
            Running.UnionWith(wanted);
            LastBeat = now;
        }
    }
}
