using System.Net;
using System.Net.Sockets;
using Interlook.Extensions.HAProxy;
using Interlook.Fixtures;
using Interlook.Provisioners;
using Interlook.Services;
using Xunit;

namespace Interlook.Extensions.Tests.HAProxy;

/// <summary>A real HAProxy that refuses, fails, dies, or was meddled with.</summary>
public sealed class HAProxyFaultTests : IAsyncLifetime
{
    private HAProxyServer server = null!;

    private static CancellationToken Stopping => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => server = await HAProxyServer.StartNewAsync();

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [Fact]
    public async Task Two_hundred_services_at_once_take_few_reloads()
    {
        var provisioner = await HAProxyTests.StartAsync(server, options => options.ReloadInterval = TimeSpan.FromSeconds(1));
        var before = await server.ProcessesAsync();
        var services = Enumerable.Range(1, 200).Select(i => Service($"crowd-{i}", i)).ToList();

        await Task.WhenAll(services.Select(provisioner.DeployAsync));

        var reloads = (await server.ProcessesAsync()).Reloads - before.Reloads;
        Assert.InRange(reloads, 1, 4);
        Assert.Empty((await provisioner.ObserveAsync(services)).Drifts);
    }

    [Fact]
    public async Task An_address_that_another_program_holds_fails_only_that_service()
    {
        var provisioner = await HAProxyTests.StartAsync(server);
        using var other = new TcpListener(IPAddress.Parse("127.60.0.2"), server.HttpPort);
        other.Start();
        var services = Enumerable.Range(1, 5).Select(i => Service($"s{i}", i)).ToList();

        var outcomes = await Task.WhenAll(services.Select(service => OutcomeAsync(provisioner.DeployAsync(service))));

        var failure = Assert.Single(outcomes.OfType<ExtensionException>());
        Assert.Equal(Reason.Conflict, failure.Reason);
        Assert.Contains("'s2'", failure.Message, StringComparison.Ordinal);
        Assert.Contains("127.60.0.2", failure.Message, StringComparison.Ordinal);
        Assert.Empty((await provisioner.ObserveAsync(services.Where(service => service.Name != "s2"))).Drifts);
        Assert.DoesNotContain("127.60.0.2", await File.ReadAllTextAsync(server.ConfigFile, Stopping), StringComparison.Ordinal);

        other.Stop();
        await provisioner.DeployAsync(services[1]);
        Assert.Empty((await provisioner.ObserveAsync(services)).Drifts);
    }

    [Fact]
    public async Task One_address_for_two_services_is_a_conflict_for_the_second()
    {
        var provisioner = await HAProxyTests.StartAsync(server);
        await provisioner.DeployAsync(Service("first", 1));
        var before = await server.ProcessesAsync();

        var failure = await Assert.ThrowsAsync<ExtensionException>(() => provisioner.DeployAsync(Service("second", 1)));

        Assert.Equal(Reason.Conflict, failure.Reason);
        Assert.Contains("'first'", failure.Message, StringComparison.Ordinal);
        Assert.Equal(before.Workers, (await server.ProcessesAsync()).Workers);
    }

    [Fact]
    public async Task A_configuration_that_HAProxy_refuses_fails_only_the_service_to_blame()
    {
        var provisioner = await HAProxyTests.StartAsync(server);
        await server.WriteForeignAsync("listen " + HAProxyTranslation.ProxyName("test", HAProxyTests.Key("s3")) + "\n    bind 127.61.0.1:1\n");
        var services = Enumerable.Range(1, 7).Select(i => Service($"s{i}", i)).ToList();

        var outcomes = await Task.WhenAll(services.Select(service => OutcomeAsync(provisioner.DeployAsync(service))));

        var failure = Assert.Single(outcomes.OfType<ExtensionException>());
        Assert.Equal(Reason.Refused, failure.Reason);
        Assert.Contains("'s3'", failure.Message, StringComparison.Ordinal);
        Assert.Contains("same name", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_foreign_file_that_is_broken_refuses_everything_and_touches_nothing()
    {
        var provisioner = await HAProxyTests.StartAsync(server);
        await provisioner.DeployAsync(Service("first", 1));
        var (before, file) = (await server.ProcessesAsync(), await File.ReadAllTextAsync(server.ConfigFile, Stopping));
        await server.WriteForeignAsync("nonsense\n");

        var failure = await Assert.ThrowsAsync<ExtensionException>(() => provisioner.DeployAsync(Service("second", 2)));

        Assert.Equal(Reason.Refused, failure.Reason);
        Assert.Contains("even without this change", failure.Message, StringComparison.Ordinal);
        Assert.Contains("nonsense", failure.Message, StringComparison.Ordinal);
        Assert.Equal(before.Workers, (await server.ProcessesAsync()).Workers);
        Assert.Equal(file, await File.ReadAllTextAsync(server.ConfigFile, Stopping));
    }

    [Fact]
    public async Task After_kill_and_restart_everything_is_there()
    {
        var provisioner = await HAProxyTests.StartAsync(server);
        await provisioner.DeployAsync(Service("first", 1));
        await provisioner.DeployAsync(Service("first", 1, targets: 3));
        await provisioner.DeployAsync(Service("second", 2));

        await server.KillAsync();
        var away = await Assert.ThrowsAsync<ExtensionException>(() => provisioner.DeployAsync(Service("third", 3)));
        await server.StartAsync();
        var observed = await provisioner.ObserveAsync(Service("first", 1, targets: 3), Service("second", 2));
        await provisioner.DeployAsync(Service("third", 3));

        Assert.Equal(Reason.Unreachable, away.Reason);
        Assert.Empty(observed.Drifts);
        Assert.Empty((await provisioner.ObserveAsync(Service("first", 1, targets: 3), Service("second", 2), Service("third", 3))).Drifts);
    }

    [Fact]
    public async Task Kills_and_restarts_in_the_middle_of_changes_lose_nothing_in_the_end()
    {
        var provisioner = await HAProxyTests.StartAsync(server);
        var last = Enumerable.Range(1, 4).Select(i => Service($"s{i}", i, targets: 1)).ToList();
        using var done = new CancellationTokenSource();

        var changes = last.Select((service, i) => ChangeUntilAsync(provisioner, service, i + 1, done.Token)).ToList();
        for (var i = 0; i < 5; i++)
        {
            await Eventually.TrueAsync("a reload or two", async () => (await server.ProcessesAsync()).Reloads > i % 3);
            await server.KillAsync();
            await server.StartAsync();
        }
        await done.CancelAsync();
        await Task.WhenAll(changes);
        provisioner = await HAProxyTests.StartAsync(server);
        await Task.WhenAll(last.Select(provisioner.DeployAsync));

        Assert.Equal(Observation.InPlace, await provisioner.ObserveAsync(last));
        Assert.Equal(0, (await server.ProcessesAsync()).Failed);
    }

    [Fact]
    public async Task Two_Interlooks_share_a_HAProxy_and_a_file_and_a_service_name()
    {
        var ours = await HAProxyTests.StartAsync(server);
        var theirs = HAProxyTests.Create(server, "other");
        await theirs.StartAsync(Stopping);

        await Task.WhenAll(
            Task.WhenAll(Enumerable.Range(1, 10).Select(i => ours.DeployAsync(Service($"shop-{i}", i)))),
            Task.WhenAll(Enumerable.Range(1, 10).Select(i => theirs.DeployAsync(Service($"shop-{i}", 100 + i)))));
        var taken = await Assert.ThrowsAsync<ExtensionException>(() => ours.DeployAsync(Service("mine", 101)));
        await ours.UndeployAsync(Service("shop-1", 1));

        Assert.Equal(Reason.Conflict, taken.Reason);
        Assert.Equal(
            Observation.InPlace, await ours.ObserveAsync(Enumerable.Range(2, 9).Select(i => Service($"shop-{i}", i))));
        Assert.Equal(
            Observation.InPlace,
            await theirs.ObserveAsync(Enumerable.Range(1, 10).Select(i => Service($"shop-{i}", 100 + i))));
    }

    [Fact]
    public async Task A_file_of_somebody_elses_is_refused_and_kept()
    {
        const string Theirs = "listen precious\n    bind 127.61.0.1:1\n";
        await File.WriteAllTextAsync(server.ConfigFile, Theirs, Stopping);

        var failure = await Assert.ThrowsAsync<ExtensionException>(() => HAProxyTests.StartAsync(server));

        Assert.Equal(Reason.Conflict, failure.Reason);
        Assert.Contains(server.ConfigFile, failure.Message, StringComparison.Ordinal);
        Assert.Equal(Theirs, await File.ReadAllTextAsync(server.ConfigFile, Stopping));
    }

    [Fact]
    public async Task A_HAProxy_that_does_not_read_the_file_is_found_out_at_the_start()
    {
        var folder = Path.GetDirectoryName(server.ConfigFile)!;

        var failure = await Assert.ThrowsAsync<ExtensionException>(() =>
            HAProxyTests.StartAsync(server, options => options.ConfigFile = Path.Combine(folder, "elsewhere.cfg")));

        Assert.Equal(Reason.Invalid, failure.Reason);
        Assert.Contains("-f", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_content_that_cannot_be_loaded_is_taken_back_at_the_next_start()
    {
        var provisioner = await HAProxyTests.StartAsync(server);
        await provisioner.DeployAsync(Service("first", 1));
        await provisioner.DeployAsync(Service("second", 2));
        var good = await File.ReadAllTextAsync(server.ConfigFile, Stopping);
        using var other = new TcpListener(IPAddress.Parse("127.60.0.3"), server.HttpPort);
        other.Start();
        await File.WriteAllTextAsync(server.ConfigFile + ".previous", good, Stopping);
        await File.WriteAllTextAsync(
            server.ConfigFile, good.Replace("bind 127.60.0.2:", "bind 127.60.0.3:", StringComparison.Ordinal), Stopping);

        var restarted = await HAProxyTests.StartAsync(server);

        Assert.Equal(good, await File.ReadAllTextAsync(server.ConfigFile, Stopping));
        Assert.Empty((await restarted.ObserveAsync(Service("first", 1), Service("second", 2))).Drifts);
    }

    [Fact]
    public async Task A_deleted_file_comes_back_whole_with_the_next_change()
    {
        var provisioner = await HAProxyTests.StartAsync(server);
        await provisioner.DeployAsync(Service("first", 1));
        File.Delete(server.ConfigFile);

        var observed = await provisioner.ObserveAsync(Service("first", 1));
        await provisioner.DeployAsync(Service("second", 2));

        Assert.Single(observed.Drifts);
        Assert.Empty((await provisioner.ObserveAsync(Service("first", 1), Service("second", 2))).Drifts);
    }

    [Fact]
    public async Task What_was_changed_at_the_socket_is_drift_and_is_repaired_without_a_reload()
    {
        var provisioner = await HAProxyTests.StartAsync(server);
        var shop = Service("shop", 1, targets: 3);
        await provisioner.DeployAsync(shop);
        var section = HAProxyTranslation.ProxyName("test", HAProxyTests.Key("shop"));
        var before = await server.ProcessesAsync();
        string[] meddling =
        [
            $"set server {section}/127.0.0.1:9001 weight 77",
            $"set server {section}/127.0.0.1:9002 state maint",
            $"set server {section}/127.0.0.1:9003 addr 127.0.0.9 port 1",
            $"set server {section}/127.0.0.1:9001 state drain",
            $"disable health {section}/127.0.0.1:9003",
            $"add server {section}/stranger 127.0.0.1:9",
            $"set server {section}/127.0.0.1:9002 state maint;@1 del server {section}/127.0.0.1:9002",
        ];

        foreach (var command in meddling)
        {
            await server.AskAsync("@1 " + command + ";@1 enable server " + section + "/stranger");
            var observed = await provisioner.ObserveAsync(shop);
            await provisioner.DeployAsync(shop);

            Assert.Equal((command, 1), (command, observed.Drifts.Count));
            Assert.Empty((await provisioner.ObserveAsync(shop)).Drifts);
        }
        Assert.Equal(before.Workers, (await server.ProcessesAsync()).Workers);
    }

    [Fact]
    public async Task Without_HAProxy_the_start_fails_but_leaves_a_file_that_HAProxy_can_start_with()
    {
        await server.StopAsync();
        File.Delete(server.ConfigFile);

        var failure = await Assert.ThrowsAsync<ExtensionException>(() => HAProxyTests.StartAsync(server));
        await server.StartAsync();
        var provisioner = await HAProxyTests.StartAsync(server);

        Assert.Equal(Reason.Unreachable, failure.Reason);
        Assert.Contains(server.MasterSocket, failure.Message, StringComparison.Ordinal);
        await provisioner.CheckAsync(Stopping);
        Assert.Equal(0, (await server.ProcessesAsync()).Reloads);
    }

    private static async Task ChangeUntilAsync(IProvisioner provisioner, ServiceDefinition service, int number, CancellationToken done)
    {
        for (var round = 0; !done.IsCancellationRequested; round++)
        {
            var failure = (ExtensionException?)await OutcomeAsync((round % 3) switch
            {
                0 => provisioner.DeployAsync(service),
                1 => provisioner.DeployAsync(Service(service.Name, number, targets: 3)),
                _ => provisioner.UndeployAsync(service),
            });
            Assert.True(failure?.Reason is null or Reason.Unreachable or Reason.Unavailable or Reason.Timeout or Reason.Malformed, failure?.ToString());
        }
    }

    private static ServiceDefinition Service(string name, int number, int targets = 1) => HAProxyTests.Define(
        name, $"127.60.{number / 250}.{number % 250}", [.. Enumerable.Range(1, targets).Select(i => new Target("127.0.0.1", 9000 + i))]);

    private static async Task<Exception?> OutcomeAsync(Task call)
    {
        try
        {
            await call;
            return null;
        }
        catch (ExtensionException failure)
        {
            return failure;
        }
    }
}
