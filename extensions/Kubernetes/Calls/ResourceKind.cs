using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Interlook.Extensions.Kubernetes.Objects;

namespace Interlook.Extensions.Kubernetes.Calls;

/// <summary>A kind of object: where a server has it, and how it is read.</summary>
/// <param name="Group">The API group; empty for the core group.</param>
/// <param name="Version">The group's version.</param>
/// <param name="Plural">Its name in paths and rights: <c>services</c>.</param>
/// <param name="Kind">Its name in objects: <c>Service</c>.</param>
/// <param name="IsNamespaced">False for objects of the whole cluster.</param>
/// <param name="Json">Reads and writes one.</param>
/// <param name="Names">Reads the metadata alone.</param>
internal sealed record ResourceKind<T>(
    string Group, string Version, string Plural, string Kind, bool IsNamespaced, JsonTypeInfo<T> Json, JsonTypeInfo<NamedObject> Names)
    where T : KubernetesObject
{
    /// <summary>Group and version, as objects have it.</summary>
    internal string ApiVersion => Group == "" ? Version : $"{Group}/{Version}";

    /// <summary>The path of all of them.</summary>
    /// <param name="scope">A namespace; empty for all, or where there is none.</param>
    internal string Collection(string scope)
    {
        var root = Group == "" ? $"/api/{Version}" : $"/apis/{Group}/{Version}";
        return scope == "" || !IsNamespaced ? $"{root}/{Plural}" : $"{root}/namespaces/{Uri.EscapeDataString(scope)}/{Plural}";
    }

    /// <summary>The path of one.</summary>
    /// <param name="name">Which one.</param>
    /// <param name="part">A part of its own rights, <c>status</c>; empty for the whole.</param>
    internal string Path(ObjectName name, string part = "") =>
        $"{Collection(name.Namespace)}/{Uri.EscapeDataString(name.Name)}{(part == "" ? "" : $"/{part}")}";

    /// <summary>Reads an object.</summary>
    /// <param name="json">Its text.</param>
    /// <param name="broken">What it is called and what is wrong, when it cannot be read.</param>
    /// <returns>Null when it cannot be read.</returns>
    internal T? Read(ReadOnlySpan<byte> json, out BrokenObject? broken)
    {
        try
        {
            var value = JsonSerializer.Deserialize(json, Json);
            broken = value is { Metadata.Name: not "" } ? null : new(new("", ""), "", "it has no name");
            return broken is null ? value : null;
        }
        catch (JsonException failure)
        {
            var metadata = ReadMetadata(json);
            broken = new(new(metadata.Namespace, metadata.Name), metadata.ResourceVersion, $"{failure.Path} holds something else than belongs there");
            return null;
        }
    }

    /// <summary>Reads an object's metadata.</summary>
    /// <returns>Empty metadata when not even that can be read.</returns>
    internal ObjectMeta ReadMetadata(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, Names)?.Metadata ?? default;
        }
        catch (JsonException)
        {
            return default;
        }
    }

    /// <summary>Writes an object, with its kind.</summary>
    internal byte[] Write(T value)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("apiVersion", ApiVersion);
            json.WriteString("kind", Kind);
            var ours = value with { Metadata = value.Metadata with { Managers = [] } }; // who manages what, only the server says
            using var members = JsonSerializer.SerializeToDocument(ours, Json);
            foreach (var member in members.RootElement.EnumerateObject().Where(member => member.Name is not ("apiVersion" or "kind")))
                member.WriteTo(json);
            json.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }
}
