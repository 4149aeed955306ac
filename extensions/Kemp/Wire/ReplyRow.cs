namespace Interlook.Extensions.Kemp.Wire;

/// <summary>A virtual service or real server in an answer: texts by the elements' names, and the real servers below it.</summary>
internal sealed class ReplyRow
{
    /// <summary>The texts; flags are <c>Y</c> and <c>N</c> in both formats.</summary>
    internal Dictionary<string, string> Elements { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Its <c>Rs</c> rows.</summary>
    internal List<ReplyRow> Servers { get; } = [];

    internal string? Find(string element) => Elements.GetValueOrDefault(element);
}
