namespace Interlook.Extensions.Kemp.Wire;

/// <summary>What an answer's envelope says.</summary>
/// <param name="Status">Decisive, whatever the status of HTTP and the word beside it are.</param>
/// <param name="Error">The appliance's words for a failure; null for none.</param>
/// <param name="Row">The one object that was asked for: its elements stand directly in the answer.</param>
/// <param name="Services">The rows of a list.</param>
internal sealed record KempReply(int Status, string? Error, ReplyRow Row, IReadOnlyList<ReplyRow> Services);
