namespace LogAudit.Sls;

public sealed partial class SlsClient
{
    /// <summary>Log groups that one pull may ask for.</summary>
    public const int MaxPullCount = 1000;

    /// <summary>Reads log groups from a cursor on.</summary>
    /// <param name="project">The project.</param>
    /// <param name="logstore">The Logstore.</param>
    /// <param name="shard">The shard.</param>
    /// <param name="cursor">Where to start.</param>
    /// <param name="endCursor">Where to end, exclusive; null for no end.</param>
    /// <param name="count">Log groups wanted, 1–1000. The service ends an answer earlier at about 10 MB.</param>
    /// <param name="cancel">Gives up.</param>
    /// <returns>The groups; dispose it.</returns>
    /// <exception cref="SlsException"><c>InvalidCursor</c> when the data has expired; also when project, Logstore or shard do not exist.</exception>
    /// <exception cref="SlsDataException">The answer cannot be read; naming shard, cursor and byte.</exception>
    public async Task<PulledLogs> PullLogsAsync(
        ProjectName project,
        LogstoreName logstore,
        int shard,
        Cursor cursor,
        Cursor? endCursor,
        int count,
        CancellationToken cancel
    )
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, MaxPullCount);
        List<(string, string)> query = [("count", Numbers.Text(count)), ("cursor", cursor.Value)];
        if (endCursor is { } end)
        {
            query.Add(("end_cursor", end.Value));
        }

        query.Add(("type", "log"));
        using var answer = await CallAsync(
            new("PullLogs", HttpMethod.Get, project, $"/logstores/{logstore}/shards/{shard}")
            {
                Query = query,
                Accept = "application/x-protobuf",
                AcceptEncoding = Compression.Name(options.PullCompression),
                MaxAnswerBytes = options.MaxPullBytes,
            },
            cancel
        );
        var source = new PullSource(project, logstore, shard, cursor);
        return PulledLogs.Decode(source, Headers(source, answer), answer.Body, options.MaxPullBytes);
    }

    private static PullHeaders Headers(PullSource source, SlsAnswer answer)
    {
        var next = answer.Header("x-log-cursor");
        var last = answer.Header("x-log-read-last-cursor");
        return new(
            Cursor.IsValid(next)
                ? new Cursor(next)
                : throw PulledLogs.Refused(
                    source,
                    $"x-log-cursor is '{next}', which is not a cursor",
                    isAnswerBroken: true
                ),
            (int)Math.Min(Number("x-log-count"), int.MaxValue),
            Number("x-log-bodyrawsize"),
            Packed(),
            last.Length == 0 ? null
                : Numbers.TryLong(last, out var number) ? number
                : throw PulledLogs.Refused(
                    source,
                    $"x-log-read-last-cursor is '{last}', which is not a number",
                    isAnswerBroken: true
                ),
            answer.RequestId
        );

        LogCompression Packed()
        {
            try
            {
                return Compression.Parse(answer.Header("x-log-compresstype"));
            }
            catch (SlsDataException fault)
            {
                throw PulledLogs.Refused(source, fault.Message.TrimEnd('.'), isAnswerBroken: true);
            }
        }

        long Number(string name) =>
            Numbers.TryLong(answer.Header(name), out var value) && value >= 0
                ? value
                : throw PulledLogs.Refused(
                    source,
                    $"{name} is '{answer.Header(name)}', which is not a count",
                    isAnswerBroken: true
                );
    }
}
