using System.Text;
using LogAudit.LocalCloud.Kernel;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using Newtonsoft.Json.Linq;

namespace LogAudit.LocalCloud.Tests.Kernel;

/// <summary>Builds requests as the host would hand them to a gateway.</summary>
internal static class Requests
{
    public static CloudRequest Make(
        Cloud cloud,
        string method,
        string target,
        IEnumerable<KeyValuePair<string, string>> headers,
        byte[] body
    )
    {
        var mark = target.IndexOf('?', StringComparison.Ordinal);
        var query = mark < 0 ? "" : target[(mark + 1)..];
        var dictionary = new HeaderDictionary();
        foreach (var (name, value) in headers)
        {
            dictionary[name] = value;
        }
        var host = dictionary["Host"].ToString();
        return new()
        {
            Cloud = cloud,
            RequestId = "REQUEST",
            Method = method,
            HostHeader = host,
            Host = host.Split(':')[0].ToLowerInvariant(),
            RawPath = mark < 0 ? target : target[..mark],
            RawQuery = query,
            Query = WireEncoding.Parse(query),
            Headers = dictionary,
            Body = body,
            SourceIp = "127.0.0.1",
            ReceivedAt = cloud.Clock.GetUtcNow(),
            Secure = false,
        };
    }
}

/// <summary>One entry of protocol-vectors.json.</summary>
internal sealed class Vector(JObject json)
{
    private static readonly Lazy<JObject> File = new(() =>
        WireJson.Object(System.IO.File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "protocol-vectors.json")))
    );

    public string Id => (string)json["id"]!;
    public string Scheme => (string)json["scheme"]!;
    public JObject Json => json;

    public string? Text(string name) => (string?)json[name];

    public string AccessKeyId => (string)Credentials["accessKeyId"]!;
    public string Secret => (string)Credentials["accessKeySecret"]!;
    private JObject Credentials => (JObject)(json["credentials"] ?? File.Value["credentials"])!;

    public static IEnumerable<Vector> All => File.Value["vectors"]!.Select(token => new Vector((JObject)token));

    public static TheoryData<string> Ids(Func<Vector, bool> chosen) =>
        [.. All.Where(chosen).Select(vector => vector.Id)];

    public static Vector Find(string id) => All.First(vector => vector.Id == id);

    public Dictionary<string, string> Headers =>
        ((JObject)(json["request"]?["headers"] ?? json["headers"])!)
            .Properties()
            .ToDictionary(p => p.Name, p => (string)p.Value!, StringComparer.OrdinalIgnoreCase);

    public byte[] Body =>
        (string?)(json["request"]?["bodyBase64"] ?? json["bodyBase64"]) is { } base64
            ? Convert.FromBase64String(base64)
            : Encoding.UTF8.GetBytes((string?)json["bodyText"] ?? "");

    public string Target => (string?)json["request"]?["target"] ?? (string)json["path"]!;
    public string Method => (string)(json["request"]?["method"] ?? json["method"])!;

    /// <summary>The clock that the request was signed by.</summary>
    public DateTimeOffset Time =>
        Id == "doc-acs3-run-instances"
            ? new DateTimeOffset(2023, 10, 26, 10, 22, 32, TimeSpan.Zero)
            : new DateTimeOffset(2026, 1, 15, 8, 30, 45, TimeSpan.Zero);

    /// <summary>A cloud at the vector's time that knows its key; with a session where the request carries a token.</summary>
    public Cloud Cloud()
    {
        var clock = new FakeTimeProvider(Time);
        var cloud = new Cloud(new LocalCloudOptions { Clock = clock });
        var account = cloud.AddAccount("1000000000000001", "vectors");
        var key = new AccessKey(AccessKeyId, Secret, account);
        if (Carries("security-token") || Carries("SecurityToken"))
        {
            var role = account.AddRole("vector", TrustPolicies.Service("fc.aliyuncs.com"));
            var token = (string)File.Value["credentials"]!["securityToken"]!;
            key = key with { Session = new(role, "vector", token, Time.AddHours(1)) };
        }
        cloud.Keys.Add(key);
        return cloud;
    }

    public CloudRequest Request(Cloud cloud)
    {
        var headers = Headers;
        if (Text("authorization") is { } authorization)
        {
            headers["Authorization"] = authorization;
        }
        return Requests.Make(cloud, Method, Target, headers, Body);
    }

    private bool Carries(string name) =>
        Headers.Keys.Any(header => header.EndsWith(name, StringComparison.OrdinalIgnoreCase))
        || Target.Contains(name, StringComparison.Ordinal)
        || Encoding.UTF8.GetString(Body).Contains(name + "=", StringComparison.Ordinal);
}
