using System.Net;
using Interlook.Collections;
using Interlook.Services;

namespace Interlook.Extensions.Kemp;

/// <summary>What a definition means on the appliance: one virtual service.</summary>
internal sealed record WantedService
{
    /// <summary>Whose it is.</summary>
    internal required ServiceKey Key { get; init; }

    /// <summary>The mark.</summary>
    internal required string Nickname { get; init; }

    /// <summary>Where clients come.</summary>
    internal required IPAddress Address { get; init; }

    /// <summary>The port clients use.</summary>
    internal required int Port { get; init; }

    /// <summary>All that is set of it besides mark, place and real servers.</summary>
    internal required EquatableArray<ServiceSetting> Settings { get; init; }

    /// <summary>Its real servers.</summary>
    internal required EquatableArray<WantedServer> Servers { get; init; }

    /// <summary>Its place.</summary>
    internal ServicePlace Place => new(Address.ToString(), $"{Port}", ServicePlace.Tcp);
}
