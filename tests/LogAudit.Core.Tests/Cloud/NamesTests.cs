namespace LogAudit.Core.Tests.Cloud;

public sealed class NamesTests
{
    [Theory]
    [InlineData("1", true)]
    [InlineData("1000000000000001", true)]
    [InlineData("", false)]
    [InlineData("10a", false)]
    [InlineData("１", false)]
    [InlineData("123456789012345678901234567890123", false)]
    public void AccountId_takes_1_to_32_digits(string text, bool valid)
    {
        Assert.Equal(valid, AccountId.IsValid(text));
        Assert.Equal(valid, Record.Exception(() => new AccountId(text)) is null);
    }

    [Theory]
    [InlineData("cn-hangzhou", true)]
    [InlineData("ap-southeast-1", true)]
    [InlineData("CN-hangzhou", false)]
    [InlineData("cn_hangzhou", false)]
    [InlineData("cn-hangzhou\n", false)]
    [InlineData("", false)]
    public void RegionId_takes_lower_case_letters_digits_and_dashes(string text, bool valid) =>
        Assert.Equal(valid, RegionId.IsValid(text));

    [Theory]
    [InlineData("logaudit-center-1000000000000001-cn-hangzhou", true)]
    [InlineData("abc", true)]
    [InlineData("ab", false)]
    [InlineData("-abc", false)]
    [InlineData("abc-", false)]
    [InlineData("a_b", false)]
    public void ProjectName_follows_the_rule_of_the_service(string text, bool valid) =>
        Assert.Equal(valid, ProjectName.IsValid(text));

    [Theory]
    [InlineData("slb_log", true)]
    [InlineData("actiontrail_logaudit", true)]
    [InlineData("_log", false)]
    [InlineData("log_", false)]
    [InlineData("Log", false)]
    public void LogstoreName_follows_the_rule_of_the_service(string text, bool valid) =>
        Assert.Equal(valid, LogstoreName.IsValid(text));

    [Fact]
    public void A_default_name_prints_as_empty_and_does_not_throw() =>
        Assert.Equal(
            "",
            default(AccountId).ToString() + default(RegionId) + default(ProjectName) + default(LogstoreName)
        );
}
