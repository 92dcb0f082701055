using LogAudit.Testing;
using Microsoft.Extensions.Time.Testing;

namespace LogAudit.Forwarding.Tests.Sinks;

public sealed class KmsSecretsTests
{
    private const string Name = "soc/token";
    private readonly FakeTimeProvider time = new();
    private readonly Kept kept = new();

    [Fact]
    public async Task Secret_is_read_when_records_are_first_sent_and_not_before()
    {
        await using var soc = new HttpSoc(_ => new SocAnswer(200));
        kept.Value = "Bearer first";
        Assert.Empty(Destinations.Check([Settings(soc)], Secrets(), time));
        var destination = Make(soc);
        using var batch = SinkBatches.Of(destination.Format, 2);
        var before = kept.Reads;

        var first = await destination.Sink.SendAsync(batch, CancellationToken.None);
        await destination.Sink.SendAsync(batch, CancellationToken.None);

        Assert.Equal((0, 1), (before, kept.Reads));
        Assert.IsType<RecordOutcome.Accepted>(first[1]);
        Assert.All(soc.Requests, request => Assert.Equal("Bearer first", request.Headers["Authorization"]));
    }

    [Fact]
    public async Task Secret_that_cannot_be_read_keeps_the_records_and_is_asked_for_again()
    {
        await using var soc = new HttpSoc(_ => new SocAnswer(200));
        var destination = Make(soc);
        using var batch = SinkBatches.Of(destination.Format, 2);

        var without = await destination.Sink.SendAsync(batch, CancellationToken.None);
        kept.Value = "Bearer late";
        var with = await destination.Sink.SendAsync(batch, CancellationToken.None);

        Assert.Contains(
            "kms:GetSecretValue",
            Assert.IsType<RecordOutcome.Retry>(without[0]).Why,
            StringComparison.Ordinal
        );
        Assert.IsType<RecordOutcome.Accepted>(with[0]);
        Assert.Single(soc.Requests);
    }

    [Fact]
    public async Task Secret_that_was_changed_is_read_again_after_a_refusal_at_most_once_a_minute()
    {
        await using var soc = new HttpSoc(request => new SocAnswer(
            request.Headers["Authorization"] == "Bearer new" ? 200 : 401
        ));
        kept.Value = "Bearer old";
        var destination = Make(soc);
        using var batch = SinkBatches.Of(destination.Format, 1);

        await destination.Sink.SendAsync(batch, CancellationToken.None);
        kept.Value = "Bearer new";
        var soon = await destination.Sink.SendAsync(batch, CancellationToken.None);
        time.Advance(TimeSpan.FromMinutes(1));
        var later = await destination.Sink.SendAsync(batch, CancellationToken.None);

        Assert.IsType<RecordOutcome.Retry>(soon[0]);
        Assert.IsType<RecordOutcome.Accepted>(later[0]);
        Assert.Equal(2, kept.Reads);
    }

    [Fact]
    public void Name_that_no_secret_has_is_refused()
    {
        var refused = Assert.Single(
            Destinations.Check([Settings("https://soc.example.com/", "kms:soc token")], Secrets(), time)
        );

        Assert.Equal("destinations[0].options.authorization", refused.Key);
    }

    [Fact]
    public void Rights_are_those_to_the_secrets_that_are_named()
    {
        var settings = new Settings
        {
            Central = new CentralSettings
            {
                Account = new AccountId("1000000000000001"),
                Region = new RegionId("cn-hangzhou"),
                Project = new ProjectName("logaudit-center"),
            },
            Accounts = new AccountsSettings { Mode = AccountsMode.CentralOnly },
        };

        var without = DestinationRights.Of(
            settings with
            {
                Destinations = [Settings("https://s.example.com/", "env:X")],
            }
        );
        var with = DestinationRights.Of(
            settings with
            {
                Destinations =
                [
                    Settings("https://s.example.com/", $"kms:{Name}"),
                    Settings("https://t.example.com/", $"kms:{Name}"),
                ],
            }
        );

        Assert.Empty(without);
        var right = Assert.Single(with);
        Assert.Equal("kms:GetSecretValue", right.Action);
        Assert.Equal("acs:kms:cn-hangzhou:{account}:secret/soc/token", right.Resource);
    }

    private SecretReferences Secrets() => new SecretReferences(_ => null).In(new CloudServices(kept, Objects: null));

    private Destination Make(HttpSoc soc) =>
        Assert.Single(Destinations.Make([Settings(soc)], "logaudit.yaml", Secrets(), time));

    private static DestinationSettings Settings(HttpSoc soc) => Settings(soc.Address.AbsoluteUri, $"kms:{Name}");

    private static DestinationSettings Settings(string address, string authorization) =>
        new()
        {
            Name = "soc",
            Sink = "webhook",
            Format = "json",
            Options = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["address"] = address,
                ["authorization"] = authorization,
            },
        };

    /// <summary>KMS with one secret; without a value it has none.</summary>
    private sealed class Kept : ISecretStore
    {
        public string? Value { get; set; }

        public int Reads { get; private set; }

        public Task<Secret> ReadAsync(string name, CancellationToken cancel)
        {
            Assert.Equal(Name, name);
            if (Value is null)
            {
                throw new InvalidOperationException("Resource not found.");
            }

            Reads++;
            return Task.FromResult(new Secret(Value));
        }
    }
}
