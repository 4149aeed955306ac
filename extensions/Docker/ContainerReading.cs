using Interlook.Providers;

namespace Interlook.Extensions.Docker;

/// <summary>What a container means for publication. A closed set.</summary>
internal abstract record ContainerReading
{
    private ContainerReading()
    {
    }

    /// <summary>It does not run, or does not ask for publication.</summary>
    internal sealed record NotPublished : ContainerReading
    {
        internal static NotPublished Instance { get; } = new();
    }

    /// <summary>It is part of a service.</summary>
    internal sealed record Publishes(ServicePart Part) : ContainerReading;

    /// <summary>It runs, asks for publication and cannot have it.</summary>
    internal sealed record Rejected(Rejection Rejection) : ContainerReading;
}
