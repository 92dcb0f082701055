namespace LogAudit.LocalCloud.Kernel;

/// <summary>Matches ROA paths against patterns such as <c>/functions/{functionName}/triggers/{triggerName}</c>.</summary>
internal static class PathPattern
{
    /// <summary>Decoded values of the holes; null when the path does not fit.</summary>
    public static Dictionary<string, string>? Match(string pattern, string rawPath)
    {
        var want = pattern.Trim('/').Split('/');
        var have = rawPath.Trim('/').Split('/');
        var holes = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < want.Length; i++)
        {
            if (want[i].EndsWith("*}", StringComparison.Ordinal) && i < have.Length)
            {
                holes[want[i][1..^2]] = Uri.UnescapeDataString(string.Join('/', have[i..]));
                return holes;
            }
            if (i >= have.Length)
            {
                return null;
            }
            if (want[i].StartsWith('{'))
            {
                if (have[i].Length == 0)
                {
                    return null;
                }
                holes[want[i][1..^1]] = Uri.UnescapeDataString(have[i]);
            }
            else if (!string.Equals(want[i], have[i], StringComparison.Ordinal))
            {
                return null;
            }
        }
        return want.Length == have.Length ? holes : null;
    }
}
