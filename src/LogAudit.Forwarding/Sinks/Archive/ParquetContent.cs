using System.Text;
using Parquet;
using Parquet.Schema;

namespace LogAudit.Forwarding;

/// <summary>Parquet, zstd, one row group: the record whole as JSON text, beside it the columns by which an archive is searched.</summary>
/// <remarks>
/// The partition columns of the folder (<c>dt</c>, <c>hour</c>, <c>product</c>, <c>account</c>) are not repeated inside, since readers refuse or hide one of the two.
/// Strings are made per record here; an archive is not the hot path.
/// </remarks>
internal sealed class ParquetContent : IObjectContent
{
    private static readonly DataField<string> Id = new("event_id", nullable: false);
    private static readonly DateTimeDataField Time = new(
        "time",
        DateTimeFormat.Timestamp,
        isAdjustedToUTC: true,
        DateTimeTimeUnit.Micros
    );

    private static readonly DataField<string> Kind = new("log_kind", nullable: false);
    private static readonly DataField<string> Record = new("record", nullable: false);
    private static readonly DataField<string>[] Searched =
    [
        .. EcsColumns.Names.Select(name => new DataField<string>(name.Replace('.', '_'), nullable: true)),
    ];

    private static readonly ParquetSchema Schema = new([Id, Time, Kind, .. Searched, Record]);

    public string Extension => ".parquet";

    public string ContentType => "application/vnd.apache.parquet";

    public async Task<PooledBuffer> PackAsync(EncodedBatch batch, List<int> records, CancellationToken cancel)
    {
        var packed = new PooledBuffer(64 * 1024);
        await using var writer = await ParquetWriter.CreateAsync(
            Schema,
            new BufferStream(packed),
            new ParquetOptions { CompressionMethod = CompressionMethod.Zstd },
            cancellationToken: cancel
        );
        using var group = writer.CreateRowGroup();
        await group.WriteAsync(Id, Texts(index => Encoding.ASCII.GetString(batch.Id(index))));
        await group.WriteAsync<DateTime>(
            Time,
            records.ConvertAll(index => At(batch.Facts(index).TimeNanos)).ToArray(),
            cancellationToken: cancel
        );
        await group.WriteAsync(Kind, Texts(index => batch.Facts(index).Mapping.LogKind));
        var columns = EcsColumns.Of(batch, records);
        for (var column = 0; column < Searched.Length; column++)
        {
            // A null is a value that the record does not have; the library's signature does not say so.
            await group.WriteAsync(Searched[column], columns[column]!);
        }

        await group.WriteAsync(Record, Texts(index => Encoding.UTF8.GetString(batch.Body(index).Span)));
        group.CompleteValidate();
        return packed;

        List<string> Texts(Converter<int, string> text) => records.ConvertAll(text);
    }

    public async Task AddDigestsAsync(byte[] packed, HashSet<UInt128> digests, CancellationToken cancel)
    {
        if (!packed.AsSpan().StartsWith("PAR1"u8) || !packed.AsSpan().EndsWith("PAR1"u8))
        {
            return;
        }

        await using var reader = await ParquetReader.CreateAsync(new MemoryStream(packed), cancellationToken: cancel);
        for (var index = 0; index < reader.RowGroupCount; index++)
        {
            using var group = reader.OpenRowGroupReader(index);
            var records = new string?[checked((int)group.RowCount)];
            await group.ReadAsync(Record, records.AsMemory(), cancellationToken: cancel);
            foreach (var record in records)
            {
                digests.Add(OssPart.Digest(Encoding.UTF8.GetBytes(record ?? "")));
            }
        }
    }

    private static DateTime At(long nanos) => DateTime.UnixEpoch.AddTicks(nanos / 1_000 * TimeSpan.TicksPerMicrosecond);
}
