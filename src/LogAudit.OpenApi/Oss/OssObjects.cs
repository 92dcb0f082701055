using System.Security.Cryptography;
using Microsoft.Extensions.Logging;

namespace LogAudit.OpenApi;

/// <summary>Objects of Object Storage Service.</summary>
/// <remarks>
/// Every object carries <c>Content-MD5</c>, which the service checks, and <c>x-oss-forbid-overwrite</c>: where an object stands already the
/// service answers 409 <c>FileAlreadyExists</c>. Source: OSS API reference, PutObject.
/// </remarks>
public sealed class OssObjects : IObjectStore
{
    private readonly IAccountCredentials credentials;
    private readonly Settings settings;
    private readonly Exchanger exchanger;
    private readonly EndpointTable endpoints;

    /// <summary>A client over one message handler, which is shared and not disposed.</summary>
    public OssObjects(
        IAccountCredentials credentials,
        Settings settings,
        HttpMessageHandler handler,
        EndpointOverride endpoint,
        TimeProvider time,
        CurrentInvocation invocation,
        OpenApiOptions options,
        ILogger<OssObjects> logger
    )
    {
        this.credentials = credentials;
        this.settings = settings;
        // The data plane takes 10,000 requests a second of an account; the limit of the control plane is not for it.
        var own = options with
        {
            CallsPerSecond = 200,
            Burst = 50,
        };
        exchanger = new Exchanger(handler, endpoint, time, invocation, own, logger);
        endpoints = new EndpointTable(options);
    }

    /// <inheritdoc/>
    /// <exception cref="OpenApiException">The object was not written, or nobody knows.</exception>
    public async Task<bool> PutNewAsync(
        ObjectPlace place,
        ReadOnlyMemory<byte> body,
        string contentType,
        Credentials? owner,
        CancellationToken cancel
    )
    {
        var content = body.ToArray();
        var exchange = new OssExchange(
            "PutObject",
            settings.Central.Account,
            place.Region,
            Host(place),
            place.Bucket,
            []
        )
        {
            Writes = true,
            Method = "PUT",
            Key = place.Key,
            Body = content,
            Headers =
            [
                new("Content-Type", contentType),
#pragma warning disable CA5351 // What OSS checks a body by; nothing depends on its strength.
                new("Content-MD5", Convert.ToBase64String(MD5.HashData(content))),
#pragma warning restore CA5351
                new("x-oss-forbid-overwrite", "true"),
            ],
        };
        try
        {
            await exchanger.SendAsync(exchange, Identity(owner), cancel);
            return true;
        }
        catch (OpenApiException failure) when (failure.Code is "FileAlreadyExists" && failure.HttpStatus == 409)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    /// <exception cref="OpenApiException">A page failed or could not be read.</exception>
    public async Task<IReadOnlyList<string>> ListAsync(
        ObjectPlace beginning,
        Credentials? owner,
        CancellationToken cancel
    )
    {
        var names = new List<string>();
        for (var token = ""; ; )
        {
            List<KeyValuePair<string, string>> parameters =
            [
                new("list-type", "2"),
                new("prefix", beginning.Key),
                new("max-keys", "1000"),
            ];
            if (token.Length > 0)
            {
                parameters.Add(new("continuation-token", token));
            }

            var exchange = new OssExchange(
                "ListObjects",
                settings.Central.Account,
                beginning.Region,
                Host(beginning),
                beginning.Bucket,
                parameters
            );
            var page = ObjectPage.Read(exchange, await exchanger.SendAsync(exchange, Identity(owner), cancel));
            names.AddRange(page.Keys);
            if (page.Next.Length == 0)
            {
                return names;
            }

            token = page.Next;
        }
    }

    /// <inheritdoc/>
    /// <exception cref="OpenApiException">The object could not be read.</exception>
    public Task<byte[]> GetAsync(ObjectPlace place, Credentials? owner, CancellationToken cancel) =>
        exchanger.SendAsync(
            new OssExchange("GetObject", settings.Central.Account, place.Region, Host(place), place.Bucket, [])
            {
                Key = place.Key,
            },
            Identity(owner),
            cancel
        );

    private string Host(ObjectPlace place) => $"{place.Bucket}.{endpoints.HostFor(ApiProducts.Oss, place.Region)}";

    private ICredentialSource Identity(Credentials? owner) =>
        owner is null ? credentials.For(settings.Central.Account) : new Given(owner);

    private sealed class Given(Credentials key) : ICredentialSource
    {
        public ValueTask<Credentials> GetAsync(CancellationToken cancel) => new(key);
    }
}
