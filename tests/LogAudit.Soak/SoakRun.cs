using System.Globalization;

namespace LogAudit.Soak;

/// <summary>One run: records flow while faults strike, then in quiet; then what arrived is compared with what was written.</summary>
internal sealed class SoakRun(SoakOptions options, Action<string> tell)
{
    // A road that is so far behind gets no more records until it has caught up.
    private const int MostBacklog = 60_000;

    private const int FreshGroups = 20;
    private const int MostAttempts = 3;

    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(75);
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan TellEvery = TimeSpan.FromSeconds(10);

    private readonly Troubles troubles = new(tell);
    private readonly FaultTally tally = new();

    /// <summary>Runs.</summary>
    public async Task<SoakResult> RunAsync()
    {
        var began = TimeProvider.System.GetTimestamp();
        await using var set = new ReceiverSet(options.Seed, troubles);
        set.Start();
        var receivers = set.All;
        var books = receivers.Select(one => one.Receipts).ToList();
        await using var cloud = await SoakCloud.StartAsync(options, books.Select(book => book.Road.Logstore));
        List<Receiver> ofFunction = [.. receivers.Where(one => one.Road.By == Forwarder.Function)];
        await using var consumers = new Consumers(cloud, options, [.. receivers.Except(ofFunction)]);
        await cloud.DeployAsync(SoakSettings.Of(ofFunction, wrong: null), ofFunction.Select(one => one.Road.Logstore));
        await consumers.StartAsync();
        tell($"seed {options.Seed}; consumers tell in {consumers.Folder}; function in {cloud.Function.LogFile}");

        var writers = books
            .Select(book => new RecordWriter(cloud.Logstore(book.Road.Logstore), book, options.Seed))
            .ToList();
        using var writing = new CancellationTokenSource();
        using var ending = new CancellationTokenSource();
        var written = WriteAsync(writers, writing.Token);
        var trimmed = TrimAsync(cloud, books, ending.Token);
        var told = TellAsync(books, ending.Token);

        await StrikeAsync(Lanes(cloud, consumers, receivers));
        cloud.Cloud.Faults.Clear();
        var fresh = books.ConvertAll(book => book.Issued);
        tell("the faults are over; fresh records");
        writers.ForEach(writer => Repeat(FreshGroups, writer.WriteGroup));
        await Task.Delay(Quiet, TimeProvider.System);
        await writing.CancelAsync();
        await written;

        await SettleAsync(cloud, books);
        var letters = (await Verdict.ReadAsync(cloud.State, books)).Letters;
        foreach (var group in receivers.GroupBy(one => one.Road.By))
        {
            tell($"replaying the dead letters of the {group.Key} ({letters} in all)");
            if (await consumers.ReplayAsync(group) is not 0 and var exit)
            {
                troubles.Add($"replay of the {group.Key} ended with {exit}; see {consumers.LogFile("replay")}");
            }
        }

        foreach (var failed in await consumers.StopAsync())
        {
            troubles.Add(failed);
        }

        await ending.CancelAsync();
        await Task.WhenAll(trimmed, told);
        return await ResultAsync(cloud, receivers, writers, fresh, letters, began);
    }

    private static List<Lane> Lanes(SoakCloud cloud, Consumers consumers, IReadOnlyList<Receiver> receivers)
    {
        var ofCloud = new CloudFaults(cloud, [.. receivers.Select(one => one.Receipts)]);
        var ofForwarders = new ForwarderFaults(cloud, consumers, receivers);
        return
        [
            new("function", 4, 9, ofForwarders.OfFunction),
            new("name of function", 40, 90, [ofForwarders.NameOfFunction]),
            new("consumers", 15, 30, ofForwarders.OfConsumers),
            new("name of consumer", 45, 100, [new("dns-failure", consumers.MisnameAsync)]),
            new("SLS", 3, 7, ofCloud.Answers),
            new("data", 5, 10, ofCloud.Data),
            new("clock", 25, 45, [ofCloud.ClockStep]),
            .. receivers.Select(one => new Lane(one.Road.Name, 4, 10, one.Faults)),
        ];
    }

    private async Task StrikeAsync(List<Lane> lanes)
    {
        var length = TimeSpan.FromMinutes(options.Minutes);
        var plans = lanes.Select((lane, number) => Schedule.Of(lane, options.Seed + (number * 7919), length)).ToList();
        foreach (var fault in plans.SelectMany(plan => plan))
        {
            tally.Plan(fault.Kind);
        }

        var began = TimeProvider.System.GetTimestamp();
        await Task.WhenAll(plans.Select(plan => StrikeAsync(plan, began)));
        var left = length - TimeProvider.System.GetElapsedTime(began);
        await Task.Delay(left > TimeSpan.Zero ? left : TimeSpan.Zero, TimeProvider.System);
    }

    private async Task StrikeAsync(IReadOnlyList<PlannedFault> plan, long began)
    {
        foreach (var fault in plan)
        {
            var left = fault.At - TimeProvider.System.GetElapsedTime(began);
            await Task.Delay(left > TimeSpan.Zero ? left : TimeSpan.Zero, TimeProvider.System);
            try
            {
                tally.Note(fault.Kind, await StrikeAsync(fault));
            }
            catch (Exception broken)
            {
                troubles.Add($"the fault {fault.Kind.Name} could not be made: {broken}");
            }
        }
    }

    // One that met nobody is made again.
    private static async Task<long> StrikeAsync(PlannedFault fault)
    {
        var random = new Random(fault.Seed);
        var struck = 0L;
        for (var attempt = 1; struck == 0 && attempt <= MostAttempts; attempt++)
        {
            struck = await fault.Kind.StrikeAsync(random, CancellationToken.None);
        }

        return struck;
    }

    private async Task WriteAsync(List<RecordWriter> writers, CancellationToken stop)
    {
        using var timer = new PeriodicTimer(Tick, TimeProvider.System);
        var perTick = options.RecordsPerSecond * Tick.TotalSeconds / Receipts.GroupRecords;
        var turn = 0;
        for (var due = 0.0; !stop.IsCancellationRequested; due -= Math.Floor(due))
        {
            due += perTick;
            for (var group = 1; group <= due; group++)
            {
                var open = Enumerable
                    .Range(0, writers.Count)
                    .Select(_ => writers[turn++ % writers.Count])
                    .FirstOrDefault(writer => writer.Receipts.Issued - writer.Receipts.Settled < MostBacklog);
                open?.WriteGroup();
            }

            await timer.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    // Groups that were behind the checkpoint a while ago are let go, as retention does; a deleted group still has some to read again.
    private static async Task TrimAsync(SoakCloud cloud, List<Receipts> books, CancellationToken stop)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(4), TimeProvider.System);
        var before = new Dictionary<(string, int), long>();
        while (!stop.IsCancellationRequested)
        {
            foreach (var road in books.Select(book => book.Road))
            {
                var logstore = cloud.Logstore(road.Logstore);
                foreach (var shard in logstore.Shards)
                {
                    if (before.TryGetValue((road.Name, shard.Id), out var read))
                    {
                        shard.ExpireBefore(read);
                    }

                    if (logstore.Consumers.Find(road.Group)?.SavedCursor(shard.Id) is { } saved)
                    {
                        before[(road.Name, shard.Id)] = saved;
                    }
                    else
                    {
                        before.Remove((road.Name, shard.Id));
                    }
                }
            }

            await timer.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    private async Task TellAsync(List<Receipts> books, CancellationToken stop)
    {
        using var timer = new PeriodicTimer(TellEvery, TimeProvider.System);
        while (!stop.IsCancellationRequested)
        {
            await timer.WaitForNextTickAsync(CancellationToken.None);
            var roads = books.Select(book => $"{book.Road.Name} {book.Arrived}/{book.Issued}+{book.Duplicates}");
            tell(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{books.Sum(book => book.Arrived)} of {books.Sum(book => book.Issued)} records, {tally.Made} faults: {string.Join(", ", roads)}"
                )
            );
        }
    }

    // Ends when everything is settled, or nothing has moved for longer than any pause of a forwarder.
    private async Task SettleAsync(SoakCloud cloud, List<Receipts> books)
    {
        var (moved, settled) = (TimeProvider.System.GetTimestamp(), -1);
        while (books.Exists(book => book.Settled < book.Issued) && TimeProvider.System.GetElapsedTime(moved) < Patience)
        {
            if (books.Sum(book => book.Settled) is var now && now != settled)
            {
                (moved, settled) = (TimeProvider.System.GetTimestamp(), now);
            }

            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System);
        }

        foreach (var book in books.Where(book => book.Settled < book.Issued))
        {
            var logstore = cloud.Logstore(book.Road.Logstore);
            var group = logstore.Consumers.Find(book.Road.Group);
            foreach (var shard in logstore.Shards)
            {
                tell(
                    $"{book.Road.Name} is behind: shard {shard.Id} {shard.BeginCursor}-{shard.EndCursor}, checkpoint {group?.SavedCursor(shard.Id)}, {group?.Read(shard.Id).ToString(Newtonsoft.Json.Formatting.None)}"
                );
            }
        }

        // What was told as done may still be written down.
        await Task.Delay(Quiet, TimeProvider.System);
    }

    private async Task<SoakResult> ResultAsync(
        SoakCloud cloud,
        IReadOnlyList<Receiver> receivers,
        List<RecordWriter> writers,
        List<int> fresh,
        int letters,
        long began
    )
    {
        var books = receivers.Select(one => one.Receipts).ToList();
        var verdict = await Verdict.ReadAsync(cloud.State, books);
        foreach (var failure in receivers.SelectMany(one => one.Listener.Failures))
        {
            troubles.Add($"a receiver was not spoken to by its rules: {failure.Message}");
        }

        books.ForEach(book => book.CheckPlaces());
        var roads = receivers
            .Select(
                (one, at) =>
                    new RoadResult(
                        one.Road,
                        one.Receipts.Issued,
                        one.Receipts.Arrived,
                        one.Receipts.Duplicates,
                        one.Acknowledged(),
                        one.Receipts.Issued - fresh[at],
                        one.Receipts.ArrivedFrom(fresh[at]),
                        verdict.Judge(one.Receipts, troubles)
                    )
            )
            .ToList();
        return new SoakResult
        {
            Options = options,
            Elapsed = TimeProvider.System.GetElapsedTime(began),
            RecordBytes = (double)writers.Sum(writer => writer.Bytes) / Math.Max(1, books.Sum(book => book.Issued)),
            Roads = roads,
            Faults = tally.Counts,
            Invented = books.Sum(book => book.Invented),
            Altered = books.Sum(book => book.Altered),
            DuplicatesWithOtherId = books.Sum(book => book.DuplicatesWithOtherId),
            DeadLetters = letters,
            Troubles = troubles.Kept,
        };
    }

    private static void Repeat(int times, Action act)
    {
        for (var time = 0; time < times; time++)
        {
            act();
        }
    }
}
