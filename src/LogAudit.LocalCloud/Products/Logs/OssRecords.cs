using System.Globalization;

namespace LogAudit.LocalCloud.Products.Logs;

/// <summary>Access log lines of a bucket.</summary>
/// <remarks>Fields: oss reference, section 8.</remarks>
internal static class OssRecords
{
    public const string AccessTopic = "oss_access_log";
    public const string BatchDeleteTopic = "oss_batch_delete_log";
    public const string MeteringTopic = "oss_metering_log";

    /// <summary>One request. The marker is <c>request_id</c>.</summary>
    public static LogRecord Access(
        string account,
        string region,
        string bucket,
        DateTimeOffset at,
        string marker,
        Dice dice
    )
    {
        var (operation, method) = dice.Of(
            ("GetObject", "GET"),
            ("GetObject", "GET"),
            ("PutObject", "PUT"),
            ("DeleteObject", "DELETE"),
            ("HeadObject", "HEAD"),
            ("GetBucketAcl", "GET")
        );
        var (status, error) = dice.Of(
            ("200", "-"),
            ("200", "-"),
            ("200", "-"),
            ("404", "NoSuchKey"),
            ("403", "AccessDenied")
        );
        var ofBucket = operation is "GetBucketAcl";
        var anonymous = dice.Once(6);
        var file = ofBucket ? "-" : $"reports%2F{dice.Number(2020, 2027)}%2F{dice.Hex(6)}.csv";
        return new LogRecord(
            AccessTopic,
            at,
            [
                new(
                    "time",
                    at.ToOffset(TimeSpan.FromHours(8)).ToString("dd/MMM/yyyy:HH:mm:ss", CultureInfo.InvariantCulture)
                ),
                new("owner_id", account),
                new("requester_id", anonymous ? "-" : $"2{account[1..]}"),
                new("access_id", anonymous ? "-" : "LTAIEXAMPLE0001"),
                new("sign_type", anonymous ? "NotSign" : "NormalSign"),
                new("client_ip", dice.PublicIp()),
                new("vpc_addr", "-"),
                new("vpc_id", "-"),
                new("user_agent", dice.Of("aliyun-sdk-csharp/2", "aliyun-sdk-js/6.23.0", "curl/8.5.0")),
                new("referer", "-"),
                new("operation", operation),
                new("http_method", method),
                new("http_type", "https"),
                new("request_uri", ofBucket ? "/?acl HTTP/1.1" : $"/{file} HTTP/1.1"),
                new("bucket", bucket),
                new("bucket_location", $"oss-{region}-a"),
                new("region", region),
                new("object", file),
                new("object_size", ofBucket ? "-" : Text(dice.Number(1, 9_000_000))),
                new("http_status", status),
                new("error_code", error),
                new("request_id", marker),
                new("request_length", Text(dice.Number(200, 3000))),
                new("response_body_length", Text(dice.Number(0, 90_000))),
                new("content_length_in", operation is "PutObject" ? Text(dice.Number(1, 90_000)) : "-"),
                new("content_length_out", operation is "GetObject" ? Text(dice.Number(1, 90_000)) : "-"),
                new("delta_data_size", operation is "PutObject" ? Text(dice.Number(1, 90_000)) : "-"),
                new("response_time", Text(dice.Number(1, 400))),
                new("server_cost_time", Text(dice.Number(1, 300))),
                new("host", $"{bucket}.oss-{region}.aliyuncs.com"),
                new("sync_request", dice.Of("-", "-", "-", "cdn")),
                new("bucket_storage_type", "standard"),
                new("logging_flag", "false"),
                new("acc_access_region", "-"),
                new("restore_priority", "-"),
                new("user_defined_log_fields", "-"),
            ],
            marker
        );
    }

    /// <summary>One object of a request that deletes many. The marker is <c>request_id</c>.</summary>
    public static LogRecord BatchDelete(
        string account,
        string region,
        string bucket,
        DateTimeOffset at,
        string marker,
        Dice dice
    ) =>
        new(
            BatchDeleteTopic,
            at,
            [
                new("client_ip", dice.PublicIp()),
                new("user_agent", "aliyun-sdk-csharp/2"),
                new("bucket", bucket),
                new("object", $"reports%2F{dice.Hex(6)}.csv"),
                new("object_size", Text(dice.Number(1, 9_000_000))),
                new("error_code", "-"),
                new("operation", "DeleteObjects"),
                new("request_id", marker),
                new("http_status", "200"),
                new("requester_id", $"2{account[1..]}"),
                new("owner_id", account),
                new("host", $"{bucket}.oss-{region}.aliyuncs.com"),
                new("request_uri", "/?delete HTTP/1.1"),
                new("region", region),
            ],
            marker
        );

    /// <summary>What a bucket used in an hour. Rows of this log have no id of their own: the marker is the size, a number that no other row has.</summary>
    public static LogRecord Metering(
        string account,
        string region,
        string bucket,
        string storageClass,
        DateTimeOffset at,
        string marker,
        Dice dice
    )
    {
        // Some hours late, as the reference says.
        var start = at.AddHours(-3).ToUnixTimeSeconds() / 3600 * 3600;
        return new LogRecord(
            MeteringTopic,
            at,
            [
                new("owner_id", account),
                new("region", region),
                new("bucket", bucket),
                new("storage_type", storageClass.ToLowerInvariant()),
                new("storage", marker),
                new("metering_datasize", Text(dice.Number(1, 900_000_000))),
                new("get_request", Text(dice.Number(0, 90_000))),
                new("put_request", Text(dice.Number(0, 9_000))),
                new("cdn_in", "0"),
                new("cdn_out", Text(dice.Number(0, 90_000))),
                new("intranet_in", Text(dice.Number(0, 90_000))),
                new("intranet_out", Text(dice.Number(0, 90_000))),
                new("network_in", Text(dice.Number(0, 90_000))),
                new("network_out", Text(dice.Number(0, 90_000))),
                new("sync_in", "0"),
                new("sync_out", "0"),
                new("process_img", "0"),
                new("process_img_size", "0"),
                new("start_time", start.ToString(CultureInfo.InvariantCulture)),
                new("end_time", (start + 3600).ToString(CultureInfo.InvariantCulture)),
            ],
            marker
        );
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
