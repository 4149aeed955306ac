namespace Interlook.Extensions.BigIp.Wire;

/// <summary>A collection, or a reference to one; an empty one has no items at all, as one that was not expanded.</summary>
internal sealed record WireCollection<T>
{
    public List<T>? Items { get; init; }
}
