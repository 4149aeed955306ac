namespace Interlook.Extensions.ExternalIp.Linux;

/// <summary>An address that the kernel did not add, renew or remove.</summary>
/// <param name="Address">The address.</param>
/// <param name="Error">The number of the error (errno).</param>
/// <param name="Problem">What failed and what to do, a sentence.</param>
internal sealed record AddressFailure(LinkAddress Address, int Error, string Problem);
