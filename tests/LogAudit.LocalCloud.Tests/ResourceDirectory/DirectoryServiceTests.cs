using System.Globalization;
using LogAudit.LocalCloud.Kernel;
using LogAudit.LocalCloud.ResourceDirectory;
using LogAudit.LocalCloud.Tests.Kernel;
using Newtonsoft.Json.Linq;

namespace LogAudit.LocalCloud.Tests.ResourceDirectory;

public sealed class DirectoryServiceTests : IAsyncLifetime
{
    private const string Admin = """{"Version":"1","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}""";

    private SignedCalls _calls = null!;
    private Organisation _organisation = null!;
    private AccessKey _master = null!;

    public async Task InitializeAsync()
    {
        _calls = await SignedCalls.StartAsync();
        var master = _calls.Cloud.AddAccount("1000000000000000", "master");
        _master = master.AddKey(master.AddUser("admin", Admin));
        _organisation = Organisation.Create(_calls.Cloud, master);
        var folder = _organisation.AddFolder("business");
        for (var number = 1; number <= 7; number++)
        {
            var id = (1000000000000000 + number).ToString(CultureInfo.InvariantCulture);
            _organisation.AddMember(_calls.Cloud.AddAccount(id, $"member-{number}"), number > 4 ? folder : null);
        }
    }

    public async Task DisposeAsync() => await _calls.DisposeAsync();

    [Fact]
    public async Task ListAccounts_pages_by_number_and_by_token_alike()
    {
        var byNumber = new List<string>();
        for (var number = 1; number <= 3; number++)
        {
            var (_, page) = await _calls.DirectoryAsync(
                _master,
                "ListAccounts",
                ("PageNumber", number.ToString(CultureInfo.InvariantCulture)),
                ("PageSize", "3")
            );
            Assert.Equal(7, (int)page["TotalCount"]!);
            byNumber.AddRange(Ids(page));
        }
        var byToken = new List<string>();
        string? token = null;
        do
        {
            (string, string)[] size = [("MaxResults", "3")];
            var (_, page) = await _calls.DirectoryAsync(
                _master,
                "ListAccounts",
                token is null ? size : [.. size, ("NextToken", token)]
            );
            byToken.AddRange(Ids(page));
            token = (string?)page["NextToken"];
        } while (token is not null);

        Assert.Equal(7, byNumber.Count);
        Assert.Equal(byNumber, byToken);
        Assert.DoesNotContain("1000000000000000", byToken);
    }

    [Fact]
    public async Task ListAccounts_is_for_the_management_account_and_delegated_administrators()
    {
        var member = _calls.Cloud.FindAccount("1000000000000001")!;
        var key = member.AddKey(member.AddUser("admin", Admin));

        var before = await _calls.DirectoryAsync(key, "ListAccounts");
        await _calls.DirectoryAsync(
            _master,
            "RegisterDelegatedAdministrator",
            ("AccountId", member.Id),
            ("ServicePrincipal", "actiontrail.aliyuncs.com")
        );
        var after = await _calls.DirectoryAsync(key, "ListAccounts");
        var (_, administrators) = await _calls.DirectoryAsync(_master, "ListDelegatedAdministrators");

        Assert.Equal("NoPermission", (string?)before.Body["Code"]);
        Assert.Equal(7, (int)after.Body["TotalCount"]!);
        Assert.Equal(member.Id, (string?)administrators.SelectToken("$.Accounts.Account[0].AccountId"));
    }

    [Fact]
    public async Task GetResourceDirectory_answers_members_and_nobody_else()
    {
        var member = _calls.Cloud.FindAccount("1000000000000001")!;
        var stranger = _calls.Cloud.AddAccount("9000000000000009", "stranger");

        var inside = await _calls.DirectoryAsync(member.AddRootKey(), "GetResourceDirectory");
        var outside = await _calls.DirectoryAsync(stranger.AddRootKey(), "GetResourceDirectory");

        Assert.Equal("1000000000000000", (string?)inside.Body["ResourceDirectory"]!["MasterAccountId"]);
        Assert.Equal("EntityNotExists.ResourceDirectory", (string?)outside.Body["Code"]);
    }

    [Fact]
    public async Task Folders_and_their_accounts_are_listed_one_level_at_a_time()
    {
        var (_, folders) = await _calls.DirectoryAsync(_master, "ListFoldersForParent");
        var id = (string)folders.SelectToken("$.Folders.Folder[0].FolderId")!;
        var (_, inFolder) = await _calls.DirectoryAsync(_master, "ListAccountsForParent", ("ParentFolderId", id));
        var (_, inRoot) = await _calls.DirectoryAsync(_master, "ListAccountsForParent");

        Assert.Equal(3, Ids(inFolder).Count());
        Assert.Equal(4, Ids(inRoot).Count());
    }

    [Fact]
    public async Task The_management_account_can_become_administrator_of_a_member()
    {
        (string, string)[] role =
        [
            ("RoleArn", "acs:ram::1000000000000003:role/ResourceDirectoryAccountAccessRole"),
            ("RoleSessionName", "bootstrap"),
        ];

        var (_, answer) = await _calls.StsAsync(_master, "AssumeRole", role);
        var session = _calls.Cloud.Keys.Find((string)answer["Credentials"]!["AccessKeyId"]!)!;
        var (_, identity) = await _calls.StsAsync(session, "GetCallerIdentity");

        Assert.Equal("1000000000000003", (string?)identity["AccountId"]);
    }

    [Fact]
    public async Task DescribeEndpoints_gives_the_host_of_a_region()
    {
        var (_, answer) = await _calls.CallAsync(
            _master,
            "location.aliyuncs.com",
            "2015-06-12",
            "DescribeEndpoints",
            ("Id", "cn-beijing"),
            ("ServiceCode", "sts"),
            ("Type", "openAPI")
        );

        Assert.Equal("sts.cn-beijing.aliyuncs.com", (string?)answer.SelectToken("$.Endpoints.Endpoint[0].Endpoint"));
    }

    private static IEnumerable<string> Ids(JObject page) =>
        page.SelectTokens("$.Accounts.Account[*].AccountId").Select(id => (string)id!);
}
