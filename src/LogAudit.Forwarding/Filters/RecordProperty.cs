using System.Text;

namespace LogAudit.Forwarding;

/// <summary>A name of a filter, resolved for one shape of records: where its value stands in each of them.</summary>
internal abstract class RecordProperty
{
    /// <summary>The value, as text.</summary>
    /// <param name="record">The record.</param>
    /// <param name="room">Gets what has to be unescaped or converted; cleared by the caller.</param>
    /// <param name="text">UTF-8, possibly broken; in the record or in the room.</param>
    /// <returns>False when the record does not have it.</returns>
    public abstract bool TryGet(in AuditRecord record, PooledBuffer room, out ReadOnlySpan<byte> text);

    /// <summary>Resolves a name: what the record is, then its ECS names, then its own field names. <c>log.</c> in front asks for a field name.</summary>
    public static RecordProperty Of(string name, CompiledMapping mapping)
    {
        if (mapping.Constants.TryGetValue(name, out var constant))
        {
            return new Constant(constant);
        }

        return name switch
        {
            "product" => new Constant(mapping.Product),
            "log.kind" => new Constant(mapping.LogKind),
            "account.id" => new Target(mapping.AccountTarget),
            "region" when mapping.RegionTarget >= 0 => new Target(mapping.RegionTarget),
            "event.id" => new Id(),
            _ when mapping.TargetNumber(name) is >= 0 and var number => new Target(number),
            _ when mapping.AddressTarget(name) is >= 0 and var number => new Target(number) { WantsAddress = true },
            _ => new Source(name.StartsWith("log.", StringComparison.Ordinal) ? name[4..] : name, mapping),
        };
    }

    /// <summary>The same in every record of the shape.</summary>
    public sealed class Constant(string text) : RecordProperty
    {
        private readonly byte[] bytes = Encoding.UTF8.GetBytes(text);

        public ReadOnlySpan<byte> Text => bytes;

        public override bool TryGet(in AuditRecord record, PooledBuffer room, out ReadOnlySpan<byte> text)
        {
            text = bytes;
            return true;
        }
    }

    private sealed class Id : RecordProperty
    {
        public override bool TryGet(in AuditRecord record, PooledBuffer room, out ReadOnlySpan<byte> text)
        {
            text = record.Id;
            return true;
        }
    }

    /// <summary>An ECS name: the value as the record shows it.</summary>
    private sealed class Target(int number) : RecordProperty
    {
        public bool WantsAddress { get; init; }

        public override bool TryGet(in AuditRecord record, PooledBuffer room, out ReadOnlySpan<byte> text)
        {
            text = [];
            if (
                number < 0
                || !FlatValue.TryGet(record, number, room.GetSpan(FlatValue.MostShort), out text, out var convert)
            )
            {
                return false;
            }

            var isAddress = convert == FieldConversion.Ip && !Conversions.IsIp(text);
            return isAddress == WantsAddress;
        }
    }

    /// <summary>A field of the log under its own name, or a path into the JSON of the log.</summary>
    private sealed class Source(string name, CompiledMapping mapping) : RecordProperty
    {
        private readonly int number = mapping.SourceNumber(mapping.SourcePath(name));
        private readonly byte[] path = Encoding.UTF8.GetBytes(mapping.SourcePath(name));
        private readonly byte[] tag = name.StartsWith("tag.", StringComparison.Ordinal)
            ? Encoding.UTF8.GetBytes(name[4..])
            : [];

        public override bool TryGet(in AuditRecord record, PooledBuffer room, out ReadOnlySpan<byte> text)
        {
            if (number >= 0 && record.Values[number].Form != ValueForm.Absent)
            {
                text = record.Text(record.Values[number]);
                return true;
            }

            foreach (var field in record.Rest)
            {
                if (field.Repeated == 0 && record.Text(field.Name).SequenceEqual(field.IsTag ? tag : path))
                {
                    text = record.Text(field.Value);
                    return true;
                }
            }

            var json = CompactJson.Find(record.RestJson, path);
            text = json is [(byte)'"', ..] ? Plain(json[1..^1], room) : json;
            return json.Length > 0 && !json.SequenceEqual("null"u8);
        }
    }

    /// <summary>The text of a JSON string, given without its quotes.</summary>
    public static ReadOnlySpan<byte> Plain(ReadOnlySpan<byte> escaped, PooledBuffer room)
    {
        if (escaped.IndexOf((byte)'\\') < 0)
        {
            return escaped;
        }

        var start = room.Length;
        room.Advance(JsonText.Unescape(escaped, room.GetSpan(escaped.Length)));
        return room.Written[start..];
    }
}
