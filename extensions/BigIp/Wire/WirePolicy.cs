namespace Interlook.Extensions.BigIp.Wire;

/// <summary>A policy.</summary>
internal sealed record WirePolicy
{
    /// <summary><c>published</c>, <c>draft</c>, or <c>legacy</c>: one that knows no drafts.</summary>
    public string? Status { get; init; }

    /// <summary>Written: makes a draft of a published policy.</summary>
    public bool? CreateDraft { get; init; }
}
