using System.Net.Sockets;

namespace Interlook.Extensions.Ipalloc;

/// <summary>Addresses from the first to the last, as numbers.</summary>
internal readonly record struct AddressRange(UInt128 First, UInt128 Last)
{
    /// <summary>How many addresses; as a floating point number because a whole IPv6 space does not fit any other.</summary>
    internal double Size => (double)(Last - First) + 1;

    internal bool Contains(UInt128 address) => address >= First && address <= Last;

    internal bool Overlaps(AddressRange other) => First <= other.Last && other.First <= Last;

    /// <summary><c>192.168.0.1-192.168.0.9</c>, or one address.</summary>
    internal string Show(AddressFamily family) =>
        First == Last ? AddressNumber.Show(First, family) : $"{AddressNumber.Show(First, family)}-{AddressNumber.Show(Last, family)}";
}
