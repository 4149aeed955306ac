using Interlook.Extensions.Kubernetes.Objects;
using Interlook.Provisioners;
using Interlook.Services;

namespace Interlook.Extensions.Kubernetes.Answering;

/// <summary>
/// How a part of a Service's status says that it is ours: the name of its field manager, <c>interlook.io/INSTANCE/WORKFLOW</c>. The server keeps
/// who wrote which field, refuses us the fields of others, and removes with us only what is ours.
/// </summary>
/// <param name="instance">Who we are.</param>
internal sealed class StatusMark(string instance)
{
    /// <summary>The longest name that the server takes.</summary>
    private const int LongestName = 128;

    private readonly string beginning = $"{FieldOwners.Ours}{instance}/";

    /// <summary>The field manager of a workflow.</summary>
    internal string Of(ServiceKey key)
    {
        var name = beginning + key.Workflow;
        return name.Length <= LongestName ? name : beginning + NameDigest.Hex(key.Workflow, 16);
    }

    /// <summary>The entries that an object's managers of ours speak of.</summary>
    internal IEnumerable<ServiceKey> KeysOf(KubernetesObject found) =>
        from manager in found.Metadata.Managers
        where manager.StartsWith(beginning, StringComparison.Ordinal) && !manager.AsSpan(beginning.Length).Contains('/')
        select new ServiceKey(manager[beginning.Length..], found.Name.ToString());

    /// <summary>True when something of the object is ours, and of that workflow.</summary>
    internal bool IsOn(KubernetesObject found, ServiceKey key) => found.Metadata.Managers.Contains(Of(key));
}
