using System.Globalization;
using LogAudit.LocalCloud.Kernel;
using LogAudit.LocalCloud.Sls.Storage;
using LogAudit.LocalCloud.Sls.Wire;
using Newtonsoft.Json.Linq;

namespace LogAudit.LocalCloud.Sls.Http;

/// <summary>Cursors and PullLogs. Source: SLS protocol 7.2, 7.3.</summary>
internal static class ReadCalls
{
    /// <summary>Raw bytes at which a pull ends.</summary>
    private const int MostBytes = 10 * 1024 * 1024;

    private const string Path = "/logstores/{logstore}/shards/{shard}";
    private const string Resource = "project/{project}/logstore/{logstore}";

    public static readonly SlsOperation[] Operations =
    [
        new("GetCursor", "GET", Path, "log:GetCursorOrData", Resource, GetCursor)
        {
            Switch = ("type", ["cursor"]),
            IsData = true,
            Parameters = ["from"],
        },
        new("GetCursorTime", "GET", Path, "log:GetCursorOrData", Resource, GetCursorTime)
        {
            Switch = ("type", ["cursor_time"]),
            IsData = true,
            Parameters = ["cursor"],
        },
        new("PullLogs", "GET", Path, "log:GetCursorOrData", Resource, Pull)
        {
            // Go and old pages say logs, Python and the metadata log.
            Switch = ("type", ["log", "logs"]),
            IsData = true,
            Parameters = ["cursor", "count", "end_cursor", "query", "pullMode", "processor"],
        },
    ];

    private static CloudResponse GetCursor(SlsCall call)
    {
        var shard = call.Shard;
        var cursor = call.NeedQuery("from") switch
        {
            "begin" => shard.BeginCursor,
            "end" => shard.EndCursor,
            var text => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
                ? shard.CursorAt(seconds)
                : throw SlsRefusal.Parameter($"from {text} is invalid"),
        };
        return CloudResponse.Json(new JObject { ["cursor"] = Cursor.Write(cursor) });
    }

    private static CloudResponse GetCursorTime(SlsCall call) =>
        CloudResponse.Json(
            new JObject { ["cursor_time"] = call.Shard.ReceivedAt(Read(call.NeedQuery("cursor"), call.Shard)) }
        );

    private static CloudResponse Pull(SlsCall call)
    {
        var shard = call.Shard;
        // Data is read by LocalCloud as it is; the SPL of a pull would need an engine.
        if (call.Query("query") is not null || call.Query("processor") is not null)
            throw SlsRefusal.Parameter("LocalCloud has no SPL engine: pull without query and processor");
        var count = call.QueryNumber("count") ?? throw SlsRefusal.Parameter("count is required");
        if (count is < 1 or > 1000)
            throw SlsRefusal.Parameter("count must be within range [1, 1000]");
        var cursor = Read(call.NeedQuery("cursor"), shard);
        long? before = call.Query("end_cursor") is { } end ? Cursor.Read(end) ?? throw Invalid(end) : null;
        var pulled = shard.Read(cursor, before, count, MostBytes);
        var coding = pulled.Count == 0 ? "" : Compression.Choose(call.Request.Header("Accept-Encoding"));
        var response = CloudResponse
            .Bytes(Compression.Pack(coding, pulled.Frames), "application/x-protobuf")
            .With("x-log-cursor", Cursor.Write(pulled.Next))
            .With("x-log-count", Number(pulled.Count))
            .With("x-log-bodyrawsize", Number(pulled.Frames.Length))
            .With("x-log-cursor-time", Number(pulled.NextReceivedAt))
            .With("x-log-read-last-cursor", Number(pulled.Next - 1));
        if (coding.Length > 0)
            response = response.With("x-log-compresstype", coding);
        return shard.IsReadonly && pulled.Next == shard.EndCursor
            ? response.With("x-log-end-of-cursor", "1")
            : response;
    }

    /// <summary>A cursor must be Base64 of an int64 (ParameterInvalid) and lie within what is kept (InvalidCursor).</summary>
    private static long Read(string text, SlsShard shard)
    {
        var cursor = Cursor.Read(text) ?? throw Invalid(text);
        return cursor >= shard.BeginCursor && cursor <= shard.EndCursor
            ? cursor
            : throw new CloudError(
                400,
                "InvalidCursor",
                $"Cursor {text} is invalid: its data is not in shard {shard.Id}"
            );
    }

    private static CloudError Invalid(string cursor) => SlsRefusal.Parameter($"cursor {cursor} is not valid");

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
