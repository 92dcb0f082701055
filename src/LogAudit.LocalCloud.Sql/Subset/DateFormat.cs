using System.Text;

namespace LogAudit.LocalCloud.Sql.Subset;

/// <summary>Formats of <c>date_format</c> and <c>date_parse</c>, as MySQL writes them, in the engine's letters.</summary>
/// <remarks>Source: SLS, date and time functions, table of formats. Left out: <c>%D %V</c>, which the engine has not.</remarks>
internal static class DateFormat
{
    private const string Pairs =
        "a=%a b=%b c=%-m d=%d e=%-d H=%H h=%I I=%I i=%M j=%j k=%-H l=%-I M=%B m=%m p=%p r=%I:%M:%S_%p S=%S s=%S T=%H:%M:%S v=%V W=%A w=%w Y=%Y y=%y %=%%";

    private static readonly Dictionary<char, string> Letters = Pairs
        .Split(' ')
        .ToDictionary(pair => pair[0], pair => pair[2..].Replace('_', ' '));

    public static string ToEngine(int at, string format)
    {
        var read = new StringBuilder();
        for (var i = 0; i < format.Length; i++)
        {
            if (format[i] != '%')
            {
                read.Append(format[i]);
                continue;
            }

            var letter = ++i < format.Length ? format[i] : throw Refusal.Syntax(at, $"invalid date format '{format}'");
            read.Append(
                Letters.TryGetValue(letter, out var engine)
                    ? engine
                    : throw Refusal.Outside(at, $"the date format %{letter}")
            );
        }

        return read.ToString();
    }
}
