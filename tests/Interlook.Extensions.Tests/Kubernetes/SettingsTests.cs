using Interlook.Configuration;
using Interlook.Extensions.Kubernetes;
using Interlook.Extensions.Kubernetes.Publishing;
using Xunit;

namespace Interlook.Extensions.Tests.Kubernetes;

/// <summary>How the settings of <c>provider.kubernetes</c> are read.</summary>
public sealed class SettingsTests
{
    [Fact]
    public void Without_settings_node_ports_of_every_namespace_are_published()
    {
        var options = new KubernetesOptions();

        Assert.Equal(new PublishingRules(TargetMode.NodePort, "interlook.io/lb", null), options.Rules);
        Assert.Empty(options.LabelSelector);
        Assert.Equal(TimeSpan.FromMinutes(10), options.ResyncInterval);
    }

    [Theory]
    [InlineData("nodeport", TargetMode.NodePort)]
    [InlineData("NodePort-All", TargetMode.NodePortAll)]
    [InlineData("pod", TargetMode.Pod)]
    public void Modes_are_read_without_regard_to_case(string word, object mode) =>
        Assert.Equal((TargetMode)mode, Read(("targetMode", [word])).Rules.Mode);

    [Fact]
    public void Every_setting_is_taken()
    {
        var options = Read(
            ("labelSelector", ["l7aas", "tier in (web,api)"]), ("loadBalancerClass", ["none"]), ("hostTemplate", ["{name}.example.org"]), ("resyncInterval", ["1m"]));

        Assert.Equal(["l7aas", "tier in (web,api)"], options.LabelSelector);
        Assert.Equal("", options.Rules.LoadBalancerClass);
        Assert.Equal("web.example.org", options.Rules.HostTemplate!.Make(new("shop", "web")));
        Assert.Equal(TimeSpan.FromMinutes(1), options.ResyncInterval);
    }

    [Fact]
    public void The_keys_of_the_earlier_system_are_read()
    {
        var options = Read(
            ("name", ["k8s"]), ("watch", ["true"]), ("watchInterval", ["5s"]), ("updateInterval", ["15s"]), ("pollInterval", ["15s"]), ("listOptions", ["l7aas"]));

        Assert.Equal(["l7aas"], options.LabelSelector);
        Assert.Equal(TimeSpan.FromMinutes(10), options.ResyncInterval);
    }

    [Theory]
    [InlineData("targetMode", "nodes", "must be one of nodeport, nodeport-all, pod, not 'nodes'")]
    [InlineData("hostTemplate", "{pod}.example.org", "knows the places {name} and {namespace} and no other braces, not '{pod}.example.org'")]
    [InlineData("hostTemplate", "{name}_x", "makes no host name: 'name_x' has a label with other characters")]
    [InlineData("labelSelector", " ", "holds an empty item")]
    [InlineData("resyncInterval", "1s", "must be from 10s to 24h")]
    public void What_cannot_be_is_said(string key, string value, string problem) =>
        Assert.StartsWith(problem, Find(key).Assign(new KubernetesOptions(), [value]), StringComparison.Ordinal);

    private static KubernetesOptions Read(params (string Key, string[] Values)[] settings)
    {
        var options = new KubernetesOptions();
        foreach (var (key, values) in settings)
            Assert.Null(Find(key).Assign(options, values));
        Assert.Empty(KubernetesOptions.Schema.Check(options));
        return options;
    }

    private static Setting Find(string key) => KubernetesOptions.Schema.Settings.Single(setting => setting.Name == key || setting.Aliases.Contains(key));
}
