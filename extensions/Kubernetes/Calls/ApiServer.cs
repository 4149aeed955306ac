using System.Buffers;
using System.Net;
using System.Text.Json;
using Interlook.Extensions.Kubernetes.Access;
using Interlook.Extensions.Kubernetes.Objects;

namespace Interlook.Extensions.Kubernetes.Calls;

/// <summary>
/// The calls of one API server: one method a call, no decisions. Each fails with an <see cref="ExtensionException"/>: 409 is
/// <see cref="Reason.Conflict"/>, 401 and 403 <see cref="Reason.Unauthorized"/>. Safe for concurrent use.
/// </summary>
internal sealed class ApiServer(ClusterAccess access, TimeProvider time, bool isReadOnly) : IDisposable
{
    private const int UsualObject = 4 * 1024;

    /// <summary>The server, for messages.</summary>
    internal string Server => access.Server;

    /// <summary>The kinds that it is spoken to about.</summary>
    internal ResourceKinds Kinds { get; } = new();

    /// <summary>Sends the requests.</summary>
    internal ApiTransport Transport { get; } = new(access, time, isReadOnly);

    /// <summary>Reads an object.</summary>
    /// <returns>Null when there is none.</returns>
    internal Task<T?> GetAsync<T>(ResourceKind<T> kind, ObjectName name, CancellationToken stopping)
        where T : KubernetesObject =>
        AskAsync(
            kind, Request(kind, HttpMethod.Get, kind.Path(name), "get", $"reading {kind.Kind} {name}"), HttpStatusCode.NotFound, stopping);

    /// <summary>Makes an object.</summary>
    /// <returns>What the server made of it.</returns>
    internal async Task<T> CreateAsync<T>(ResourceKind<T> kind, T value, CancellationToken stopping)
        where T : KubernetesObject =>
        (await AskAsync(
            kind,
            Request(kind, HttpMethod.Post, kind.Collection(value.Metadata.Namespace), "create", $"making {kind.Kind} {value.Name}") with
            {
                Body = kind.Write(value),
            },
            null, stopping))!;

    /// <summary>
    /// Replaces an object whole: for kinds of which we know all that we want in them. With a version in its metadata, only that version.
    /// </summary>
    /// <returns>What it is then; null when there is none.</returns>
    internal Task<T?> UpdateAsync<T>(ResourceKind<T> kind, T value, CancellationToken stopping)
        where T : KubernetesObject =>
        AskAsync(
            kind, Request(kind, HttpMethod.Put, kind.Path(value.Name), "update", $"writing {kind.Kind} {value.Name}") with { Body = kind.Write(value) },
            HttpStatusCode.NotFound, stopping);

    /// <summary>Changes some members of an object (RFC 7386). With <c>metadata.resourceVersion</c> in the patch, only that version.</summary>
    /// <param name="kind">Its kind.</param>
    /// <param name="name">Which one.</param>
    /// <param name="part">A part with rights of its own, <c>status</c>; empty for the whole.</param>
    /// <param name="patch">The members as JSON; null removes one.</param>
    /// <param name="stopping">Cancels the call.</param>
    /// <returns>What it is then; null when there is none.</returns>
    internal Task<T?> MergeAsync<T>(ResourceKind<T> kind, ObjectName name, string part, ReadOnlyMemory<byte> patch, CancellationToken stopping)
        where T : KubernetesObject =>
        AskAsync(
            kind,
            Request(kind, HttpMethod.Patch, kind.Path(name, part), "patch", $"changing {kind.Kind} {name}", part) with
            {
                Body = patch,
                ContentType = "application/merge-patch+json",
            },
            HttpStatusCode.NotFound, stopping);

    /// <summary>Applies our part of an object (Kubernetes documentation, "Server-Side Apply"), and takes nothing from another manager.</summary>
    /// <param name="kind">Its kind.</param>
    /// <param name="name">
    /// Which one. It is made when it is missing, unless the body names an uid: then that is a conflict, and another uid too, or refused.
    /// </param>
    /// <param name="part">A part with rights of its own, <c>status</c>; empty for the whole.</param>
    /// <param name="manager">The name our members bear.</param>
    /// <param name="body">The object with <c>apiVersion</c>, <c>kind</c>, its name and our members, as JSON.</param>
    /// <param name="stopping">Cancels the call.</param>
    /// <returns>What it is then; null when there is none and this part cannot be made without it.</returns>
    internal Task<T?> ApplyAsync<T>(
        ResourceKind<T> kind, ObjectName name, string part, string manager, ReadOnlyMemory<byte> body, CancellationToken stopping)
        where T : KubernetesObject =>
        AskAsync(
            kind,
            Request(
                kind, HttpMethod.Patch, $"{kind.Path(name, part)}?fieldManager={Uri.EscapeDataString(manager)}&force=false", "patch",
                $"applying {kind.Kind} {name}", part) with
            {
                Body = body,
                ContentType = "application/apply-patch+yaml", // JSON is YAML
            },
            HttpStatusCode.NotFound, stopping);

    /// <summary>Removes an object.</summary>
    /// <param name="kind">Its kind.</param>
    /// <param name="name">Which one.</param>
    /// <param name="uid">Only the object with this uid; null for any.</param>
    /// <param name="version">Only at this version; null for any.</param>
    /// <param name="stopping">Cancels the call.</param>
    /// <returns>False when there was none.</returns>
    internal async Task<bool> DeleteAsync<T>(ResourceKind<T> kind, ObjectName name, string? uid, string? version, CancellationToken stopping)
        where T : KubernetesObject
    {
        var request = Request(kind, HttpMethod.Delete, kind.Path(name), "delete", $"removing {kind.Kind} {name}") with
        {
            Body = Preconditions(uid, version),
        };
        return await Transport.AskAsync(request, ApiTransport.CallPatience, (_, _) => Task.FromResult(true), HttpStatusCode.NotFound, stopping);
    }

    /// <inheritdoc/>
    public void Dispose() => Transport.Dispose();

    private static ApiRequest Request<T>(ResourceKind<T> kind, HttpMethod method, string path, string verb, string doing, string part = "")
        where T : KubernetesObject => new()
        {
            Method = method,
            Path = path,
            Verb = verb,
            Resource = part == "" ? kind.Plural : $"{kind.Plural}/{part}",
            Doing = part == "" ? doing : $"{doing} ({part})",
        };

    private Task<T?> AskAsync<T>(ResourceKind<T> kind, ApiRequest request, HttpStatusCode? missing, CancellationToken stopping)
        where T : KubernetesObject =>
        Transport.AskAsync<T>(
            request, ApiTransport.CallPatience,
            async (answer, token) =>
            {
                var body = new AnswerBody(UsualObject);
                await body.ReadAsync(answer.Content, token);
                return kind.Read(body.Bytes, out var broken) ?? throw Transport.Fault.Malformed(request, $"the answer is no {kind.Kind}: {broken!.Problem}");
            },
            missing, stopping);

    private static byte[]? Preconditions(string? uid, string? version)
    {
        if (uid is null && version is null)
            return null;
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("apiVersion", "v1");
            json.WriteString("kind", "DeleteOptions");
            json.WriteStartObject("preconditions");
            if (uid is not null)
                json.WriteString("uid", uid);
            if (version is not null)
                json.WriteString("resourceVersion", version);
            json.WriteEndObject();
            json.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }
}
