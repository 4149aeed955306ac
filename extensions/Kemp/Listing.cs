namespace Interlook.Extensions.Kemp;

/// <summary>All virtual services of the appliance at one moment. Immutable.</summary>
internal sealed class Listing(IReadOnlyList<VirtualService> services)
{
    private readonly ILookup<string, VirtualService> byNickname = services.ToLookup(service => service.Nickname, StringComparer.Ordinal);
    private readonly ILookup<ServicePlace, VirtualService> byPlace = services.ToLookup(service => service.Place);

    /// <summary>All of them, others' too.</summary>
    internal IReadOnlyList<VirtualService> Services => services;

    /// <summary>Those with a nickname: one, or none, or several after work that was cut off.</summary>
    internal IReadOnlyList<VirtualService> Of(string nickname) => [.. byNickname[nickname]];

    /// <summary>The one at a place; null for none.</summary>
    internal VirtualService? At(ServicePlace place) => byPlace[place].FirstOrDefault();
}
