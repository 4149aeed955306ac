namespace Interlook.Api.Answers;

/// <summary>One address that gets a service's traffic.</summary>
/// <param name="Host">An IP address or a host name.</param>
/// <param name="Port">1 to 65535.</param>
/// <param name="Weight">Share of the traffic relative to the other targets.</param>
internal sealed record TargetAnswer(string Host, int Port, int Weight);
