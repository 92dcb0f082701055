using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace LogAudit.Forwarding;

/// <summary>A condition of a filter, ready for one shape of records.</summary>
internal abstract class RecordCondition
{
    /// <summary>Whether it holds for a record.</summary>
    /// <param name="record">The record.</param>
    /// <param name="room">Room for values that have to be unescaped.</param>
    public abstract bool Holds(in AuditRecord record, PooledBuffer room);

    /// <summary>Resolves a condition. What does not depend on the single record is decided here.</summary>
    public static RecordCondition Of(PolicyNode node, CompiledMapping mapping) =>
        node switch
        {
            PolicyNode.Anything => Known.True,
            PolicyNode.AnyProperty any => new AnyValue(any.Pattern, mapping),
            PolicyNode.Like like => Property(like.Property, mapping, text => like.Pattern.Matches(text)),
            PolicyNode.Finds finds => Property(finds.Property, mapping, text => Finds(finds.Pattern, text)),
            PolicyNode.Between between => Property(between.Property, mapping, text => IsIn(between, text)),
            PolicyNode.And and => And(Of(and.Left, mapping), Of(and.Right, mapping)),
            PolicyNode.Or or => Or(Of(or.Left, mapping), Of(or.Right, mapping)),
            PolicyNode.Not not => Of(not.Inner, mapping) is Known inner
                ? Known.Of(!inner.Value)
                : new Not(Of(not.Inner, mapping)),
            _ => throw new NotSupportedException($"{node.GetType().Name} is a condition that filters do not know."),
        };

    private delegate bool Test(ReadOnlySpan<byte> text);

    private static RecordCondition Property(string name, CompiledMapping mapping, Test test) =>
        RecordProperty.Of(name, mapping) switch
        {
            RecordProperty.Constant constant => Known.Of(test(constant.Text)),
            var property => new One(property, test),
        };

    private static RecordCondition And(RecordCondition left, RecordCondition right) =>
        left is Known first ? (first.Value ? right : Known.False)
        : right is Known second ? (second.Value ? left : Known.False)
        : new Both(left, right);

    private static RecordCondition Or(RecordCondition left, RecordCondition right) =>
        left is Known first ? (first.Value ? Known.True : right)
        : right is Known second ? (second.Value ? Known.True : left)
        : new Either(left, right);

    private static bool IsIn(PolicyNode.Between range, ReadOnlySpan<byte> text) =>
        decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && range.Takes(value);

    private static bool Finds(Regex pattern, ReadOnlySpan<byte> text)
    {
        var letters = ArrayPool<char>.Shared.Rent(text.Length);
        try
        {
            return pattern.IsMatch(letters.AsSpan(0, Encoding.UTF8.GetChars(text, letters)));
        }
        finally
        {
            ArrayPool<char>.Shared.Return(letters);
        }
    }

    /// <summary>The same for every record of the shape.</summary>
    public sealed class Known : RecordCondition
    {
        public static readonly Known True = new() { Value = true };
        public static readonly Known False = new() { Value = false };

        public required bool Value { get; init; }

        public static Known Of(bool value) => value ? True : False;

        public override bool Holds(in AuditRecord record, PooledBuffer room) => Value;
    }

    private sealed class One(RecordProperty property, Test test) : RecordCondition
    {
        public override bool Holds(in AuditRecord record, PooledBuffer room)
        {
            room.Clear();
            return property.TryGet(record, room, out var text) && test(text);
        }
    }

    private sealed class Both(RecordCondition left, RecordCondition right) : RecordCondition
    {
        public override bool Holds(in AuditRecord record, PooledBuffer room) =>
            left.Holds(record, room) && right.Holds(record, room);
    }

    private sealed class Either(RecordCondition left, RecordCondition right) : RecordCondition
    {
        public override bool Holds(in AuditRecord record, PooledBuffer room) =>
            left.Holds(record, room) || right.Holds(record, room);
    }

    private sealed class Not(RecordCondition inner) : RecordCondition
    {
        public override bool Holds(in AuditRecord record, PooledBuffer room) => !inner.Holds(record, room);
    }

    /// <summary>A bare text: it matches any value that the record has, at any depth.</summary>
    private sealed class AnyValue(Wildcard pattern, CompiledMapping mapping) : RecordCondition
    {
        private readonly bool constant = mapping
            .Constants.Values.Append(mapping.Product)
            .Append(mapping.LogKind)
            .Any(pattern.Matches);

        public override bool Holds(in AuditRecord record, PooledBuffer room)
        {
            if (constant || pattern.Matches(record.Id))
            {
                return true;
            }

            foreach (var value in record.Values)
            {
                if (value.Form != ValueForm.Absent && Matches(record.Text(value), value.Form, room))
                {
                    return true;
                }
            }

            foreach (var field in record.Rest)
            {
                if (Matches(record.Text(field.Value), field.Value.Form, room))
                {
                    return true;
                }
            }

            return MatchesMember(record.RestJson, room);
        }

        private bool Matches(ReadOnlySpan<byte> text, ValueForm form, PooledBuffer room) =>
            form == ValueForm.Composite ? MatchesJson(text, room) : pattern.Matches(text);

        private bool MatchesJson(ReadOnlySpan<byte> json, PooledBuffer room)
        {
            switch (json[0])
            {
                case (byte)'{':
                    return MatchesMember(json[1..^1], room);
                case (byte)'[':
                    for (var item = new CompactJson(json[1..^1]); item.NextItem(); )
                    {
                        if (MatchesJson(item.Value, room))
                        {
                            return true;
                        }
                    }

                    return false;
                case (byte)'"':
                    room.Clear();
                    return pattern.Matches(RecordProperty.Plain(json[1..^1], room));
                default:
                    return pattern.Matches(json);
            }
        }

        private bool MatchesMember(ReadOnlySpan<byte> members, PooledBuffer room)
        {
            for (var member = new CompactJson(members); member.NextMember(); )
            {
                if (MatchesJson(member.Value, room))
                {
                    return true;
                }
            }

            return false;
        }
    }
}
