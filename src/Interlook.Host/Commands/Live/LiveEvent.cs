using System.Text.Json;

namespace Interlook.Host.Commands.Live;

/// <summary>One event of GET /events.</summary>
/// <param name="Name"><c>reset</c>, <c>services</c>, <c>ready</c>, <c>overview</c>; one that is not known is passed over.</param>
/// <param name="Content">What it says; valid until the next event is read.</param>
internal readonly record struct LiveEvent(string Name, JsonElement Content);
