namespace LogAudit.OpenApi.Tests.Accounts;

public sealed class AccountCredentialsTests
{
    private readonly World world = new();

    [Fact]
    public async Task For_the_central_account_gives_the_own_identity()
    {
        var key = await world.Accounts().For(World.Central).GetAsync(default);

        Assert.Equal("LTAI5tEXAMPLE", key.AccessKeyId);
        Assert.Empty(world.Service.Requests);
    }

    [Fact]
    public async Task For_a_member_assumes_the_member_role()
    {
        Grants(hours: 1);

        var key = await world.Accounts("secret-handshake").For(World.Member).GetAsync(default);

        Assert.Equal("STS.1", key.AccessKeyId);
        var asked = Assert.Single(world.Service.Requests);
        Assert.Equal("sts.cn-hangzhou.aliyuncs.com", asked.Host);
        Assert.Equal(
            "?DurationSeconds=3600&ExternalId=secret-handshake&RoleArn=acs%3Aram%3A%3A2000000000000002%3Arole%2Flogaudit-member&RoleSessionName=logaudit",
            asked.Uri.Query
        );
    }

    [Fact]
    public async Task GetAsync_asks_once_for_many_callers()
    {
        Grants(hours: 1);
        var source = world.Accounts().For(World.Member);

        var keys = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => source.GetAsync(default).AsTask()));

        Assert.Single(world.Service.Requests);
        Assert.All(keys, key => Assert.Equal("STS.1", key.AccessKeyId));
    }

    [Fact]
    public async Task GetAsync_renews_fifteen_minutes_before_the_end()
    {
        Grants(hours: 1);
        var source = world.Accounts().For(World.Member);

        await source.GetAsync(default);
        world.Time.Advance(TimeSpan.FromMinutes(44));
        var early = await source.GetAsync(default);
        world.Time.Advance(TimeSpan.FromMinutes(2));
        var late = await source.GetAsync(default);

        Assert.Equal("STS.1", early.AccessKeyId);
        Assert.Equal("STS.2", late.AccessKeyId);
    }

    [Fact]
    public async Task GetAsync_goes_on_with_a_valid_session_when_renewal_fails()
    {
        Grants(hours: 1);
        var source = world.Accounts().For(World.Member);
        await source.GetAsync(default);
        world.Service.AnswersAlways(_ => (403, """{"Code":"NoPermission"}"""));

        world.Time.Advance(TimeSpan.FromMinutes(50));
        var kept = await source.GetAsync(default);
        world.Time.Advance(TimeSpan.FromMinutes(11));
        var failure = await Assert.ThrowsAsync<OpenApiException>(() => source.GetAsync(default).AsTask());

        Assert.Equal("STS.1", kept.AccessKeyId);
        Assert.True(failure.IsDenied);
        Assert.Contains(world.Logs.GetSnapshot(), line => line.Id.Id == 2010);
    }

    [Fact]
    public async Task GetAsync_remembers_a_refusal_for_the_invocation_and_names_what_to_check()
    {
        world.Service.AnswersAlways(_ =>
            (403, """{"Code":"NoPermission","Message":"You are not authorized","RequestId":"r-1"}""")
        );
        var source = world.Accounts().For(World.Member);

        var first = await Assert.ThrowsAsync<OpenApiException>(() => source.GetAsync(default).AsTask());
        await Assert.ThrowsAsync<OpenApiException>(() => source.GetAsync(default).AsTask());
        var within = world.Service.Requests.Count;
        using (world.Invocation.Begin(new InvocationContext("next", Deadline.None, Credentials: null)))
        {
            await Assert.ThrowsAsync<OpenApiException>(() => source.GetAsync(default).AsTask());
        }

        Assert.Equal(1, within);
        Assert.Equal(2, world.Service.Requests.Count);
        Assert.Contains("acs:ram::2000000000000002:role/logaudit-member", first.Message, StringComparison.Ordinal);
        Assert.Contains("trust policy", first.Message, StringComparison.Ordinal);
        Assert.Contains("r-1", first.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData(
        """{"Credentials":{"AccessKeyId":"a","AccessKeySecret":"b","SecurityToken":"c","Expiration":"soon"}}"""
    )]
    public async Task GetAsync_refuses_an_incomplete_answer(string body)
    {
        world.Service.AnswersAlways(_ => (200, body));

        var failure = await Assert.ThrowsAsync<OpenApiException>(() =>
            world.Accounts().For(World.Member).GetAsync(default).AsTask()
        );

        Assert.Equal(ClientErrorCodes.UnreadableAnswer, failure.Code);
    }

    private void Grants(int hours)
    {
        var count = 0;
        world.Service.AnswersAlways(_ =>
        {
            count++;
            var until = (world.Time.GetUtcNow() + TimeSpan.FromHours(hours)).UtcDateTime;
            return (
                200,
                $$$"""{"Credentials":{"AccessKeyId":"STS.{{{count}}}","AccessKeySecret":"s","SecurityToken":"t","Expiration":"{{{until:yyyy-MM-ddTHH:mm:ss}}}Z"}}"""
            );
        });
    }
}
