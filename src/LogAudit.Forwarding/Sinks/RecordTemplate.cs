using System.Text;

namespace LogAudit.Forwarding;

/// <summary>A text of the settings with holes that each record fills: <c>{product}</c>, <c>{kind}</c>, <c>{dataset}</c>, <c>{account}</c>.</summary>
/// <remarks>Shape: <c>aliyun:{product}</c>. A hole of which a record knows nothing is empty.</remarks>
internal sealed class RecordTemplate
{
    private readonly List<Part> parts = [];

    /// <summary>Takes a text that <see cref="IsValid"/> allows.</summary>
    public RecordTemplate(string text)
    {
        Text = text;
        for (var rest = text; rest.Length > 0; )
        {
            var open = rest.IndexOf('{', StringComparison.Ordinal);
            var literal = open < 0 ? rest : rest[..open];
            if (literal.Length > 0)
            {
                parts.Add(new Part(Hole.None, Encoding.UTF8.GetBytes(literal)));
            }

            var close = open < 0 ? rest.Length - 1 : rest.IndexOf('}', StringComparison.Ordinal);
            if (open >= 0)
            {
                parts.Add(new Part(HoleOf(rest[(open + 1)..close]), []));
            }

            rest = rest[(close + 1)..];
        }
    }

    /// <summary>What a template may look like, for messages.</summary>
    public const string Allowed = "up to 255 characters with the holes {product}, {kind}, {dataset} and {account}";

    /// <summary>As it was given.</summary>
    public string Text { get; }

    /// <summary>Whether it is the same for every record.</summary>
    public bool IsConstant => parts.TrueForAll(part => part.Hole == Hole.None);

    /// <summary>Whether a text is a template: no control characters, and every brace belongs to a known hole.</summary>
    public static bool IsValid(string text)
    {
        if (text.Length > 255 || text.Any(char.IsControl))
        {
            return false;
        }

        var bare = text;
        foreach (var hole in new[] { "{product}", "{kind}", "{dataset}", "{account}" })
        {
            bare = bare.Replace(hole, "", StringComparison.Ordinal);
        }

        return bare.IndexOfAny(['{', '}']) < 0;
    }

    /// <summary>Whether it says nothing of a record.</summary>
    public bool IsEmptyFor(EncodedBatch batch, int index) =>
        parts.TrueForAll(part => part.Hole == Hole.Account && batch.Account(index).IsEmpty);

    /// <summary>Appends what it says of a record, as the inside of a JSON string.</summary>
    public void Write(EncodedBatch batch, int index, PooledBuffer to)
    {
        var mapping = batch.Facts(index).Mapping;
        foreach (var part in parts)
        {
            switch (part.Hole)
            {
                case Hole.Product:
                    to.AppendEscaped(mapping.ProductName);
                    break;
                case Hole.Kind:
                    to.AppendEscaped(mapping.LogKind);
                    break;
                case Hole.Dataset:
                    to.AppendEscaped(mapping.Dataset);
                    break;
                case Hole.Account:
                    to.AppendEscaped(batch.Account(index));
                    break;
                default:
                    to.AppendEscaped(part.Literal);
                    break;
            }
        }
    }

    private static Hole HoleOf(string name) =>
        name switch
        {
            "product" => Hole.Product,
            "kind" => Hole.Kind,
            "dataset" => Hole.Dataset,
            _ => Hole.Account,
        };

    private enum Hole
    {
        None,
        Product,
        Kind,
        Dataset,
        Account,
    }

    private readonly record struct Part(Hole Hole, byte[] Literal);
}
