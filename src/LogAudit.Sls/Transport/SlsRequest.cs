using System.Text;
using System.Text.Json.Nodes;

namespace LogAudit.Sls;

/// <summary>One call, before it is signed.</summary>
/// <param name="Call">Name of the API.</param>
/// <param name="Method">HTTP method.</param>
/// <param name="Project">Project that goes into the host; null for calls on the endpoint itself.</param>
/// <param name="Path">Path, percent-encoded.</param>
internal sealed record SlsRequest(string Call, HttpMethod Method, ProjectName? Project, string Path)
{
    public IReadOnlyList<(string Name, string Value)> Query { get; init; } = [];

    /// <summary>Bytes as they go on the wire.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>Body as JSON.</summary>
    public JsonNode Json
    {
        init
        {
            Body = Encoding.UTF8.GetBytes(value.ToJsonString());
            RawSize = Body.Length;
            ContentType = "application/json";
        }
    }

    public string? ContentType { get; init; }

    /// <summary>Length of the body before compression.</summary>
    public int RawSize { get; init; }

    public LogCompression Compression { get; init; }

    public string? Accept { get; init; }

    public string? AcceptEncoding { get; init; }

    /// <summary>Region to call when it is not the client's own.</summary>
    public RegionId? Region { get; init; }

    /// <summary>Most bytes that the answer may have on the wire; 0 for the common bound.</summary>
    public int MaxAnswerBytes { get; init; }

    public Repeat Repeat { get; init; } = Method == HttpMethod.Post ? Repeat.OnlyIfRefused : Repeat.Always;

    /// <summary>What the call is about, for messages.</summary>
    public string Subject => Project is null ? Path : $"{Project}{(Path is "/" ? "" : Path)}";

    /// <summary>Query as it goes on the wire, with its question mark.</summary>
    public string QueryText() =>
        Query.Count == 0
            ? ""
            : "?" + string.Join('&', Query.Select(one => $"{one.Name}={Uri.EscapeDataString(one.Value)}"));
}
