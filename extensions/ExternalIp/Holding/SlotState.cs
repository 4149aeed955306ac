namespace Interlook.Extensions.ExternalIp.Holding;

/// <summary>Where an address stands that is wanted.</summary>
internal enum SlotState
{
    /// <summary>It is not on the interface.</summary>
    Missing,

    /// <summary>It is not there, and the neighbours are being asked.</summary>
    Asked,

    /// <summary>It is not there, and no neighbour has it.</summary>
    Cleared,

    /// <summary>It is there and ours.</summary>
    Held,

    /// <summary>It is there and not ours.</summary>
    Foreign,
}
