namespace Interlook.Extensions.ExternalIp.Holding;

/// <summary>What is known of an address of ours on a link.</summary>
internal enum LinkPresence
{
    /// <summary>It is not there, and does not come there.</summary>
    Gone,

    /// <summary>It may be there, or come there: the keeper was told, and has not said what became of it.</summary>
    Possible,

    /// <summary>The keeper has seen it there.</summary>
    There,
}
