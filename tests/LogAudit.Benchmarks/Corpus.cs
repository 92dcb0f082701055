using Google.Protobuf;
using K4os.Compression.LZ4;
using LogAudit.Sls;
using LogAudit.Wire;

namespace LogAudit.Benchmarks;

/// <summary>Seeded records of the five products, about 1.2 KB and 20–40 fields each, as a large pull brings them.</summary>
internal sealed class Corpus
{
    public const int Groups = 30;
    public const int LogsPerGroup = 100;
    private const long FirstCursor = 1_768_465_845_000_000_000;

    private static readonly string[][] Fields =
    [
        // slb
        [
            .. "time body_bytes_sent client_ip client_port host http_host http_referer http_user_agent http_x_forwarded_for http_x_real_ip read_request_time request_length request_method request_time request_uri scheme server_protocol slb_vport slbid ssl_cipher ssl_protocol status tcpinfo_rtt upstream_addr upstream_response_time upstream_status vip_addr write_response_time owner_id region".Split(
                ' '
            ),
        ],
        // vpc
        [
            .. "version account-id vpc-id vswitch-id vm-id eni-id srcaddr srcport dstaddr dstport protocol direction packets bytes start end log-status action traffic_path region owner_id nat-gateway-id".Split(
                ' '
            ),
        ],
        // oss
        [
            .. "time owner_id requester_id access_id bucket bucket_location object object_size operation http_method http_type http_status error_code request_uri request_id client_ip user_agent host response_time server_cost_time sign_type sync_request vpc_id vpc_addr referer request_length response_body_length delta_data_size bucket_storage_type logging_flag acc_access_region restore_priority region content_length_in content_length_out".Split(
                ' '
            ),
        ],
        // rds
        [
            .. "instance_id db user client_ip origin_time sql check_rows return_rows update_rows latency fail thread_id isbind hash ext region owner_id db_type db_version instance_name hook_time region_id".Split(
                ' '
            ),
        ],
        // actiontrail
        [
            .. "event owner_id event_time event_name event_source event_type event_version event_rw event_category event_id service_name region source_ip user_agent error_code error_message request_id user_type user_name account_id principal_id access_key_id".Split(
                ' '
            ),
        ],
    ];

    private static readonly string[] Words =
    [
        "GET",
        "POST",
        "audit",
        "cn-hangzhou",
        "cn-shanghai",
        "DescribeInstances",
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36",
        "TLSv1.2",
        "select",
        "from orders where id =",
        "172.16.0.",
        "198.51.100.",
        "1000000000000001",
        "ECDHE-RSA-AES128-GCM-SHA256",
        "HTTP/1.1",
        "审计",
        "aliyun-sdk-csharp/2",
        "-",
        "200",
        "OK",
    ];

    private Corpus(byte[] raw, byte[] packed, LogGroupList list)
    {
        (Raw, Packed, List) = (raw, packed, list);
        Headers = new PullHeaders(
            Cursor.Of(FirstCursor + Groups),
            Groups,
            raw.Length,
            LogCompression.Lz4,
            FirstCursor + Groups - 1,
            ""
        );
        Records = list.LogGroups.Sum(group => group.Logs.Count);
    }

    /// <summary>The LogGroupList.</summary>
    public byte[] Raw { get; }

    /// <summary>The same as a raw LZ4 block, as the service sends it.</summary>
    public byte[] Packed { get; }

    /// <summary>The same as objects.</summary>
    public LogGroupList List { get; }

    public PullHeaders Headers { get; }

    public PullSource Source { get; } =
        new(
            new ProjectName("logaudit-center-1000000000000001-cn-shanghai"),
            new LogstoreName("slb_log"),
            0,
            Cursor.Of(FirstCursor)
        );

    public int Records { get; }

    public static Corpus Make(int seed)
    {
#pragma warning disable CA5394 // Repeatable, not secret.
        var random = new Random(seed);
        var list = new LogGroupList();
        for (var g = 0; g < Groups; g++)
        {
            var group = new LogGroup { Topic = "audit", Source = "log_service" };
            for (var l = 0; l < LogsPerGroup; l++)
            {
                var log = new Log { Time = (uint)(1_768_465_845 + g), TimeNs = (uint)random.Next(1_000_000_000) };
                var names = Fields[random.Next(Fields.Length)];
                var average = (1000 / names.Length) - 15;
                foreach (var name in names)
                {
                    log.Contents.Add(new Log.Types.Content { Key = name, Value = Value(random, average, name) });
                }

                group.Logs.Add(log);
            }

            group.LogTags.Add(new LogTag { Key = "__receive_time__", Value = "1768465846" });
            list.LogGroups.Add(group);
        }

        var raw = list.ToByteArray();
        var packed = new byte[LZ4Codec.MaximumOutputSize(raw.Length)];
        var size = LZ4Codec.Encode(raw, packed);
        return new Corpus(raw, packed[..size], list);
    }

    private static string Value(Random random, int average, string name)
    {
        var wanted = name is "event" or "sql" ? 200 + random.Next(200) : random.Next(1, (2 * average) - 8);
        var text = "";
        while (text.Length < wanted)
        {
            text +=
                random.Next(3) == 0
                    ? random.Next().ToString(System.Globalization.CultureInfo.InvariantCulture)
                    : Words[random.Next(Words.Length)];
        }

        return text.Length > wanted + 40 ? text[..(wanted + 40)] : text;
    }
#pragma warning restore CA5394
}
