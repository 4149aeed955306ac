namespace Interlook.Extensions.ExternalIp.Claims;

/// <summary>Why an address is not announced.</summary>
/// <param name="Reason">One word in Pascal case.</param>
/// <param name="Message">A sentence for the user.</param>
/// <param name="Since">Since when.</param>
internal sealed record AddressTrouble(string Reason, string Message, DateTimeOffset Since);
