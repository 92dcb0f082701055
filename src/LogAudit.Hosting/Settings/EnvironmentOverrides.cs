using System.Globalization;

namespace LogAudit.Hosting;

/// <summary>Lays environment variables over the settings file: <c>LOGAUDIT__CENTRAL__REGION=cn-beijing</c>, <c>LOGAUDIT__DESTINATIONS__0__OPTIONS__ADDRESS=tls://…</c>.</summary>
/// <remarks>Keys are found without case, and <c>_</c> stands for <c>-</c> where the file writes that. A list of texts is given separated by commas.</remarks>
internal static class EnvironmentOverrides
{
    private const string Prefix = "LOGAUDIT__";

    // Keys whose spelling is not plain lower case, for those that the file does not have yet.
    private static readonly string[] Spellings = ["memberRole", "externalId"];

    /// <summary>The tree with the variables laid over it.</summary>
    public static YamlMap Apply(
        YamlMap root,
        IEnumerable<KeyValuePair<string, string>> environment,
        List<SettingsError> errors
    )
    {
        foreach (var (name, value) in environment.OrderBy(variable => variable.Key, StringComparer.Ordinal))
        {
            if (name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
            {
                var steps = name[Prefix.Length..].Split("__");
                if (!Set(root, steps, value))
                {
                    errors.Add(
                        new(
                            name,
                            0,
                            "does not lead to a setting",
                            "LOGAUDIT__ and the keys on the way, joined with __; list items by number from 0",
                            "LOGAUDIT__CENTRAL__REGION"
                        )
                    );
                }
            }
        }

        return root;
    }

    private static bool Set(YamlPart at, ReadOnlySpan<string> steps, string value)
    {
        var step = steps[0];
        var last = steps.Length == 1;
        switch (at)
        {
            case YamlMap map when step.Length > 0:
                var index = map.Entries.FindIndex(entry => Same(entry.Key, step));
                if (last)
                {
                    var entry = new YamlEntry(
                        index >= 0 ? map.Entries[index].Key : Spelled(step),
                        0,
                        new YamlText(value, Plain: false, Line: 0)
                    );
                    Put(map.Entries, index, entry);
                    return true;
                }

                if (index < 0 || map.Entries[index].Value is YamlText { IsNothing: true })
                {
                    Put(
                        map.Entries,
                        index,
                        new(index < 0 ? Spelled(step) : map.Entries[index].Key, 0, new YamlMap([], 0))
                    );
                    index = index < 0 ? map.Entries.Count - 1 : index;
                }

                return Set(map.Entries[index].Value, steps[1..], value);
            case YamlList list
                when int.TryParse(step, NumberStyles.None, CultureInfo.InvariantCulture, out var item)
                    && item < list.Items.Count:
                if (last)
                {
                    list.Items[item] = new YamlText(value, Plain: false, Line: 0);
                    return true;
                }

                return Set(list.Items[item], steps[1..], value);
            default:
                return false;
        }
    }

    private static void Put(List<YamlEntry> entries, int index, YamlEntry entry)
    {
        if (index >= 0)
        {
            entries[index] = entry;
        }
        else
        {
            entries.Add(entry);
        }
    }

    private static bool Same(string key, string step) =>
        string.Equals(key, step, StringComparison.OrdinalIgnoreCase)
        || string.Equals(key.Replace('-', '_'), step, StringComparison.OrdinalIgnoreCase);

    private static string Spelled(string step) =>
        Spellings.FirstOrDefault(spelling => spelling.Equals(step, StringComparison.OrdinalIgnoreCase))
#pragma warning disable CA1308 // Keys of the file are written in lower case.
        ?? step.ToLowerInvariant();
#pragma warning restore CA1308
}
