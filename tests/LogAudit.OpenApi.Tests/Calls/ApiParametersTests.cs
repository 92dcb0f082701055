using Newtonsoft.Json.Linq;

namespace LogAudit.OpenApi.Tests.Calls;

public sealed class ApiParametersTests
{
    [Fact]
    public void Flatten_numbers_lists_from_one_and_joins_members_with_dots()
    {
        var from = JObject.Parse(
            """{"Tag":[{"Key":"a","Value":"b"}],"InstanceId":["i-1","i-2"],"Filter":{"Value":[1,2]},"Dry":true,"None":null}"""
        );

        Assert.Equal(
            [
                "Tag.1.Key=a",
                "Tag.1.Value=b",
                "InstanceId.1=i-1",
                "InstanceId.2=i-2",
                "Filter.Value.1=1",
                "Filter.Value.2=2",
                "Dry=true",
            ],
            ApiParameters.Flatten(from).Select(pair => $"{pair.Key}={pair.Value}")
        );
    }

    [Fact]
    public void With_leaves_nulls_out_and_replaces_what_is_there()
    {
        var parameters = ApiParameters
            .Of(("A", "1"), ("B", null))
            .With("A", "2")
            .With("C", (string?)null)
            .With("D", false)
            .WithList("E", ["x"])
            .WithJson("F", new JArray("i-1"));

        Assert.Equal(["A=2", "D=false", "E.1=x", "F=[\"i-1\"]"], parameters.Select(pair => $"{pair.Key}={pair.Value}"));
    }
}
