namespace Interlook.Fixtures.Networks;

/// <summary>A network of a <see cref="NetworkLaboratory"/>.</summary>
public enum LaboratoryNetwork
{
    /// <summary>Where clients meet the nodes: eth0, 10.99.0.0/24, fd99::/64.</summary>
    Front,

    /// <summary>Where nodes meet what steers them: eth1, 10.98.0.0/24, fd98::/64.</summary>
    Back,
}
