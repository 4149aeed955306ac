using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Interlook.Fixtures.Kubernetes;

namespace Interlook.Extensions.Tests.Kubernetes.Deployment;

/// <summary>Asks an API server what an account may do, of everything that the server knows.</summary>
internal static class Rights
{
    private static readonly string[] Verbs =
        ["get", "list", "watch", "create", "update", "patch", "delete", "deletecollection", "bind", "escalate", "impersonate", "use", "*"];

    /// <summary>What every account may: ask what it may.</summary>
    private static readonly string[] Anybody =
        ["create selfsubjectaccessreviews.authorization.k8s.io", "create selfsubjectrulesreviews.authorization.k8s.io"];

    /// <summary>Every right of an account, <c>patch services/status</c>, in order; without those that everybody has.</summary>
    /// <param name="server">The server.</param>
    /// <param name="token">A token of the account.</param>
    /// <param name="ns">The namespace in which; empty asks for all of them, and for what is in none.</param>
    internal static async Task<IReadOnlyList<string>> OfAsync(KubernetesServer server, string token, string ns)
    {
        var account = server.As(token);
        var granted = new ConcurrentBag<string>();
        var questions = from resource in await ResourcesAsync(server) from verb in Verbs select (resource.Group, resource.Name, Verb: verb);
        await Parallel.ForEachAsync(questions, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (question, _) =>
        {
            var parts = question.Name.Split('/', 2);
            var attributes = new JsonObject { ["namespace"] = ns, ["group"] = question.Group, ["resource"] = parts[0], ["verb"] = question.Verb };
            if (parts.Length > 1)
                attributes["subresource"] = parts[1];
            var review = KubernetesObjects.Named("authorization.k8s.io/v1", "SelfSubjectAccessReview", null, "");
            review["spec"] = new JsonObject { ["resourceAttributes"] = attributes };
            var answer = await account.CreateAsync("/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", review);
            if ((bool)answer["status"]!["allowed"]!)
                granted.Add($"{question.Verb} {question.Name}{(question.Group.Length > 0 ? "." : "")}{question.Group}");
        });
        return [.. granted.Except(Anybody).Order(StringComparer.Ordinal)];
    }

    private static async Task<IReadOnlyList<(string Group, string Name)>> ResourcesAsync(KubernetesServer server)
    {
        var found = new HashSet<(string, string)> { ("", "users"), ("", "groups"), ("*", "*"), ("", "*") };
        var groups = (await server.Api.GetAsync("/apis"))["groups"]!.AsArray()
            .SelectMany(group => group!["versions"]!.AsArray().Select(version => (Group: (string)group["name"]!, Path: $"/apis/{version!["groupVersion"]}")));
        foreach (var (group, path) in groups.Prepend((Group: "", Path: "/api/v1")))
        {
            foreach (var resource in (await server.Api.GetAsync(path))["resources"]!.AsArray())
                found.Add((group, (string)resource!["name"]!));
        }
        return [.. found];
    }
}
