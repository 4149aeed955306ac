using Interlook.Collections;
using Interlook.Services;

namespace Interlook.Extensions.BigIp;

/// <summary>What a service shall have on the appliance.</summary>
/// <param name="Key">Whose it is.</param>
/// <param name="Name">The name of all its objects.</param>
/// <param name="Description">Their description, with our mark.</param>
/// <param name="Members">Where its traffic goes, in a fixed order.</param>
/// <param name="Destination">Where its virtual server listens; null when it has none.</param>
/// <param name="Rule">Its rule; null when it has none.</param>
internal sealed record WantedService(
    ServiceKey Key, string Name, string Description, EquatableArray<WantedMember> Members, WantedDestination? Destination, WantedRule? Rule);

/// <summary>One target.</summary>
/// <param name="Address">Its address.</param>
/// <param name="Port">Its port.</param>
/// <param name="Ratio">Its weight, at least 1.</param>
/// <param name="IsEnabled">False for a target that gets no new connections.</param>
internal readonly record struct WantedMember(RoutedAddress Address, int Port, int Ratio, bool IsEnabled);

/// <summary>Where a virtual server listens.</summary>
internal sealed record WantedDestination(RoutedAddress Address, int Port);

/// <summary>A rule that sends names to the target pool of the same name.</summary>
/// <param name="Policy">The policy it is in.</param>
/// <param name="IsTls">True looks at the name in the TLS greeting (RFC 6066 section 3), false at the Host header (RFC 9110 section 7.2).</param>
/// <param name="Hosts">The names, in canonical order.</param>
internal sealed record WantedRule(string Policy, bool IsTls, EquatableArray<string> Hosts);
