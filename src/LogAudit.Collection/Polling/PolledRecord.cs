using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Newtonsoft.Json.Linq;

namespace LogAudit.Collection;

/// <summary>A row as a record of the central Logstore.</summary>
/// <param name="Time">When it happened; null when the row does not tell readably.</param>
/// <param name="Fields">Its fields, without the id.</param>
/// <param name="Identity">What tells it from others, of which the id is made.</param>
internal sealed record PolledRecord(
    DateTimeOffset? Time,
    IReadOnlyList<KeyValuePair<string, string>> Fields,
    byte[] Identity
)
{
    /// <summary>Version of the rule by which ids are made.</summary>
    private const string IdVersion = "p1";

    /// <summary>The record of a row.</summary>
    public static PolledRecord Of(PollTarget target, JObject row)
    {
        var shape = target.Poll.Record!;
        return new(
            PollTimes.Read(shape.TimeFormat, PollValues.At(row, shape.TimePath) ?? ""),
            [
                .. shape
                    .Fields.Select(field => (Name: field.Key, Value: PollValues.Of(field.Value, target.Resource, row)))
                    .Where(field => field.Value is not null)
                    .Select(field => new KeyValuePair<string, string>(field.Name, field.Value!)),
            ],
            IdentityOf(target, shape.Id.Select(path => PollValues.At(row, path)))
        );
    }

    /// <summary>The topic of a target's records.</summary>
    public static string TopicOf(PollTarget target)
    {
        var shape = target.Poll.Record!;
        var decides = target.Resource.Properties.GetValueOrDefault(shape.TopicProperty, "");
        return shape.Topics.GetValueOrDefault(decides) ?? target.Kind.Topics[0];
    }

    /// <summary>The id: the same for the same row, whenever it is read. Rows that are alike in everything are counted.</summary>
    /// <param name="copy">How many rows of the same identity came before it in its window.</param>
    public PolledId Id(int copy)
    {
        Span<byte> input = stackalloc byte[Identity.Length + sizeof(int)];
        Identity.CopyTo(input);
        BinaryPrimitives.WriteInt32LittleEndian(input[Identity.Length..], copy);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(input, hash);
        return new(
            $"{IdVersion}-{Convert.ToHexStringLower(hash[..16])}",
            BinaryPrimitives.ReadUInt64LittleEndian(hash)
        );
    }

    // Lengths stand before the parts, so that no two lists of parts give the same bytes.
    private static byte[] IdentityOf(PollTarget target, IEnumerable<string?> members)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var part in members.Prepend(target.Key))
        {
            var bytes = Encoding.UTF8.GetBytes(part ?? "");
            var length = part is null ? "-" : bytes.Length.ToString(CultureInfo.InvariantCulture);
            hash.AppendData(Encoding.ASCII.GetBytes($"{length}:"));
            hash.AppendData(bytes);
        }

        return hash.GetHashAndReset();
    }
}

/// <summary>Id of a record that was read by API.</summary>
/// <param name="Text">As it stands in the record.</param>
/// <param name="Short">Its first 64 bits, as cursors remember it.</param>
internal readonly record struct PolledId(string Text, ulong Short);
