namespace Interlook.Extensions.Consul;

/// <summary>What a call wants, in words that are joined only when it fails.</summary>
/// <param name="Verb">What is being done: "registering".</param>
/// <param name="Subject">To what.</param>
internal readonly record struct ConsulAttempt(string Verb, object Subject);
