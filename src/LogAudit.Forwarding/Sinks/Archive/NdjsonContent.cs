using System.IO.Compression;

namespace LogAudit.Forwarding;

/// <summary>gzip over one record a line.</summary>
internal sealed class NdjsonContent : IObjectContent
{
    // A batch has at most 64 MiB and one group more.
    private const int MostUnpackedBytes = 128 * 1024 * 1024;

    public string Extension => ".ndjson.gz";

    public string ContentType => "application/gzip";

    public Task<PooledBuffer> PackAsync(EncodedBatch batch, List<int> records, CancellationToken cancel)
    {
        var packed = new PooledBuffer(64 * 1024);
        using var gzip = new GZipStream(new BufferStream(packed), CompressionLevel.Optimal);
        foreach (var index in records)
        {
            gzip.Write(batch.Body(index).Span);
            gzip.WriteByte((byte)'\n');
        }

        return Task.FromResult(packed);
    }

    public Task AddDigestsAsync(byte[] packed, HashSet<UInt128> digests, CancellationToken cancel)
    {
        using var plain = new PooledBuffer(64 * 1024);
        try
        {
            using var gzip = new GZipStream(new MemoryStream(packed), CompressionMode.Decompress);
            for (int read; (read = gzip.Read(plain.GetSpan(64 * 1024))) > 0; )
            {
                plain.Advance(read);
                if (plain.Length > MostUnpackedBytes)
                {
                    return Task.CompletedTask;
                }
            }
        }
        catch (InvalidDataException)
        {
            return Task.CompletedTask;
        }

        foreach (var line in plain.Written.Split((byte)'\n'))
        {
            digests.Add(OssPart.Digest(plain.Written[line]));
        }

        return Task.CompletedTask;
    }
}
