using System.Buffers.Text;
using System.Text.Json;
using LogAudit.Sls;

namespace LogAudit.Forwarding;

/// <summary>Turns the fields of a pulled log into an <see cref="AuditRecord"/>: finds each field's place, takes JSON apart once, masks secrets, gives the id.</summary>
/// <remarks>One per worker, reused for every record: it allocates when a record is larger than any before, never per record or per field.</remarks>
public sealed partial class RecordNormaliser : IDisposable
{
    /// <summary>Mark of a target whose error code is absent: nothing failed.</summary>
    internal const byte AssumedSuccess = byte.MaxValue;

    private readonly PooledBuffer scratch = new(1024);
    private readonly PooledBuffer restJson = new(1024);
    private readonly PooledBuffer openings = new(1024);
    private readonly byte[] numberedId = new byte[RecordId.PrefixLength + 10];
    private readonly byte[] givenId = new byte[RecordId.MostLength];
    private readonly GroupPlace place = new();
    private FieldValue[] values = new FieldValue[64];
    private bool[] kept = new bool[64];
    private byte[] chosen = new byte[64];
    private readonly FieldList rest;
    private readonly FieldList? fields;
    private readonly List<PathNode> opened = [];
    private readonly List<int> taken = [];
    private int scratchBeforeJson;
    private int gatheredCount;
    private int givenIdLength;
    private long ingestedNanos;
    private ulong jsonNames;
    private SecretPlaces secrets;
    private bool? groupMayHoldSecret;
    private CompiledMapping mapping = CompiledMapping.Unmapped("none");
    private readonly Dictionary<CompiledMapping, FieldNames> knownNames = [];
    private FieldNames? names;
    private ShardAddress? shard;
    private Cursor group;

    /// <summary>One for a worker.</summary>
    /// <param name="keepsFields">Whether the format of the worker's destination <see cref="IFormat.WantsFields"/>.</param>
    public RecordNormaliser(bool keepsFields = false)
    {
        rest = new FieldList(scratch);
        fields = keepsFields ? new FieldList(scratch) : null;
    }

    /// <summary>Begins a group: its records share the first part of their ids.</summary>
    public void BeginGroup(ShardAddress address, Cursor cursor)
    {
        (shard, group) = (address, cursor);
        RecordId.WritePrefix(address, cursor, numberedId);
        place.Begin(address, cursor);
        groupMayHoldSecret = null;
    }

    /// <summary>Whether topic, source or tags hold a beginning of a secret's name. Looked at once per group.</summary>
    internal bool GroupMayHoldSecret(scoped in LogGroupReader group)
    {
        if (groupMayHoldSecret is not { } known)
        {
            known = SecretScan.MayHoldSecret(group.Topic) || SecretScan.MayHoldSecret(group.Source);
            for (var tags = group.Tags(); !known && tags.Next(); )
            {
                known = SecretScan.MayHoldSecret(tags.Key) || SecretScan.MayHoldSecret(tags.Value);
            }

            groupMayHoldSecret = known;
        }

        return known;
    }

    /// <summary>Begins a record.</summary>
    /// <param name="shape">Its mapping.</param>
    /// <param name="where">Where its bytes may hold secrets.</param>
    internal void Begin(CompiledMapping shape, SecretPlaces where)
    {
        if (names is null || shape != mapping)
        {
            names = NamesOf(shape);
        }

        names.Begin();
        (mapping, secrets) = (shape, where);
        (givenIdLength, ingestedNanos, jsonNames) = (0, 0, 0);
        rest.Clear();
        fields?.Clear();
        scratch.Clear();
        restJson.Clear();
        opened.Clear();
        var sources = shape.SourceNames.Length;
        if (values.Length < sources)
        {
            (values, kept) = (new FieldValue[sources * 2], new bool[sources * 2]);
        }

        if (chosen.Length < shape.Targets.Length)
        {
            chosen = new byte[shape.Targets.Length * 2];
        }

        values.AsSpan(0, sources).Clear();
        kept.AsSpan(0, sources).Clear();
    }

    /// <summary>Remembers where the record stands before JSON is read that may turn out to be none.</summary>
    internal void BeginJson()
    {
        taken.Clear();
        scratchBeforeJson = scratch.Length;
    }

    /// <summary>Gives back what was taken since <see cref="BeginJson"/>.</summary>
    internal void UndoJson()
    {
        foreach (var source in taken)
        {
            values[source] = default;
        }

        scratch.Truncate(scratchBeforeJson);
    }

    /// <summary>Takes a value of the record's JSON. False leaves it with the rest of the JSON.</summary>
    internal bool TryTakeJson(int source, ReadOnlySpan<byte> body, ref JsonTokens reader)
    {
        if (values[source].Form != ValueForm.Absent)
        {
            return false;
        }

        taken.Add(source);
        switch (reader.TokenType)
        {
            case JsonTokenType.String when !reader.ValueIsEscaped:
                values[source] = Masked(body, [], reader.ValueSpan, known: null);
                return true;
            case JsonTokenType.String:
                using (var plain = new PooledBuffer(reader.ValueSpan.Length + 1))
                {
                    plain.Advance(JsonText.Unescape(reader.ValueSpan, plain.GetSpan(reader.ValueSpan.Length + 1)));
                    values[source] = Masked(body, [], plain.Written, known: null);
                }

                return true;
            case JsonTokenType.Number or JsonTokenType.True or JsonTokenType.False:
                values[source] = Locate(body, reader.ValueSpan) with { Form = ValueForm.Literal };
                return true;
            case JsonTokenType.StartObject or JsonTokenType.StartArray when mapping.WantsJson[source]:
                var start = scratch.Length;
                JsonMask.WriteValue(ref reader, scratch, new SecretSearch(body, secrets));
                values[source] = new(start, scratch.Length - start, ValueForm.Composite, InScratch: true);
                return true;
            default:
                return false;
        }
    }

    /// <summary>Takes note of a member that stays in the rest of the JSON.</summary>
    /// <param name="name">Its name as JSON writes it.</param>
    internal void NoteRest(ReadOnlySpan<byte> name) =>
        jsonNames |= name.Contains((byte)'\\') ? ulong.MaxValue : FieldList.Bit(FieldTable.Hash(name));

    /// <summary>Ends the record.</summary>
    /// <param name="body">The pulled bytes.</param>
    /// <param name="logNanos">Time of the log itself, used where no field gives a better one.</param>
    /// <param name="index">Position in the group.</param>
    internal AuditRecord End(ReadOnlySpan<byte> body, long logNanos, int index)
    {
        gatheredCount = rest.Fields.Length;
        var time = Resolve(body) ?? logNanos;
        rest.NumberAfter(body, restJson.Written, jsonNames);
        fields?.NumberAfter(body, Raw.OwnMembers, Raw.OwnNames);
        return Resolved(body, time, logNanos, index);
    }

    // The record as it stands now.
    private AuditRecord Resolved(ReadOnlySpan<byte> body, long time, long logNanos, int index)
    {
        ReadOnlySpan<byte> id = givenId.AsSpan(0, givenIdLength);
        if (id.Length == 0)
        {
            Utf8Formatter.TryFormat(index, numberedId.AsSpan(RecordId.PrefixLength), out var digits);
            id = numberedId.AsSpan(0, RecordId.PrefixLength + digits);
        }

        var address = shard ?? throw new InvalidOperationException("A record was read before its group began.");
        return new AuditRecord(mapping, address, place)
        {
            Id = id,
            TimeNanos = time,
            IngestedNanos = ingestedNanos,
            LogNanos = logNanos,
            Group = group,
            Index = index,
            Body = body,
            Scratch = scratch.Written,
            RestJson = restJson.Written,
            Values = values.AsSpan(0, mapping.SourceNames.Length),
            Chosen = chosen.AsSpan(0, mapping.Targets.Length),
            Rest = rest.Fields,
            Openings = openings.Written,
            Fields = fields is null ? [] : fields.Fields,
        };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        scratch.Dispose();
        restJson.Dispose();
        openings.Dispose();
    }

    // Chooses for every target the first source that converts; what nothing keeps goes to the rest. Returns the time.
    private long? Resolve(ReadOnlySpan<byte> body)
    {
        if (mapping.IdSource >= 0 && values[mapping.IdSource].Form == ValueForm.Text)
        {
            var given = Text(body, values[mapping.IdSource]);
            kept[mapping.IdSource] =
                givenIdLength > 0 ? given.SequenceEqual(givenId.AsSpan(0, givenIdLength)) : TryGiveId(given);
        }

        long? time = null;
        chosen.AsSpan(0, mapping.Targets.Length).Clear();
        foreach (ref readonly var step in mapping.Steps.AsSpan())
        {
            ref var choice = ref chosen[step.Target];
            if (choice is not (0 or AssumedSuccess))
            {
                continue;
            }

            var value = values[step.Source];
            if (value.Form is ValueForm.Absent or ValueForm.Removed)
            {
                choice =
                    value.Form == ValueForm.Absent && step.Convert == FieldConversion.ErrorOutcome
                        ? AssumedSuccess
                        : choice;
            }
            else if (step.IsTimestamp)
            {
                if (Conversions.TryTime(step.Convert, Text(body, value), out var nanos))
                {
                    (time, choice, kept[step.Source]) = (nanos, step.Choice, true);
                }
            }
            else if (Fits(step, body, value))
            {
                choice = step.Choice;
                kept[step.Source] |= step.Keeps;
            }
        }

        for (var source = 0; source < mapping.SourceNames.Length; source++)
        {
            if (values[source].Form is not (ValueForm.Absent or ValueForm.Removed) && !kept[source])
            {
                var name = mapping.SourceNames[source];
                rest.Add(body, Locate(body, name), values[source], names!.OfSource(source));
            }
        }

        return time;
    }

    private bool Fits(in CompiledMapping.Step step, ReadOnlySpan<byte> body, FieldValue value)
    {
        if (step.Convert == FieldConversion.Text && value.Length > 1 && value.Form != ValueForm.Composite)
        {
            return true;
        }

        if (value.Form == ValueForm.Composite || step.Convert == FieldConversion.Json)
        {
            return step.Convert == FieldConversion.Json && value.Form != ValueForm.Text;
        }

        var text = Text(body, value);
        return step.Convert == FieldConversion.ErrorOutcome
            || (
                !Conversions.IsNothing(text)
                && (Conversions.Fits(step.Convert, text) || (step.Convert == FieldConversion.Ip && step.TakesAddress))
            );
    }

    private bool TryGiveId(ReadOnlySpan<byte> id)
    {
        if (givenIdLength > 0 || !RecordId.IsUsable(id))
        {
            return false;
        }

        id.CopyTo(givenId);
        givenIdLength = id.Length;
        return true;
    }

    // A text found in JSON in a field (threat intelligence, request parameters) as JSON without white space.
    private bool TryJson(ReadOnlySpan<byte> body, ReadOnlySpan<byte> text, out FieldValue json)
    {
        var start = scratch.Length;
        if (
            text.TrimStart(" \t\r\n"u8) is [(byte)'{' or (byte)'[', ..]
            && System.Text.Unicode.Utf8.IsValid(text)
            && JsonMask.TryWrite(text, scratch, new SecretSearch(body, secrets))
        )
        {
            json = new(start, scratch.Length - start, ValueForm.Composite, InScratch: true);
            return true;
        }

        json = default;
        return false;
    }

    private SecretSearch SearchOf(ReadOnlySpan<byte> body, ReadOnlySpan<byte> value) =>
        secrets.MayBeIn(body, value) ? new SecretSearch(body, secrets) : SecretSearch.None;

    private FieldValue Masked(
        ReadOnlySpan<byte> body,
        ReadOnlySpan<byte> name,
        ReadOnlySpan<byte> value,
        FieldName? known
    )
    {
        if (secrets.Any)
        {
            if (
                value.Length > 0
                && known is not { IsSecret: false }
                && secrets.MayBeIn(body, name)
                && SecretNames.IsSecret(name)
            )
            {
                return Locate(body, SecretNames.Mask);
            }

            if (secrets.MayBeIn(body, value) && SecretScan.MayHoldSecret(value))
            {
                var start = scratch.Length;
                JsonMask.MaskText(value, scratch);
                return new(start, scratch.Length - start, ValueForm.Text, InScratch: true);
            }
        }

        return Locate(body, value);
    }

    // Where bytes stand in the body; bytes from elsewhere are copied to the scratch bytes.
    private FieldValue Locate(ReadOnlySpan<byte> body, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length == 0)
        {
            return new(0, 0, ValueForm.Text, InScratch: false);
        }

        if (body.Overlaps(bytes, out var start))
        {
            return new(start, bytes.Length, ValueForm.Text, InScratch: false);
        }

        var copy = new FieldValue(scratch.Length, bytes.Length, ValueForm.Text, InScratch: true);
        scratch.Append(bytes);
        return copy;
    }

    private ReadOnlySpan<byte> Text(ReadOnlySpan<byte> body, FieldValue value) =>
        (value.InScratch ? scratch.Written : body).Slice(value.Start, value.Length);
}
