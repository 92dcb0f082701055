using System.Text;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace LogAudit.Core.Tests.Policies;

public sealed class PolicyExpressionTests
{
    private static readonly ResourceRef Database = new()
    {
        Product = "rds",
        Account = new AccountId("1000000000000001"),
        Region = new RegionId("cn-hangzhou"),
        Id = "rm-1",
        Name = "orders",
        Properties = new Dictionary<string, string>
        {
            ["instance.db_type"] = "mysql",
            ["instance.db_version"] = "8.0",
            ["instance.name"] = "orders",
        },
        Tags = new Dictionary<string, string>
        {
            ["env"] = "Prod",
            ["acs:rm:owner"] = "a*b",
            ["note"] = "say \"hi\"",
        },
    };

    [Theory]
    [InlineData("", true)]
    [InlineData("# nothing\n\n", true)]
    [InlineData("keep region == \"cn-*\"", true)]
    [InlineData("keep region == \"ap-*\"", false)]
    [InlineData("keep region == \"cn-hangzho?\"", true)]
    [InlineData("keep region == \"cn\"", false)]
    [InlineData("drop tag.env ~= \"(?i)^(dev|prod)$\"", false)]
    [InlineData("drop tag.env ~= \"^prod$\"", true)]
    [InlineData("keep tag.env ~= \"ro\"", true)]
    [InlineData("keep tag.missing == \"*\"", false)]
    [InlineData("drop tag.missing == \"*\"", true)]
    [InlineData("accept tag.env == \"Prod\"\ndrop \"*\"", true)]
    [InlineData("accept tag.env == \"Dev\"\ndrop \"*\"", false)]
    [InlineData("keep account.id == \"1000000000000001\" and instance.db_type == \"mysql\"", true)]
    [InlineData("keep account.id == \"2\" or instance.db_type == \"mysql\"", true)]
    [InlineData("keep account.id == \"2\" || instance.db_type == \"mysql\" && region == \"x\"", false)]
    [InlineData("keep (account.id == \"2\" || instance.db_type == \"mysql\") && region == \"cn-*\"", true)]
    [InlineData("keep not region == \"cn-*\"", false)]
    [InlineData("keep NOT (region == \"cn-*\") OR ! tag.env == \"Dev\"", true)]
    [InlineData("keep instance.db_version >= 8", true)]
    [InlineData("keep instance.db_version > 8", false)]
    [InlineData("keep instance.db_version = 8.0", true)]
    [InlineData("keep instance.db_version < 8.5", true)]
    [InlineData("keep instance.db_version <= 7.9", false)]
    [InlineData("keep instance.db_version : [5.6, 8]", true)]
    [InlineData("keep instance.db_version : [*, 5.7]", false)]
    [InlineData("keep instance.db_version: [8, *]", true)]
    [InlineData("keep instance.db_type > 1", false)]
    [InlineData("keep \"orders\"", true)]
    [InlineData("keep \"ord\"", false)]
    [InlineData("keep \"*der*\"", true)]
    [InlineData("keep tag.acs:rm:owner == \"a\\*b\"", true)]
    [InlineData("keep tag.acs:rm:owner == \"a\\?b\"", false)]
    [InlineData("keep tag.note == \"say \\\"hi\\\"\"", true)]
    [InlineData("keep tag.note ~= \"\\\"hi\\\"$\"", true)]
    [InlineData("keep region == \"cn-*\" # and a comment with \"quotes", true)]
    [InlineData("keep instance.id == \"rm-1\"\r\ndrop instance.name == \"other\"\r\naccept \"*\"", true)]
    public void Takes_follows_the_rules_from_top_to_bottom(string script, bool taken) =>
        Assert.Equal(taken, PolicyExpression.Parse(script).Takes(Database));

    [Theory]
    [InlineData("take region == \"x\"", 1, 1, "keep, drop or accept")]
    [InlineData("\nkeep region = \"x\"", 2, 15, "a number is expected")]
    [InlineData("keep region == cn", 1, 16, "double quotes")]
    [InlineData("keep region == \"cn", 1, 16, "closing double quote")]
    [InlineData("keep region ~= \"(\"", 1, 16, "regular expression")]
    [InlineData("keep region ~= \"(a)\\1\"", 1, 16, "look-around")]
    [InlineData("keep (region == \"x\"", 1, 20, "')' is expected")]
    [InlineData("keep region == \"x\" region == \"y\"", 1, 20, "join conditions")]
    [InlineData("keep", 1, 5, "a property")]
    [InlineData("keep region != \"x\"", 1, 13, "one of == ~=")]
    [InlineData("keep v : [1 2]", 1, 13, "',' is expected")]
    [InlineData("keep v ; 2", 1, 8, "has no meaning")]
    public void Parse_says_where_a_mistake_is(string script, int line, int column, string says)
    {
        Assert.Null(PolicyExpression.Parse(script, out var errors));

        var error = Assert.Single(errors);
        Assert.Equal((line, column), (error.Line, error.Column));
        Assert.Contains(says, error.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_reports_the_mistakes_of_all_lines_together()
    {
        PolicyExpression.Parse("one\nkeep \"*\"\ntwo\n", out var errors);

        Assert.Equal([1, 3], errors.Select(error => error.Line));
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("accept \"*\"", true)]
    [InlineData("keep \"*\"", true)]
    [InlineData("accept region == \"x\"", true)]
    [InlineData("keep region == \"*\"", false)]
    [InlineData("drop \"*\"", false)]
    public void TakesEverything_holds_only_where_nothing_can_be_rejected(string script, bool everything) =>
        Assert.Equal(everything, PolicyExpression.Parse(script).TakesEverything);

    [Fact]
    public void Parse_refuses_conditions_that_nest_without_end() =>
        Assert.Null(PolicyExpression.Parse("keep " + new string('(', 5000), out _));

    [Fact]
    public void Takes_needs_no_long_time_for_a_hostile_regex_or_wildcard()
    {
        var hostile = Database with { Tags = new Dictionary<string, string> { ["x"] = new string('a', 5000) + "!" } };

        Assert.False(PolicyExpression.Parse("keep tag.x ~= \"^(a+)+$\"").Takes(hostile));
        Assert.False(
            PolicyExpression.Parse($"keep tag.x == \"{string.Concat(Enumerable.Repeat("*a", 50))}\"").Takes(hostile)
        );
    }

    [Property]
    public void Parse_never_throws_whatever_the_text(string? script) =>
        Assert.Equal(PolicyExpression.Parse(script ?? "", out var errors) is null, errors.Count > 0);

    [Property]
    public Property Parse_never_throws_on_pieces_of_the_language() =>
        Prop.ForAll(
            Gen.Elements(
                    "keep",
                    "drop",
                    "accept",
                    "not",
                    "and",
                    "or",
                    "(",
                    ")",
                    "region",
                    "==",
                    "~=",
                    "\"a*\"",
                    "\"(\"",
                    ":",
                    "[",
                    "1",
                    ",",
                    "*",
                    "]",
                    "\n",
                    "!",
                    "<",
                    "#"
                )
                .ListOf()
                .ToArbitrary(),
            pieces => PolicyExpression.Parse(string.Join(' ', pieces), out var errors) is not null || errors.Count > 0
        );

    [Property]
    public void An_escaped_text_matches_exactly_itself(NonNull<string> text)
    {
        var pattern = string.Concat(
            text.Get.Select(letter => letter is '*' or '?' or '\\' ? $"\\{letter}" : $"{letter}")
        );

        Assert.True(new Wildcard(pattern).Matches(text.Get));
        Assert.False(new Wildcard(pattern).Matches(text.Get + "x"));
    }

    [Theory]
    [InlineData("a?c", "a漢c", true)]
    [InlineData("a?c", "a😀c", true)]
    [InlineData("a??c", "a😀c", false)]
    [InlineData("*?c", "漢c", true)]
    [InlineData("\\*?", "*é", true)]
    [InlineData("*é*", "caféx", true)]
    public void A_question_mark_is_one_character_in_both_encodings(string pattern, string text, bool matches)
    {
        Assert.Equal(matches, new Wildcard(pattern).Matches(text));
        Assert.Equal(matches, new Wildcard(pattern).Matches(Encoding.UTF8.GetBytes(text)));
    }

    [Property]
    public void Both_encodings_of_a_text_match_alike(byte[] pattern, byte[] text)
    {
        static string Of(byte[] letters) =>
            string.Concat(letters.Select(one => "ab*?\\é漢😀".EnumerateRunes().ElementAt(one % 8)));

        Assert.Equal(
            new Wildcard(Of(pattern)).Matches(Of(text)),
            new Wildcard(Of(pattern)).Matches(Encoding.UTF8.GetBytes(Of(text)))
        );
    }

    [Property]
    public void Not_turns_an_answer_round(bool keepsMysql)
    {
        var condition = $"instance.db_type == \"{(keepsMysql ? "mysql" : "pgsql")}\"";

        Assert.NotEqual(
            PolicyExpression.Parse($"keep {condition}").Takes(Database),
            PolicyExpression.Parse($"keep not ({condition})").Takes(Database)
        );
        Assert.Equal(
            PolicyExpression.Parse($"keep {condition}").Takes(Database),
            PolicyExpression.Parse($"drop !({condition})").Takes(Database)
        );
    }
}
