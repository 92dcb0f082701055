using LogAudit.Fuzz;

namespace LogAudit.Sls.Tests.Reading;

public sealed class FuzzTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Mutated_bodies_are_taken_or_refused_and_nothing_else(int seed)
    {
        var fuzzer = new PullFuzzer(seed);

        fuzzer.Run(inputs: 3000);

        Assert.Null(fuzzer.Finding);
        Assert.True(fuzzer.Taken > 200, "Too few inputs were taken for the readers to have been reached.");
        Assert.True(fuzzer.Refused > 200, "Too few inputs were refused.");
    }
}
