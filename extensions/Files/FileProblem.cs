using YamlDotNet.RepresentationModel;

namespace Interlook.Extensions.Files;

/// <summary>What is wrong in a file, and where; lines and columns count from 1.</summary>
internal sealed record FileProblem(long Line, long Column, string Message)
{
    internal static FileProblem At(YamlNode node, string message) => new(node.Start.Line, node.Start.Column, message);
}
