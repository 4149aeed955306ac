using Interlook.Extensions.ExternalIp.Linux;
using Interlook.Fixtures.Networks;

namespace Interlook.Extensions.Tests.ExternalIp;

/// <summary>The code under test, on a machine of the laboratory.</summary>
internal static class LaboratoryLinks
{
    /// <summary>Opens an interface of a machine.</summary>
    internal static LinuxLink Open(this LaboratoryMachine machine, string name = "eth0", AddressJournal? journal = null, TimeProvider? time = null) =>
        new(name, machine.Opener(), journal, time ?? TimeProvider.System);

    /// <summary>Opens sockets in the machine's namespace.</summary>
    internal static OpenSocket Opener(this LaboratoryMachine machine) =>
        (family, type, protocol) => machine.Namespace.Do(() => KernelCalls.Open(family, type, protocol));
}
