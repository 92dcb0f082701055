using System.Globalization;
using LogAudit.LocalCloud.Kernel;
using LogAudit.LocalCloud.Sls.Storage;
using LogAudit.LocalCloud.Sls.Wire;

namespace LogAudit.LocalCloud.Sls.Http;

/// <summary>PutLogs. Source: SLS protocol 2, 5, 6, 7.1.</summary>
internal static class WriteCalls
{
    /// <summary>Largest body before compression, in bytes.</summary>
    private const int MostRawBytes = 10 * 1024 * 1024;

    private const string Resource = "project/{project}/logstore/{logstore}";

    public static readonly SlsOperation[] Operations =
    [
        Put("/logstores/{logstore}/shards/lb", "processor"),
        Put("/logstores/{logstore}/shards/route", "key", "processor"),
        Put("/logstores/{logstore}", "processor"),
        Put("/prometheus/{project}/{logstore}/api/v1/write"),
    ];

    private static SlsOperation Put(string path, params string[] parameters) =>
        new("PutLogs", "POST", path, "log:PostLogStoreLogs", Resource, Put)
        {
            IsWrite = true,
            IsData = true,
            Parameters = parameters,
        };

    private static CloudResponse Put(SlsCall call)
    {
        var logstore = call.Logstore;
        var key = call.Query("key") ?? call.Request.Header("x-log-hashkey");
        var hash = key is null
            ? (UInt128?)null
            : KeyRange.Read(key) ?? throw SlsRefusal.Parameter($"hash key {key} is invalid");
        if (logstore.DedicatedTo is { } product)
            throw new CloudError(
                403,
                "Unauthorized",
                $"logstore {logstore.Name} is dedicated to {product} and takes no other logs"
            );
        var group = CheckedGroup.Read(RawBody(call.Request));
        logstore.Append(group, hash, call.Request.SourceIp);
        return CloudResponse.Empty();
    }

    private static byte[] RawBody(CloudRequest request)
    {
        if (request.Header("Content-Type") is not { Length: > 0 } type)
            throw new CloudError(
                400,
                "MissingContentType",
                "Content-Type does not exist in http header when body is not empty."
            );
        if (!type.StartsWith("application/x-protobuf", StringComparison.OrdinalIgnoreCase))
            throw new CloudError(415, "InvalidContentType", $"Content-Type {type} is unsupported.");
        if (request.Header("x-log-bodyrawsize") is not { Length: > 0 } size)
            throw new CloudError(400, "MissingBodyRawSize", "x-log-bodyrawsize does not exist in http header.");
        if (!int.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out var rawSize))
            throw new CloudError(400, "InvalidBodyRawSize", $"x-log-bodyrawsize {size} is invalid.");
        if (rawSize > MostRawBytes || request.Body.Length > MostRawBytes)
            throw new CloudError(413, "PostBodyTooLarge", "body size must little than 10485760");
        var coding = request.Header("x-log-compresstype") ?? "";
        if (!Compression.IsKnown(coding))
            throw SlsRefusal.InvalidCompressType(coding);
        if (coding.Length == 0 && rawSize != request.Body.Length)
            throw new CloudError(400, "InvalidBodyRawSize", $"x-log-bodyrawsize {size} is not the size of the body.");
        return Compression.Unpack(coding, request.Body.Span, rawSize);
    }
}
