using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace LogAudit.Sls;

/// <summary>Where name and value of a field stand in the body.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct FieldPlace
{
    public int KeyStart;
    public int KeyLength;
    public int ValueStart;
    public int ValueLength;
}

/// <summary>Room for the fields of one log. A log with more is parsed again while its fields are read.</summary>
[InlineArray(Count)]
internal struct FieldPlaces
{
    public const int Count = 64;

    private FieldPlace first;
}
