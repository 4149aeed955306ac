namespace Interlook.Extensions.Kemp.Wire;

/// <summary>A command of the appliance.</summary>
/// <param name="Name">Its name, <c>addvs</c>.</param>
/// <param name="Parameters">Its parameters, in the order in which they are written.</param>
internal sealed record KempCommand(string Name, params IReadOnlyList<(string Name, string Value)> Parameters)
{
    /// <summary>True when it changes nothing.</summary>
    internal bool IsRead => Name is "listvs" or "showvs" or "get";

    /// <summary>The same with more parameters.</summary>
    internal KempCommand With(params IEnumerable<(string Name, string Value)> more) => new(Name, [.. Parameters, .. more]);
}
