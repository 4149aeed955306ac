namespace Interlook.Simulators.Kemp;

/// <summary>A virtual service or sub-virtual service, as the appliance keeps it.</summary>
internal sealed class VirtualService
{
    internal required int Index { get; init; }

    /// <summary>Empty for a sub-virtual service.</summary>
    internal required string Address { get; set; }

    /// <summary>A number or <c>*</c>; <c>0</c> for a sub-virtual service.</summary>
    internal required string Port { get; set; }

    internal required string Protocol { get; init; }

    /// <summary>The parent's index; 0 when it is none's child.</summary>
    internal int Parent { get; init; }

    /// <summary>The child's index among its parent's members.</summary>
    internal int MemberIndex { get; init; }

    /// <summary>When commands begin to find it.</summary>
    internal required DateTimeOffset VisibleFrom { get; init; }

    /// <summary>What was set, by element.</summary>
    internal required Dictionary<string, string> Values { get; init; }

    internal List<RealServer> Servers { get; } = [];

    internal List<VirtualService> Children { get; } = [];

    internal bool IsAt(string address, string port, string protocol) =>
        Parent == 0 && Address == address && Port == port && Protocol == protocol;
}
