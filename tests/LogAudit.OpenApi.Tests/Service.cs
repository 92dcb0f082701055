using System.Net;
using System.Text;
using LogAudit.Testing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;

namespace LogAudit.OpenApi.Tests;

/// <summary>A service at the edge: answers each request with the next line of its script and keeps what it was asked.</summary>
internal sealed class Service : HttpMessageHandler
{
    private readonly Queue<Func<HttpRequestMessage, HttpResponseMessage>> script = new();
    private Func<HttpRequestMessage, HttpResponseMessage>? always;

    public List<Asked> Requests { get; } = [];

    public Service Answers(int status, string body, params (string Name, string Value)[] headers)
    {
        script.Enqueue(_ => Response(status, body, headers));
        return this;
    }

    public Service AnswersAlways(Func<HttpRequestMessage, (int Status, string Body)> answer)
    {
        always = request =>
        {
            var (status, body) = answer(request);
            return Response(status, body, []);
        };
        return this;
    }

    public Service Breaks(Exception with)
    {
        script.Enqueue(_ => throw with);
        return this;
    }

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        cancellationToken.ThrowIfCancellationRequested();
        var body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
        Requests.Add(
            new(
                request.Method.Method,
                request.RequestUri!,
                request.Headers.Host ?? "",
                request
                    .Headers.Concat(request.Content?.Headers.AsEnumerable() ?? [])
                    .ToDictionary(
                        header => header.Key,
                        header => string.Join(",", header.Value),
                        StringComparer.OrdinalIgnoreCase
                    ),
                body
            )
        );
        return script.Count > 0 ? script.Dequeue()(request)
            : always is not null ? always(request)
            : throw new InvalidOperationException($"the script ends before {request.RequestUri}");
    }

    private static HttpResponseMessage Response(int status, string body, (string Name, string Value)[] headers)
    {
        var response = new HttpResponseMessage((HttpStatusCode)status)
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        foreach (var (name, value) in headers)
        {
            response.Headers.TryAddWithoutValidation(name, value);
        }

        return response;
    }
}

internal sealed record Asked(
    string Method,
    Uri Uri,
    string Host,
    IReadOnlyDictionary<string, string> Headers,
    string Body
);

/// <summary>The world of a test: a clock that jumps over every pause, a service, captured logs.</summary>
internal sealed class World
{
    public const string PlantedSecret = "PlantedSecretValue/+=42";
    public const string PlantedToken = "PlantedTokenValue/+=43";

    public static readonly AccountId Central = new("1000000000000001");
    public static readonly AccountId Member = new("2000000000000002");
    public static readonly RegionId Hangzhou = new("cn-hangzhou");

    public Service Service { get; } = new();
    public JumpingClock Time { get; } = new(new DateTimeOffset(2026, 1, 15, 8, 30, 45, TimeSpan.Zero));
    public CurrentInvocation Invocation { get; } = new();
    public FakeLogCollector Logs { get; } = FakeLogCollector.Create(new FakeLogCollectorOptions());
    public OpenApiOptions Options { get; set; } =
        new() { Backoff = new Backoff(TimeSpan.Zero, TimeSpan.Zero, 5), Burst = 1000 };
    public Credentials Key { get; set; } =
        new("LTAI5tEXAMPLE", new Secret(PlantedSecret), new Secret(PlantedToken), Expires: null);

    public OpenApiClient Client(IAccountCredentials? credentials = null) =>
        new(
            credentials ?? new Always(new Fixed(this)),
            Service,
            EndpointOverride.None,
            Time,
            Invocation,
            Options,
            new FakeLogger<OpenApiClient>(Logs)
        );

    public AccountCredentials Accounts(string? externalId = null) =>
        new(
            new MemberAccess(Central, Hangzhou, "logaudit-member", externalId),
            new Fixed(this),
            Service,
            EndpointOverride.None,
            Time,
            Invocation,
            Options,
            new FakeLogger<AccountCredentials>(Logs)
        );

    public OssClient Oss() =>
        new(
            new Always(new Fixed(this)),
            Service,
            EndpointOverride.None,
            Time,
            Invocation,
            Options,
            new FakeLogger<OssClient>(Logs)
        );

    public static ApiCall Describe(bool writes = false) =>
        new()
        {
            Product = ApiProducts.Slb,
            Action = writes ? "EnableAccessLog" : "DescribeLoadBalancers",
            Account = Member,
            Region = Hangzhou,
            Writes = writes,
        };

    private sealed class Fixed(World world) : ICredentialSource
    {
        public ValueTask<Credentials> GetAsync(CancellationToken cancel) => ValueTask.FromResult(world.Key);
    }

    private sealed class Always(ICredentialSource source) : IAccountCredentials
    {
        public ICredentialSource For(AccountId account) => source;
    }
}
