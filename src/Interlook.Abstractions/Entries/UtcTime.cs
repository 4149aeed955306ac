namespace Interlook.Entries;

/// <summary>A time as an entry keeps it, or none, in a third of the room: there is one entry for every service, with four of them.</summary>
internal readonly record struct UtcTime
{
    private readonly long ticks; // 0, the beginning of the calendar, is none

    /// <param name="value">The time; null for none.</param>
    internal UtcTime(DateTimeOffset? value) => ticks = value?.UtcTicks ?? 0;

    /// <summary>The time in UTC.</summary>
    internal DateTimeOffset Value => new(ticks, TimeSpan.Zero);

    /// <summary>The time in UTC, or null.</summary>
    internal DateTimeOffset? ValueOrNull => ticks == 0 ? null : Value;
}
