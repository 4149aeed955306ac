using System.Collections.Immutable;
using Interlook.Extensions;
using Interlook.Providers;
using Interlook.Services;
using Xunit;

namespace Interlook.Specification;

/// <summary>
/// What every provider must show, on the platform it watches or a fake that speaks its protocol. A provider's tests inherit this class
/// and fill in the hooks; a hook that means nothing for a platform calls <see cref="Assert.Skip(string)"/> with the reason. Each fact gets
/// a platform of its own.
/// </summary>
public abstract class ProviderSpecification : IAsyncLifetime
{
    private readonly List<IProvider> created = [];
    private readonly List<ProviderFollower> followers = [];

    /// <summary>The test's own stop.</summary>
    protected static CancellationToken Stopping => TestContext.Current.CancellationToken;

    /// <summary>The extension's full name, which every definition must bear.</summary>
    protected abstract string ProviderName { get; }

    /// <summary>A service name that this platform can just bear: blanks, signs and letters beyond ASCII where it can.</summary>
    protected virtual string OddName => "Café <42> / straße";

    /// <summary>What the published service is called of which these tests say <paramref name="name"/>: where names have a namespace, another.</summary>
    protected virtual string Published(string name) => name;

    /// <summary>Starts the platform, without services.</summary>
    public abstract ValueTask InitializeAsync();

    /// <summary>Ends watches and providers made here. Override to end the platform too, after this.</summary>
    public virtual async ValueTask DisposeAsync()
    {
        foreach (var follower in followers)
            await follower.DisposeAsync();
        foreach (var provider in created)
            await provider.StopAsync(CancellationToken.None);
        GC.SuppressFinalize(this);
    }

    /// <summary>Makes the provider, not started, with intervals short enough for a test.</summary>
    protected abstract IProvider Create();

    /// <summary>Makes a service on the platform, or changes it, so that it has this one host name and at least one target.</summary>
    protected abstract Task PublishAsync(string name, string hostName);

    /// <summary>Removes a service from the platform.</summary>
    protected abstract Task RemoveAsync(string name);

    /// <summary>Makes something that asks for publication and cannot have it.</summary>
    /// <returns>The subject of its rejection.</returns>
    protected abstract Task<string> PublishUnusableAsync(string name);

    /// <summary>Removes what <see cref="PublishUnusableAsync"/> made.</summary>
    protected abstract Task RemoveUnusableAsync(string name);

    /// <summary>Makes the platform unreadable; its services stay.</summary>
    protected abstract Task StopPlatformAsync();

    /// <summary>Makes it readable again, where it was, and waits until it answers.</summary>
    protected abstract Task StartPlatformAsync();

    [Fact]
    public async Task An_empty_platform_is_an_empty_snapshot()
    {
        var follower = await FollowAsync();

        Assert.Empty(follower.Services);
        Assert.IsType<ProviderEvent.Snapshot>(follower.Events[0]);
    }

    [Fact]
    public async Task The_first_event_is_a_snapshot_of_everything()
    {
        await PublishAsync("shop", "shop.example.org");
        await PublishAsync("blog", "blog.example.org");

        var follower = await FollowAsync();

        var snapshot = Assert.IsType<ProviderEvent.Snapshot>(follower.Events[0]);
        Assert.Equal([Published("blog"), Published("shop")], snapshot.Services.Select(service => service.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_definition_says_who_found_it_and_where_its_traffic_goes()
    {
        await PublishAsync("shop", "shop.example.org");

        var shop = (await FollowAsync()).Services[Published("shop")];

        Assert.Equal(ProviderName, shop.Provider);
        Assert.Equal(["shop.example.org"], shop.DnsNames);
        Assert.NotEmpty(shop.Targets);
        Assert.Null(shop.PublicIp);
        Assert.False(shop.Tls);
    }

    [Fact]
    public async Task A_service_that_appears_is_published()
    {
        var follower = await FollowAsync();

        await PublishAsync("shop", "shop.example.org");

        await follower.UntilAsync("shop is published", services => HasHost(services, "shop", "shop.example.org"));
    }

    [Fact]
    public async Task A_service_that_changes_is_published_anew()
    {
        await PublishAsync("shop", "shop.example.org");
        var follower = await FollowAsync();

        await PublishAsync("shop", "store.example.org");

        await follower.UntilAsync("shop has its new name", services => HasHost(services, "shop", "store.example.org"));
    }

    [Fact]
    public async Task A_service_that_goes_is_withdrawn_and_the_others_stay()
    {
        await PublishAsync("shop", "shop.example.org");
        await PublishAsync("blog", "blog.example.org");
        var follower = await FollowAsync();

        await RemoveAsync("shop");

        await follower.UntilAsync("shop is withdrawn", services => !services.ContainsKey(Published("shop")));
        Assert.True(HasHost(follower.Services, "blog", "blog.example.org"));
    }

    [Fact]
    public async Task A_service_that_comes_again_is_published_again()
    {
        await PublishAsync("shop", "shop.example.org");
        var follower = await FollowAsync();
        await RemoveAsync("shop");
        await follower.UntilAsync("shop is withdrawn", services => !services.ContainsKey(Published("shop")));

        await PublishAsync("shop", "shop.example.org");

        await follower.UntilAsync("shop is published again", services => HasHost(services, "shop", "shop.example.org"));
    }

    [Fact]
    public async Task What_changes_while_a_watch_begins_is_not_missed()
    {
        await PublishAsync("first", "first.example.org");
        var provider = await StartAsync();

        var follower = Follow(provider);
        for (var i = 0; i < 10; i++)
            await PublishAsync($"next-{i}", $"next-{i}.example.org");
        await RemoveAsync("first");

        await follower.UntilAsync(
            "the ten new services are published and the old one is not",
            services => services.Count == 10 && Enumerable.Range(0, 10).All(i => HasHost(services, $"next-{i}", $"next-{i}.example.org")));
    }

    [Fact]
    public async Task Every_snapshot_names_each_service_once()
    {
        await PublishAsync("shop", "shop.example.org");
        var follower = await FollowAsync();
        await PublishAsync("shop", "store.example.org");
        await follower.UntilAsync("shop has its new name", services => HasHost(services, "shop", "store.example.org"));

        var snapshots = follower.Events.OfType<ProviderEvent.Snapshot>();

        Assert.All(snapshots, snapshot => Assert.Equal(snapshot.Services.Count, snapshot.Services.Select(service => service.Name).Distinct().Count()));
    }

    [Fact]
    public async Task An_odd_name_is_kept_as_it_is()
    {
        await PublishAsync(OddName, "odd.example.org");

        var follower = await FollowAsync();

        Assert.True(HasHost(follower.Services, OddName, "odd.example.org"));
        Assert.NotNull(await created[0].RefreshAsync(Published(OddName), Stopping));
    }

    [Fact]
    public async Task What_cannot_be_published_is_rejected_with_its_reason_and_harms_nobody()
    {
        await PublishAsync("shop", "shop.example.org");

        var subject = await PublishUnusableAsync("broken");
        var follower = await FollowAsync();

        await follower.UntilAsync("the rejection is reported", _ => follower.Rejections.Any(rejection => rejection.Subject == subject));
        Assert.All(follower.Rejections, rejection => Assert.NotEqual("", rejection.Problem));
        Assert.Equal([Published("shop")], follower.Services.Keys);
    }

    [Fact]
    public async Task A_rejection_goes_when_its_cause_goes()
    {
        var subject = await PublishUnusableAsync("broken");
        var follower = await FollowAsync();
        await follower.UntilAsync("the rejection is reported", _ => follower.Rejections.Any(rejection => rejection.Subject == subject));

        await RemoveUnusableAsync("broken");

        await follower.UntilAsync("the rejection is taken back", _ => follower.Rejections.IsEmpty);
    }

    [Fact]
    public async Task A_refresh_reads_one_service_while_a_watch_runs()
    {
        await PublishAsync("shop", "shop.example.org");
        await PublishAsync("shopping", "shopping.example.org");
        var follower = await FollowAsync();

        var shop = await created[0].RefreshAsync(Published("shop"), Stopping);

        Assert.Equal(follower.Services[Published("shop")], shop);
    }

    [Fact]
    public async Task A_refresh_of_what_is_not_there_answers_nothing()
    {
        await PublishAsync("shop", "shop.example.org");
        var provider = await StartAsync();

        Assert.Null(await provider.RefreshAsync(Published("sho"), Stopping));
        Assert.Null(await provider.RefreshAsync(Published("shop2"), Stopping));
    }

    [Fact]
    public async Task A_refresh_of_an_unreadable_platform_fails_and_is_not_nothing()
    {
        await PublishAsync("shop", "shop.example.org");
        var provider = await StartAsync();
        await StopPlatformAsync();

        await Assert.ThrowsAsync<ExtensionException>(() => provider.RefreshAsync(Published("shop"), Stopping));
    }

    [Fact]
    public async Task A_platform_that_becomes_unreadable_fails_the_watch_and_withdraws_nothing()
    {
        await PublishAsync("shop", "shop.example.org");
        var follower = await FollowAsync();

        await StopPlatformAsync();

        Assert.IsType<ExtensionException>(await follower.FailureAsync());
        Assert.True(HasHost(follower.Services, "shop", "shop.example.org"));
    }

    [Fact]
    public async Task An_unreadable_platform_is_an_error_and_never_an_empty_snapshot()
    {
        await PublishAsync("shop", "shop.example.org");
        var provider = await StartAsync();
        await StopPlatformAsync();

        var follower = Follow(provider);

        Assert.IsType<ExtensionException>(await follower.FailureAsync());
        Assert.Empty(follower.Events);
    }

    [Fact]
    public async Task A_watch_after_a_failure_begins_with_a_snapshot_of_what_is_there_now()
    {
        await PublishAsync("shop", "shop.example.org");
        var failed = await FollowAsync();
        await StopPlatformAsync();
        await failed.FailureAsync();
        await StartPlatformAsync();
        await PublishAsync("blog", "blog.example.org");

        var follower = await ProviderFollower.StartAsync(created[0], Stopping);
        followers.Add(follower);

        Assert.IsType<ProviderEvent.Snapshot>(follower.Events[0]);
        await follower.UntilAsync("both are published", services => HasHost(services, "shop", "shop.example.org") && HasHost(services, "blog", "blog.example.org"));
    }

    [Fact]
    public async Task A_cancelled_watch_ends_and_another_begins_with_a_snapshot()
    {
        await PublishAsync("shop", "shop.example.org");
        var first = await FollowAsync();

        await first.StopAsync();
        var second = await ProviderFollower.StartAsync(created[0], Stopping);
        followers.Add(second);

        Assert.Null(await first.FailureAsync());
        Assert.True(HasHost(second.Services, "shop", "shop.example.org"));
    }

    [Fact]
    public async Task A_check_fails_while_the_platform_is_away_and_succeeds_after()
    {
        var provider = await StartAsync();
        await provider.CheckAsync(Stopping);

        await StopPlatformAsync();
        await Assert.ThrowsAsync<ExtensionException>(() => provider.CheckAsync(Stopping));
        await StartPlatformAsync();

        await provider.CheckAsync(Stopping);
    }

    [Fact]
    public async Task A_start_without_the_platform_fails_and_a_stop_after_it_does_not()
    {
        await StopPlatformAsync();
        var provider = Create();

        var failure = await Assert.ThrowsAsync<ExtensionException>(() => provider.StartAsync(Stopping));

        Assert.NotEqual("", failure.Message);
        await provider.StopAsync(Stopping);
    }

    /// <summary>Makes and starts a provider.</summary>
    protected async Task<IProvider> StartAsync()
    {
        var provider = Create();
        created.Add(provider);
        await provider.StartAsync(Stopping);
        return provider;
    }

    /// <summary>Makes and starts a provider, follows it, and waits for the first snapshot.</summary>
    protected async Task<ProviderFollower> FollowAsync()
    {
        var follower = Follow(await StartAsync());
        await follower.UntilAsync("the first snapshot", _ => follower.Snapshots > 0);
        return follower;
    }

    /// <summary>Follows a provider; the test ends it.</summary>
    protected ProviderFollower Follow(IProvider provider)
    {
        var follower = ProviderFollower.Of(provider, Stopping);
        followers.Add(follower);
        return follower;
    }

    private bool HasHost(ImmutableSortedDictionary<string, ServiceDefinition> services, string name, string hostName) =>
        services.TryGetValue(Published(name), out var service) && service.DnsNames.Count == 1 && service.DnsNames[0] == hostName && service.Targets.Count > 0;
}
