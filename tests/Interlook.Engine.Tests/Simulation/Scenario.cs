namespace Interlook.Engine.Tests.Simulation;

/// <summary>One run: trouble, then quiet, then the reckoning. Everything follows from the seed.</summary>
internal static class Scenario
{
    private const int MostServices = 24;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(40);

    /// <summary>Runs a seed.</summary>
    /// <returns>The promises it broke.</returns>
    public static Violations Run(int seed, Mutant? mutant = null)
    {
        using var world = new World(seed, mutant);
        var chance = new Random(~seed);
        try
        {
            world.Start();
            Trouble(world, chance);
            world.Faults.End();
            if (!ComesTrue(world))
                world.Violations.Add(1, $"after {Patience.TotalMinutes} quiet minutes {world.Disagreement()}");
            else
                Reckon(world);
        }
        catch (Exception fault)
        {
            world.Violations.Add(0, $"the run broke: {fault}");
        }
        if (world.Systems.Any(system => !system.Foreign.Contains("foreign")))
            world.Violations.Add(10, "what is not ours was taken");
        return world.Violations;
    }

    private static void Trouble(World world, Random chance)
    {
        var events = 15 + chance.Next(50);
        for (var i = 0; i < events; i++)
        {
            Happen(world, chance);
            if (chance.Next(3) > 0)
                world.Run(TimeSpan.FromMilliseconds(Math.Pow(10, chance.NextDouble() * 4.3)));
        }
    }

    private static void Happen(World world, Random chance)
    {
        var service = $"svc-{chance.Next(MostServices)}";
        switch (chance.Next(40))
        {
            case < 22:
                world.Platform.Publish(service, chance.Next(4), 1 + chance.Next(4));
                break;
            case < 30:
                world.Platform.Withdraw(service);
                break;
            case 30 or 31:
                world.Platform.Break();
                break;
            case 32 or 33:
                // A lie that a single snapshot tells about more services than may go at once.
                if (world.Engine.Providers()[0].Services > EngineOptions.AlwaysAllowedWithdrawals + 3)
                    Lie(world);
                break;
            case 34 or 35:
                world.Crash();
                world.Start();
                break;
            case 37:
                world.Refresh(service);
                break;
            case 36:
                world.Stop();
                world.Start();
                break;
            default:
                world.Systems[chance.Next(world.Systems.Count)].Tamper(chance.Next(3));
                break;
        }
    }

    /// <summary>The platform answers one listing with nothing, once everything real is known.</summary>
    private static void Lie(World world)
    {
        world.Platform.LiesNext = true;
        world.Platform.Break();
        world.Run(TimeSpan.FromSeconds(40));
        world.Platform.LiesNext = false;
    }

    private static bool ComesTrue(World world)
    {
        for (var waited = TimeSpan.Zero; waited < Patience; waited += TimeSpan.FromSeconds(30))
        {
            world.Run(TimeSpan.FromSeconds(30));
            if (world.Disagreement() is null)
                return true;
        }
        return false;
    }

    /// <summary>Once everything agrees: quiet stays quiet, a restart changes nothing, a stop undeploys nothing.</summary>
    private static void Reckon(World world)
    {
        if (world.Faults.Poisoned is { } poisoned && world.Platform.Services.ContainsKey(poisoned))
        {
            world.Platform.Withdraw(poisoned);
            if (!ComesTrue(world))
                world.Violations.Add(6, $"the refused service could not be taken back: {world.Disagreement()}");
        }
        world.Run(TimeSpan.FromMinutes(1)); // what drifted unseen is found by the next resync
        var calls = world.Watch.Calls;
        world.Run(TimeSpan.FromMinutes(3));
        if (world.Watch.Calls != calls)
            world.Violations.Add(5, $"{world.Watch.Calls - calls} calls were made while nothing changed");
        calls = world.Watch.Calls;
        world.Crash();
        world.Start();
        world.Run(TimeSpan.FromMinutes(2));
        if (world.Watch.Calls != calls)
            world.Violations.Add(8, $"{world.Watch.Calls - calls} calls were made after a restart although everything was acknowledged");
        calls = world.Watch.Calls;
        world.Stop();
        if (world.Watch.Calls != calls)
            world.Violations.Add(9, $"{world.Watch.Calls - calls} calls were made by stopping");
        world.Start();
        world.Run(TimeSpan.FromMinutes(1));
        if (world.Disagreement() is { } difference)
            world.Violations.Add(9, $"after a stop and a start {difference}");
    }
}
