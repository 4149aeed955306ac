using System.Text.Json.Nodes;
using Interlook.Configuration;
using Interlook.Extensions.BigIp;
using Interlook.Services;
using Interlook.Simulators;
using Interlook.Simulators.BigIp;
using Interlook.Specification;
using Xunit;

namespace Interlook.Extensions.Tests.BigIp;

/// <summary>A simulated BIG-IP with a partition <c>interlook</c>, two shared policies with rules of others in them, and objects of others beside.</summary>
internal sealed class BigIpBed(TimeProvider? time = null) : IAsyncDisposable
{
    internal const string HttpPolicy = "interlook_http_policy";
    internal const string SslPolicy = "interlook_https_policy";

    private readonly List<BigIpProvisioner> started = [];

    internal BigIpAppliance Appliance { get; } = new(time);

    internal RunningAppliance Running { get; private set; } = null!;

    internal static CancellationToken Stopping => TestContext.Current.CancellationToken;

    /// <param name="wrap">Puts something between the server and the appliance.</param>
    internal async Task<BigIpBed> StartAsync(Func<IAppliance, IAppliance>? wrap = null)
    {
        Appliance.AddPartition("interlook");
        Appliance.AddPartition("theirs");
        Pool("/theirs/app", "10.99.0.1:80");
        Pool("/interlook/app", "10.99.0.2:80");
        Appliance.Edit("POST", "/tm/ltm/virtual", Body("""{"name":"app","partition":"interlook","destination":"10.99.1.1:80","ipProtocol":"tcp","pool":"/interlook/app"}"""));
        Policy(HttpPolicy, "http", """{"httpHost":true,"host":true,"request":true,"values":["theirs.example.org"]}""", "request");
        Policy(SslPolicy, "client-ssl", """{"sslExtension":true,"serverName":true,"sslClientHello":true,"values":["theirs.example.org"]}""", "sslClientHello");
        Running = await RunningAppliance.StartAsync(wrap?.Invoke(Appliance) ?? Appliance);
        return this;
    }

    /// <summary>Settings that reach it.</summary>
    internal BigIpOptions Options(bool policies = false) => new()
    {
        Endpoint = Running.Url,
        Username = "api",
        Password = new Secret("restaccess"),
        Partition = "interlook",
        MonitorName = "tcp",
        UsesPolicies = policies,
        GlobalHttpPolicy = HttpPolicy,
        GlobalSslPolicy = SslPolicy,
    };

    internal async Task<BigIpProvisioner> ProvisionerAsync(BigIpOptions options, string instance = "test")
    {
        var provisioner = new BigIpProvisioner(options, TestContexts.Create("lb.f5ltm", instance, time: time));
        started.Add(provisioner);
        await provisioner.StartAsync(Stopping);
        return provisioner;
    }

    internal async Task StopAsync(BigIpProvisioner provisioner)
    {
        started.Remove(provisioner);
        await provisioner.StopAsync(Stopping);
    }

    /// <summary>The calls since the last time, but for tokens.</summary>
    internal List<Call> TakeCalls()
    {
        var calls = Running.Calls.Where(call => !call.Path.Contains("/mgmt/shared/", StringComparison.Ordinal)).ToList();
        Running.ForgetCalls();
        return calls;
    }

    /// <summary>By a person's hand: changes a policy through a draft.</summary>
    internal void EditPolicy(string policy, string method, string rule, string? body = null)
    {
        Appliance.Edit("PATCH", $"/tm/ltm/policy/~interlook~{policy}", Body("""{"createDraft":true}"""));
        Appliance.Edit(method, $"/tm/ltm/policy/~interlook~Drafts~{policy}/rules{rule}", body is null ? null : Body(body));
        Appliance.Edit("POST", "/tm/ltm/policy", Body($$"""{"command":"publish","name":"/interlook/Drafts/{{policy}}"}"""));
    }

    /// <summary>By a person's hand: a rule that sends a name to their own pool.</summary>
    internal void PlaceRule(string name, string host) => EditPolicy(
        HttpPolicy, "POST", "",
        $$"""{"name":"{{name}}","ordinal":7,"conditions":[{"httpHost":true,"host":true,"request":true,"values":["{{host}}"]}],"actions":[{"forward":true,"select":true,"request":true,"pool":"/interlook/app"}]}""");

    internal static JsonObject Body(string text) => JsonNode.Parse(text)!.AsObject();

    internal static ServiceKey Key(string service) => new(ServiceKey.DefaultWorkflow, service);

    internal static string NameOf(string service, string instance = "test") =>
        new BigIpTranslation(new(), instance, new(instance, ""), new([])).NameOf(Key(service));

    public async ValueTask DisposeAsync()
    {
        foreach (var provisioner in started)
            await provisioner.StopAsync(CancellationToken.None);
        await Running.DisposeAsync();
    }

    private void Pool(string path, string member) => Appliance.Edit(
        "POST", "/tm/ltm/pool", Body($$"""{"name":"{{path}}","description":"by hand","members":[{"name":"{{member}}"}]}"""));

    private void Policy(string name, string aspect, string condition, string when)
    {
        Appliance.Edit("POST", "/tm/ltm/policy", Body(
            $$"""
            {"name":"{{name}}","partition":"interlook","subPath":"Drafts","strategy":"/Common/first-match","requires":["{{aspect}}"],"controls":["forwarding"],
             "description":"shared","rules":[{"name":"theirs","ordinal":0,"description":"by hand","conditions":[{{condition}}],
             "actions":[{"forward":true,"select":true,"{{when}}":true,"pool":"/interlook/app"}]}]}
            """));
        Appliance.Edit("POST", "/tm/ltm/policy", Body($$"""{"command":"publish","name":"/interlook/Drafts/{{name}}"}"""));
    }
}
