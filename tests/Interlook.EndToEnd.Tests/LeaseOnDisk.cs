namespace Interlook.EndToEnd.Tests;

/// <summary>A lease as the file shows it.</summary>
/// <param name="Address">Which address.</param>
/// <param name="Holder">Whose: <c>workflow/service</c>.</param>
internal sealed record LeaseOnDisk(string Address, string Holder);
