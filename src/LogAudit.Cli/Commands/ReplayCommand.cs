using System.CommandLine;
using System.Globalization;
using LogAudit.Forwarding;
using Microsoft.Extensions.DependencyInjection;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace LogAudit.Cli.Commands;

/// <summary><c>logaudit replay</c>: sends the dead letters again, and says of each whether its source or its masked copy was sent.</summary>
internal static class ReplayCommand
{
    private const int TellEvery = 500;

    public static Command Create(Terminal terminal)
    {
        var settings = CommonOptions.Settings();
        var output = CommonOptions.Output();
        var destinations = CommonOptions.Destinations();
        var command = new Command(
            "replay",
            "Sends dead letters again: read from their source as it is mapped, filtered and masked now, or the masked copy where the source has expired. Exit code 3 when letters stay."
        )
        {
            settings,
            output,
            destinations,
        };
        command.SetWork(
            terminal,
            async (parsed, cancel) =>
            {
                await using var services = Composition.Services(
                    Composition.ReadSettings(parsed.GetValue(settings)!),
                    terminal
                );
                var names = parsed.GetValue(destinations)!;
                if (CommonOptions.Chosen(services, names, terminal) is not { } chosen)
                {
                    return ExitCodes.Usage;
                }

                var json = parsed.GetValue(output) is "json";
                var rows = new JArray();
                var ends = new int[Enum.GetValues<ReplayEnd>().Length];
                var stay = false;
                terminal.Tell("reading the dead letters …");
                await foreach (var letter in services.GetRequiredService<Replay>().RunAsync(chosen, names, cancel))
                {
                    ends[(int)letter.End]++;
                    stay |= !letter.IsSettled;
                    if (json)
                    {
                        rows.Add(Json(letter));
                    }
                    else
                    {
                        terminal.Write(Line(letter));
                    }

                    if (ends.Sum() % TellEvery == 0)
                    {
                        terminal.Tell($"{ends.Sum()} letters so far");
                    }
                }

                if (json)
                {
                    terminal.Write(
                        new JObject { ["letters"] = rows, ["counts"] = Counts(ends) }.ToString(Formatting.None)
                    );
                }

                terminal.Tell(Totals(ends));
                return stay ? ExitCodes.Changes : ExitCodes.Done;
            }
        );
        return command;
    }

    private static string Line(ReplayedLetter letter) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{letter.Key.Reader} {letter.Key.Group}#{letter.Key.Index} {(letter.Id.Length == 0 ? "(no id)" : letter.Id)}: {Word(letter.End)}{(letter.Why.Length == 0 ? "" : $": {letter.Why}")}"
        );

    private static string Word(ReplayEnd end) =>
        end switch
        {
            ReplayEnd.Source => "sent from its source",
            ReplayEnd.Copy => "source expired, masked copy sent",
            ReplayEnd.Filtered => "left out by the filter",
            ReplayEnd.Refused => "refused again",
            ReplayEnd.Pending => "not taken",
            ReplayEnd.Unreadable => "still cannot be read",
            ReplayEnd.Lost => "cannot be sent",
            _ => "kept",
        };

    private static string Totals(int[] ends) =>
        ends.Sum() == 0
            ? "there are no dead letters to send"
            : string.Join(
                ", ",
                Enum.GetValues<ReplayEnd>()
                    .Where(end => ends[(int)end] > 0)
                    .Select(end => $"{ends[(int)end]} {Word(end)}")
            );

    private static JObject Counts(int[] ends) =>
        new(Enum.GetValues<ReplayEnd>().Select(end => new JProperty(Name(end), ends[(int)end])));

    private static JObject Json(ReplayedLetter letter) =>
        new()
        {
            ["destination"] = letter.Key.Reader.Destination,
            ["shard"] = letter.Key.Reader.Shard.ToString(),
            ["cursor"] = letter.Key.Group.Value,
            ["index"] = letter.Key.Index,
            ["id"] = letter.Id,
            ["end"] = Name(letter.End),
            ["why"] = letter.Why,
        };

    private static string Name(ReplayEnd end) => char.ToLowerInvariant($"{end}"[0]) + $"{end}"[1..];
}
