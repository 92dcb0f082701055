using System.Buffers.Text;
using System.Text;
using LogAudit.Sls;

namespace LogAudit.Forwarding;

/// <summary>Where the records of a group were read, as bytes ready to copy: prepared once per shard and once per group, never per record.</summary>
/// <remarks>All of it is ASCII without quote, backslash and bracket: names of SLS are letters, digits, <c>-</c> and <c>_</c>, a cursor is Base64.</remarks>
internal sealed class GroupPlace
{
    private const int MostCursor = 32;

    private readonly byte[] cursor = new byte[MostCursor];

    // Names of projects and Logstores have at most 63 bytes.
    private readonly byte[] json = new byte[512];
    private readonly byte[] parameters = new byte[512];
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
        Span<byte> number = stackalloc byte[16];
        Utf8Formatter.TryFormat(Shard, number, out var digits);
        number = number[..digits];
        shardLength = Join(
            json,
            "\"project\":\""u8,
            Project,
            "\",\"logstore\":\""u8,
            Logstore,
            "\",\"shard\":"u8,
            number,
            ",\"cursor\":\""u8
        );
        shardParametersLength = Join(
            parameters,
            "project=\""u8,
            Project,
            "\" logstore=\""u8,
            Logstore,
            "\" shard=\""u8,
            number,
            "\" cursor=\""u8
        );
    }

    private static int Join(
        Span<byte> to,
        ReadOnlySpan<byte> beforeProject,
        ReadOnlySpan<byte> project,
        ReadOnlySpan<byte> beforeLogstore,
        ReadOnlySpan<byte> logstore,
        ReadOnlySpan<byte> beforeShard,
        ReadOnlySpan<byte> shard,
        ReadOnlySpan<byte> beforeCursor
    )
    {
        var text = new Utf8Text(to);
        text.Raw(beforeProject);
        text.Raw(project);
        text.Raw(beforeLogstore);
        text.Raw(logstore);
        text.Raw(beforeShard);
        text.Raw(shard);
        text.Raw(beforeCursor);
        return text.Length;
    }
}
