using System.Collections.Concurrent;
using System.Globalization;
using System.IO.Compression;
using System.Net.Sockets;
using System.Text;

namespace LogAudit.Testing;

/// <summary>A request that a fake receiver got.</summary>
/// <param name="Headers">By name, without case.</param>
/// <param name="Body">As it came.</param>
public sealed record SocRequest(IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    /// <summary>Path and query.</summary>
    public required string Path { get; init; }

    /// <summary>The body, unpacked as its headers say.</summary>
    public byte[] Content { get; } = Unpack(Headers.GetValueOrDefault("Content-Encoding", ""), Body);

    public string Text => Encoding.UTF8.GetString(Content);

    private static byte[] Unpack(string encoding, byte[] body)
    {
        if (encoding.Length == 0)
        {
            return body;
        }

        Xunit.Assert.Equal("gzip", encoding);
        using var gzip = new GZipStream(new MemoryStream(body), CompressionMode.Decompress);
        using var plain = new MemoryStream();
        gzip.CopyTo(plain);
        return plain.ToArray();
    }
}

/// <summary>What a fake receiver answers.</summary>
/// <param name="Status">HTTP status; 0 cuts the connection in the middle of the request, -1 never answers.</param>
/// <param name="Headers">Header lines.</param>
public sealed record SocAnswer(int Status, params string[] Headers)
{
    /// <summary>Body, JSON.</summary>
    public string Body { get; init; } = "";
}

/// <summary>What a receiver of a mood answers at its first try; afterwards it takes.</summary>
public sealed class FirstTry(SocMood mood)
{
    private int first = 1;

    /// <summary>The answer; null lets the request through.</summary>
    public SocAnswer? Answer() =>
        mood is not (SocMood.Cuts or SocMood.Hangs) || Interlocked.Exchange(ref first, 0) == 0
            ? null
            : new SocAnswer(mood == SocMood.Cuts ? 0 : -1);
}

/// <summary>An HTTP receiver on loopback, a connection per request, over TCP or TLS.</summary>
public sealed class HttpSoc : IAsyncDisposable
{
    private readonly Func<SocRequest, SocAnswer> answer;

    /// <summary>Starts listening.</summary>
    /// <param name="answer">Decides on the whole request.</param>
    /// <param name="tls">For TLS; null for TCP.</param>
    /// <param name="port">Where; 0 takes any free one.</param>
    public HttpSoc(Func<SocRequest, SocAnswer> answer, SocTls? tls = null, int port = 0)
    {
        this.answer = answer;
        Listener = new SocListener(tls, ServeAsync, port);
    }

    public Uri Address =>
        new(
            Listener.Tls is null ? $"http://127.0.0.1:{Listener.Port}/logs" : $"https://localhost:{Listener.Port}/logs"
        );

    /// <summary>What listens, to be disturbed.</summary>
    public SocListener Listener { get; }

    /// <summary>Whether requests are kept; a receiver of very many does not.</summary>
    public bool Keeps { get; init; } = true;

    /// <summary>Every request, also refused ones.</summary>
    public ConcurrentQueue<SocRequest> Requests { get; } = new();

    /// <summary>Requests that were answered with 2xx.</summary>
    public ConcurrentQueue<SocRequest> Taken { get; } = new();

    public ValueTask DisposeAsync() => Listener.DisposeAsync();

    private async Task ServeAsync(SocConnection connection, CancellationToken stop)
    {
        if (await ReadAsync(connection.Stream, stop) is { } request)
        {
            if (Keeps)
            {
                Requests.Enqueue(request);
            }

            await AnswerAsync(connection, request, answer(request), stop);
        }
    }

    private async Task AnswerAsync(SocConnection connection, SocRequest request, SocAnswer said, CancellationToken stop)
    {
        if (said.Status == -1)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stop);
        }

        if (said.Status == 0)
        {
            connection.Reset();
            return;
        }

        if (Keeps && said.Status is >= 200 and < 300)
        {
            Taken.Enqueue(request);
        }

        var head = string.Concat(said.Headers.Select(header => header + "\r\n"));
        var body = Encoding.UTF8.GetBytes(said.Body);
        var text = string.Create(
            CultureInfo.InvariantCulture,
            $"HTTP/1.1 {said.Status} X\r\n{head}Content-Length: {body.Length}\r\nConnection: close\r\n\r\n"
        );
        await connection.Stream.WriteAsync((byte[])[.. Encoding.ASCII.GetBytes(text), .. body], stop);
        if (connection.Tls is not null)
        {
            await connection.Tls.ShutdownAsync();
        }

        connection.Socket.Shutdown(SocketShutdown.Send);
    }

    private static async Task<SocRequest?> ReadAsync(Stream stream, CancellationToken stop)
    {
        using var all = new MemoryStream();
        var block = new byte[16 * 1024];
        var bodyAt = -1;
        var path = "";
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        while (true)
        {
            var read = await stream.ReadAsync(block, stop);
            if (read == 0)
            {
                return null;
            }

            all.Write(block, 0, read);
            var bytes = all.GetBuffer().AsSpan(0, (int)all.Length);
            if (bodyAt < 0 && bytes.IndexOf("\r\n\r\n"u8) is var end and >= 0)
            {
                bodyAt = end + 4;
                var lines = Encoding.ASCII.GetString(bytes[..end]).Split("\r\n");
                path = lines[0].Split(' ')[1];
                foreach (var line in lines.Skip(1))
                {
                    var colon = line.IndexOf(':', StringComparison.Ordinal);
                    headers[line[..colon]] = line[(colon + 1)..].Trim();
                }
            }

            if (bodyAt >= 0)
            {
                var length = int.Parse(
                    headers.GetValueOrDefault("Content-Length", "0"),
                    NumberStyles.None,
                    CultureInfo.InvariantCulture
                );
                if (bytes.Length - bodyAt >= length)
                {
                    return new SocRequest(headers, bytes.Slice(bodyAt, length).ToArray()) { Path = path };
                }
            }
        }
    }
}
