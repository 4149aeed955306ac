using System.Diagnostics;
using Interlook.Fixtures;

namespace Interlook.EndToEnd.Tests.BadInput;

/// <summary>A file system of a few kilobytes that can be filled and emptied; needs the right to mount.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly string folder;

    internal SmallDisk(string folder)
    {
        this.folder = folder;
        Directory.CreateDirectory(folder);
        if (Run("mount", "-t", "tmpfs", "-o", "size=256k", "interlook-test", folder) is { Length: > 0 } refusal)
            TestMachine.Absent($"no file system can be mounted here: {refusal}");
    }

    /// <summary>Leaves no byte free.</summary>
    internal void Fill()
    {
        using var filler = new FileStream(Filler, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        try
        {
            while (true)
                filler.Write(new byte[4096]);
        }
        catch (IOException)
        {
            // It is full now, which is what is wanted.
        }
    }

    /// <summary>Gives the room back.</summary>
    internal void Empty() => File.Delete(Filler);

    public void Dispose() => Run("umount", "-l", folder);

    private string Filler => Path.Combine(folder, "filler");

    private static string Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(TestMachine.Require(program), arguments) { RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? "" : $"{program} ended with {process.ExitCode} {error.Trim()}";
    }
}
