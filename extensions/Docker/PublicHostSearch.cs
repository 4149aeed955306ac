using Interlook.Services;
using Microsoft.Extensions.Logging;

namespace Interlook.Extensions.Docker;

/// <summary>
/// Finds the public host: the setting, then the variable EXTERNAL_IP, then a cloud's metadata service where that is asked for, then the
/// network interface.
/// </summary>
internal sealed class PublicHostSearch(DockerOptions options, PublicHostSources sources, TimeProvider time)
{
    internal const string Variable = "EXTERNAL_IP";

    /// <summary>Looks in one after the other.</summary>
    /// <param name="logger">Says later when a host that is watched has moved.</param>
    /// <param name="stopping">Cancels the search.</param>
    /// <exception cref="ExtensionException">None has one: everything that was tried is in the message. Or what one has cannot be used.</exception>
    internal async Task<PublicHost> FindAsync(ILogger logger, CancellationToken stopping)
    {
        if (options.Host != "")
            return new PublicHost(options.Host, "setting host");
        if (sources.Environment(Variable)?.Trim() is { Length: > 0 } written)
            return new PublicHost(ReadVariable(written), $"variable {Variable}");
        var tried = new List<string> { "setting host is empty", $"variable {Variable} is not set or empty" };
        if (options.Metadata == DockerOptions.MetadataOff)
        {
            tried.Add("setting metadata is off");
        }
        else if (await AskMetadataAsync(tried, stopping) is { } found)
        {
            return found;
        }
        return FromInterface(logger, tried) ?? throw new ExtensionException(
            Reason.Invalid,
            $"no public host was found at which containers with DISCOVER could be announced: {string.Join("; ", tried)}. "
            + $"Set host to this machine's address, or interface to one that has it");
    }

    private static string ReadVariable(string written)
    {
        try
        {
            return TargetAddress.Read(written);
        }
        catch (FormatException problem)
        {
            throw new ExtensionException(
                Reason.Invalid, $"the environment variable {Variable} {PublicationLabels.Shown(problem.Message, 250)}: mend it, empty it, or set host", innerException: problem);
        }
    }

    private async Task<PublicHost?> AskMetadataAsync(List<string> tried, CancellationToken stopping)
    {
        using var service = new MetadataService(sources.Metadata, time);
        foreach (var cloud in MetadataService.Clouds.Where(cloud => options.Metadata == "auto" || options.Metadata == cloud))
        {
            var (address, problem) = await service.AskAsync(cloud, stopping);
            if (address is not null)
                return new PublicHost(address.ToString(), $"the metadata of {cloud}");
            tried.Add($"the metadata service of {cloud} {problem}");
        }
        return null;
    }

    private PublicHost? FromInterface(ILogger logger, List<string> tried)
    {
        var addresses = sources.Addresses(options.Interface);
        if (addresses is not null && LocalInterfaces.FirstUsable(addresses) is { } address)
        {
            return new PublicHost(address.ToString(), $"interface {options.Interface}")
            {
                Look = options.WatchInterface ? () => LocalInterfaces.FirstUsable(sources.Addresses(options.Interface) ?? [])?.ToString() : null,
                Logger = logger,
            };
        }
        tried.Add(addresses switch
        {
            null => $"interface {options.Interface} does not exist (there are {string.Join(", ", sources.Interfaces())})",
            [] => $"interface {options.Interface} has no address",
            _ => $"interface {options.Interface} has only addresses that others cannot use ({string.Join(", ", addresses)})",
        });
        return null;
    }
}
