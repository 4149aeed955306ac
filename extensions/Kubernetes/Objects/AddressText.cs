using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Interlook.Extensions.Kubernetes.Objects;

/// <summary>An address as it is written somewhere. IPv4, which most are, is kept as a number, without a text of its own.</summary>
internal readonly record struct AddressText
{
    private readonly string? other; // what is no IPv4 address, or not written as we would
    private readonly uint number; // 0 for another

    private AddressText(uint number, string? other) => (this.number, this.other) = (number, other);

    /// <summary>The address that is written so; null for none.</summary>
    public static implicit operator AddressText(string? text)
    {
        if (!IPAddress.TryParse(text, out var read) || read.AddressFamily != AddressFamily.InterNetwork)
            return new(0, text);
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        read.TryWriteBytes(bytes, out _);
        var number = BinaryPrimitives.ReadUInt32BigEndian(bytes);
        return number != 0 && Written(number) == text ? new(number, null) : new(0, text);
    }

    /// <summary>As it is written; null when there is none.</summary>
    public static implicit operator string?(AddressText address) => address.number == 0 ? address.other : Written(address.number);

    private static string Written(uint number) => new IPAddress(BinaryPrimitives.ReverseEndianness(number)).ToString();
}
