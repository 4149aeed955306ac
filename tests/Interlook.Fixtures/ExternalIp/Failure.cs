using System.Net;

namespace Interlook.Fixtures.ExternalIp;

/// <summary>A failure, and the longest time in which an address was not answered for around it.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Machine">To whom.</param>
/// <param name="Gap">How long the address that had it worst was not answered for.</param>
/// <param name="Address">That address.</param>
public sealed record Failure(FailureKind Kind, string Machine, TimeSpan Gap, IPAddress Address)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Kind} of {Machine}: {Gap.TotalMilliseconds:F0} ms ({Address})";
}
