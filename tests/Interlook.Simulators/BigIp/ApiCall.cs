using System.Text.Json.Nodes;

namespace Interlook.Simulators.BigIp;

/// <summary>A request, read.</summary>
/// <param name="Method">Its method.</param>
/// <param name="Path">The parts of its path behind <c>/mgmt</c>.</param>
/// <param name="Query">Its query.</param>
/// <param name="Body">Its body; an empty object without one.</param>
internal sealed record ApiCall(string Method, string[] Path, IReadOnlyDictionary<string, string> Query, JsonObject Body)
{
    internal bool Expands => Query.GetValueOrDefault("expandSubcollections") == "true";
}
