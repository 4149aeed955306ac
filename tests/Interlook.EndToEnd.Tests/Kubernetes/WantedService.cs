namespace Interlook.EndToEnd.Tests.Kubernetes;

/// <summary>A Service as it shall be published.</summary>
/// <param name="Name">Its namespace and name, <c>a/b</c>.</param>
/// <param name="Hosts">Its host names, sorted, a blank between two.</param>
/// <param name="Targets">Its targets as entries show them, sorted, a blank between two.</param>
/// <param name="HasStatus">Whether its status shall say so.</param>
internal sealed record WantedService(string Name, string Hosts, string Targets, bool HasStatus = true);
