using System.Globalization;
using System.Text.Json;

namespace Interlook.Extensions.Kubernetes.Objects;

/// <summary>A condition of ours, as it is written to an object's status.</summary>
/// <param name="Type">Its name, with our domain before it.</param>
/// <param name="Status">True, False or Unknown, see <see cref="Condition"/>.</param>
/// <param name="Reason">One word in Pascal case.</param>
/// <param name="Message">What it says to people.</param>
/// <param name="Since">When the status last changed.</param>
internal sealed record WrittenCondition(string Type, string Status, string Reason, string Message, DateTimeOffset Since)
{
    /// <summary>Since when a status has been what it shall be: since it stands there, or else from now on.</summary>
    internal static DateTimeOffset SinceWhen(Condition? standing, string status, TimeProvider time) =>
        standing is { LastTransitionTime: { } known } condition && condition.Status == status ? known : time.GetUtcNow();

    /// <summary>Writes it as the only one of the member <c>conditions</c>: those of others belong to their writers.</summary>
    internal void WriteTo(Utf8JsonWriter json)
    {
        json.WriteStartArray("conditions");
        json.WriteStartObject();
        json.WriteString("type", Type);
        json.WriteString("status", Status);
        json.WriteString("reason", Reason);
        json.WriteString("message", Message);
        // The API keeps whole seconds (RFC 3339).
        json.WriteString("lastTransitionTime", Since.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
        json.WriteEndObject();
        json.WriteEndArray();
    }
}
