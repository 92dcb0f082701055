using System.Globalization;

namespace LogAudit.Forwarding;

/// <summary>Reads the options of one destination, remembers every mistake, and finds the keys that nobody asked for.</summary>
/// <param name="destination">The destination.</param>
/// <param name="key">Where it stands in the settings, for example <c>destinations[0]</c>.</param>
/// <param name="secrets">Resolves secret references.</param>
public sealed class OptionReader(DestinationSettings destination, string key, SecretReferences secrets)
{
    private readonly HashSet<string> asked = new(StringComparer.Ordinal);
    private readonly List<SettingsError> errors = [];

    /// <summary>Every mistake so far.</summary>
    public IReadOnlyList<SettingsError> Errors => errors;

    /// <summary>Services of the own cloud.</summary>
    internal CloudServices Cloud => secrets.Cloud;

    /// <summary>Whether a secret was asked for that KMS keeps and nobody has read yet.</summary>
    public bool HasUnread { get; private set; }

    /// <summary>Name of the destination.</summary>
    public string Destination => destination.Name;

    /// <summary>A text.</summary>
    /// <param name="name">Option.</param>
    /// <param name="otherwise">Value when absent.</param>
    /// <param name="allows">Whether a given text is allowed.</param>
    /// <param name="allowed">What is allowed, for the message.</param>
    /// <param name="example">A correct value.</param>
    public string Text(string name, string otherwise, Func<string, bool> allows, string allowed, string example)
    {
        if (!TryGet(name, out var text))
        {
            return otherwise;
        }

        if (!allows(text))
        {
            Refuse(name, $"'{text}' is not allowed", allowed, example);
            return otherwise;
        }

        return text;
    }

    /// <summary>One of two words; true for the second.</summary>
    /// <param name="name">Option.</param>
    /// <param name="usual">The word when absent.</param>
    /// <param name="other">The other word.</param>
    public bool Choice(string name, string usual, string other) =>
        string.Equals(
            Text(
                name,
                usual,
                text =>
                    string.Equals(text, usual, StringComparison.Ordinal)
                    || string.Equals(text, other, StringComparison.Ordinal),
                $"{usual} or {other}",
                usual
            ),
            other,
            StringComparison.Ordinal
        );

    /// <summary>Notes options that were given and do nothing beside another choice.</summary>
    /// <param name="beside">The choice, for the message.</param>
    /// <param name="names">Options.</param>
    public void RefuseIdle(string beside, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (TryGet(name, out _))
            {
                Refuse(name, $"has no effect {beside}", "nothing: leave it out, or choose otherwise there", "(absent)");
            }
        }
    }

    /// <summary>A text that must be there; empty where it is not, and the mistake is noted.</summary>
    /// <inheritdoc cref="Text"/>
    public string Required(string name, Func<string, bool> allows, string allowed, string example)
    {
        if (!TryGet(name, out _))
        {
            Refuse(name, "is missing", allowed, example);
            return "";
        }

        return Text(name, "", allows, allowed, example);
    }

    /// <summary>A whole number.</summary>
    public long Whole(string name, long otherwise, long least, long most)
    {
        if (!TryGet(name, out var text))
        {
            return otherwise;
        }

        if (
            long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            && value >= least
            && value <= most
        )
        {
            return value;
        }

        Refuse(
            name,
            $"'{text}' is not allowed",
            string.Create(CultureInfo.InvariantCulture, $"a whole number from {least} to {most}"),
            otherwise.ToString(CultureInfo.InvariantCulture)
        );
        return otherwise;
    }

    /// <summary>An address; required.</summary>
    /// <param name="name">Option.</param>
    /// <param name="allows">Whether a given address is allowed.</param>
    /// <param name="allowed">What is allowed, for the message.</param>
    /// <param name="example">A correct value.</param>
    public Uri? Address(string name, Func<Uri, bool> allows, string allowed, string example)
    {
        if (!TryGet(name, out var text))
        {
            Refuse(name, "is missing", allowed, example);
            return null;
        }

        if (Uri.TryCreate(text, UriKind.Absolute, out var address) && allows(address))
        {
            return address;
        }

        Refuse(name, $"'{text}' is not allowed", allowed, example);
        return null;
    }

    /// <summary>An address.</summary>
    /// <param name="name">Option.</param>
    /// <param name="otherwise">Value when absent; the example of the message.</param>
    /// <param name="allows">Whether a given address is allowed.</param>
    /// <param name="allowed">What is allowed, for the message.</param>
    public Uri Address(string name, Uri otherwise, Func<Uri, bool> allows, string allowed) =>
        TryGet(name, out _) ? Address(name, allows, allowed, otherwise.AbsoluteUri) ?? otherwise : otherwise;

    /// <summary>A path of a file that exists; null when absent.</summary>
    public string? File(string name)
    {
        if (!TryGet(name, out var path))
        {
            return null;
        }

        if (System.IO.File.Exists(path))
        {
            return path;
        }

        Refuse(name, $"'{path}' does not exist", "the path of a readable file", "/code/soc-ca.pem");
        return null;
    }

    /// <summary>A secret, named and not written: <c>env:SOC_SECRET</c>, <c>file:/run/soc.secret</c> or <c>kms:soc/secret</c>; null when absent.</summary>
    public Secret? Secret(string name)
    {
        if (!TryGet(name, out var reference))
        {
            return null;
        }

        if (secrets.TryResolve(reference, out var secret, out var problem))
        {
            HasUnread |= ReferenceEquals(secret, SecretReferences.Unread);
            return secret;
        }

        // The value is not repeated: somebody may have written the secret itself.
        RefuseSecret(name, problem);
        return null;
    }

    /// <summary>A secret that must be there; an empty one where it is not, and the mistake is noted.</summary>
    public Secret RequiredSecret(string name)
    {
        var before = errors.Count;
        if (Secret(name) is { } secret)
        {
            return secret;
        }

        if (errors.Count == before)
        {
            RefuseSecret(name, "is missing");
        }

        return new Secret("");
    }

    /// <summary>The key of a masking rule that hashes. A short one could be guessed, and with it every pseudonym.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="number">Its position.</param>
    internal Secret? MaskKey(MaskSettings rule, int number)
    {
        const int LeastCharacters = 16;
        if (!secrets.TryResolve(rule.Key, out var secret, out var problem))
        {
            secret = null;
        }
        else if (secret.Reveal().Length < LeastCharacters)
        {
            (secret, problem) = (null, "is too short");
        }

        if (secret is null)
        {
            errors.Add(
                new SettingsError(
                    $"{key}.mask[{number.ToString(CultureInfo.InvariantCulture)}].key",
                    rule.Line,
                    problem,
                    $"env:NAME or file:PATH, naming where a key of at least {LeastCharacters} characters is",
                    "env:PSEUDONYM_KEY"
                )
            );
        }

        return secret;
    }

    /// <summary>Notes a mistake.</summary>
    public void Refuse(string name, string problem, string allowed, string example) =>
        errors.Add(new SettingsError($"{key}.options.{name}", destination.Line, problem, allowed, example));

    /// <summary>Notes every key that was given and that neither sink nor format knows.</summary>
    public void RefuseUnknown()
    {
        foreach (var name in destination.Options.Keys.Where(name => !asked.Contains(name)))
        {
            Refuse(
                name,
                $"is not an option of sink '{destination.Sink}' or format '{destination.Format}'",
                string.Join(", ", asked.Order(StringComparer.Ordinal)),
                asked.Order(StringComparer.Ordinal).FirstOrDefault() ?? ""
            );
        }
    }

    private void RefuseSecret(string name, string problem) =>
        Refuse(
            name,
            problem,
            "env:NAME, file:PATH or kms:NAME, naming where the secret is",
            $"env:{name.ToUpperInvariant().Replace('-', '_')}"
        );

    private bool TryGet(string name, out string value)
    {
        asked.Add(name);
        value = destination.Options.TryGetValue(name, out var given) ? given : "";
        return value.Length > 0;
    }
}
