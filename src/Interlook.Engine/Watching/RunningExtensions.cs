using System.Collections.Immutable;
using Interlook.Engine.Scheduling;
using Interlook.Engine.Status;
using Interlook.Extensions;
using Interlook.Provisioners;
using Interlook.Services;
using Microsoft.Extensions.Logging;

namespace Interlook.Engine.Watching;

/// <summary>Starts the extensions that are needed, checks them while they run, and stops them.</summary>
/// <param name="parts">The extensions, the clock, the loggers.</param>
/// <param name="recovered">Called with the name of an extension that is connected again.</param>
/// <param name="waits">True waits at the start for systems that cannot be reached; false fails the start.</param>
internal sealed partial class RunningExtensions(EngineParts parts, Action<string> recovered, bool waits)
{
    private static readonly TimeSpan StartPatience = TimeSpan.FromMinutes(2);

    /// <summary>For each extension; together with the engine's own patience less than the ten seconds of a stop.</summary>
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(2);

    private readonly ILogger<RunningExtensions> logger = parts.Loggers.CreateLogger<RunningExtensions>();
    private readonly List<(string Name, IExtension Extension)> started = [];
    private ImmutableSortedDictionary<string, ExtensionMonitor> monitors = ImmutableSortedDictionary.Create<string, ExtensionMonitor>(StringComparer.Ordinal);

    /// <summary>How every extension does that was asked for.</summary>
    public IEnumerable<ExtensionStatus> Statuses => monitors.Values.Select(monitor => monitor.Status);

    /// <summary>True when the extension was asked for.</summary>
    public bool Has(string name) => monitors.ContainsKey(name);

    /// <summary>Names extensions that are to be started; what is configured and needed by nobody is left alone.</summary>
    public void Need(IEnumerable<string> names)
    {
        foreach (var (name, extension) in Find(names.ToHashSet(StringComparer.Ordinal)))
        {
            if (!monitors.ContainsKey(name))
                monitors = monitors.Add(name, new ExtensionMonitor(name, extension, () => recovered(name), parts.Time, parts.Loggers.CreateLogger<ExtensionMonitor>()));
        }
    }

    /// <summary>Starts them, one after the other; each provisioner takes up at once what it held before.</summary>
    /// <param name="applied">What a step last acknowledged, by its name.</param>
    /// <param name="stopping">Gives up the start.</param>
    /// <exception cref="ExtensionException">One cannot work: its name and the reason.</exception>
    public async Task StartAsync(Func<string, IReadOnlyDictionary<ServiceKey, ServiceDefinition>> applied, CancellationToken stopping)
    {
        foreach (var (name, extension) in Find(monitors.Keys.ToHashSet(StringComparer.Ordinal)))
        {
            started.Add((name, extension));
            await UntilStartedAsync(name, extension.StartAsync, stopping);
            if (extension is IProvisioner provisioner)
                await UntilStartedAsync(name, token => provisioner.ResumeAsync(applied(name), token), stopping);
            monitors[name].Started();
            Log.Started(logger, name);
        }
    }

    /// <summary>Checks them until stopped.</summary>
    public Task RunAsync(CancellationToken stopping) => Task.WhenAll(monitors.Values.Select(monitor => monitor.RunAsync(stopping)));

    /// <summary>Stops those that were started, also one whose start failed half-way.</summary>
    public async Task StopAsync(CancellationToken stopping)
    {
        foreach (var (name, extension) in Enumerable.Reverse(started))
        {
            try
            {
                await extension.StopAsync(stopping).WaitAsync(StopPatience, parts.Time, CancellationToken.None);
            }
            catch (Exception failure)
            {
                Log.NotStopped(logger, failure, name);
            }
        }
        started.Clear();
    }

    private IEnumerable<(string Name, IExtension Extension)> Find(HashSet<string> names) =>
        parts.Provisioners.Select(each => (each.Key, (IExtension)each.Value))
            .Concat(parts.Providers.Select(each => (each.Key, (IExtension)each.Value)))
            .Where(each => names.Contains(each.Key))
            .OrderBy(each => each.Key, StringComparer.Ordinal);

    /// <summary>Tries once, or where it is asked for until nothing is in the way but what does not pass by itself.</summary>
    private async Task UntilStartedAsync(string name, Func<CancellationToken, Task> start, CancellationToken stopping)
    {
        for (var failures = 1; ; failures++)
        {
            try
            {
                await InTimeAsync(name, start, stopping);
                return;
            }
            catch (ExtensionException failure) when (waits && failure.Reason is (Reason.Unreachable or Reason.Unavailable or Reason.Timeout))
            {
                var delay = failure.RetryAfter ?? Backoff.OfStart.Delay(failures, parts.Random);
                monitors[name].Waits(failure.Reason, failure.Message);
                Log.StartsLater(logger, failure.Message, delay.TotalSeconds);
                await Task.Delay(delay, parts.Time, stopping);
            }
        }
    }

    private async Task InTimeAsync(string name, Func<CancellationToken, Task> start, CancellationToken stopping)
    {
        using var left = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        try
        {
            await start(left.Token).WaitAsync(StartPatience, parts.Time, stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            throw;
        }
        catch (ExtensionException failure)
        {
            throw new ExtensionException(failure.Reason, $"{name} cannot start: {failure.Message}", failure.RetryAfter, failure);
        }
        catch (TimeoutException late)
        {
            left.Cancel(); // nobody waits for it any more
            throw new ExtensionException(
                Reason.Timeout, $"{name} cannot start: it was not ready after {StartPatience.TotalSeconds:0} s; look at the system behind it", innerException: late);
        }
        catch (Exception fault)
        {
            throw new ExtensionException(
                Reason.Internal, $"{name} cannot start: {fault.GetType().Name}: {fault.Message}; please report it", innerException: fault);
        }
    }
}
