using Interlook.Extensions.ExternalIp.Claims;
using Interlook.Storage;

namespace Interlook.Extensions.ExternalIp.Scheduling;

/// <summary>One compare-and-set of a claim.</summary>
/// <param name="Name">The claim.</param>
/// <param name="Expected">The revision that it follows; <see cref="Revision.None"/> creates.</param>
/// <param name="Value">What it shall be; null deletes it.</param>
internal sealed record ClaimWrite(string Name, Revision Expected, Claim? Value);
