using System.Net;
using System.Net.NetworkInformation;

namespace Interlook.Fixtures.Networks;

/// <summary>One question was answered by two: what must never be.</summary>
/// <param name="Address">The address that both have.</param>
/// <param name="At">When the question was asked.</param>
/// <param name="First">Who answered first.</param>
/// <param name="Second">Who answered as well.</param>
public sealed record SecondAnswer(IPAddress Address, TimeSpan At, PhysicalAddress First, PhysicalAddress Second);
