using LogAudit.OpenApi;
using LogAudit.Products;
using LogAudit.Testing;

namespace LogAudit.Collection.Tests.Polling;

/// <summary>The calls that the data files describe, against the official metadata.</summary>
public sealed class PollCallTests
{
    private static readonly ProductCatalogue Catalogue = new();

    public static TheoryData<string> Polled =>
        [.. Catalogue.LogKinds.Where(kind => kind.Poll is not null).Select(kind => $"{kind.Product} {kind.Name}")];

    [PeerTheory("reference")]
    [Trait("check", "openapi-meta")]
    [MemberData(nameof(Polled))]
    public void A_polled_call_is_known_to_the_official_metadata(string log)
    {
        var kind = Catalogue.LogKinds.Single(one => $"{one.Product} {one.Name}" == log);
        var resource = new ResourceRef
        {
            Product = kind.Product,
            Account = new AccountId("1000000000000001"),
            Region = new RegionId("cn-hangzhou"),
            Id = "id-1",
        };
        var span = PollSpan.Next(kind.Poll!.Window, until: null, DateTimeOffset.UnixEpoch.AddYears(56))!;

        var call = PollPages.CallOf(new PollTarget(kind, resource), span, kind.Poll.Metrics?.Keys[0], page: 1);

        Assert.Empty(OpenApiMeta.OfReference().Problems(Sent(call)));
    }

    private static SeenRequest Sent(ApiCall call) =>
        new(
            call.Method,
            $"{call.Product.Code.ToLowerInvariant()}.aliyuncs.com",
            call.Path,
            call.Action,
            call.Product.Version,
            call.Parameters.Concat(call.Form).ToDictionary(pair => pair.Key, pair => pair.Value),
            new Dictionary<string, string>(),
            []
        )
        {
            InForm = call.Form.Select(pair => pair.Key).ToHashSet(),
        };
}
