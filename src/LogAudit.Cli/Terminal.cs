namespace LogAudit.Cli;

/// <summary>Exit codes of every command.</summary>
internal static class ExitCodes
{
    /// <summary>Done; nothing left to do.</summary>
    public const int Done = 0;

    /// <summary>Failed; standard error says what, on what, and what to check.</summary>
    public const int Failed = 1;

    /// <summary>The command line or the settings file is wrong.</summary>
    public const int Usage = 2;

    /// <summary>The plan has changes, or there are findings.</summary>
    public const int Changes = 3;
}

/// <summary>Results go to standard output, progress and errors to standard error, so that output can be piped.</summary>
internal sealed class Terminal(TextReader input, TextWriter output, TextWriter progress)
{
    public TextWriter Output => output;

    public TextWriter Progress => progress;

    /// <summary>Writes a line of the result.</summary>
    public void Write(string line) => output.WriteLine(line);

    /// <summary>Tells how far long work is.</summary>
    public void Tell(string line) => progress.WriteLine(line);

    /// <summary>Asks a question on the terminal. Without a person at the other end the answer is no.</summary>
    public bool Asks(string question)
    {
        progress.Write($"{question} [y/N] ");
        return input.ReadLine()?.Trim() is "y" or "Y" or "yes";
    }

    /// <summary>Tells what went wrong.</summary>
    public void Error(string line) => progress.WriteLine($"logaudit: {line}");
}
