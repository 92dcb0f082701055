using System.Globalization;

namespace LogAudit.Hosting;

/// <summary>Which share of the shards a deployment takes: <c>LOGAUDIT_PARTITION=1/4</c> is the second of four.</summary>
public static class PartitionSetting
{
    /// <summary>Its environment variable.</summary>
    public const string Variable = "LOGAUDIT_PARTITION";

    /// <summary>Most partitions.</summary>
    private const int Most = 100;

    /// <summary>The share that a text names; all of it when it is empty.</summary>
    /// <exception cref="InvalidOperationException">The text is no share.</exception>
    public static (int Partition, int Partitions) Read(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return (0, 1);
        }

        var parts = text.Split('/');
        return
            parts.Length == 2
            && Number(parts[0]) is { } partition
            && Number(parts[1]) is { } partitions and >= 1 and <= Most
            && partition < partitions
            ? (partition, partitions)
            : throw new InvalidOperationException(
                $"{Variable} is '{text}'. Allowed: number/count, the number from 0 and below the count, the count from 1 to {Most}. Example: 0/4."
            );
    }

    private static int? Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
