namespace LogAudit.Forwarding;

/// <summary>A place where records go, ready to use.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Sink">Carries.</param>
/// <param name="Format">Shapes.</param>
/// <param name="Products">Products whose records are wanted; empty means all.</param>
public sealed record Destination(string Name, ISink Sink, IFormat Format, IReadOnlyList<string> Products)
{
    /// <summary>Which of their records are wanted.</summary>
    public RecordFilter Filter { get; init; } = new(PolicyExpression.Everything);

    /// <summary>What it must not see of them.</summary>
    public RecordMask Mask { get; init; } = RecordMask.None;

    /// <summary>How much it gets at a time.</summary>
    public DestinationLimits Limits { get; init; } = DestinationLimits.None;

    /// <summary>Keeps its rate.</summary>
    internal Pace Pace { get; init; } = new(DestinationLimits.None, TimeProvider.System);

    /// <summary>Name of its consumer group on a Logstore.</summary>
    public string GroupOn(LogstoreName logstore) => $"logaudit-{Name}-{logstore}";

    /// <summary>Whether a Logstore may hold records that are wanted.</summary>
    internal bool Reads(LogstoreMappings logstore) => logstore.Products.Count == 0 || logstore.Products.Any(Wants);

    /// <summary>Whether records of a product are wanted.</summary>
    public bool Wants(string product) => Products.Count == 0 || Products.Contains(product, StringComparer.Ordinal);
}

/// <summary>Makes destinations from settings, and finds every mistake in them at once.</summary>
public static class Destinations
{
    /// <summary>Checks without making anything; empty when all is well.</summary>
    public static IReadOnlyList<SettingsError> Check(
        IReadOnlyList<DestinationSettings> settings,
        SecretReferences secrets,
        TimeProvider time
    )
    {
        var errors = new List<SettingsError>();
        foreach (var destination in Make(settings, secrets, time, errors))
        {
            destination.Sink.Dispose();
        }

        return errors;
    }

    /// <summary>Makes them.</summary>
    /// <param name="settings">The section <c>destinations</c>.</param>
    /// <param name="file">Name of the file, for the message.</param>
    /// <param name="secrets">Resolves secret references.</param>
    /// <param name="time">The clock of the sinks.</param>
    /// <exception cref="SettingsException">With every mistake of every destination.</exception>
    public static IReadOnlyList<Destination> Make(
        IReadOnlyList<DestinationSettings> settings,
        string file,
        SecretReferences secrets,
        TimeProvider time
    )
    {
        var errors = new List<SettingsError>();
        var made = Make(settings, secrets, time, errors);
        return errors.Count == 0 ? made : throw new SettingsException(file, errors);
    }

    private static List<Destination> Make(
        IReadOnlyList<DestinationSettings> settings,
        SecretReferences secrets,
        TimeProvider time,
        List<SettingsError> errors
    )
    {
        var made = new List<Destination>();
        for (var index = 0; index < settings.Count; index++)
        {
            var (destination, key) = (settings[index], $"destinations[{index}]");
            if (CheckNames(destination, settings.Take(index), key) is { Count: > 0 } mistakes)
            {
                errors.AddRange(mistakes);
                continue;
            }

            var options = new OptionReader(destination, key, secrets);
            var format = FormatCatalogue.Make(destination.Format, options);
            if (options.HasUnread)
            {
                options.Refuse(
                    "format",
                    "has a secret that KMS keeps, and records are written before anything is sent",
                    "env:NAME or file:PATH for secrets of a format",
                    "env:SOC_KEY"
                );
            }

            var sink = SinkCatalogue.Make(destination.Sink, options, time);
            if (sink is not null && options.HasUnread)
            {
                sink = WithSecrets(sink, destination, key, secrets, time);
            }

            var mask = RecordMask.Make(destination.Mask, options);
            var limits = DestinationLimits.Read(options);
            options.RefuseUnknown();
            errors.AddRange(options.Errors);
            if (sink is not null && options.Errors.Count == 0 && CheckLoss(destination, sink, key) is { } mistake)
            {
                errors.Add(mistake);
            }

            if (sink is not null && format is not null)
            {
                made.Add(
                    new Destination(destination.Name, sink, format, destination.Products)
                    {
                        Filter = new RecordFilter(destination.Filter),
                        Mask = mask,
                        Limits = limits,
                        Pace = new Pace(limits, time),
                    }
                );
            }
        }

        return made;
    }

    private static LateSink WithSecrets(
        ISink sketch,
        DestinationSettings destination,
        string key,
        SecretReferences secrets,
        TimeProvider time
    )
    {
        return new LateSink(sketch, ReadAsync, Make, time);

        async Task<IReadOnlyDictionary<string, Secret>> ReadAsync(CancellationToken cancel)
        {
            var store = secrets.Cloud.Secrets ?? throw new InvalidOperationException("there is no client of KMS here.");
            var read = new Dictionary<string, Secret>(StringComparer.Ordinal);
            foreach (var name in SecretReferences.KmsNames(destination))
            {
                read[name] = await store.ReadAsync(name, cancel);
            }

            return read;
        }

        ISink Make(IReadOnlyDictionary<string, Secret> read)
        {
            var options = new OptionReader(destination, key, secrets.Knowing(read));
            var sink = SinkCatalogue.Make(destination.Sink, options, time)!;
            if (options.Errors.Count == 0)
            {
                return sink;
            }

            sink.Dispose();
            throw new SettingsException("logaudit.yaml", options.Errors);
        }
    }

    // The settings say what can happen: a transport that may lose records is chosen knowingly, and no other is called so.
    private static SettingsError? CheckLoss(DestinationSettings destination, ISink sink, string key) =>
        (sink.Acknowledges, destination.Lossy) switch
        {
            (false, false) => new(
                $"{key}.lossy",
                destination.Line,
                $"is not true, and sink '{sink.Name}' with these options gets no acknowledgement: records can be lost on the way unseen",
                "true, to accept that, or a sink or option that acknowledges",
                "true"
            ),
            (true, true) => new(
                $"{key}.lossy",
                destination.Line,
                $"is true, but sink '{sink.Name}' with these options is acknowledged: every record counts as delivered only when it is",
                "false, or leave it out",
                "false"
            ),
            _ => null,
        };

    private static List<SettingsError> CheckNames(
        DestinationSettings destination,
        IEnumerable<DestinationSettings> before,
        string key
    )
    {
        var errors = new List<SettingsError>();
        void Refuse(string name, string problem, string allowed, string example) =>
            errors.Add(new SettingsError($"{key}.{name}", destination.Line, problem, allowed, example));

        if (
            destination.Name.Length is < 1 or > 24
            || !destination.Name.All(one => char.IsAsciiLetterLower(one) || char.IsAsciiDigit(one) || one == '-')
        )
        {
            Refuse("name", $"'{destination.Name}' is not allowed", "1 to 24 of a-z, 0-9 and -", "soc-main");
        }

        if (before.Any(other => string.Equals(other.Name, destination.Name, StringComparison.Ordinal)))
        {
            Refuse(
                "name",
                $"'{destination.Name}' is taken by an earlier destination",
                "a name of its own",
                "soc-second"
            );
        }

        var formats = SinkCatalogue.FormatsOf(destination.Sink);
        if (formats is null)
        {
            Refuse("sink", $"'{destination.Sink}' is unknown", string.Join(", ", SinkCatalogue.Names), "syslog");
        }
        else if (!formats.Contains(destination.Format, StringComparer.Ordinal))
        {
            Refuse(
                "format",
                $"'{destination.Format}' does not go with sink '{destination.Sink}'",
                string.Join(", ", formats),
                formats[0]
            );
        }

        return errors;
    }
}
