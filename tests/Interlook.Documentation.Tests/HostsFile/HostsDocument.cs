using Interlook.Collections;
using Interlook.Services;

namespace Interlook.Extensions.HostsFile;

/// <summary>A hosts file's content. Immutable, and without I/O: every rule about lines can be tested without a file.</summary>
internal sealed record HostsDocument(EquatableArray<HostsLine> Lines)
{
    /// <summary>Reads a content; what is not ours is kept letter by letter.</summary>
    internal static HostsDocument Parse(string content) =>
        new(content.Split('\n').SkipLast(content.EndsWith('\n') || content.Length == 0 ? 1 : 0).Select(line => new HostsLine(line)).ToEquatableArray());

    /// <summary>The content to write.</summary>
    internal string Write() => string.Concat(Lines.Select(line => line.Text + "\n"));

    /// <summary>The line of a service, or null.</summary>
    internal HostsLine? Find(string instance, ServiceKey key) => Lines.FirstOrDefault(line => line.OwnerIn(instance) == key);

    /// <summary>The line of somebody else that has one of these names, or null.</summary>
    internal HostsLine? Rival(string instance, ServiceKey key, HostsLine wanted)
    {
        var names = wanted.Names.ToHashSet(StringComparer.Ordinal);
        return Lines.FirstOrDefault(line => line.OwnerIn(instance) != key && line.Names.Any(names.Contains));
    }

    /// <summary>The document in which a service has this line, and no other; none when <paramref name="wanted"/> is null.</summary>
    /// <returns>The same document when it is so already.</returns>
    internal HostsDocument With(string instance, ServiceKey key, HostsLine? wanted)
    {
        var had = Lines.Where(line => line.OwnerIn(instance) == key).ToList();
        if (wanted is null ? had.Count == 0 : had is [var only] && only == wanted)
            return this;
        var others = Lines.Where(line => line.OwnerIn(instance) != key);
        return new HostsDocument((wanted is null ? others : others.Append(wanted)).ToEquatableArray());
    }
}
