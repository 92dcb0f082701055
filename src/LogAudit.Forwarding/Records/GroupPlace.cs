using System.Globalization;
using System.Text;
using LogAudit.Sls;

namespace LogAudit.Forwarding;

/// <summary>Where the records of a group were read, as bytes ready to copy: prepared once per shard and once per group, never per record.</summary>
/// <remarks>All of it is ASCII without quote, backslash and bracket: names of SLS are letters, digits, <c>-</c> and <c>_</c>, a cursor is Base64.</remarks>
internal sealed class GroupPlace
{
    private const int MostCursor = 32;

    private readonly byte[] cursor = new byte[MostCursor];
    private byte[] json = [];
    private byte[] parameters = [];
    private ShardAddress? shard;
    private int shardLength;
    private int shardParametersLength;
    private int cursorLength;
    private int jsonLength;
    private int parametersLength;

    /// <summary>The project.</summary>
    public byte[] Project { get; private set; } = [];

    /// <summary>The Logstore.</summary>
    public byte[] Logstore { get; private set; } = [];

    /// <summary>Number of the shard.</summary>
    public int Shard { get; private set; }

    /// <summary>Cursor of the group.</summary>
    public ReadOnlySpan<byte> Cursor => cursor.AsSpan(0, cursorLength);

    /// <summary>Members of a JSON object up to the record's number in its group: <c>"project":"…","logstore":"…","shard":3,"cursor":"…","index":</c>.</summary>
    public ReadOnlySpan<byte> Json => json.AsSpan(0, jsonLength);

    /// <summary>Parameters of structured data up to the record's number in its group: <c>project="…" logstore="…" shard="3" cursor="…" index="</c>.</summary>
    public ReadOnlySpan<byte> Parameters => parameters.AsSpan(0, parametersLength);

    /// <summary>Begins a group.</summary>
    public void Begin(ShardAddress address, Cursor group)
    {
        if (address != shard)
        {
            BeginShard(address);
        }

        cursorLength = Encoding.ASCII.GetBytes(group.Value, cursor);
        var text = new Utf8Text(json.AsSpan(shardLength));
        text.Raw(Cursor);
        text.Raw("\",\"index\":"u8);
        jsonLength = shardLength + text.Length;
        var data = new Utf8Text(parameters.AsSpan(shardParametersLength));
        data.Raw(Cursor);
        data.Raw("\" index=\""u8);
        parametersLength = shardParametersLength + data.Length;
    }

    private void BeginShard(ShardAddress address)
    {
        shard = address;
        Project = Encoding.ASCII.GetBytes(address.Target.Project.Value);
        Logstore = Encoding.ASCII.GetBytes(address.Target.Logstore.Value);
        Shard = address.Shard;
        var opening = Encoding.ASCII.GetBytes(
            string.Create(
                CultureInfo.InvariantCulture,
                $"\"project\":\"{address.Target.Project}\",\"logstore\":\"{address.Target.Logstore}\",\"shard\":{address.Shard},\"cursor\":\""
            )
        );
        shardLength = opening.Length;
        json = [.. opening, .. new byte[MostCursor + 16]];
        var data = Encoding.ASCII.GetBytes(
            string.Create(
                CultureInfo.InvariantCulture,
                $"project=\"{address.Target.Project}\" logstore=\"{address.Target.Logstore}\" shard=\"{address.Shard}\" cursor=\""
            )
        );
        shardParametersLength = data.Length;
        parameters = [.. data, .. new byte[MostCursor + 16]];
    }
}
