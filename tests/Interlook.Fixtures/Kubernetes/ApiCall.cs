namespace Interlook.Fixtures.Kubernetes;

/// <summary>One request to an API server, in the words in which the server grants rights.</summary>
/// <param name="At">When it came.</param>
/// <param name="Verb"><c>get</c>, <c>list</c>, <c>watch</c>, <c>create</c>, <c>update</c>, <c>patch</c>, <c>delete</c>, <c>deletecollection</c>.</param>
/// <param name="Resource">What it is about, with the part of it: <c>services</c>, <c>services/status</c>; empty for paths such as <c>/version</c>.</param>
/// <param name="Namespace">The namespace; empty for all, and for what is in none.</param>
/// <param name="Name">The object; empty for a collection.</param>
/// <param name="Path">Its path with query.</param>
/// <param name="Body">Its body, as text.</param>
/// <param name="Protocol"><c>HTTP/1.1</c> or <c>HTTP/2</c>.</param>
public sealed record ApiCall(
    DateTimeOffset At, string Verb, string Resource, string Namespace, string Name, string Path, string Body, string Protocol)
{
    /// <summary>Whether it changes something. A review only asks, though it is called a creation.</summary>
    public bool IsWrite => Verb is not ("get" or "list" or "watch") && !Resource.EndsWith("reviews", StringComparison.Ordinal);

    /// <summary>Reads a request's path as an API server does: <c>/api/v1/namespaces/a/services/b/status</c>.</summary>
    internal static ApiCall Read(DateTimeOffset at, string method, string path, string query, string body, string protocol)
    {
        var parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var rest = parts switch
        {
            ["api", _, .. var core] => core,
            ["apis", _, _, .. var group] => group,
            _ => [],
        };
        // A namespace is an object itself, with two parts; whatever else follows it is in it.
        var ns = "";
        if (rest is ["namespaces", var inside, var next, ..] && next is not ("status" or "finalize"))
            (ns, rest) = (inside, rest[2..]);
        var (resource, name) = rest switch
        {
            [] => ("", ""),
            [var collection] => (collection, ""),
            [var kind, var one] => (kind, one),
            [var kind, var one, var part, ..] => ($"{kind}/{part}", one),
        };
        var watch = query.TrimStart('?').Split('&').Any(field => field is "watch=1" or "watch=true");
        var verb = method switch
        {
            "POST" => "create",
            "PUT" => "update",
            "PATCH" => "patch",
            "DELETE" => name.Length > 0 ? "delete" : "deletecollection",
            _ when watch => "watch",
            _ => name.Length > 0 || resource.Length == 0 ? "get" : "list",
        };
        return new ApiCall(at, verb, resource, ns, name, path + query, body, protocol);
    }
}
