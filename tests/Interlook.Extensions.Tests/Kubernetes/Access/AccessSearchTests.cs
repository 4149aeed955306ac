using Interlook.Extensions.Kubernetes.Access;
using Interlook.Extensions.Kubernetes.Calls;
using Interlook.Fixtures;
using Xunit;

namespace Interlook.Extensions.Tests.Kubernetes.Access;

/// <summary>Which of several ways to an API server is taken.</summary>
public sealed class AccessSearchTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly Dictionary<string, string> variables = [];
    private readonly Options options = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void The_settings_win_over_the_environment_the_environment_over_the_pod_and_the_pod_over_the_home_folder()
    {
        BeInAPod("192.0.2.4");
        WriteConfig(".kube/config", "192.0.2.5");
        variables["KUBECONFIG"] = WriteConfig("environment", "192.0.2.3");
        options.Kubeconfig = WriteConfig("settings", "192.0.2.2");

        var found = new List<string> { Find() };
        options.Kubeconfig = "";
        found.Add(Find());
        variables.Remove("KUBECONFIG");
        found.Add(Find());
        variables.Clear();
        found.Add(Find());
        options.Endpoint = new("https://192.0.2.1");
        found.Add(Find());

        Assert.Equal(["192.0.2.2", "192.0.2.3", "192.0.2.4", "192.0.2.5", "192.0.2.1"], found);
    }

    [Fact]
    public void A_pod_may_have_an_address_of_ipv6()
    {
        BeInAPod("2001:db8::1");

        Assert.Equal("[2001:db8::1]", Find());
    }

    [Fact]
    public void A_pod_goes_to_its_server_without_a_proxy_and_others_as_the_environment_says()
    {
        BeInAPod("192.0.2.4");
        using var own = Handler();
        options.Kubeconfig = WriteConfig("settings", "192.0.2.2");
        using var other = Handler();

        Assert.False(own.UseProxy);
        Assert.True(other.UseProxy);
    }

    [Fact]
    public void A_pod_without_a_service_account_says_what_is_missing()
    {
        variables["KUBERNETES_SERVICE_HOST"] = "192.0.2.4";

        var failure = Assert.Throws<ExtensionException>(Find);

        Assert.Contains($"the token of the pod's service account, '{folder.File("account/token")}'", failure.Message, StringComparison.Ordinal);
        Assert.Contains("does not exist", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_at_all_says_what_was_looked_for()
    {
        var failure = Assert.Throws<ExtensionException>(Find);

        Assert.Equal(Reason.Invalid, failure.Reason);
        Assert.Contains("endpoint and kubeconfig are not set, neither is KUBECONFIG in the environment, this is no pod", failure.Message, StringComparison.Ordinal);
        Assert.Contains(folder.File(".kube/config"), failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_path_may_begin_at_the_home_folder()
    {
        WriteConfig("mine", "192.0.2.6");
        options.Kubeconfig = "~/mine";

        Assert.Equal("192.0.2.6", Find());
    }

    private SocketsHttpHandler Handler() => ApiConnection.MakeHandler(Search(), null, new Identity(), _ => { });

    private string Find() => Search().Endpoint.Host;

    private ClusterAccess Search() => AccessSearch.Find(
        options,
        new Surroundings { Variable = name => variables.GetValueOrDefault(name), Home = folder.Path, ServiceAccount = folder.File("account") },
        TimeProvider.System);

    private void BeInAPod(string host)
    {
        Directory.CreateDirectory(folder.File("account"));
        File.WriteAllText(folder.File("account/token"), "abc");
        File.WriteAllText(folder.File("account/ca.crt"), "-----BEGIN CERTIFICATE-----");
        variables["KUBERNETES_SERVICE_HOST"] = host;
        variables["KUBERNETES_SERVICE_PORT"] = "6443";
    }

    private string WriteConfig(string name, string host)
    {
        var path = folder.File(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, $$$$"""
            current-context: here
            contexts: [{name: here, context: {cluster: c}}]
            clusters: [{name: c, cluster: {server: 'https://{{{{host}}}}'}}]
            """);
        return path;
    }

    private sealed class Options : KubernetesConnectionOptions;
}
