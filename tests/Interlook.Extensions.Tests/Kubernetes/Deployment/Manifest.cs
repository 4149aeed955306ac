using YamlDotNet.RepresentationModel;

namespace Interlook.Extensions.Tests.Kubernetes.Deployment;

/// <summary>What stands in a manifest.</summary>
internal static class Manifest
{
    /// <summary>Every document that is an object, in their order.</summary>
    internal static List<YamlMappingNode> Documents(string text)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        return [.. stream.Documents.Select(document => document.RootNode).OfType<YamlMappingNode>()];
    }

    /// <summary>What runs pods: deployments and daemon sets.</summary>
    internal static List<YamlMappingNode> Workloads(string text) =>
        [.. Documents(text).Where(document => document["kind"].ToString() is "Deployment" or "DaemonSet")];

    /// <summary>The pods of a workload.</summary>
    internal static YamlMappingNode Pod(YamlNode workload) => (YamlMappingNode)workload["spec"]["template"]["spec"];
}
