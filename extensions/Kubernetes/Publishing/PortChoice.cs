using System.Globalization;
using Interlook.Configuration;
using Interlook.Extensions.Kubernetes.Objects;
using Interlook.Services;

namespace Interlook.Extensions.Kubernetes.Publishing;

/// <summary>Finds the port of a Service that gets the traffic.</summary>
internal static class PortChoice
{
    internal const string Tcp = "TCP";

    private static readonly (string[] Names, int Number) Plain = (["http", "web"], 80);
    private static readonly (string[] Names, int Number) Secured = (["https", "websecure"], 443);

    /// <summary>The port that is written: the number of a port of the Service, else of the pods, else on the nodes; or a port's name.</summary>
    /// <exception cref="FormatException">None is meant, or more than one, or it is not for TCP.</exception>
    internal static ServicePort Written(ServiceSpec spec, string text, string called)
    {
        var written = text.Trim();
        return written.Length > 0 && written.All(char.IsAsciiDigit)
            ? Numbered(spec, ReadNumber(written, called), called)
            : Named(spec, written, called);
    }

    /// <summary>The port of a Service that does not say which.</summary>
    /// <param name="spec">The Service.</param>
    /// <param name="mayGuess">True for a Service that needs no label: a port of the web is then taken among several.</param>
    /// <param name="isTls">What the Service says of TLS; null when it says nothing.</param>
    /// <exception cref="FormatException">There is none, or it is not clear which is meant.</exception>
    internal static ServicePort Unwritten(ServiceSpec spec, bool mayGuess, bool? isTls)
    {
        var candidates = spec.Ports.Where(IsTcp).ToList();
        if (candidates.Count == 0)
            throw new FormatException(spec.Ports.IsEmpty ? "it has no port" : $"it has no port for TCP, only {Show(spec.Ports)}");
        if (candidates.Count == 1)
            return candidates[0];
        if (mayGuess && Guess(candidates, isTls) is { } guess)
            return guess;
        throw new FormatException($"it has several ports ({Show(spec.Ports)}): set annotation {PublicationLabels.PortLabel} to one of them");
    }

    /// <summary>True for a port of which its name or number says that it speaks TLS.</summary>
    internal static bool IsSecured(ServicePort port) => IsOf(port, Secured);

    /// <summary>Ports for people: <c>http 80, dns 53/UDP</c>.</summary>
    internal static string Show(IEnumerable<ServicePort> ports) => string.Join(", ", ports.Select(Show));

    /// <summary>A port for people.</summary>
    internal static string Show(ServicePort port) => string.Create(
        CultureInfo.InvariantCulture, $"{port.Name}{(port.Name == "" ? "" : " ")}{port.Port}{(IsTcp(port) ? "" : $"/{port.Protocol}")}");

    internal static bool IsTcp(ServicePort port) => port.Protocol == Tcp;

    private static int ReadNumber(string written, string called)
    {
        try
        {
            return SettingReaders.Port(written);
        }
        catch (FormatException problem)
        {
            throw new FormatException($"{called} {PublicationLabels.Shown(problem.Message)}");
        }
    }

    private static ServicePort Numbered(ServiceSpec spec, int number, string called) =>
        Only(spec, port => port.Port == number, called)
        ?? Only(spec, port => port.TargetPort.Number == number, called)
        ?? Only(spec, port => port.NodePort == number, called)
        ?? throw NoneOf(spec, number.ToString(CultureInfo.InvariantCulture), called);

    private static ServicePort Named(ServiceSpec spec, string name, string called) =>
        name == ""
            ? throw new FormatException($"{called} is empty: write the number or the name of a port ({Show(spec.Ports)})")
            : Only(spec, port => port.Name == name, called)
            ?? Only(spec, port => port.TargetPort.Name == name, called)
            ?? throw NoneOf(spec, name, called);

    private static ServicePort? Only(ServiceSpec spec, Func<ServicePort, bool> isMeant, string called)
    {
        var meant = spec.Ports.Where(isMeant).ToList();
        var candidates = meant.Where(IsTcp).ToList();
        return (meant.Count, candidates.Count) switch
        {
            (0, _) => null,
            (_, 1) => candidates[0],
            (_, 0) => throw new FormatException($"{called} means {Show(meant)}, and only TCP can be published"),
            _ => throw new FormatException($"{called} may mean {Show(candidates)}: write the number of one of them"),
        };
    }

    private static FormatException NoneOf(ServiceSpec spec, string written, string called) => new(
        $"{called} says '{PublicationLabels.Shown(written)}', and the Service has no such port ({(spec.Ports.IsEmpty ? "it has none" : Show(spec.Ports))})");

    private static ServicePort? Guess(List<ServicePort> candidates, bool? isTls)
    {
        var wanted = isTls is true ? new[] { Secured } : isTls is false ? [Plain] : [Plain, Secured];
        foreach (var (names, number) in wanted)
        {
            var found = names.SelectMany(name => candidates.Where(port => port.Name == name)).Concat(candidates.Where(port => port.Port == number)).ToList();
            if (found.Count > 0)
                return found[0];
        }
        return null;
    }

    private static bool IsOf(ServicePort port, (string[] Names, int Number) kind) =>
        kind.Names.Contains(port.Name, StringComparer.Ordinal) || port.Port == kind.Number;
}
