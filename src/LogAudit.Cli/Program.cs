using System.CommandLine;
using System.Runtime.InteropServices;
using LogAudit.Cli.Commands;

namespace LogAudit.Cli;

/// <summary>The <c>logaudit</c> command.</summary>
internal static class Program
{
    public static async Task<int> Main(string[] arguments)
    {
        using var interrupt = new CancellationTokenSource();
        using var first = PosixSignalRegistration.Create(PosixSignal.SIGINT, Interrupt);
        using var second = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Interrupt);
        return await RunAsync(arguments, new Terminal(Console.In, Console.Out, Console.Error), interrupt.Token);

        // The first signal lets the work end in order; the next one ends the process as usual.
        void Interrupt(PosixSignalContext signal)
        {
            signal.Cancel = !interrupt.IsCancellationRequested;
            interrupt.Cancel();
        }
    }

    /// <summary>Runs one command line.</summary>
    /// <param name="arguments">The words after the command's name.</param>
    /// <param name="terminal">Where results, progress and errors go.</param>
    /// <param name="cancel">Interrupts it, as Ctrl+C does.</param>
    /// <returns>0 done, 1 failed, 2 usage, 3 the plan has changes or findings.</returns>
    public static async Task<int> RunAsync(string[] arguments, Terminal terminal, CancellationToken cancel)
    {
        var root = new RootCommand(
            "LogAudit: turns audit logging on across an Alibaba Cloud estate, gathers the logs, keeps it so, and feeds a SOC."
        )
        {
            BootstrapCommand.Create(terminal),
            PlanCommand.Create(terminal),
            ApplyCommand.Create(terminal),
            StatusCommand.Create(terminal),
            ForwardCommand.Create(terminal),
            ReplayCommand.Create(terminal),
            BackfillCommand.Create(terminal),
            UndoCommand.Create(terminal),
            RenderCommand.Create(terminal),
            RolesCommand.Create(terminal),
            ProductsCommand.Create(terminal),
            ExplainCommand.Create(terminal),
            SchemaCommand.Create(terminal),
            DashboardsCommand.Create(terminal),
            LocalCommand.Create(terminal),
            DemoCommand.Create(terminal),
        };
        var parsed = root.Parse(arguments);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors)
            {
                terminal.Error(error.Message);
            }

            terminal.Error(
                $"see logaudit {string.Join(' ', parsed.CommandResult.Command == root ? [] : new[] { parsed.CommandResult.Command.Name })} --help"
            );
            return ExitCodes.Usage;
        }

        return await parsed.InvokeAsync(
            new InvocationConfiguration
            {
                Output = terminal.Output,
                Error = terminal.Progress,
                EnableDefaultExceptionHandler = false,
                // Signals are taken by Main.
                ProcessTerminationTimeout = null,
            },
            cancel
        );
    }
}
