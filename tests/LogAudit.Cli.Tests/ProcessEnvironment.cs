namespace LogAudit.Cli.Tests;

/// <summary>Tests that set environment variables: one after another, since the environment belongs to the process.</summary>
[CollectionDefinition(Name)]
public sealed class ProcessEnvironmentTests
{
    public const string Name = "process environment";
}

/// <summary>Environment variables that are put back at the end.</summary>
internal sealed class ProcessEnvironment : IDisposable
{
    private readonly List<(string Name, string? Before)> changed = [];

    public ProcessEnvironment(params (string Name, string? Value)[] variables)
    {
        foreach (var (name, value) in variables)
        {
            changed.Add((name, Environment.GetEnvironmentVariable(name)));
            Environment.SetEnvironmentVariable(name, value);
        }
    }

    public void Dispose()
    {
        foreach (var (name, before) in changed)
        {
            Environment.SetEnvironmentVariable(name, before);
        }
    }
}
