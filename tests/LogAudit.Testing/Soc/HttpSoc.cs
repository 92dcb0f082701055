using System.Collections.Concurrent;
using System.Globalization;
using System.IO.Compression;
using System.Net;
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

/// <summary>An HTTP receiver on loopback, a connection per request.</summary>
public sealed class HttpSoc : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly Func<SocRequest, SocAnswer> answer;
    private readonly Task accepting;

    /// <summary>Starts listening.</summary>
    /// <param name="answer">Decides on the whole request.</param>
    public HttpSoc(Func<SocRequest, SocAnswer> answer)
    {
        this.answer = answer;
        listener.Start();
        accepting = AcceptAsync();
    }

    public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/logs");

    /// <summary>Every request, also refused ones.</summary>
    public ConcurrentQueue<SocRequest> Requests { get; } = new();

    /// <summary>Requests that were answered with 2xx.</summary>
    public ConcurrentQueue<SocRequest> Taken { get; } = new();

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Dispose();
        await accepting;
        stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var open = new List<Task>();
        try
        {
            while (true)
            {
                open.Add(ServeAsync(await listener.AcceptSocketAsync(stop.Token)));
            }
        }
        catch (Exception end)
            when (end
                    is OperationCanceledException
                        or SocketException
                        or ObjectDisposedException
                        or InvalidOperationException
            )
        {
            await Task.WhenAll(open);
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        using (socket)
        {
            try
            {
                await using var stream = new NetworkStream(socket, ownsSocket: false);
                if (await ReadAsync(stream) is { } request)
                {
                    Requests.Enqueue(request);
                    await AnswerAsync(socket, stream, request, answer(request));
                }
            }
            catch (Exception cut) when (cut is IOException or SocketException or OperationCanceledException)
            {
                // A connection that the test or the client cut.
            }
        }
    }

    private async Task AnswerAsync(Socket socket, NetworkStream stream, SocRequest request, SocAnswer said)
    {
        if (said.Status == -1)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stop.Token);
        }

        if (said.Status == 0)
        {
            socket.LingerState = new LingerOption(enable: true, seconds: 0);
            return;
        }

        if (said.Status is >= 200 and < 300)
        {
            Taken.Enqueue(request);
        }

        var head = string.Concat(said.Headers.Select(header => header + "\r\n"));
        var body = Encoding.UTF8.GetBytes(said.Body);
        var text = string.Create(
            CultureInfo.InvariantCulture,
            $"HTTP/1.1 {said.Status} X\r\n{head}Content-Length: {body.Length}\r\nConnection: close\r\n\r\n"
        );
        await stream.WriteAsync(Encoding.ASCII.GetBytes(text), stop.Token);
        await stream.WriteAsync(body, stop.Token);
        socket.Shutdown(SocketShutdown.Send);
    }

    private async Task<SocRequest?> ReadAsync(NetworkStream stream)
    {
        using var all = new MemoryStream();
        var block = new byte[16 * 1024];
        var bodyAt = -1;
        var path = "";
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        while (true)
        {
            var read = await stream.ReadAsync(block, stop.Token);
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
