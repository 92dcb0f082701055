using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Newtonsoft.Json.Linq;

namespace LogAudit.LocalCloud.Kernel;

/// <summary>A running LocalCloud: Alibaba Cloud on loopback.</summary>
public sealed class LocalCloudHost : IAsyncDisposable
{
    private const long MaxBodyBytes = 64L * 1024 * 1024;

    private readonly WebApplication _app;

    private LocalCloudHost(
        WebApplication app,
        Cloud cloud,
        CertificateAuthority? authority,
        Uri address,
        Uri? secureAddress
    )
    {
        _app = app;
        Cloud = cloud;
        Address = address;
        SecureAddress = secureAddress;
        CaCertificatePem = authority?.Pem;
    }

    /// <summary>State of the cloud.</summary>
    public Cloud Cloud { get; }

    /// <summary>Plain HTTP, <c>http://127.0.0.1:{port}</c>. The Host header says which service is meant.</summary>
    public Uri Address { get; }

    /// <summary>HTTPS; null unless asked for.</summary>
    public Uri? SecureAddress { get; }

    /// <summary>CA certificate in PEM that HTTPS clients must trust; null without HTTPS.</summary>
    public string? CaCertificatePem { get; }

    /// <summary>Starts listening.</summary>
    public static async Task<LocalCloudHost> StartAsync(LocalCloudOptions options, CancellationToken cancel)
    {
        var cloud = new Cloud(options);
        cloud.Control.MapOwn();
        foreach (var part in Parts.All())
        {
            part.Register(cloud);
        }
        var authority = options.HttpsPort is null ? null : CertificateAuthority.Create(options.Clock);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<IHostLifetime, EmbeddingProcess>();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MaxBodyBytes;
            // A policy document of 6,144 characters comes percent-encoded in the query.
            kestrel.Limits.MaxRequestLineSize = 64 * 1024;
            kestrel.Limits.MaxRequestBufferSize = 4 * 1024 * 1024;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.AllowSynchronousIO = false;
            kestrel.Listen(IPAddress.Loopback, options.HttpPort);
            if (authority is not null)
            {
                kestrel.Listen(
                    IPAddress.Loopback,
                    options.HttpsPort!.Value,
                    listen => listen.UseHttps(authority.Configure)
                );
            }
        });
        var app = builder.Build();
        app.Run(context => ServeAsync(cloud, context));
        await app.StartAsync(cancel);
        var addresses = app
            .Services.GetRequiredService<IServer>()
            .Features.Get<IServerAddressesFeature>()!
            .Addresses.Select(text => new Uri(text))
            .ToList();
        return new(
            app,
            cloud,
            authority,
            addresses.First(a => a.Scheme == "http"),
            addresses.Find(a => a.Scheme == "https")
        );
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Cloud.DisposeAsync();
        using (var stop = new CancellationTokenSource(TimeSpan.FromSeconds(2), TimeProvider.System))
        {
            await _app.StopAsync(stop.Token);
        }
        await _app.DisposeAsync();
    }

    /// <summary>Signals belong to the process that LocalCloud runs in: the usual lifetime would swallow Ctrl+C and SIGTERM and end only its own host.</summary>
    private sealed class EmbeddingProcess : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    private static async Task ServeAsync(Cloud cloud, HttpContext context)
    {
        var request = await ReadAsync(cloud, context);
        var cancel = context.RequestAborted;
        CloudResponse response;
        try
        {
            var gateway = cloud.Gateways.Find(candidate => candidate.Accepts(request.Host, request.Path));
            response = gateway is null
                ? CloudResponse.Json(
                    new JObject
                    {
                        ["Code"] = "NoSuchHost",
                        ["Message"] = $"LocalCloud has no service at host {request.Host}.",
                    },
                    404
                )
                : await gateway.HandleAsync(request, cancel);
        }
        catch (ConnectionCutException)
        {
            cloud.Requests.Add(cloud.Clock.GetUtcNow(), request, status: 0);
            context.Abort();
            return;
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            return;
        }
        catch (Exception failure)
        {
            response = Broken(cloud, request, failure);
        }
        cloud.Requests.Add(cloud.Clock.GetUtcNow(), request, response.Status);
        if (request.FaultAfterWork == FaultKind.LostAnswer)
        {
            context.Abort();
            return;
        }
        if (cloud.Faults.ClockSkew != TimeSpan.Zero)
        {
            var date = cloud.Clock.GetUtcNow() + cloud.Faults.ClockSkew;
            context.Response.Headers.Date = date.ToString("R", System.Globalization.CultureInfo.InvariantCulture);
        }
        await WriteAsync(
            context,
            request.FaultAfterWork == FaultKind.Malformed
                ? response with
                {
                    Body = "<!doctype html><p>bad gateway"u8.ToArray(),
                }
                : response,
            cancel
        );
    }

    /// <summary>A fault of LocalCloud itself: told to the client and kept for whoever runs it, never a silent 500.</summary>
    private static CloudResponse Broken(Cloud cloud, CloudRequest request, Exception failure)
    {
        var what = $"{request.Method} {request.Host}{request.RawPath} ({request.Trace.Product} {request.Trace.Action})";
        cloud.Background.Failures.Enqueue((what, failure));
        request.Trace.ErrorCode = "InternalError";
        return CloudResponse.Json(
            new JObject
            {
                ["RequestId"] = request.RequestId,
                ["Code"] = "InternalError",
                ["Message"] = $"LocalCloud failed on {what}: {failure.GetType().Name}: {failure.Message}",
            },
            500
        );
    }

    private static async Task<CloudRequest> ReadAsync(Cloud cloud, HttpContext context)
    {
        var received = cloud.Clock.GetUtcNow();
        var target = context.Features.Get<IHttpRequestFeature>()!.RawTarget;
        var mark = target.IndexOf('?', StringComparison.Ordinal);
        var query = mark < 0 ? "" : target[(mark + 1)..];
        var hostHeader = context.Request.Headers.Host.ToString();
        using var body = new MemoryStream(capacity: (int)Math.Min(context.Request.ContentLength ?? 0, MaxBodyBytes));
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        return new()
        {
            Cloud = cloud,
            RequestId = cloud.NextUuid(),
            ReceivedAt = received,
            Method = context.Request.Method.ToUpperInvariant(),
            HostHeader = hostHeader,
            Host = context.Request.Host.Host.ToLowerInvariant(),
            RawPath = mark < 0 ? target : target[..mark],
            RawQuery = query,
            Query = WireEncoding.Parse(query),
            Headers = context.Request.Headers,
            Body = body.ToArray(),
            SourceIp = context.Connection.RemoteIpAddress?.ToString() ?? "127.0.0.1",
            Secure = context.Request.IsHttps,
        };
    }

    private static async Task WriteAsync(HttpContext context, CloudResponse response, CancellationToken cancel)
    {
        context.Response.StatusCode = response.Status;
        if (response.ContentType is not null)
        {
            context.Response.ContentType = response.ContentType;
        }
        foreach (var (name, value) in response.Headers)
        {
            context.Response.Headers.Append(name, value);
        }
        if (response.Status is not 204)
        {
            context.Response.ContentLength = response.Body.Length;
        }
        if (response.Body.Length > 0 && !HttpMethods.IsHead(context.Request.Method))
        {
            await context.Response.Body.WriteAsync(response.Body, cancel);
        }
    }
}
