using System.Globalization;
using System.Net;
using System.Text;
using LogAudit.LocalCloud.Kernel;
using Newtonsoft.Json.Linq;

namespace LogAudit.LocalCloud.Tests.Kernel;

/// <summary>A LocalCloud on a port and a plain signer of ACS3, written here so that no library of ours is on both sides.</summary>
internal sealed class SignedCalls : IAsyncDisposable
{
    private readonly HttpClient _http;
    private int _nonce;

    private SignedCalls(LocalCloudHost host, HttpClient http)
    {
        Host = host;
        _http = http;
    }

    public LocalCloudHost Host { get; }
    public Cloud Cloud => Host.Cloud;

    public static async Task<SignedCalls> StartAsync(LocalCloudOptions? options = null)
    {
        var host = await LocalCloudHost.StartAsync(options ?? new(), CancellationToken.None);
#pragma warning disable RS0030 // The plainest client there is.
        var http = new HttpClient { BaseAddress = host.Address };
#pragma warning restore RS0030
        return new(host, http);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await Host.DisposeAsync();
    }

    /// <summary>Calls an RPC action with the parameters in the query.</summary>
    public async Task<(HttpStatusCode Status, JObject Body)> CallAsync(
        AccessKey key,
        string host,
        string version,
        string action,
        params IEnumerable<(string Name, string Value)> parameters
    )
    {
        using var request = Request(key, host, version, action, parameters);
        using var response = await _http.SendAsync(request);
        return (response.StatusCode, WireJson.Object(await response.Content.ReadAsStringAsync()));
    }

    public HttpRequestMessage Request(
        AccessKey key,
        string host,
        string version,
        string action,
        IEnumerable<(string Name, string Value)> parameters
    )
    {
        var query = string.Join(
            '&',
            parameters
                .OrderBy(p => p.Name, StringComparer.Ordinal)
                .Select(p => $"{Uri.EscapeDataString(p.Name)}={Uri.EscapeDataString(p.Value)}")
        );
        var headers = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["host"] = host,
            ["x-acs-action"] = action,
            ["x-acs-version"] = version,
            ["x-acs-date"] = Host
                .Cloud.Clock.GetUtcNow()
                .ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
            ["x-acs-signature-nonce"] = Interlocked.Increment(ref _nonce).ToString(CultureInfo.InvariantCulture),
            ["x-acs-content-sha256"] = Signatures.Sha256Hex(""),
        };
        if (key.Session is { } session)
        {
            headers["x-acs-security-token"] = session.Token;
            headers["x-acs-accesskey-id"] = key.Id;
        }
        var names = string.Join(';', headers.Keys);
        var lines = string.Concat(headers.Select(h => $"{h.Key}:{h.Value}\n"));
        var canonical = $"POST\n/\n{query}\n{lines}\n{names}\n{headers["x-acs-content-sha256"]}";
        var signature = Convert.ToHexStringLower(
            Signatures.Hmac256(key.Secret, "ACS3-HMAC-SHA256\n" + Signatures.Sha256Hex(canonical))
        );
        var request = new HttpRequestMessage(HttpMethod.Post, "/?" + query) { Content = new ByteArrayContent([]) };
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }
        request.Headers.TryAddWithoutValidation(
            "Authorization",
            $"ACS3-HMAC-SHA256 Credential={key.Id},SignedHeaders={names},Signature={signature}"
        );
        return request;
    }

    public Task<(HttpStatusCode Status, JObject Body)> StsAsync(
        AccessKey key,
        string action,
        params IEnumerable<(string Name, string Value)> parameters
    ) => CallAsync(key, "sts.cn-hangzhou.aliyuncs.com", "2015-04-01", action, parameters);

    public Task<(HttpStatusCode Status, JObject Body)> RamAsync(
        AccessKey key,
        string action,
        params IEnumerable<(string Name, string Value)> parameters
    ) => CallAsync(key, "ram.aliyuncs.com", "2015-05-01", action, parameters);

    public Task<(HttpStatusCode Status, JObject Body)> DirectoryAsync(
        AccessKey key,
        string action,
        params IEnumerable<(string Name, string Value)> parameters
    ) => CallAsync(key, "resourcedirectory.aliyuncs.com", "2022-04-19", action, parameters);

    public async Task<JToken> ControlAsync(HttpMethod method, string path, JObject? body = null)
    {
        using var request = new HttpRequestMessage(method, "/__localcloud/" + path);
        request.Content = body is null ? null : new StringContent(body.ToString(), Encoding.UTF8, "application/json");
        using var response = await _http.SendAsync(request);
        return WireJson.Token(await response.Content.ReadAsStringAsync());
    }
}
