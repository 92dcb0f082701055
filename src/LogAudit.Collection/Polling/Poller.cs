using LogAudit.Sls;

namespace LogAudit.Collection;

/// <summary>Reads one stretch of time of one log and writes it to the central store. The cursor is moved by the caller, after everything was acknowledged.</summary>
/// <remarks>
/// At least once: a stretch that fails, or whose cursor is lost after the writing, is read again whole, and its records carry the ids of the first time.
/// Memory is bounded by a page, a batch and an id per record; a stretch with more records than <see cref="MostRows"/> is halved first.
/// </remarks>
internal sealed class Poller(PollPages pages, SlsAccess sls, Layout layout, TimeProvider time)
{
    /// <summary>Rows of a stretch above which it is halved.</summary>
    public const int MostRows = 5000;

    /// <summary>Reads a stretch.</summary>
    /// <returns>The cursor after it, and what was found.</returns>
    public Task<PollRead> ReadAsync(PollTarget target, PollSpan span, PollCursor? before, CancellationToken cancel) =>
        target.Poll.Metrics is { } metrics
            ? ReadSamplesAsync(target, metrics, span, cancel)
            : ReadRecordsAsync(target, span, before, cancel);

    private async Task<PollRead> ReadRecordsAsync(
        PollTarget target,
        PollSpan span,
        PollCursor? before,
        CancellationToken cancel
    )
    {
        var step = target.Poll.Window.Step;
        var page = await pages.ReadAsync(target, span, null, 1, cancel);
        while (page.Total > MostRows && span.Half(step) is { } half)
        {
            span = half;
            page = await pages.ReadAsync(target, span, null, 1, cancel);
        }

        using var batch = new PollBatch(sls, layout.Central(target.Kind), PolledRecord.TopicOf(target));
        var problems = new SortedSet<string>(StringComparer.Ordinal);
        var rows = new SeenRows(target.Poll.Window, span, before);
        for (var number = 1; ; page = await pages.ReadAsync(target, span, null, ++number, cancel))
        {
            foreach (var row in page.Rows)
            {
                var record = PolledRecord.Of(target, row);
                if (rows.IsNew(record, out var id))
                {
                    Add(batch, record, id, target, problems);
                    await batch.FlushWhenFullAsync(cancel);
                }
            }

            if (page.IsLast)
            {
                break;
            }
        }

        await batch.FlushAsync(cancel);
        return new(new(span.To, rows.Recent) { MustBeSaved = batch.Written > 0 }, batch.Written, problems);
    }

    private void Add(PollBatch batch, PolledRecord record, PolledId id, PollTarget target, SortedSet<string> problems)
    {
        if (record.Time is null)
        {
            problems.Add($"{target}: a record has no readable time; it is written with the time of reading");
        }

        try
        {
            batch.Add(record, record.Time ?? time.GetUtcNow(), id.Text);
        }
        catch (SlsDataException failure)
        {
            problems.Add($"{target}: the record {id.Text} is lost: {failure.Message}");
        }
    }

    private async Task<PollRead> ReadSamplesAsync(
        PollTarget target,
        PollMetrics metrics,
        PollSpan span,
        CancellationToken cancel
    )
    {
        using var batch = new PollBatch(sls, layout.Central(target.Kind), "");
        var problems = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var keys in metrics.Keys.Chunk(metrics.MostKeys))
        {
            PollPage page;
            var number = 1;
            do
            {
                page = await pages.ReadAsync(target, span, string.Join(',', keys), number++, cancel);
                foreach (var sample in page.Rows.SelectMany(row => PolledSamples.Of(target, row, span, Tell)))
                {
                    batch.Add(sample);
                    await batch.FlushWhenFullAsync(cancel);
                }
            } while (!page.IsLast);
        }

        await batch.FlushAsync(cancel);
        return new(new(span.To, []) { MustBeSaved = batch.Written > 0 }, batch.Written, problems);

        void Tell(string problem) => problems.Add($"{target.Kind.Product} {target.Kind.Name}: {problem}");
    }

    /// <summary>Which rows of a stretch are new, and what must be remembered of them.</summary>
    private sealed class SeenRows(PollWindow window, PollSpan span, PollCursor? before)
    {
        private readonly HashSet<ulong> known = [.. before?.Recent ?? []];
        private readonly Dictionary<UInt128, int> copies = [];
        private readonly Queue<ulong> recent = new();

        public IReadOnlyCollection<ulong> Recent => recent;

        /// <summary>Whether a row was not written yet. What belongs to the next stretch is left to it.</summary>
        public bool IsNew(PolledRecord record, out PolledId id)
        {
            id = default;
            if (record.Time >= span.To)
            {
                return false;
            }

            var key = System.Buffers.Binary.BinaryPrimitives.ReadUInt128LittleEndian(record.Identity);
            copies[key] = copies.TryGetValue(key, out var count) ? count + 1 : 1;
            id = record.Id(count);

            // What stands between the beginning and the overlap of the next stretch does not come again.
            if (record.Time is not { } at || at < span.Ask || at >= span.To - window.Overlap)
            {
                recent.Enqueue(id.Short);
                if (recent.Count > PollCursor.MostRecent)
                {
                    recent.Dequeue();
                }
            }

            return !known.Contains(id.Short);
        }
    }
}

/// <summary>What reading a stretch gave.</summary>
/// <param name="Cursor">The cursor after it.</param>
/// <param name="Written">Records or samples that were written.</param>
/// <param name="Problems">What a person should know.</param>
internal sealed record PollRead(PollCursor Cursor, int Written, IReadOnlyCollection<string> Problems);
