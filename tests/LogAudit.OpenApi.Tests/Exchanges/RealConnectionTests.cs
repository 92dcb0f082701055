using System.Net;
using System.Net.Sockets;
using System.Text;

namespace LogAudit.OpenApi.Tests.Exchanges;

/// <summary>Over real sockets: what the transport does under the client must not send a write twice.</summary>
public sealed class RealConnectionTests : IDisposable
{
    private const string Answer = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}";
    private readonly World world = new();
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly HttpMessageHandler handler = OpenApiRegistration.CreateHandler();

    public RealConnectionTests() => listener.Start();

    [Fact]
    public async Task CallAsync_does_not_resend_a_write_when_a_kept_connection_is_cut_before_the_answer()
    {
        var served = ServeAsync(Answer, "", Answer);
        var client = Client();

        await client.CallAsync(World.Describe(), default);
        var failure = await Assert.ThrowsAsync<OpenApiException>(() =>
            client.CallAsync(World.Describe(writes: true), default)
        );

        Assert.True(failure.AnswerUnknown);
        await client.CallAsync(World.Describe(), default);
        Assert.Equal(3, await served);
    }

    [Fact]
    public async Task CallAsync_reads_again_when_the_answer_breaks_off()
    {
        var served = ServeAsync("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"a\":", Answer);

        Assert.NotNull(await Client().CallAsync(World.Describe(), default));
        Assert.Equal(2, await served);
    }

    [Fact]
    public async Task CallAsync_sends_a_write_again_when_nobody_listens()
    {
        listener.Stop();

        var failure = await Assert.ThrowsAsync<OpenApiException>(() =>
            Client().CallAsync(World.Describe(writes: true), default)
        );

        Assert.False(failure.AnswerUnknown);
        Assert.Equal(ClientErrorCodes.Network, failure.Code);
    }

    public void Dispose()
    {
        listener.Dispose();
        handler.Dispose();
    }

    private OpenApiClient Client() =>
        new(
            new Own(world.Key),
            handler,
            new EndpointOverride(new Uri($"http://{listener.LocalEndpoint}")),
            world.Time,
            world.Invocation,
            world.Options,
            Microsoft.Extensions.Logging.Abstractions.NullLogger<OpenApiClient>.Instance
        );

    // Answers request after request; an answer that does not end closes its connection. Counts the requests.
    private async Task<int> ServeAsync(params string[] answers)
    {
        var count = 0;
        while (count < answers.Length)
        {
            using var connection = await listener.AcceptTcpClientAsync();
            var stream = connection.GetStream();
            while (count < answers.Length && await ReadRequestAsync(stream))
            {
                var answer = answers[count++];
                await stream.WriteAsync(Encoding.ASCII.GetBytes(answer));
                if (!ReferenceEquals(answer, Answer))
                {
                    break;
                }
            }
        }

        return count;
    }

    private static async Task<bool> ReadRequestAsync(NetworkStream stream)
    {
        var head = new StringBuilder();
        var octet = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (await stream.ReadAsync(octet) == 0)
            {
                return false;
            }

            head.Append((char)octet[0]);
        }

        return true;
    }

    private sealed class Own(Credentials key) : IAccountCredentials, ICredentialSource
    {
        public ICredentialSource For(AccountId account) => this;

        public ValueTask<Credentials> GetAsync(CancellationToken cancel) => ValueTask.FromResult(key);
    }
}
