using System.Globalization;
using System.Text;

namespace LogAudit.Forwarding;

/// <summary>Records of a batch that go to the same object: of one shard, to one folder.</summary>
/// <param name="Folder"><c>dt=2026-11-22/hour=10/product=rds/account=1000000000000001</c>, the time in UTC.</param>
/// <param name="Source">Where they were read.</param>
/// <param name="Records">Their positions, ascending.</param>
internal sealed record OssPartition(string Folder, ShardAddress Source, List<int> Records)
{
    private const string NoAccount = "unknown";
    private const long NanosPerHour = 3_600_000_000_000;

    /// <summary>Parts a batch.</summary>
    public static IReadOnlyCollection<OssPartition> Of(EncodedBatch batch)
    {
        var partitions = new Dictionary<(ShardAddress, long Hour, string Product, string Account), OssPartition>();
        var accounts = new HashSet<string>(StringComparer.Ordinal);
        for (var index = 0; index < batch.Count; index++)
        {
            var facts = batch.Facts(index);
            var source = batch.Place(index).Shard;
            var key = (source, HourOf(facts.TimeNanos), facts.Mapping.Product, Account(batch.Account(index), accounts));
            if (!partitions.TryGetValue(key, out var partition))
            {
                partition = new OssPartition(FolderOf(key), source, []);
                partitions.Add(key, partition);
            }

            partition.Records.Add(index);
        }

        return partitions.Values;
    }

    // Rounds down, before 1970 too.
    private static long HourOf(long nanos) => (nanos / NanosPerHour) - (nanos % NanosPerHour < 0 ? 1 : 0);

    private static string FolderOf((ShardAddress, long Hour, string Product, string Account) key) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{DateTimeOffset.FromUnixTimeSeconds(key.Hour * 3600):'dt='yyyy-MM-dd'/hour='HH}/product={key.Product}/account={key.Account}"
        );

    // An account is digits; what a record says instead must not make a folder of its own. One text per account, not per record.
    private static string Account(ReadOnlySpan<byte> account, HashSet<string> known)
    {
        Span<char> text = stackalloc char[32];
        if (account.Length is 0 or > 32 || account.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
        {
            return NoAccount;
        }

        var length = Encoding.ASCII.GetChars(account, text);
        var lookup = known.GetAlternateLookup<ReadOnlySpan<char>>();
        if (!lookup.TryGetValue(text[..length], out var found))
        {
            found = text[..length].ToString();
            known.Add(found);
        }

        return found;
    }
}
