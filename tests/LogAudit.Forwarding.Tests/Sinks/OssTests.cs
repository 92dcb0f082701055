using System.Text;
using LogAudit.LocalCloud.Kernel;
using LogAudit.Testing;

namespace LogAudit.Forwarding.Tests.Sinks;

public sealed class OssTests : SinkContract
{
    protected override IFormat Format { get; } = new Json();

    protected override string Place => Archive.Bucket;

    [Fact]
    public async Task Records_stand_in_hive_partitions_by_their_own_hour_product_and_account()
    {
        await using var archive = await Archive.StartAsync();
        using var sink = archive.Sink();
        using var batch = SinkBatches.Of(
            Format,
            [
                new MarkedRecord("1000000000000001", "test_log", 1_772_439_330),
                new MarkedRecord("1000000000000002", "test_log", 1_772_439_330),
                new MarkedRecord("1000000000000001", "other", 1_772_439_330),
                new MarkedRecord("1000000000000001", "test_log", 1_772_495_999),
                new MarkedRecord("../../etc", "test_log", 1_772_496_000),
                new MarkedRecord("1000000000000001", "test_log", 1_772_439_331),
            ]
        );

        await sink.SendAsync(batch, CancellationToken.None);

        Assert.Equal(
            [
                "logaudit/dt=2026-03-02/hour=08/product=other/account=1000000000000001/part-test_log-0-1002-1002.ndjson.gz: 2",
                "logaudit/dt=2026-03-02/hour=08/product=test_log/account=1000000000000001/part-test_log-0-1000-1005.ndjson.gz: 0 5",
                "logaudit/dt=2026-03-02/hour=08/product=test_log/account=1000000000000002/part-test_log-0-1001-1001.ndjson.gz: 1",
                "logaudit/dt=2026-03-02/hour=23/product=test_log/account=1000000000000001/part-test_log-0-1003-1003.ndjson.gz: 3",
                "logaudit/dt=2026-03-03/hour=00/product=test_log/account=unknown/part-test_log-0-1004-1004.ndjson.gz: 4",
            ],
            archive
                .Objects()
                .Select(one =>
                    $"{one.Key}: {string.Join(' ', Markers([one.Value]).Select(marker => marker["marker-".Length..].TrimStart('0').PadLeft(1, '0')))}"
                )
                .Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public async Task Masked_copy_of_another_shard_stands_in_an_object_of_that_shard()
    {
        await using var archive = await Archive.StartAsync();
        using var sink = archive.Sink();
        using var batch = SinkBatches.Of(Format, 1);
        var place = batch.Place(0);
        batch.AddCopy(
            Encoding.UTF8.GetBytes($"{{\"mark\":\"{SinkBatches.Marker(1)}\"}}"),
            "1-copy"u8,
            place with
            {
                Shard = place.Shard with { Shard = 7 },
            },
            batch.Facts(0),
            Format
        );

        var report = await sink.SendAsync(batch, CancellationToken.None);

        Assert.All(Outcomes(report), outcome => Assert.IsType<RecordOutcome.Accepted>(outcome));
        Assert.Equal(
            [
                "part-test_log-0-1000-1000.ndjson.gz: marker-000000",
                "part-test_log-7-1000-1000.ndjson.gz: marker-000001",
            ],
            archive
                .Objects()
                .Select(one => $"{one.Key.Split('/')[^1]}: {Assert.Single(Markers([one.Value]))}")
                .Order(StringComparer.Ordinal)
        );
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public async Task Each_record_stands_in_one_object_whatever_the_batches_crashes_and_lost_answers(int seed)
    {
        const int Records = 60;
        await using var archive = await Archive.StartAsync();
        archive.Cloud.Faults.Add(new FaultRule("lost", FaultKind.LostAnswer) { Product = "Oss", Probability = 0.3 });
        archive.Cloud.Faults.Add(new FaultRule("cut", FaultKind.CutBefore) { Product = "Oss", Probability = 0.1 });
        using var sink = archive.Sink();
        MarkedRecord[] records =
        [
            .. Enumerable.Range(0, Records).Select(index => new MarkedRecord($"100000000000000{index % 3}")),
        ];
        using var all = SinkBatches.Of(Format, records);
        var random = new Random(seed);

        var sends = 0;
        for (var checkpoint = 0; checkpoint < Records; sends++)
        {
            var end = random.Next(checkpoint + 1, Records + 1);
            var report = await sink.SendAsync(
                all.Select([.. Enumerable.Range(checkpoint, end - checkpoint)]),
                CancellationToken.None
            );
            // The engine moves behind the records that are accepted without a gap, unless it dies before.
            var settled = Outcomes(report).TakeWhile(outcome => outcome is RecordOutcome.Accepted).Count();
            checkpoint += random.Next(3) == 0 ? 0 : settled;
        }

        var stored = archive.Objects().Values.SelectMany(text => Markers([text])).ToList();
        Assert.True(sends > 1);
        Assert.Equal(Enumerable.Range(0, Records).Select(SinkBatches.Marker), stored.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Object_with_other_records_stays_and_the_new_one_is_named_by_its_content()
    {
        await using var archive = await Archive.StartAsync();
        using var sink = archive.Sink();
        using var batch = SinkBatches.Of(Format, 3);
        using var other = SinkBatches.Of(Format, 3, padding: 10);
        await sink.SendAsync(batch, CancellationToken.None);
        var before = archive.Objects();

        await sink.SendAsync(other, CancellationToken.None);
        var report = await sink.SendAsync(other, CancellationToken.None);

        Assert.All(Outcomes(report), outcome => Assert.IsType<RecordOutcome.Accepted>(outcome));
        var after = archive.Objects();
        Assert.Equal(2, after.Count);
        Assert.Equal(before.Values, after.Where(one => before.ContainsKey(one.Key)).Select(one => one.Value));
    }

    [Fact]
    public async Task Bucket_of_another_account_is_written_with_its_key_only()
    {
        await using var archive = await Archive.StartAsync(owner: Archive.OtherUid);
        using var batch = SinkBatches.Of(Format, 2);
        using var own = archive.Sink();
        using var others = archive.Sink(Archive.Options with { Owner = archive.KeyOf(Archive.OtherUid) });

        var refused = await own.SendAsync(batch, CancellationToken.None);
        var accepted = await others.SendAsync(batch, CancellationToken.None);

        Assert.Contains("AccessDenied", Assert.IsType<RecordOutcome.Retry>(refused[0]).Why, StringComparison.Ordinal);
        Assert.All(Outcomes(accepted), outcome => Assert.IsType<RecordOutcome.Accepted>(outcome));
    }

    [Fact]
    public void Options_and_rights_are_those_of_the_bucket()
    {
        var own = Settings(("region", "cn-hangzhou"), ("bucket", "audit-archive"), ("prefix", "soc/audit"));
        var others = Settings(
            ("region", "cn-hangzhou"),
            ("bucket", "audit-archive"),
            ("access-key-id", "env:ID"),
            ("access-key-secret", "env:SECRET")
        );

        Assert.Empty(Destinations.Check([own], Secrets, TimeProvider.System));
        Assert.Empty(Destinations.Check([others], Secrets, TimeProvider.System));
        Assert.Equal(
            [
                "oss:PutObject acs:oss:*:{account}:audit-archive/soc/audit/*",
                "oss:GetObject acs:oss:*:{account}:audit-archive/soc/audit/*",
                "oss:ListObjects acs:oss:*:{account}:audit-archive",
            ],
            Rights(own)
        );
        Assert.Empty(Rights(others));
        Assert.Equal(["bucket", "region"], Refused(Settings(("bucket", "A"))).Order(StringComparer.Ordinal));
        Assert.Equal(
            ["access-key-id", "prefix"],
            Refused(
                    Settings(
                        ("region", "cn-hangzhou"),
                        ("bucket", "audit-archive"),
                        ("prefix", "/a"),
                        ("access-key-id", "env:ID")
                    )
                )
                .Order(StringComparer.Ordinal)
        );
    }

    protected override async Task<SinkUnderTest> StartAsync(SocMood mood, TimeSpan timeout)
    {
        var archive = await Archive.StartAsync();
        archive.Treat(mood);
        return new SinkUnderTest(
            new HealedAfterFirstTry(archive.Sink(timeout: timeout), archive.Cloud.Faults.Clear),
            () => archive.Objects().OrderBy(one => one.Key, StringComparer.Ordinal).Select(one => one.Value),
            archive
        );
    }

    private static SecretReferences Secrets { get; } = new(_ => Planted);

    private static IEnumerable<string> Refused(DestinationSettings destination) =>
        Destinations.Check([destination], Secrets, TimeProvider.System).Select(error => error.Key.Split('.')[^1]);

    private static IEnumerable<string> Rights(DestinationSettings destination) =>
        DestinationRights
            .Of(
                new Settings
                {
                    Central = new CentralSettings
                    {
                        Account = new AccountId(Archive.Uid),
                        Region = new RegionId("cn-hangzhou"),
                        Project = new ProjectName("logaudit-center"),
                    },
                    Accounts = new AccountsSettings { Mode = AccountsMode.CentralOnly },
                    Destinations = [destination],
                }
            )
            .Select(right => $"{right.Action} {right.Resource}");

    private static DestinationSettings Settings(params (string Key, string Value)[] options) =>
        new()
        {
            Name = "archive",
            Sink = "oss",
            Format = "json",
            Options = options.ToDictionary(option => option.Key, option => option.Value, StringComparer.Ordinal),
        };
}
