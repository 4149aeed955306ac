using System.Collections.Immutable;
using System.Text.Json;
using YamlDotNet.Core;

namespace Interlook.Extensions.Kubernetes.Access;

/// <summary>
/// What one or several kubeconfig files say together (Kubernetes documentation, "Organizing Cluster Access Using kubeconfig Files"): of
/// two things with one name the first counts, and the first current context does.
/// </summary>
/// <param name="Source">The files, for messages.</param>
/// <param name="CurrentContext">The context that counts when none is named; null when none of the files says.</param>
/// <param name="Clusters">By name.</param>
/// <param name="Users">By name.</param>
/// <param name="Contexts">By name.</param>
internal sealed record Kubeconfig(
    string Source,
    string? CurrentContext,
    ImmutableDictionary<string, KubeconfigCluster> Clusters,
    ImmutableDictionary<string, KubeconfigUser> Users,
    ImmutableDictionary<string, KubeconfigContext> Contexts)
{
    /// <summary>The paths in a list that is separated as in PATH.</summary>
    internal static ImmutableArray<string> Paths(string list, Surroundings surroundings) =>
    [
        .. list.Split(Path.PathSeparator, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(surroundings.Expand),
    ];

    /// <summary>Reads files; those that do not exist are passed over, as long as one does.</summary>
    /// <exception cref="ExtensionException">None exists, or one cannot be read.</exception>
    internal static Kubeconfig Read(ImmutableArray<string> paths)
    {
        var files = paths.Where(File.Exists).Select(Path.GetFullPath).ToList();
        if (files.Count == 0)
            throw Invalid(string.Join(", ", paths), "does not exist; set kubeconfig to one that does");
        return files.Select(ReadFile).Aggregate(Merge);
    }

    private static Kubeconfig Merge(Kubeconfig first, Kubeconfig second) => new(
        $"{first.Source}, {second.Source}",
        first.CurrentContext ?? second.CurrentContext,
        second.Clusters.SetItems(first.Clusters),
        second.Users.SetItems(first.Users),
        second.Contexts.SetItems(first.Contexts));

    private static Kubeconfig ReadFile(string path)
    {
        var file = Parse(path);
        var folder = Path.GetDirectoryName(path)!;
        return new(
            path,
            file.CurrentContext is { Length: > 0 } current ? current : null,
            ByName((file.Clusters ?? []).Select(named => (named.Name, (named.Cluster ?? new()) with { Folder = folder }))),
            ByName((file.Users ?? []).Select(named => (named.Name, (named.User ?? new()) with { Folder = folder }))),
            ByName((file.Contexts ?? []).Select(named => (named.Name, named.Context ?? new()))));
    }

    private static ImmutableDictionary<string, T> ByName<T>(IEnumerable<(string? Name, T Value)> pairs)
    {
        var builder = ImmutableDictionary.CreateBuilder<string, T>(StringComparer.Ordinal);
        foreach (var (name, value) in pairs)
            builder.TryAdd(name ?? "", value);
        return builder.ToImmutable();
    }

    private static KubeconfigFile Parse(string path)
    {
        try
        {
            return YamlJson.Read(File.ReadAllText(path))?.Deserialize(KubeconfigJson.Default.KubeconfigFile) ?? new();
        }
        catch (YamlException failure)
        {
            throw Invalid(path, $"is not YAML: line {failure.Start.Line}, column {failure.Start.Column}; correct it", failure);
        }
        catch (JsonException failure)
        {
            throw Invalid(path, $"is no kubeconfig: {failure.Path} holds something else than belongs there; correct it", failure);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw Invalid(path, $"cannot be read: {failure.Message.ReplaceLineEndings(" ").TrimEnd('.')}; let Interlook read it", failure);
        }
    }

    private static ExtensionException Invalid(string path, string problem, Exception? cause = null) =>
        new(Reason.Invalid, $"the kubeconfig {path} {problem}", innerException: cause);
}
