using LogAudit.Testing;

namespace LogAudit.Products.Tests;

/// <summary>What handlers really call, against what their data declares and against the official metadata.</summary>
public sealed class CallSweeps
{
    private static readonly ProductCatalogue Catalogue = new();

    public static TheoryData<string> Products { get; } = [.. ProductCatalogue.Codes];

    [Theory]
    [MemberData(nameof(Products))]
    public async Task Ram_actions_are_exactly_those_of_the_calls_made(string code)
    {
        // What is read by API is called by Poll, as the data says; its tests make the calls.
        var polled = Catalogue.Find(code)!.LogKinds.Select(kind => kind.Poll).OfType<PollSpec>();
        var made = (await Drills.RunAsync(code))
            .Select(Drills.NameOf)
            .Concat(polled.Select(poll => $"{poll.Api}:{poll.Action}"));
        var declared = Catalogue.Find(code)!.RamActions.Select(action => action.Call);

        Assert.Equal(Sorted(declared), Sorted(made));
    }

    [Theory]
    [MemberData(nameof(Products))]
    public async Task Second_run_plans_nothing_and_undo_brings_every_state_back(string code) =>
        // The drill asserts it on its way.
        Assert.NotEmpty(await Drills.RunAsync(code));

    [PeerTheory("reference")]
    [Trait("check", "openapi-meta")]
    [MemberData(nameof(Products))]
    public async Task Calls_are_known_to_the_official_metadata(string code)
    {
        var meta = OpenApiMeta.OfReference();

        var problems = (await Drills.RunAsync(code)).Where(call => call.Action.Length > 0).SelectMany(meta.Problems);

        Assert.Empty(problems.Distinct());
    }

    [PeerFact("reference")]
    [Trait("check", "openapi-meta")]
    public async Task AssumeRole_is_known_to_the_official_metadata()
    {
        var meta = OpenApiMeta.OfReference();

        Assert.Empty((await Drills.AssumeRoleAsync()).SelectMany(meta.Problems).Distinct());
    }

    private static IEnumerable<string> Sorted(IEnumerable<string> calls) =>
        calls
            .Distinct(StringComparer.OrdinalIgnoreCase)
            .Select(call => call.ToLowerInvariant())
            .Order(StringComparer.Ordinal);
}
