using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using LogAudit.LocalCloud.Kernel;
using LogAudit.LocalCloud.Sls.Storage;
using LogAudit.LocalCloud.Sls.Wire;
using Microsoft.Extensions.Time.Testing;
using Newtonsoft.Json.Linq;

namespace LogAudit.LocalCloud.Tests.Sls;

/// <summary>A LocalCloud whose clock the test moves, and a small client of SLS with a signer of its own (v4 and v1).</summary>
internal sealed class SlsCloud : IAsyncDisposable
{
    public const string Uid = "1000000000000001";
    public const string OtherUid = "1000000000000002";
    public const string Project = "audit-center";
    public const string Store = "rds_log";
    public const string Region = "cn-hangzhou";

    private readonly LocalCloudHost host;
    private readonly HttpClient http;

    private SlsCloud(LocalCloudHost host, FakeTimeProvider clock)
    {
        this.host = host;
        Clock = clock;
        http = new HttpClient(new SocketsHttpHandler()) { BaseAddress = host.Address };
        Key = Cloud.AddAccount(Uid, "central").AddRootKey();
        Other = Cloud.AddAccount(OtherUid, "member").AddRootKey();
    }

    public FakeTimeProvider Clock { get; }
    public Cloud Cloud => host.Cloud;
    public AccessKey Key { get; }
    public AccessKey Other { get; }
    public SlsStore Sls => Cloud.Services.Get<SlsStore>();

    public static async Task<SlsCloud> StartAsync(double delayScale = 1, ISqlEngine? sql = null)
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 1, 15, 8, 30, 45, TimeSpan.Zero));
        var options = new LocalCloudOptions
        {
            Seed = 3,
            Clock = clock,
            DelayScale = delayScale,
            Sql = sql,
        };
        return new SlsCloud(await LocalCloudHost.StartAsync(options, CancellationToken.None), clock);
    }

    /// <summary>Starts one with a project and a Logstore that answer at once.</summary>
    public static async Task<SlsCloud> StartWithLogstoreAsync(int shards = 1, ISqlEngine? sql = null)
    {
        var cloud = await StartAsync(sql: sql);
        cloud.Sls.EnsureProject(Project, Uid, Region).EnsureLogstore(Store, 30, shards);
        return cloud;
    }

    public SlsLogstore Logstore => Sls.Logstore(Project, Store)!;

    /// <summary>A key of a RAM user with a policy.</summary>
    public AccessKey UserKey(string policy)
    {
        var account = Cloud.FindAccount(Uid)!;
        return account.AddKey(account.AddUser("user" + account.Users.Count, policy));
    }

    public static string Allow(string action, string resource) =>
        $$"""{"Version":"1","Statement":[{"Effect":"Allow","Action":"{{action}}","Resource":"{{resource}}"}]}""";

    public Task<SlsAnswer> GetAsync(
        string target,
        string? project = Project,
        AccessKey? key = null,
        string? accept = null
    ) => SendAsync("GET", target, [], project, key, accept is null ? [] : [("Accept-Encoding", accept)]);

    public Task<SlsAnswer> DeleteAsync(string target, string? project = Project) =>
        SendAsync("DELETE", target, [], project);

    public Task<SlsAnswer> JsonAsync(
        string method,
        string target,
        JToken body,
        string? project = Project,
        AccessKey? key = null,
        string region = Region
    ) =>
        SendAsync(
            method,
            target,
            Encoding.UTF8.GetBytes(body.ToString()),
            project,
            key,
            [("Content-Type", "application/json")],
            region
        );

    /// <summary>Asks LocalCloud's own door.</summary>
    public async Task<JToken> ControlAsync(string method, string path)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), "/__localcloud/" + path);
        using var response = await http.SendAsync(request);
        return JToken.Parse(await response.Content.ReadAsStringAsync());
    }

    public async Task<string> CursorAsync(string from, int shard = 0) =>
        (string)(await GetAsync($"/logstores/rds_log/shards/{Text(shard)}?type=cursor&from={from}")).Json["cursor"]!;

    public Task<SlsAnswer> PullAsync(
        string cursor,
        int count = 1000,
        string accept = "",
        string? end = null,
        int shard = 0
    )
    {
        var until = end is null ? "" : "&end_cursor=" + Uri.EscapeDataString(end);
        var target =
            $"/logstores/rds_log/shards/{Text(shard)}?type=log&cursor={Uri.EscapeDataString(cursor)}&count={Text(count)}{until}";
        return GetAsync(target, accept: accept.Length == 0 ? null : accept);
    }

    public Task<SlsAnswer> PutAsync(byte[] raw, string coding = "", string target = "/logstores/rds_log/shards/lb")
    {
        var packed = Compression.Pack(coding, raw).ToArray();
        List<(string, string)> headers =
        [
            ("Content-Type", "application/x-protobuf"),
            ("x-log-bodyrawsize", Text(raw.Length)),
        ];
        if (coding.Length > 0)
            headers.Add(("x-log-compresstype", coding));
        return SendAsync("POST", target, packed, headers: [.. headers]);
    }

    public async Task<SlsAnswer> SendAsync(
        string method,
        string target,
        byte[] body,
        string? project = Project,
        AccessKey? key = null,
        (string Name, string Value)[]? headers = null,
        string region = Region,
        string? v1 = null
    )
    {
        key ??= Key;
        var authority = (project is null ? "" : project + ".") + region + ".log.aliyuncs.com";
        var all = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["host"] = authority,
            ["x-log-apiversion"] = "0.6.0",
        };
        foreach (var (name, value) in headers ?? [])
            all[name.ToLowerInvariant()] = value;
        all.TryAdd("x-log-bodyrawsize", Text(body.Length));
        if (key.Session is { } session)
            all["x-acs-security-token"] = session.Token;
        var authorization = v1 is null
            ? SignV4(method, target, body, key, all, region)
            : SignV1(method, target, body, key, all, v1);
        using var request = new HttpRequestMessage(new HttpMethod(method), target) { Version = new Version(1, 1) };
        request.Headers.Host = authority;
        if (body.Length > 0)
            request.Content = new ByteArrayContent(body);
        foreach (var (name, value) in all)
        {
            if (name == "content-type" && request.Content is not null)
                request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(value);
            else if (name is not ("host" or "content-type"))
                (
                    name == "content-md5" ? (HttpHeaders)request.Content!.Headers : request.Headers
                ).TryAddWithoutValidation(name == "content-md5" ? "Content-MD5" : name, value);
        }
        request.Headers.TryAddWithoutValidation("Authorization", authorization);
        using var response = await http.SendAsync(request);
        return new SlsAnswer(
            (int)response.StatusCode,
            response.Headers.ToDictionary(
                header => header.Key.ToLowerInvariant(),
                header => header.Value.First(),
                StringComparer.Ordinal
            ),
            await response.Content.ReadAsByteArrayAsync()
        );
    }

    public static byte[] Group(params string[] messages) =>
        CheckedGroup([.. messages.Select(text => Item(1768465845, ("message", text)))]);

    public static byte[] CheckedGroup(IReadOnlyList<LogItem> items) =>
        LogAudit.LocalCloud.Sls.CheckedGroup.Of(items, "topic", "source", []).Bytes.ToArray();

    public static LogItem Item(uint time, params (string Key, string Value)[] fields) =>
        new(time, [.. fields.Select(field => KeyValuePair.Create(field.Key, field.Value))]);

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await host.DisposeAsync();
    }

    private string SignV4(
        string method,
        string target,
        byte[] body,
        AccessKey key,
        SortedDictionary<string, string> headers,
        string region
    )
    {
        var now = Clock.GetUtcNow();
        var day = now.ToString("yyyyMMdd", CultureInfo.InvariantCulture);
        headers["x-log-date"] = now.ToString("yyyyMMddTHHmmssZ", CultureInfo.InvariantCulture);
        headers["x-log-content-sha256"] = Hex(SHA256.HashData(body));
        var signed = headers
            .Where(header =>
                header.Key is "host" or "content-type"
                || header.Key.StartsWith("x-log-", StringComparison.Ordinal)
                || header.Key.StartsWith("x-acs-", StringComparison.Ordinal)
            )
            .ToArray();
        var (path, query) = Split(target);
        var canonicalQuery = string.Join(
            '&',
            query.Select(one => one.Value.Length == 0 ? one.Name : one.Name + "=" + Uri.EscapeDataString(one.Value))
        );
        var canonical =
            $"{method}\n{path}\n{canonicalQuery}\n{string.Concat(signed.Select(h => $"{h.Key}:{h.Value}\n"))}\n{string.Join(';', signed.Select(h => h.Key))}\n{headers["x-log-content-sha256"]}";
        var scope = $"{day}/{region}/sls/aliyun_v4_request";
        var toSign =
            $"SLS4-HMAC-SHA256\n{headers["x-log-date"]}\n{scope}\n{Hex(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)))}";
        var derived = Encoding.UTF8.GetBytes("aliyun_v4" + key.Secret);
        foreach (var part in (string[])[day, region, "sls", "aliyun_v4_request"])
            derived = HMACSHA256.HashData(derived, Encoding.UTF8.GetBytes(part));
        return $"SLS4-HMAC-SHA256 Credential={key.Id}/{scope},Signature={Hex(HMACSHA256.HashData(derived, Encoding.UTF8.GetBytes(toSign)))}";
    }

    private string SignV1(
        string method,
        string target,
        byte[] body,
        AccessKey key,
        SortedDictionary<string, string> headers,
        string digest
    )
    {
        headers["date"] = Clock.GetUtcNow().ToString("R", CultureInfo.InvariantCulture);
        headers["x-log-signaturemethod"] = digest;
#pragma warning disable CA5351, CA5350 // The protocol asks for MD5 and SHA-1.
        if (body.Length > 0)
            headers["content-md5"] = Convert.ToHexString(MD5.HashData(body));
        var signed = headers.Where(header =>
            header.Key.StartsWith("x-log-", StringComparison.Ordinal)
            || header.Key.StartsWith("x-acs-", StringComparison.Ordinal)
        );
        var (path, query) = Split(target);
        var resource =
            query.Count == 0 ? path : path + "?" + string.Join('&', query.Select(one => one.Name + "=" + one.Value));
        var text =
            $"{method}\n{headers.GetValueOrDefault("content-md5")}\n{headers.GetValueOrDefault("content-type")}\n{headers["date"]}\n{string.Concat(signed.Select(h => $"{h.Key}:{h.Value}\n"))}{resource}";
        var (secret, bytes) = (Encoding.UTF8.GetBytes(key.Secret), Encoding.UTF8.GetBytes(text));
        var signature = digest == "hmac-sha1" ? HMACSHA1.HashData(secret, bytes) : HMACSHA256.HashData(secret, bytes);
#pragma warning restore CA5351, CA5350
        return $"LOG {key.Id}:{Convert.ToBase64String(signature)}";
    }

    private static (string Path, List<(string Name, string Value)> Query) Split(string target)
    {
        var parts = target.Split('?', 2);
        var query =
            parts.Length == 1
                ? []
                : parts[1]
                    .Split('&')
                    .Select(one => one.Split('=', 2))
                    .Select(pair => (pair[0], Uri.UnescapeDataString(pair.ElementAtOrDefault(1) ?? "")));
        return (parts[0], [.. query.OrderBy(one => one.Item1, StringComparer.Ordinal)]);
    }

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>An answer of SLS.</summary>
internal sealed record SlsAnswer(int Status, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public JToken Json
    {
        get
        {
            using var reader = new Newtonsoft.Json.JsonTextReader(new StringReader(Encoding.UTF8.GetString(Body)))
            {
                DateParseHandling = Newtonsoft.Json.DateParseHandling.None,
            };
            return JToken.ReadFrom(reader);
        }
    }

    /// <summary>Status and code of an error, <c>200</c> of a success.</summary>
    public string Outcome => Status == 200 ? "200" : $"{Status} {Json["errorCode"]}";

    public string Cursor => Headers["x-log-cursor"];

    /// <summary>The records of a pull, as the texts of one field.</summary>
    public IReadOnlyList<string> Messages(string field = "message") =>
        [
            .. Groups
                .SelectMany(group => group.Logs)
                .Select(log => log.Contents.First(content => content.Key == field).Value.ToStringUtf8()),
        ];

    public IReadOnlyList<LogGroup> Groups
    {
        get
        {
            var size = int.Parse(Headers["x-log-bodyrawsize"], CultureInfo.InvariantCulture);
            var raw = Compression.Unpack(Headers.GetValueOrDefault("x-log-compresstype", ""), Body, size);
            return LogGroupList.Parser.ParseFrom(raw).LogGroups;
        }
    }
}
