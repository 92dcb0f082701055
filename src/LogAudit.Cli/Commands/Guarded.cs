using System.CommandLine;
using LogAudit.LocalCloud.Scenario;
using LogAudit.OpenApi;
using LogAudit.Sls;

namespace LogAudit.Cli.Commands;

/// <summary>Runs the work of a command and turns what went wrong into a message and an exit code.</summary>
internal static class Guarded
{
    public static void SetWork(
        this Command command,
        Terminal terminal,
        Func<ParseResult, CancellationToken, Task<int>> work
    ) =>
        command.SetAction(
            async (parsed, cancel) =>
            {
                try
                {
                    return await work(parsed, cancel);
                }
                catch (SettingsException error)
                {
                    terminal.Error(error.Message);
                    return ExitCodes.Usage;
                }
                catch (ScenarioException error)
                {
                    terminal.Error(error.Message);
                    return ExitCodes.Usage;
                }
                catch (OperationCanceledException) when (cancel.IsCancellationRequested)
                {
                    terminal.Error(
                        "interrupted; what was written is in the journal, and a further run goes on from there."
                    );
                    return ExitCodes.Failed;
                }
                catch (Exception error)
                    when (error
                            is OpenApiException
                                or SlsException
                                or SlsDataException
                                or InvalidOperationException
                                or IOException
                                or FormatException
                                or UnauthorizedAccessException
                    )
                {
                    terminal.Error(error.Message);
                    return ExitCodes.Failed;
                }
            }
        );
}
