namespace Interlook.Extensions.ExternalIp.Scheduling;

/// <summary>Why a Service has not all the addresses that it asks for; told as an Event and a condition, and tried again with every pass.</summary>
/// <param name="Service"><c>namespace/name</c>.</param>
/// <param name="Reason">Why.</param>
/// <param name="Message">A sentence for the user.</param>
internal sealed record ServiceRefusal(string Service, Reason Reason, string Message);
