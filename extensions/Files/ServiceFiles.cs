using System.Text;
using Interlook.Collections;
using Interlook.Providers;
using Interlook.Services;

namespace Interlook.Extensions.Files;

/// <summary>
/// The files and what they say together. A file that cannot be used keeps what it said when it was last good. Not for concurrent use.
/// </summary>
internal sealed class ServiceFiles(string path, string provider, TimeProvider time)
{
    private const int LargestFile = 4 * 1024 * 1024;
    private const int MostProblems = 20;

    /// <summary>A file changed this recently may change again within the same tick of the file system's clock: it is read again.</summary>
    private static readonly TimeSpan Young = TimeSpan.FromSeconds(2);

    private static readonly UTF8Encoding StrictText = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly SortedDictionary<string, WatchedFile> files = new(StringComparer.Ordinal);

    /// <summary>What is published, by name.</summary>
    internal Dictionary<string, ServiceDefinition> Services { get; private set; } = [];

    /// <summary>What cannot be used.</summary>
    internal EquatableArray<Rejection> Rejections =>
        files.Where(file => file.Value.Problem is not null)
            .Select(file => new Rejection($"file {Path.GetFileName(file.Key)}", file.Value.Problem!))
            .ToEquatableArray();

    /// <summary>True when a file lost services and must be looked at once more before they are withdrawn.</summary>
    internal bool IsUnconfirmed => files.Values.Any(file => file.Unconfirmed);

    /// <summary>False while a file cannot be used that was never good: what it published before is not known.</summary>
    internal bool IsComplete => files.Values.All(file => file.WasGood || file.Problem is null);

    /// <summary>Fails when the files cannot be listed.</summary>
    /// <exception cref="ExtensionException">Nothing is known.</exception>
    internal IReadOnlyList<string> List()
    {
        try
        {
            if (File.Exists(path))
                return [path];
            return [.. Directory.EnumerateFiles(path)
                .Where(file => Path.GetExtension(file) is ".yml" or ".yaml" && !Path.GetFileName(file).StartsWith('.'))];
        }
        catch (DirectoryNotFoundException absent)
        {
            throw new ExtensionException(
                Reason.Unreachable, $"{path} does not exist: make the file or the folder, or correct provider.file.path", innerException: absent);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new ExtensionException(Reason.Unreachable, $"{path} cannot be read: {refused.Message}", innerException: refused);
        }
    }

    /// <summary>Looks at every file, and reads those that changed.</summary>
    /// <exception cref="ExtensionException">Nothing is known, and nothing changed.</exception>
    internal void Scan()
    {
        var listed = List();
        foreach (var gone in files.Keys.Except(listed).ToList())
            Miss(gone);
        foreach (var file in listed)
            Look(file);
        Accept();
        Services = files.Values.SelectMany(file => file.Good).ToDictionary(service => service.Name, StringComparer.Ordinal);
    }

    /// <summary>A file is gone when it is missing twice: editors take the old file away before the new one has its name.</summary>
    private void Miss(string name)
    {
        if (files[name] is { IsMissing: false, Good.Count: > 0 } file)
            (file.IsMissing, file.Unconfirmed, file.Stamp, file.Read) = (true, true, null, null);
        else
            files.Remove(name);
    }

    private void Look(string name)
    {
        if (!files.TryGetValue(name, out var file))
            files.Add(name, file = new WatchedFile());
        try
        {
            var found = new FileInfo(File.ResolveLinkTarget(name, returnFinalTarget: true)?.FullName ?? name);
            if (!found.Exists)
            {
                Miss(name); // gone since the folder was listed
                return;
            }
            var stamp = (found.LastWriteTimeUtc, found.Length);
            var same = file.Stamp == stamp;
            file.Unconfirmed = false;
            file.IsMissing = false;
            if (same && time.GetUtcNow().UtcDateTime - stamp.LastWriteTimeUtc > Young)
                return;
            file.Stamp = stamp;
            Read(file, name, found, same);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            file.Stamp = null;
            file.Read = null;
            file.Problem = $"{name} cannot be read: {refused.Message}";
        }
    }

    private void Read(WatchedFile file, string name, FileInfo found, bool same)
    {
        file.Read = null;
        if (found.Length > LargestFile)
        {
            file.Problem = $"{name} is larger than {LargestFile / 1024 / 1024} MiB: split it into several files";
            return;
        }
        try
        {
            var (services, problems) = ServiceDocuments.Read(StrictText.GetString(File.ReadAllBytes(found.FullName)), provider);
            if (problems.Count > 0)
            {
                file.Problem = Join(name, problems);
                return;
            }
            // An editor empties a file before it fills it: what is missing now may be there in a moment.
            file.Unconfirmed = !same && file.Good.Select(good => good.Name).Except(services.Select(service => service.Name), StringComparer.Ordinal).Any();
            file.Read = services;
            file.Problem = null;
        }
        catch (ArgumentException)
        {
            file.Problem = $"{name} is not UTF-8 text: save it as UTF-8";
        }
    }

    private static string Join(string name, IReadOnlyList<FileProblem> problems)
    {
        var shown = problems.OrderBy(problem => (problem.Line, problem.Column)).Take(MostProblems)
            .Select(problem => $"{name}:{problem.Line}:{problem.Column}: {problem.Message}");
        return string.Join("; ", shown) + (problems.Count > MostProblems ? $"; and {problems.Count - MostProblems} more" : "");
    }

    /// <summary>Takes what files say now, unless another file has a name already. A name that moves between files may need several rounds.</summary>
    private void Accept()
    {
        var progress = true;
        while (progress)
        {
            progress = false;
            var owners = files.SelectMany(file => file.Value.Good.Select(service => (service.Name, File: file.Key)))
                .ToDictionary(owner => owner.Name, owner => owner.File, StringComparer.Ordinal);
            foreach (var (name, file) in files)
            {
                if (file.Read is not { } read || file.Unconfirmed || ReferenceEquals(file.Good, read))
                    continue;
                var taken = read.FirstOrDefault(service => owners.TryGetValue(service.Name, out var owner) && owner != name);
                file.Problem = taken is null
                    ? null
                    : $"{name}: service '{taken.Name}' is already in {owners[taken.Name]}: give one of the two another name";
                if (taken is not null)
                    continue;
                foreach (var service in file.Good)
                    owners.Remove(service.Name);
                foreach (var service in read)
                    owners.Add(service.Name, name);
                file.Good = read;
                progress = true;
            }
        }
    }
}
