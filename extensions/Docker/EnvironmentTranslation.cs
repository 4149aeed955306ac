using Interlook.Extensions.Docker.Wire;
using Interlook.Providers;
using Interlook.Services;

namespace Interlook.Extensions.Docker;

/// <summary>From a container's variable to its parts of services. Pure, but for the public host, which may move.</summary>
internal sealed class EnvironmentTranslation(PublicHost host)
{
    private const string AskPrefix = "variable ";

    /// <summary>Reads the variable's pairs: a part for each name, and a refusal for each pair that cannot be had.</summary>
    /// <param name="container">The container that asks.</param>
    /// <param name="network">Gives the container that has its network; throws when there is none.</param>
    /// <param name="subject">What messages call it.</param>
    /// <param name="isReady">True when it may get traffic.</param>
    internal (IEnumerable<ServicePart> Parts, IEnumerable<Refusal> Refusals) Read(
        ContainerInspect container, Func<ContainerInspect> network, string subject, bool isReady)
    {
        var targets = new SortedDictionary<string, HashSet<Target>>(StringComparer.Ordinal);
        var refusals = new List<Refusal>();
        foreach (var (variable, text) in DiscoverVariable.Pairs(container.Config?.Env))
        {
            DiscoverPair? pair = null;
            try
            {
                pair = DiscoverPair.Read(text);
                var (address, port) = EnvironmentPorts.Find(network(), pair, host.Address);
                if (!targets.TryGetValue(pair.Name, out var known))
                    targets.Add(pair.Name, known = []);
                known.Add(new Target(address, port));
            }
            catch (FormatException problem)
            {
                var why = pair is null ? problem.Message : $"cannot be announced: {problem.Message}";
                refusals.Add(new Refusal(
                    AskPrefix + (pair?.Name ?? text), new Rejection(subject, $"variable {variable}: '{PublicationLabels.Shown(text)}' {why}")));
            }
        }
        var parts = targets.Select(target => new ServicePart
        {
            Subject = subject,
            Id = container.Id,
            Created = container.Created,
            Ask = AskPrefix + target.Key,
            Service = target.Key,
            DnsNames = [target.Key],
            Targets = isReady ? [.. target.Value.Order()] : [],
        });
        return (parts, refusals);
    }
}
