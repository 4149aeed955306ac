using System.Text;
using Interlook.Extensions.Kubernetes.Calls;
using Interlook.Extensions.Kubernetes.Objects;
using Interlook.Fixtures.Kubernetes;
using Xunit;

namespace Interlook.Extensions.Tests.Kubernetes.Calls;

/// <summary>The calls against a real API server.</summary>
public sealed class RealServerTests(SharedKubernetes kubernetes)
{
    private static CancellationToken Stopping => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_object_that_is_not_there_is_null_and_one_that_is_is_read()
    {
        var server = await kubernetes.StartedAsync();
        var ns = await kubernetes.CreateNamespaceAsync(server);
        using var api = TestAccess.Open(server);
        await server.Api.CreateAsync($"/api/v1/namespaces/{ns}/services", KubernetesObjects.Service(ns, "web"));

        var missing = await api.GetAsync(api.Kinds.Services, new(ns, "none"), Stopping);
        var found = await api.GetAsync(api.Kinds.Services, new(ns, "web"), Stopping);

        Assert.Null(missing);
        Assert.Equal(new ObjectName(ns, "web"), found!.Name);
        Assert.Equal(80, Assert.Single(found.Spec.Ports).Port);
        Assert.NotEqual("", found.Metadata.ResourceVersion);
    }

    [Fact]
    public async Task A_status_is_applied_under_our_name_and_only_our_part_is_taken_back()
    {
        var server = await kubernetes.StartedAsync();
        var ns = await kubernetes.CreateNamespaceAsync(server);
        using var api = TestAccess.Open(server);
        await server.Api.CreateAsync($"/api/v1/namespaces/{ns}/services", KubernetesObjects.Service(ns, "web"));
        var name = new ObjectName(ns, "web");

        var applied = await api.ApplyAsync(api.Kinds.Services, name, "status", "interlook.io/test", Status("web", """{"ingress":[{"ip":"192.0.2.7"}]}"""), Stopping);
        var emptied = await api.ApplyAsync(api.Kinds.Services, name, "status", "interlook.io/test", Status("web", "{}"), Stopping);

        Assert.Equal("192.0.2.7", Assert.Single(applied!.Status.LoadBalancer.Ingress).Ip);
        Assert.Contains("interlook.io/test", applied.Metadata.Managers);
        Assert.Empty(emptied!.Status.LoadBalancer.Ingress);
    }

    [Theory]
    [InlineData("""{"name":"web","uid":"00000000-0000-0000-0000-000000000000"}""")]
    [InlineData("""{"name":"none","uid":"00000000-0000-0000-0000-000000000000"}""")]
    public async Task A_status_is_not_applied_to_another_object_of_that_name_nor_to_none(string metadata)
    {
        var server = await kubernetes.StartedAsync();
        var ns = await kubernetes.CreateNamespaceAsync(server);
        using var api = TestAccess.Open(server);
        await server.Api.CreateAsync($"/api/v1/namespaces/{ns}/services", KubernetesObjects.Service(ns, "web"));
        var body = $$$$"""{"apiVersion":"v1","kind":"Service","metadata":{{{{metadata}}}},"status":{"loadBalancer":{"ingress":[{"ip":"192.0.2.7"}]}}}""";
        var name = new ObjectName(ns, metadata.Contains("none", StringComparison.Ordinal) ? "none" : "web");

        var failure = await Assert.ThrowsAsync<ExtensionException>(
            () => api.ApplyAsync(api.Kinds.Services, name, "status", "interlook.io/test", Encoding.UTF8.GetBytes(body), Stopping));

        Assert.True(failure.Reason is Reason.Conflict or Reason.Refused); // this version refuses an uid of another object as invalid (422)
        Assert.Empty((await api.GetAsync(api.Kinds.Services, new(ns, "web"), Stopping))!.Status.LoadBalancer.Ingress);
    }

    [Fact]
    public async Task What_another_manager_holds_is_a_conflict()
    {
        var server = await kubernetes.StartedAsync();
        var ns = await kubernetes.CreateNamespaceAsync(server);
        using var api = TestAccess.Open(server);
        await server.Api.CreateAsync($"/api/v1/namespaces/{ns}/services", KubernetesObjects.Service(ns, "web"));
        var name = new ObjectName(ns, "web");
        await api.ApplyAsync(api.Kinds.Services, name, "", "somebody", Annotated("theirs"), Stopping);

        var failure = await Assert.ThrowsAsync<ExtensionException>(
            () => api.ApplyAsync(api.Kinds.Services, name, "", "interlook.io/test", Annotated("ours"), Stopping));

        Assert.Equal(Reason.Conflict, failure.Reason);
        Assert.Contains("somebody", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_merge_with_an_old_version_is_a_conflict_and_with_the_present_one_is_done()
    {
        var server = await kubernetes.StartedAsync();
        var ns = await kubernetes.CreateNamespaceAsync(server);
        using var api = TestAccess.Open(server);
        await server.Api.CreateAsync($"/api/v1/namespaces/{ns}/services", KubernetesObjects.Service(ns, "web"));
        var name = new ObjectName(ns, "web");
        var first = await api.GetAsync(api.Kinds.Services, name, Stopping);

        var changed = await api.MergeAsync(api.Kinds.Services, name, "", Merge(first!, "192.0.2.1"), Stopping);
        var late = await Assert.ThrowsAsync<ExtensionException>(() => api.MergeAsync(api.Kinds.Services, name, "", Merge(first!, "192.0.2.2"), Stopping));

        Assert.Equal("192.0.2.1", Assert.Single(changed!.Spec.ExternalIPs));
        Assert.Equal(Reason.Conflict, late.Reason);
    }

    [Fact]
    public async Task An_object_is_removed_only_when_it_is_the_one_that_was_meant()
    {
        var server = await kubernetes.StartedAsync();
        var ns = await kubernetes.CreateNamespaceAsync(server);
        using var api = TestAccess.Open(server);
        await server.Api.CreateAsync($"/api/v1/namespaces/{ns}/services", KubernetesObjects.Service(ns, "web"));
        var name = new ObjectName(ns, "web");
        var found = await api.GetAsync(api.Kinds.Services, name, Stopping);

        var other = await Assert.ThrowsAsync<ExtensionException>(
            () => api.DeleteAsync(api.Kinds.Services, name, "00000000-0000-0000-0000-000000000000", null, Stopping));
        var old = await Assert.ThrowsAsync<ExtensionException>(() => api.DeleteAsync(api.Kinds.Services, name, null, "1", Stopping));
        var removed = await api.DeleteAsync(api.Kinds.Services, name, found!.Metadata.Uid.ToString(), found.Metadata.ResourceVersion, Stopping);
        var again = await api.DeleteAsync(api.Kinds.Services, name, null, null, Stopping);

        Assert.Equal(Reason.Conflict, other.Reason);
        Assert.Equal(Reason.Conflict, old.Reason);
        Assert.True(removed);
        Assert.False(again);
    }

    [Fact]
    public async Task A_leader_lease_is_made_once_and_renewed_only_from_the_version_that_is_known()
    {
        var server = await kubernetes.StartedAsync();
        var ns = await kubernetes.CreateNamespaceAsync(server);
        using var api = TestAccess.Open(server);
        var moment = new DateTimeOffset(2026, 5, 1, 12, 0, 0, 120, TimeSpan.Zero);
        var wanted = new LeaderLease
        {
            Metadata = new() { Namespace = ns, Name = "leader" },
            Spec = new() { HolderIdentity = "a", LeaseDurationSeconds = 15, AcquireTime = new(moment), RenewTime = new(moment), LeaseTransitions = 0 },
        };

        var made = await api.CreateAsync(api.Kinds.Leases, wanted, Stopping);
        var twice = await Assert.ThrowsAsync<ExtensionException>(() => api.CreateAsync(api.Kinds.Leases, wanted, Stopping));
        var renewed = await api.UpdateAsync(api.Kinds.Leases, made with { Spec = made.Spec! with { RenewTime = new(moment.AddSeconds(5)) } }, Stopping);
        var late = await Assert.ThrowsAsync<ExtensionException>(
            () => api.UpdateAsync(api.Kinds.Leases, made with { Spec = made.Spec! with { HolderIdentity = "b" } }, Stopping));

        Assert.Equal(Reason.Conflict, twice.Reason);
        Assert.Equal(moment.AddSeconds(5), renewed!.Spec!.RenewTime!.Value.At);
        Assert.Equal(Reason.Conflict, late.Reason);
    }

    [Fact]
    public async Task An_event_is_written_and_counted_on()
    {
        var server = await kubernetes.StartedAsync();
        var ns = await kubernetes.CreateNamespaceAsync(server);
        using var api = TestAccess.Open(server);
        var now = new DateTimeOffset(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);
        var said = new Event
        {
            Metadata = new() { Namespace = ns, Name = "web.1" },
            InvolvedObject = new() { ApiVersion = "v1", Kind = "Service", Namespace = ns, Name = "web" },
            Type = Event.Normal,
            Reason = "Deployed",
            Message = "served at 192.0.2.7",
            Source = new() { Component = "interlook" },
            FirstTimestamp = now,
            LastTimestamp = now,
            Count = 1,
        };

        await api.CreateAsync(api.Kinds.Events, said, Stopping);
        var counted = await api.MergeAsync(api.Kinds.Events, said.Name, "", """{"count":2}"""u8.ToArray(), Stopping);

        Assert.Equal(2, counted!.Count);
        Assert.Equal("Deployed", counted.Reason);
    }

    [Fact]
    public async Task Who_has_no_right_is_told_which_one_is_missing_and_who_is_unknown_to_renew_the_credentials()
    {
        var server = await kubernetes.StartedAsync();
        var ns = await kubernetes.CreateNamespaceAsync(server);
        using var nobody = TestAccess.Open(server, await server.CreateServiceAccountTokenAsync(ns, "nobody"));
        using var stranger = TestAccess.Open(server, "unknown");

        var forbidden = await Assert.ThrowsAsync<ExtensionException>(() => nobody.GetAsync(nobody.Kinds.Services, new(ns, "web"), Stopping));
        var unauthorized = await Assert.ThrowsAsync<ExtensionException>(() => stranger.GetAsync(stranger.Kinds.Services, new(ns, "web"), Stopping));

        Assert.Equal(Reason.Unauthorized, forbidden.Reason);
        Assert.Contains("the verb get on services", forbidden.Message, StringComparison.Ordinal);
        Assert.Contains(server.Endpoint.AbsoluteUri.TrimEnd('/'), forbidden.Message, StringComparison.Ordinal);
        Assert.Equal(Reason.Unauthorized, unauthorized.Reason);
        Assert.DoesNotContain("unknown", unauthorized.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_list_of_several_pages_is_whole_and_of_one_version()
    {
        var server = await kubernetes.StartedAsync();
        var ns = await kubernetes.CreateNamespaceAsync(server);
        using var api = TestAccess.Open(server);
        await Parallel.ForEachAsync(Enumerable.Range(0, 1100), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (number, _) =>
            await server.Api.CreateAsync(server.SlicesPath(ns), KubernetesObjects.Slice(DiscoveryVersion.V1Beta1, ns, "web", $"web-{number}", [])));
        var source = new ObjectSource<EndpointSlice>(api, "endpointslices", "", _ => Task.FromResult(api.Kinds.Slices("v1beta1")));

        var paged = await source.ListAsync(ns, null, Stopping);
        var cached = await source.ListAsync(ns, paged.Version, Stopping);

        Assert.Equal(1100, paged.Objects.DistinctBy(slice => slice.Name).Count());
        Assert.Equal(1100, cached.Objects.Length);
        Assert.Empty(paged.Broken);
        Assert.All(paged.Objects, slice => Assert.Empty(slice.Endpoints)); // the server prints null
        Assert.False(ResourceVersions.IsOlder(cached.Version, paged.Version));
    }

    [Theory]
    [InlineData(DiscoveryVersion.V1, "v1")]
    [InlineData(DiscoveryVersion.V1Beta1, "v1beta1")]
    public async Task The_version_of_slices_is_asked_for(DiscoveryVersion discovery, string expected)
    {
        var server = await kubernetes.StartedAsync(discovery);
        using var api = TestAccess.Open(server);

        var chosen = await new GroupVersions(api.Transport).ChooseAsync(ResourceKinds.Discovery, ["v1", "v1beta1"], Stopping);

        Assert.Equal(expected, chosen);
    }

    [Fact]
    public async Task Interlook_that_only_looks_writes_nothing()
    {
        var server = await kubernetes.StartedAsync();
        using var api = new ApiServer(TestAccess.Of(server), TimeProvider.System, isReadOnly: true);

        await Assert.ThrowsAsync<InvalidOperationException>(
            () => api.MergeAsync(api.Kinds.Services, new("default", "kubernetes"), "", "{}"u8.ToArray(), Stopping));
        var read = await api.GetAsync(api.Kinds.Services, new("default", "kubernetes"), Stopping);

        Assert.NotNull(read);
    }

    private static byte[] Status(string name, string balancer) => Encoding.UTF8.GetBytes(
        $$$$"""{"apiVersion":"v1","kind":"Service","metadata":{"name":"{{{{name}}}}"},"status":{"loadBalancer":{{{{balancer}}}}}}""");

    private static byte[] Annotated(string value) =>
        Encoding.UTF8.GetBytes($$$$"""{"apiVersion":"v1","kind":"Service","metadata":{"name":"web","annotations":{"example.org/x":"{{{{value}}}}"}}}""");

    private static byte[] Merge(Service from, string address) =>
        Encoding.UTF8.GetBytes($$$$"""{"metadata":{"resourceVersion":"{{{{from.Metadata.ResourceVersion}}}}"},"spec":{"externalIPs":["{{{{address}}}}"]}}""");
}
