using System.Text;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace LogAudit.LocalCloud.Kernel;

/// <summary>A finished answer. Handlers return it whole, so that a fault can lose it after the work was done.</summary>
internal sealed record CloudResponse(int Status, string? ContentType, ReadOnlyMemory<byte> Body)
{
    /// <summary>Headers besides <c>Content-Type</c> and <c>Content-Length</c>.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    public static CloudResponse Empty(int status = 200) => new(status, null, default);

    public static CloudResponse Json(JToken body, int status = 200) =>
        new(status, "application/json;charset=utf-8", Encoding.UTF8.GetBytes(body.ToString(Formatting.None)));

    public static CloudResponse Xml(string body, int status = 200) =>
        new(status, "application/xml", Encoding.UTF8.GetBytes(body));

    public static CloudResponse Bytes(ReadOnlyMemory<byte> body, string contentType, int status = 200) =>
        new(status, contentType, body);

    public CloudResponse With(string name, string value) => this with { Headers = [.. Headers, new(name, value)] };
}
