namespace LogAudit.LocalCloud.Products.Logs;

/// <summary>A record that a product wrote, remembered so that its arrival can be checked.</summary>
/// <param name="Product">Product code, for example <c>slb</c>.</param>
/// <param name="Kind">Kind of log, for example <c>access</c>.</param>
/// <param name="Account">Account of the resource.</param>
/// <param name="Resource">Resource id.</param>
/// <param name="Marker">Text found in this record and in no other.</param>
/// <param name="Project">Project it was written to first; empty for one that is only shown by API.</param>
/// <param name="Logstore">Logstore it was written to first; empty for one that is only shown by API.</param>
/// <param name="Time">When it was written, or first shown.</param>
public readonly record struct WrittenRecord(
    string Product,
    string Kind,
    string Account,
    string Resource,
    string Marker,
    string Project,
    string Logstore,
    DateTimeOffset Time
)
{
    /// <summary>Whether it stayed in a Logstore that the product keeps for itself, because no collection policy wanted it yet: a policy does not reach back in time (assumed).</summary>
    public bool StaysWithProduct { get; init; }

    /// <summary>How many records carry the marker: more than one where the API shows twins.</summary>
    public int Copies { get; init; } = 1;
}

/// <summary>Every record that LocalCloud's products wrote: what a receiver's file is compared with.</summary>
internal sealed class MarkerLedger
{
    private readonly Lock _gate = new();
    private readonly List<WrittenRecord> _records = [];

    /// <summary>Records written so far.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _records.Count;
            }
        }
    }

    /// <summary>Notes a record.</summary>
    public void Add(WrittenRecord record)
    {
        lock (_gate)
        {
            _records.Add(record);
        }
    }

    /// <summary>The records from a position on, in the order of writing.</summary>
    public IReadOnlyList<WrittenRecord> Since(int position)
    {
        lock (_gate)
        {
            return position >= _records.Count ? [] : _records.GetRange(position, _records.Count - position);
        }
    }
}
