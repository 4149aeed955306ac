using Interlook.Services;

namespace Interlook.Extensions.Files;

/// <summary>One file: what it said when it was last good, and what it says now.</summary>
internal sealed class WatchedFile
{
    /// <summary>What its entry in the folder said when it was last read; equal stamps mean an equal file.</summary>
    internal (DateTime Written, long Length)? Stamp { get; set; }

    /// <summary>What it says now, when that can be read.</summary>
    internal IReadOnlyList<ServiceDefinition>? Read { get; set; }

    /// <summary>What of it is published.</summary>
    internal IReadOnlyList<ServiceDefinition> Good
    {
        get;
        set => (field, WasGood) = (value, true);
    } = [];

    /// <summary>True when it was good at least once since Interlook started; until then nobody knows what it published before.</summary>
    internal bool WasGood { get; private set; }

    /// <summary>Why <see cref="Read"/> is not what is published; null when it is.</summary>
    internal string? Problem { get; set; }

    /// <summary>True when it was not there at the last look.</summary>
    internal bool IsMissing { get; set; }

    /// <summary>True when it lost services since it was last read: taken only if it says the same at the next look.</summary>
    internal bool Unconfirmed { get; set; }
}
