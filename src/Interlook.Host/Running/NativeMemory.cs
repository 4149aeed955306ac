using System.Runtime.InteropServices;

namespace Interlook.Host.Running;

/// <summary>How the C library keeps the memory that the runtime and native libraries ask for.</summary>
internal static partial class NativeMemory
{
    /// <summary>M_ARENA_MAX of mallopt(3).</summary>
    private const int ArenaMax = -8;

    /// <summary>
    /// One arena for all threads: each further one costs a megabyte, and what a lock among them would cost is not felt, because managed code does not
    /// allocate there. Does nothing where the C library is not GNU's.
    /// </summary>
    internal static void ShareOneArena()
    {
        if (!OperatingSystem.IsLinux())
            return;
        try
        {
            _ = Mallopt(ArenaMax, 1);
        }
        catch (EntryPointNotFoundException)
        {
            return; // musl has no arenas
        }
    }

    [LibraryImport("libc", EntryPoint = "mallopt")]
    private static partial int Mallopt(int parameter, int value);
}
