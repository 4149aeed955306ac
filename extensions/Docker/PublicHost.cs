using Microsoft.Extensions.Logging;

namespace Interlook.Extensions.Docker;

/// <summary>
/// Where targets that ask by a variable are announced. <see cref="HasMoved"/> has one caller at a time; the address may be read from any thread.
/// </summary>
/// <param name="address">An address, or a name.</param>
/// <param name="origin">Who says so, for people.</param>
internal sealed partial class PublicHost(string address, string origin)
{
    /// <summary>How often the interface is looked at, where that is asked for.</summary>
    internal static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(5);

    private volatile string current = address;
    private bool isLost;

    /// <summary>For a provider that needs none.</summary>
    internal static PublicHost None { get; } = new("", "");

    /// <summary>The address or name now.</summary>
    internal string Address => current;

    /// <summary>Who says so, for people: <c>setting host</c>, <c>interface eth0</c>.</summary>
    internal string Origin => origin;

    /// <summary>Looks for the address again, null while there is none; not set where it cannot change.</summary>
    internal Func<string?>? Look { get; init; }

    /// <summary>Says when it has moved; set with <see cref="Look"/>.</summary>
    internal ILogger? Logger { get; init; }

    /// <summary>True when it may change.</summary>
    internal bool IsWatched => Look is not null;

    /// <summary>Looks again.</summary>
    /// <returns>True when it is another. An interface that has lost its address gives none: what was announced last stays.</returns>
    internal bool HasMoved()
    {
        if (Look is null || Logger is null)
            return false;
        var found = Look();
        if (found is null && !isLost)
            Log.HostLost(Logger, origin, current);
        isLost = found is null;
        if (found is null || found == current)
            return false;
        Log.HostMoved(Logger, origin, current, found);
        current = found;
        return true;
    }
}
