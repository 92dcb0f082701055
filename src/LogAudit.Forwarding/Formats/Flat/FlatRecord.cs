using System.Buffers;

namespace LogAudit.Forwarding;

/// <summary>What flat formats have in common: room for a record, its mapped values, and everything without a mapping as one value.</summary>
internal static class FlatRecord
{
    /// <summary>The key of everything that no ECS name took: a JSON object.</summary>
    public static ReadOnlySpan<byte> RestKey => "AliyunUnmapped"u8;

    // Header, id, times, source address and the constant keys.
    private const int Fixed = 5120;

    /// <summary>An upper bound of what a record takes.</summary>
    /// <param name="record">The record.</param>
    /// <param name="fields">Its fields.</param>
    /// <param name="rest">What <see cref="EcsJson.MostRestLength"/> says of it.</param>
    public static int MostLength(in AuditRecord record, FlatField[] fields, int rest)
    {
        var most = Fixed + ((long)rest * TextEscapes.MostGrowth);
        foreach (var field in fields)
        {
            most +=
                Math.Max(field.Key.Length, Math.Max(field.OwnKey.Length, field.HostKey.Length)) + FlatValue.MostShort;
        }

        // A source may stand under two names: its ECS name and what was derived from it.
        foreach (var value in record.Values)
        {
            most += (long)record.Text(value).Length * TextEscapes.MostGrowth * 2;
        }

        return checked((int)most);
    }

    /// <summary>Writes everything that no ECS name took, as one JSON value.</summary>
    /// <param name="record">The record.</param>
    /// <param name="writer">Gets the pair.</param>
    /// <param name="scratch">Room for the JSON before it is escaped.</param>
    public static void WriteRest(in AuditRecord record, ref FlatWriter writer, Span<byte> scratch)
    {
        if (record.Rest.Length > 0 || record.RestJson.Length > 0)
        {
            writer.Pair(RestKey, scratch[..EcsJson.WriteRest(record, scratch)]);
        }
    }
}
