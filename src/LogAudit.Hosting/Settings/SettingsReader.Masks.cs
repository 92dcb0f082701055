using System.Text.RegularExpressions;

namespace LogAudit.Hosting;

/// <summary>The masking rules of a destination.</summary>
internal sealed partial class SettingsReader
{
    private static readonly string[] NeverMasked = ["@timestamp", "event.id"];

    private List<MaskSettings> Masks(SettingsMap destination)
    {
        var masks = new List<MaskSettings>();
        foreach (var (map, path) in destination.Maps("mask", "- fields: [user.name]"))
        {
            var part = Part(map, path, "fields", "pattern", "action", "with", "key");
            var action = part.OneOf("action", ["remove", "replace", "hash"], required: true);
            var fields = part.Texts(
                "fields",
                IsMaskable,
                "an ECS name, a field name or path of the log, or *.name; not a record's id and time",
                "user.name"
            );
            var pattern = Pattern(part);
            var (byName, byPattern) = (map.Find("fields") is not null, map.Find("pattern") is not null);
            if (byName == byPattern)
            {
                part.Refuse(
                    "fields",
                    part.Line,
                    byName ? "is given beside a pattern" : "is missing",
                    "either fields or a pattern",
                    "[user.name]"
                );
            }

            var with = part.Optional(
                "with",
                _ => action is "replace",
                "a text, where the action is replace",
                "[phone]"
            );
            masks.Add(
                new MaskSettings
                {
                    Fields = fields,
                    Pattern = pattern,
                    Action = action switch
                    {
                        "remove" => MaskAction.Remove,
                        "hash" => MaskAction.Hash,
                        _ => MaskAction.Replace,
                    },
                    With = with ?? "***",
                    Key = MaskKey(part, action is "hash"),
                    Line = part.Line,
                }
            );
        }

        return masks;
    }

    private static bool IsMaskable(string name) =>
        FieldName().IsMatch(name) && !NeverMasked.Contains(name, StringComparer.Ordinal);

    private static Regex? Pattern(SettingsMap part)
    {
        var problem = "";
        Regex? pattern = null;
        bool Allows(string text)
        {
            pattern = LinearPattern.Parse(text, out problem);
            return pattern?.IsMatch("") == false;
        }

        part.Optional(
            "pattern",
            Allows,
            "a regular expression without back references and look-around that does not match the empty text",
            "1[3-9][0-9]{9}"
        );
        return pattern;
    }

    // The value is not repeated: it may be the key itself.
    private static string MaskKey(SettingsMap part, bool isHash)
    {
        var key = "";
        bool Allows(string text)
        {
            key = text;
            return true;
        }

        part.Optional("key", Allows, "a reference", "env:PSEUDONYM_KEY");
        if (isHash ? !SecretReference().IsMatch(key) : key.Length > 0)
        {
            part.Refuse(
                "key",
                part.LineOf("key"),
                key.Length == 0 ? "is missing"
                    : isHash ? "holds the secret itself"
                    : "is given",
                isHash ? "env:NAME or file:PATH, naming where the key is" : "a key only where the action is hash",
                "env:PSEUDONYM_KEY"
            );
            return "";
        }

        return key;
    }

    [GeneratedRegex(@"^(\*\.)?[^\s*]+\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex FieldName();
}
