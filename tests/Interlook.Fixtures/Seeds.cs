using System.Collections.Concurrent;
using System.Globalization;

namespace Interlook.Fixtures;

/// <summary>Plays a simulation for many seeds, on every processor.</summary>
public static class Seeds
{
    private const int MostBroken = 10;

    /// <summary>Plays 10,000 seeds from 1, or as many as INTERLOOK_SEEDS says from INTERLOOK_FIRST_SEED. Gives up after ten that broke something.</summary>
    /// <param name="play">Plays one seed and says what it broke; null when nothing. Called from several threads at once.</param>
    /// <returns>What was broken, each with the command that repeats it; empty when nothing was.</returns>
    public static string Play(Func<int, string?> play)
    {
        var first = Setting("INTERLOOK_FIRST_SEED", 1);
        var broken = new ConcurrentDictionary<int, string>();
        Parallel.For(first, first + Setting("INTERLOOK_SEEDS", 10_000), (seed, state) =>
        {
            if (play(seed) is { } violations)
                broken[seed] = violations;
            if (broken.Count >= MostBroken)
                state.Stop();
        });
        return string.Join("\n", broken.OrderBy(each => each.Key).Select(each =>
            $"seed {each.Key} (repeat it with: make simulate SEEDS=1 FIRST={each.Key})\n{each.Value}"));
    }

    private static int Setting(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var value) ? value : otherwise;
}
