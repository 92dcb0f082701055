namespace LogAudit.Cli.Tests;

/// <summary>What a command left: its exit code, its result and what it told on the way.</summary>
internal sealed record Ended(int Code, string Output, string Progress);

/// <summary>Runs the command in this process, as a shell would.</summary>
internal static class CommandLine
{
    public static Task<Ended> RunAsync(params string[] arguments) => AnswerAsync("", arguments);

    /// <summary>With a person who types an answer.</summary>
    public static async Task<Ended> AnswerAsync(string typed, params string[] arguments)
    {
        using var output = new StringWriter();
        using var progress = new StringWriter();
        using var input = new StringReader(typed);
        var code = await Program.RunAsync(
            arguments,
            new Terminal(input, output, TextWriter.Synchronized(progress)),
            CancellationToken.None
        );
        return new(code, output.ToString(), progress.ToString());
    }
}
