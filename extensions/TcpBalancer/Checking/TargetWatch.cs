namespace Interlook.Extensions.TcpBalancer.Checking;

/// <summary>Checks one target again and again, and keeps its name resolved, until it is removed.</summary>
internal sealed partial class TargetWatch(BalancedTarget target, BalancedService service, BalancerParts parts)
{
    /// <summary>How long a target stays out that failed connections ejected, when nobody checks it.</summary>
    internal static readonly TimeSpan EjectionTime = TimeSpan.FromSeconds(10);

    // The first checks of many targets that come at once are spread over so long.
    private static readonly TimeSpan LongestStart = TimeSpan.FromSeconds(1);

    private readonly TargetProbe probe = new(parts.Options, parts.Time);
    private readonly TargetName? name = TargetName.For(target, parts.Time);
    private bool isFailing;

    public async Task RunAsync(CancellationToken stopping)
    {
        var interval = parts.Options.CheckInterval;
        try
        {
            if (name is null)
                await Task.Delay((interval < LongestStart ? interval : LongestStart) * parts.Random.NextDouble(), parts.Time, stopping);
            while (true)
            {
                var begun = parts.Time.GetTimestamp();
                await TryOnceAsync(stopping);
                // A tenth more or less each time, so that checks that met by chance part again.
                var pause = (interval * (0.9 + (0.2 * parts.Random.NextDouble()))) - parts.Time.GetElapsedTime(begun);
                await Task.Delay(pause > TimeSpan.Zero ? pause : TimeSpan.FromMilliseconds(1), parts.Time, stopping);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The target was removed.
        }
    }

    /// <summary>What goes wrong here, with no descriptor left say, tells nothing of the target: it keeps its health until a check can be made.</summary>
    private async Task TryOnceAsync(CancellationToken stopping)
    {
        try
        {
            await RunOnceAsync(stopping);
            isFailing = false;
        }
        catch (Exception fault) when (!stopping.IsCancellationRequested)
        {
            if (!isFailing)
                Log.Failed(parts.Logger, target.Condition.Target.Endpoint, service.Key.Path, fault);
            isFailing = true;
        }
    }

    private async Task RunOnceAsync(CancellationToken stopping)
    {
        if (name is not null && await name.ResolveAsync(stopping) is { } unknown)
        {
            target.Checked(unknown);
            return;
        }
        if (parts.Options.Check == CheckKind.None)
        {
            GiveAnotherChance();
            return;
        }
        var isHttp = parts.Options.Check == CheckKind.Http && service.Applied is { Tls: false };
        var problem = await probe.TryAsync(target.Address!.Endpoint, isHttp ? HostHeader() : null, stopping);
        if (problem is not null)
            name?.TakeNext();
        target.Checked(problem);
    }

    private void GiveAnotherChance()
    {
        if (target.Condition.Health != Provisioners.TargetHealth.Unhealthy || parts.Time.GetElapsedTime(target.EjectedAt) < EjectionTime)
            return;
        name?.TakeNext();
        target.Forget();
    }

    // Targets that serve several names answer for this one.
    private string HostHeader()
    {
        foreach (var candidate in service.Applied?.DnsNames ?? [])
        {
            if (!candidate.StartsWith('*'))
                return candidate;
        }
        return new Services.Target(target.Host, target.Port).Endpoint;
    }
}
