namespace Interlook.Extensions.ExternalIp.Linux;

/// <summary>Opens an interface of this machine.</summary>
internal static class LinkOpening
{
    private const string BootId = "/proc/sys/kernel/random/boot_id";

    /// <summary>Opens it, with a journal where the kernel is too old for marks.</summary>
    /// <exception cref="ExtensionException">This is no such system, or it has no such interface.</exception>
    internal static LinuxLink Open(string name, string journalFolder, TimeProvider time)
    {
        if (!OperatingSystem.IsLinux() || !Environment.Is64BitProcess)
            throw new ExtensionException(Reason.Invalid, "addresses on interfaces need 64-bit Linux");
        var journal = AddressMark.IsKept ? null : new AddressJournal(Path.Combine(journalFolder, $"{name}.addresses"), File.ReadAllText(BootId).Trim());
        var link = new LinuxLink(name, KernelCalls.Open, journal, time);
        try
        {
            // An interface that goes later is waited for; one that never was is a slip of the pen.
            return link.Read().State is not null
                ? link
                : throw new ExtensionException(Reason.Invalid, $"there is no interface {name}: name one that `ip link` lists with --iface");
        }
        catch
        {
            link.Dispose();
            throw;
        }
    }
}
