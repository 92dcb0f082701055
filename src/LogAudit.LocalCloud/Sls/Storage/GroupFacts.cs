using System.Runtime.InteropServices;

namespace LogAudit.LocalCloud.Sls.Storage;

/// <summary>What the store knows of a LogGroup without decoding it again.</summary>
/// <param name="Logs">Records in it.</param>
/// <param name="MinTime">Earliest record time, Unix seconds.</param>
/// <param name="MaxTime">Latest record time, Unix seconds.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct GroupFacts(int Logs, uint MinTime, uint MaxTime);

/// <summary>Where a stored LogGroup lies in its chunk.</summary>
/// <param name="Offset">First byte of its frame in the chunk's raw bytes.</param>
/// <param name="Length">Bytes of the frame (tag and length of the LogGroupList field, then the group).</param>
/// <param name="HeadLength">Bytes of the frame before the group itself.</param>
/// <param name="ReceivedAt">When the service received it, Unix seconds.</param>
/// <param name="Facts">What it holds.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct GroupMark(int Offset, int Length, int HeadLength, uint ReceivedAt, GroupFacts Facts);
