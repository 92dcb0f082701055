using System.Web;
using Newtonsoft.Json.Linq;

namespace LogAudit.OpenApi.Tests;

public sealed class PagingTests
{
    private readonly World world = new();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(50)]
    [InlineData(101)]
    public async Task RowsAsync_by_page_number_gives_every_row_once(int total)
    {
        world.Service.AnswersAlways(request =>
        {
            var query = HttpUtility.ParseQueryString(request.RequestUri!.Query);
            var (number, size) = (Int(query["PageNumber"]), Int(query["PageSize"]));
            // Numbers as texts, as VPC writes them.
            return (
                200,
                Page(Enumerable.Range(0, total).Skip((number - 1) * size).Take(size), ("TotalCount", $"{total}"))
            );
        });

        Assert.Equal(Enumerable.Range(0, total), await Read(Paging.ByPageNumber("Rows.Row", 50)));
    }

    [Fact]
    public async Task RowsAsync_by_page_number_goes_on_after_a_short_page_while_the_total_is_not_reached()
    {
        world
            .Service.Answers(200, Page([0, 1, 2], ("TotalCount", "5")))
            .Answers(200, Page([3, 4], ("TotalCount", "5")));

        Assert.Equal([0, 1, 2, 3, 4], await Read(Paging.ByPageNumber("Rows.Row", 50)));
    }

    [Fact]
    public async Task RowsAsync_by_page_number_without_a_total_ends_with_a_short_page()
    {
        world.Service.Answers(200, Page([0, 1])).Answers(200, Page([2]));

        Assert.Equal([0, 1, 2], await Read(Paging.ByPageNumber("Rows.Row", 2)));
    }

    [Fact]
    public async Task RowsAsync_by_token_follows_the_tokens()
    {
        world
            .Service.Answers(200, Page([0, 1], ("NextToken", "t1")))
            .Answers(200, Page([], ("NextToken", "t2")))
            .Answers(200, Page([2], ("NextToken", "")));

        Assert.Equal([0, 1, 2], await Read(Paging.ByToken("Rows.Row")));
        Assert.Equal(
            ["?MaxResults=100", "?MaxResults=100&NextToken=t1", "?MaxResults=100&NextToken=t2"],
            world.Service.Requests.Select(asked => asked.Uri.Query)
        );
    }

    [Fact]
    public async Task RowsAsync_by_marker_follows_the_markers_while_truncated()
    {
        world
            .Service.Answers(200, Page([0], ("Marker", "m1"), ("IsTruncated", "true")))
            .Answers(200, Page([1], ("Marker", "m2"), ("IsTruncated", "false")));

        Assert.Equal([0, 1], await Read(Paging.ByMarker("Rows.Row")));
    }

    [Fact]
    public async Task RowsAsync_refuses_a_token_that_repeats()
    {
        world.Service.AnswersAlways(_ => (200, Page([0], ("NextToken", "same"))));

        var failure = await Assert.ThrowsAsync<OpenApiException>(() => Read(Paging.ByToken("Rows.Row")));

        Assert.Contains("repeats a page token", failure.Message, StringComparison.Ordinal);
        Assert.Equal(2, world.Service.Requests.Count);
    }

    [Theory]
    [InlineData("""{"TotalCount":0}""")]
    [InlineData("""{"Rows":{}}""")]
    [InlineData("""{"Rows":{"Row":null}}""")]
    [InlineData("""{"Rows":{"Row":{}}}""")]
    [InlineData("""{"Rows":{"Row":["text"]}}""")]
    public async Task RowsAsync_never_takes_an_unreadable_answer_for_an_empty_list(string body)
    {
        world.Service.Answers(200, body);

        var failure = await Assert.ThrowsAsync<OpenApiException>(() => Read(Paging.ByPageNumber("Rows.Row")));

        Assert.Equal(ClientErrorCodes.UnreadableAnswer, failure.Code);
    }

    [Fact]
    public async Task RowsAsync_gives_up_on_a_service_that_pages_in_circles()
    {
        world.Options = world.Options with { MaxPages = 3 };
        world.Service.AnswersAlways(_ => (200, Page([0], ("TotalCount", "100"))));

        await Assert.ThrowsAsync<OpenApiException>(() => Read(Paging.ByPageNumber("Rows.Row", 1)));

        Assert.Equal(3, world.Service.Requests.Count);
    }

    private async Task<List<int>> Read(Paging paging)
    {
        var rows = new List<int>();
        await foreach (var row in world.Client().RowsAsync(World.Describe(), paging, default))
        {
            rows.Add(row.Value<int>("Id"));
        }

        return rows;
    }

    private static string Page(IEnumerable<int> ids, params (string Name, string Value)[] more)
    {
        var page = new JObject
        {
            ["Rows"] = new JObject { ["Row"] = new JArray(ids.Select(id => new JObject { ["Id"] = id })) },
        };
        foreach (var (name, value) in more)
        {
            page[name] = value;
        }

        return page.ToString();
    }

    private static int Int(string? text) => int.Parse(text!, System.Globalization.CultureInfo.InvariantCulture);
}
