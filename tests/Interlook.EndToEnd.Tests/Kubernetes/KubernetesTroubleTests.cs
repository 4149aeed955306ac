using System.Diagnostics;
using System.Globalization;
using Xunit;

namespace Interlook.EndToEnd.Tests.Kubernetes;

/// <summary>The executable while something goes wrong between it and the API server, and passes within seconds.</summary>
[Collection(ClusterCollection.Name)]
public sealed class KubernetesTroubleTests(ClusterServers clusters, TroubledSite troubled) : IClassFixture<TroubledSite>, IAsyncLifetime
{
    public static TheoryData<ApiTrouble> Troubles => [.. Enum.GetValues<ApiTrouble>()];

    private KubernetesSite Site => troubled.Site;

    public async ValueTask InitializeAsync() => await troubled.OpenAsync(clusters);

    public ValueTask DisposeAsync()
    {
        troubled.Calm();
        return ValueTask.CompletedTask;
    }

    [Theory]
    [MemberData(nameof(Troubles))]
    public async Task What_stays_is_neither_withdrawn_nor_written_to_and_what_changed_meanwhile_is_as_it_shall_be(ApiTrouble trouble)
    {
        var (coming, going) = ($"coming-{trouble}".ToLowerInvariant(), $"going-{trouble}".ToLowerInvariant());
        await Site.SettleAsync(troubled.Interlook, troubled.Still, troubled.Moved, await Site.CreateAsync(going, "10.1.0.4"));
        await Site.HasEventAsync(going, "Deployed");
        Site.Proxy.ForgetCalls();

        var fresh = await troubled.PassAsync(trouble, () => troubled.ChangeAsync(coming, going));
        var over = Stopwatch.GetTimestamp();
        await Site.SettleAsync(troubled.Interlook, troubled.Still, troubled.Moved, fresh);
        var recovery = Stopwatch.GetElapsedTime(over);

        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{trouble}: exact {recovery.TotalSeconds:0.0} s after it"));
        await Site.HasEventAsync(going, "Withdrawn");
        await Site.IsFollowedAsync(troubled.Interlook);
        Assert.InRange(recovery, TimeSpan.Zero, TimeSpan.FromSeconds(60)); // ten seconds is the longest wait between two tries; machines are slow
        Assert.Empty(Site.Observer.Losses);
        Assert.DoesNotContain(
            Site.Proxy.Calls,
            call => call.IsWrite && !call.Body.Contains(coming, StringComparison.Ordinal) && !call.Body.Contains(going, StringComparison.Ordinal));
        Site.Observer.Release(fresh.Name);
        await Site.DeleteAsync(coming);
        await Site.AgreesAsync(troubled.Interlook, troubled.Still, troubled.Moved);
    }
}
