using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Interlook.Simulators.BigIp;

/// <summary>The rules of one kind of object: what may be created, changed and deleted, and how it is shown. Pure: a configuration in, a configuration out.</summary>
/// <param name="path">The collection below <c>/mgmt/tm</c>: <c>ltm/pool</c>.</param>
/// <param name="noun">What messages call it: <c>Pool</c>.</param>
internal abstract partial class ObjectKind(string path, string noun)
{
    private const string Version = "14.1.2";

    /// <summary>What a PUT leaves as it is: an object's name and what only other calls change.</summary>
    private static readonly ImmutableHashSet<string> Lasting = ["name", "partition", "address", "subPath", "status"];

    /// <summary>The collection below <c>/mgmt/tm</c>.</summary>
    internal string Path => path;

    internal string Noun => noun;

    /// <summary>The member of the sub-collection in a path, <c>members</c>; null without one.</summary>
    internal virtual string? PartsPath => null;

    /// <summary>The properties that may be written.</summary>
    protected abstract ImmutableHashSet<string> Writable { get; }

    internal abstract ImmutableSortedDictionary<string, Stored> In(Configuration configuration);

    internal abstract Configuration With(Configuration configuration, ImmutableSortedDictionary<string, Stored> objects);

    /// <summary>Makes an object.</summary>
    internal virtual (Configuration Configuration, string FullPath) Create(Configuration configuration, JsonObject body)
    {
        var (partition, name) = NameIn(configuration, body);
        var own = new JsonObject { ["name"] = name, ["partition"] = partition };
        var fullPath = $"/{partition}/{name}";
        if ((string?)body["subPath"] is { } folder)
        {
            own["subPath"] = folder; // what a template or a declaration made lies in a folder of its own
            fullPath = $"/{partition}/{folder}/{name}";
        }
        if (In(configuration).ContainsKey(fullPath))
            throw RefusedException.Exists(noun, fullPath, partition);
        var fresh = new Stored(own, Stored.NoParts, 0);
        return (Set(configuration, fullPath, fresh, Stored.Merge(Defaults(), Properties(body))), fullPath);
    }

    /// <summary>Changes what a body names; with <paramref name="replace"/> everything else goes back to its default.</summary>
    internal virtual Configuration Change(Configuration configuration, string fullPath, JsonObject body, bool replace)
    {
        if (body.Count == 0)
            throw new RefusedException(400, "one or more properties must be specified");
        var found = Find(configuration, fullPath);
        if (!replace)
            return Set(configuration, fullPath, found, Properties(body));
        var bare = new JsonObject(found.Own.Where(each => Lasting.Contains(each.Key)).Select(each => KeyValuePair.Create(each.Key, each.Value?.DeepClone())));
        return Set(configuration, fullPath, found with { Own = bare, Parts = Stored.NoParts }, Stored.Merge(Defaults(), Properties(body)));
    }

    internal virtual Configuration Delete(Configuration configuration, string fullPath)
    {
        Find(configuration, fullPath);
        return With(configuration, In(configuration).Remove(fullPath));
    }

    /// <summary>An object as a GET answers it.</summary>
    /// <param name="configuration">Everything.</param>
    /// <param name="fullPath">Which one.</param>
    /// <param name="expand">With its sub-collections.</param>
    internal virtual JsonObject Show(Configuration configuration, string fullPath, bool expand)
    {
        var stored = Find(configuration, fullPath);
        var shown = Head(StateKind, (string)stored.Own["name"]!, stored.Text("partition"), fullPath, stored.Generation, $"{path}/{Tilde(fullPath)}");
        foreach (var (property, value) in stored.Own)
            shown.TryAdd(property, value?.DeepClone());
        if (PartsPath is { } parts)
            shown[$"{parts}Reference"] = Reference($"{path}/{Tilde(fullPath)}/{parts}", expand ? ShowParts(configuration, fullPath) : null);
        return shown;
    }

    /// <summary>The sub-collection of an object as a GET answers it.</summary>
    internal virtual IReadOnlyList<JsonObject> ShowParts(Configuration configuration, string fullPath) => [];

    /// <summary>Makes an object of the sub-collection.</summary>
    internal virtual Configuration CreatePart(Configuration configuration, string fullPath, JsonObject body) => throw NotServed();

    internal virtual Configuration ChangePart(Configuration configuration, string fullPath, string part, JsonObject body, bool replace) => throw NotServed();

    internal virtual Configuration DeletePart(Configuration configuration, string fullPath, string part) => throw NotServed();

    internal Stored Find(Configuration configuration, string fullPath) =>
        In(configuration).GetValueOrDefault(fullPath) ?? throw RefusedException.Absent(noun, fullPath);

    internal static RefusedException NotServed() => new(400, "Found invalid HTTP method or path for this kind");

    /// <summary>What a property is when nobody set it.</summary>
    protected abstract JsonObject Defaults();

    /// <summary>Checks the properties as they are to be, and stores them.</summary>
    protected abstract Configuration Set(Configuration configuration, string fullPath, Stored before, JsonObject changes);

    /// <summary>The kind in answers: <c>tm:ltm:pool:poolstate</c>.</summary>
    protected string StateKind => $"tm:{path.Replace('/', ':')}:{path[(path.LastIndexOf('/') + 1)..]}state";

    protected Configuration Store(Configuration configuration, string fullPath, Stored stored)
    {
        var next = configuration with { Generation = configuration.Generation + 1 };
        return With(next, In(next).SetItem(fullPath, stored with { Generation = next.Generation }));
    }

    /// <summary>The properties of a body that may be written.</summary>
    protected JsonObject Properties(JsonObject body)
    {
        var properties = new JsonObject();
        foreach (var (name, value) in body)
        {
            if (name is "name" or "partition" or "subPath" or "fullPath" or "kind" or "generation" or "selfLink" || name.EndsWith("Reference", StringComparison.Ordinal))
                continue;
            if (!Writable.Contains(name))
                throw new RefusedException(400, $"\"{name}\" unknown property");
            properties[name] = value?.DeepClone();
        }
        RefuseMarkup(properties);
        return properties;
    }

    /// <summary>Where a new object goes.</summary>
    protected static (string Partition, string Name) NameIn(Configuration configuration, JsonObject body)
    {
        if (body.Count == 0)
            throw new RefusedException(400, "one or more properties must be specified");
        var name = (string?)body["name"] ?? throw new RefusedException(400, "\"name\" must be specified");
        var partition = (string?)body["partition"] ?? "Common";
        if (name.StartsWith('/'))
        {
            var slash = name.IndexOf('/', 1);
            (partition, name) = (name[1..slash], name[(slash + 1)..]);
        }
        if (!configuration.Partitions.ContainsKey(partition))
            throw new RefusedException(400, $"The requested folder (/{partition}) was not found.", 26214401);
        if (!ObjectName().IsMatch(name))
            throw new RefusedException(400, $"01070642:3: {name} is an illegal name.", 3);
        return (partition, name);
    }

    /// <summary>The members that every answer begins with.</summary>
    protected internal static JsonObject Head(string kind, string name, string? partition, string fullPath, long generation, string link)
    {
        var head = new JsonObject { ["kind"] = kind, ["name"] = name };
        if (partition is not null)
            head["partition"] = partition;
        head["fullPath"] = fullPath;
        head["generation"] = generation;
        head["selfLink"] = Link(link);
        return head;
    }

    protected internal static string Link(string path) => $"https://localhost/mgmt/tm/{path.Replace("%", "%25", StringComparison.Ordinal)}?ver={Version}";

    protected internal static string Tilde(string fullPath) => fullPath.Replace('/', '~');

    protected static JsonObject Reference(string path, IReadOnlyList<JsonObject>? items)
    {
        var reference = new JsonObject { ["link"] = Link(path), ["isSubcollection"] = true };
        if (items is { Count: > 0 })
            reference["items"] = new JsonArray([.. items]);
        return reference;
    }

    protected static int Whole(JsonObject properties, string name, int min, int max)
    {
        var value = properties[name];
        if (value is JsonValue number && number.TryGetValue<int>(out var whole) && whole >= min && whole <= max)
            return whole;
        throw new RefusedException(400, string.Create(
            CultureInfo.InvariantCulture, $"01070734:3: Configuration error: \"{name}\" must be from {min} to {max}, not {value?.ToJsonString()}"));
    }

    private static void RefuseMarkup(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject properties:
                foreach (var (_, value) in properties)
                    RefuseMarkup(value);
                break;
            case JsonArray items:
                foreach (var item in items)
                    RefuseMarkup(item);
                break;
            case JsonValue value when value.TryGetValue<string>(out var text) && Markup().IsMatch(text):
                throw new RefusedException(400, $"01071ac9:3: The text ({text}) holds a tag, which is not allowed.", 3);
        }
    }

    [GeneratedRegex("<[A-Za-z/!][^>]*>")]
    private static partial Regex Markup();

    [GeneratedRegex("^[A-Za-z0-9_.:%-]{1,255}$")]
    private static partial Regex ObjectName();
}
