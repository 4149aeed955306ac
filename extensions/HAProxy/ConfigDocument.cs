using System.Collections.Immutable;
using System.Text;
using Interlook.Provisioners;
using Interlook.Services;

namespace Interlook.Extensions.HAProxy;

/// <summary>The file's content: our sections, and everything in it that is not ours, kept letter by letter. Immutable.</summary>
internal sealed record ConfigDocument
{
    private const string Header = "# Interlook owns this file (format 1) and rewrites it; put sections of your own into another file.";
    private const string Begin = "# interlook begin ";
    private const string End = "# interlook end";

    /// <summary>Our services' sections by key, in stable order.</summary>
    public ImmutableSortedDictionary<string, ServiceSection> Sections { get; init; } =
        ImmutableSortedDictionary.Create<string, ServiceSection>(StringComparer.Ordinal);

    /// <summary>The lines that bear no mark of ours: another instance's sections, or what somebody wrote.</summary>
    public string Foreign { get; init; } = "";

    /// <summary>With a service's section set, or removed when null.</summary>
    public ConfigDocument With(ServiceKey key, ServiceSection? section) =>
        this with { Sections = section is null ? Sections.Remove(key.Path) : Sections.SetItem(key.Path, section) };

    /// <summary>Names what only a reload brings into effect. Two documents with one revision differ in servers at most.</summary>
    public string Revision(string preamble)
    {
        var frames = new StringBuilder(preamble);
        foreach (var section in Sections.Values)
            frames.Append(section.Frame);
        return NameDigest.Hex(frames.ToString(), 16);
    }

    /// <summary>Writes the file's content.</summary>
    /// <param name="instance">Whose marks.</param>
    /// <param name="preamble">The sections that are always there.</param>
    public string Render(string instance, string preamble)
    {
        var text = new StringBuilder(1024 + (Sections.Count * 512));
        text.Append(Header).Append('\n');
        text.Append(Begin).Append("instance=").Append(instance).Append('\n').Append(preamble).Append(End).Append('\n');
        foreach (var section in Sections.Values)
        {
            text.Append('\n').Append(Begin).Append("instance=").Append(instance);
            text.Append(" name=").Append(section.Name).Append(" key=").Append(Uri.EscapeDataString(section.Key.Path)).Append('\n');
            section.AppendTo(text);
            text.Append(End).Append('\n');
        }
        if (Foreign.Length > 0)
            text.Append('\n').Append(Foreign);
        return text.ToString();
    }

    /// <summary>Reads a file's content.</summary>
    /// <param name="text">The content; empty is an empty document.</param>
    /// <param name="instance">Whose marks are ours.</param>
    /// <param name="file">For messages.</param>
    /// <exception cref="ExtensionException">The file is somebody else's, or damaged.</exception>
    public static ConfigDocument Parse(string text, string instance, string file)
    {
        if (string.IsNullOrWhiteSpace(text))
            return new ConfigDocument();
        var lines = text.Split('\n');
        if (lines[0].TrimEnd('\r') != Header)
        {
            throw new ExtensionException(
                Reason.Conflict,
                $"{file} was not written by Interlook, which would replace it: name another configFile, or move this content to a file of its own");
        }
        var document = new ConfigDocument();
        var foreign = new StringBuilder();
        for (var i = 1; i < lines.Length; i++)
        {
            if (!lines[i].StartsWith(Begin, StringComparison.Ordinal))
            {
                if (foreign.Length > 0 || lines[i].Length > 0)
                    foreign.Append(lines[i]).Append('\n');
                continue;
            }
            var end = Array.IndexOf(lines, End, i);
            var next = Array.FindIndex(lines, i + 1, line => line.StartsWith(Begin, StringComparison.Ordinal));
            if (end < 0 || (next > 0 && next < end))
            {
                throw new ExtensionException(
                    Reason.Malformed,
                    $"{file} line {i + 1}: a section begins and does not end; restore the file from {file}{ConfigFile.PreviousSuffix}, or remove the section's lines");
            }
            var mark = Mark(lines[i]);
            if (mark.Instance != instance)
                foreign.AppendJoin('\n', lines[i..(end + 1)]).Append('\n');
            else if (mark is { Key: { } key, Name: { } name })
                document = document.With(key, ServiceSection.Parse(key, name, lines[(i + 1)..end]));
            i = end;
        }
        return document with { Foreign = foreign.Length == 0 ? "" : foreign.ToString().TrimEnd('\n') + "\n" };
    }

    private static (string? Instance, string? Name, ServiceKey? Key) Mark(string line)
    {
        string? instance = null, name = null;
        ServiceKey? key = null;
        foreach (var word in line[Begin.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = word.IndexOf('=', StringComparison.Ordinal);
            var value = equals < 0 ? "" : word[(equals + 1)..];
            switch (equals < 0 ? word : word[..equals])
            {
                case "instance":
                    instance = value;
                    break;
                case "name":
                    name = value;
                    break;
                case "key" when ServiceKey.TryParsePath(Uri.UnescapeDataString(value), out var parsed):
                    key = parsed;
                    break;
            }
        }
        return (instance, name, key);
    }
}
