using System.Globalization;

namespace LogAudit.Forwarding;

/// <summary>Messages of a batch that were sent in a RELP session, and which of them were answered.</summary>
/// <param name="first">Transaction number of the first.</param>
/// <param name="indices">Their positions in the batch.</param>
/// <param name="report">Gets the outcomes.</param>
internal sealed class RelpWindow(int first, List<int> indices, DeliveryReport report)
{
    private readonly bool[] answered = new bool[indices.Count];
    private int answers;

    /// <summary>Messages sent.</summary>
    public int Sent { get; set; }

    /// <summary>Messages sent and not answered.</summary>
    public int Outstanding => Sent - answers;

    /// <summary>Messages not answered, sent or not.</summary>
    public int Unanswered => indices.Count - answers;

    /// <summary>Notes an answer.</summary>
    /// <remarks>
    /// RELP knows 200 and 500 and calls everything else an error. 500 to 599 stands for this message being refused, so that one message
    /// that the receiver cannot take does not hold up the rest; any other code sends it again.
    /// </remarks>
    /// <returns>False when nothing was sent under this number, or it was answered before.</returns>
    public bool Note(int transaction, int code)
    {
        var at = transaction - first;
        if (at < 0 || at >= Sent || answered[at])
        {
            return false;
        }

        answered[at] = true;
        answers++;
        report[indices[at]] = code switch
        {
            200 => RecordOutcome.Accepted.Value,
            >= 500 and <= 599 => new RecordOutcome.Reject(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The receiver refused the message with RELP response {code}."
                )
            ),
            _ => new RecordOutcome.Retry(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The receiver answered the message with RELP response {code}."
                )
            ),
        };
        return true;
    }
}
