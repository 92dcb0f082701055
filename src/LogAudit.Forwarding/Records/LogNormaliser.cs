using LogAudit.Sls;

namespace LogAudit.Forwarding;

/// <summary>Reads a log of a pull as a normalised record.</summary>
public static class LogNormaliser
{
    /// <summary>Reads the log at which a reader stands.</summary>
    /// <param name="normaliser">Stands in the group of the log.</param>
    /// <param name="mappings">Mappings of the Logstore.</param>
    /// <param name="body">All pulled bytes.</param>
    /// <param name="group">The group.</param>
    /// <param name="log">The log.</param>
    /// <returns>The record; valid until the next one is read.</returns>
    /// <exception cref="SlsDataException">A field of the log is broken.</exception>
    public static AuditRecord Read(
        RecordNormaliser normaliser,
        LogstoreMappings mappings,
        ReadOnlySpan<byte> body,
        scoped in LogGroupReader group,
        scoped in LogReader log
    )
    {
        // The topic stands in the group as a rule, and in a field where a copy between Logstores turned it into one.
        var topic = group.Topic;
        var secrets = normaliser.GroupMayHoldSecret(group) ? SecretPlaces.Everywhere : SecretPlaces.In(body, log.Wire);
        var mark =
            mappings.ToldBy.Length > 0 ? Field(log, mappings.ToldBy)
            : topic.Length > 0 ? topic
            : Field(log, "__topic__"u8);
        normaliser.Begin(mappings.Find(mark), secrets);
        normaliser.AddFields(body, log.Fields());
        if (topic.Length > 0)
        {
            normaliser.Add(body, "__topic__"u8, topic);
        }

        if (group.Source.Length > 0)
        {
            normaliser.Add(body, "__source__"u8, group.Source);
        }

        for (var tags = group.Tags(); tags.Next(); )
        {
            normaliser.AddTag(body, tags.Key, tags.Value);
        }

        return normaliser.End(body, (log.Time * Timestamps.NanosPerSecond) + log.TimeNs, log.Index);
    }

    private static ReadOnlySpan<byte> Field(in LogReader log, scoped ReadOnlySpan<byte> name)
    {
        for (var fields = log.Fields(); fields.Next(); )
        {
            if (fields.Key.SequenceEqual(name))
            {
                return fields.Value;
            }
        }

        return [];
    }
}
