using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Interlook.Fixtures.Networks;

/// <summary>
/// A network namespace of Linux: interfaces, addresses and routes of its own, as a machine has them. Removed with everything in it.
/// </summary>
public sealed partial class NetworkNamespace : IAsyncDisposable
{
    private const string Folder = "/run/netns";
    private const string Prefix = "interlook-";
    private const int NewNetwork = 0x40000000; // CLONE_NEWNET

    private static readonly Lazy<Task> Leftovers = new(RemoveLeftoversAsync);

    private NetworkNamespace(string name) => Name = name;

    /// <summary>Its name, for <c>ip -n</c>: no other process has it.</summary>
    public string Name { get; }

    /// <summary>Makes one, with <c>lo</c> up and nothing else. Who may not is skipped; in CI that fails.</summary>
    /// <param name="name">Says what it is for, <c>node-1</c>.</param>
    public static async Task<NetworkNamespace> CreateAsync(string name)
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
            TestMachine.Absent("network namespaces need Linux and root");
        await Leftovers.Value;
        var made = new NetworkNamespace($"{Prefix}{Environment.ProcessId}-{Guid.NewGuid():N}"[..(Prefix.Length + 16)] + $"-{name}");
        await CommandAsync(["netns", "add", made.Name]);
        await made.IpAsync("link set lo up");
        return made;
    }

    /// <summary>Runs <c>ip</c> in it, several commands one after the other.</summary>
    /// <returns>What it printed.</returns>
    public Task<string> IpAsync(params ReadOnlySpan<string> commands) => CommandAsync(["-n", Name, "-batch", "-"], string.Join('\n', commands));

    /// <summary>Asks <c>ip</c> one thing about it, with options: <c>-6 route show dev eth0</c>.</summary>
    /// <returns>What it printed.</returns>
    public Task<string> ShowAsync(string command)
    {
        ArgumentNullException.ThrowIfNull(command);
        return CommandAsync(["-n", Name, .. command.Split(' ')]);
    }

    /// <summary>Runs a program in it to its end, whatever that is.</summary>
    /// <returns>Its exit code and what it printed, errors too.</returns>
    public async Task<(int ExitCode, string Output)> RunAsync(string program, params string[] arguments)
    {
        await using var process = Start(program, arguments);
        var code = await process.WaitForExitAsync(CancellationToken.None);
        return (code, process.Output);
    }

    /// <summary>Starts a program in it. The process is the program itself, so that signals reach it.</summary>
    public ServerProcess Start(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null) =>
        ServerProcess.Start(TestMachine.Require("ip"), ["netns", "exec", Name, TestMachine.Require(program), .. arguments], environment: environment);

    /// <summary>
    /// Does something on a thread that is in it. What it opens there stays in it: sockets keep the namespace they were opened in.
    /// </summary>
    public T Do<T>(Func<T> action)
    {
        T? result = default;
        ExceptionDispatchInfo? failure = null;
        // A thread of its own, that ends with it: one of the pool would take the namespace along to whatever it does next.
        var thread = new Thread(() =>
        {
            try
            {
                Enter();
                result = action();
            }
            catch (Exception thrown)
            {
                failure = ExceptionDispatchInfo.Capture(thrown);
            }
        });
        thread.Start();
        thread.Join();
        failure?.Throw();
        return result!;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await CommandAsync(["netns", "delete", Name]);

    private void Enter()
    {
        using var file = File.OpenHandle(Path.Combine(Folder, Name));
        if (SetNamespace(file, NewNetwork) != 0)
            throw new Win32Exception(Marshal.GetLastPInvokeError());
    }

    /// <summary>Removes what a test process left that was killed: the names say whose they are.</summary>
    private static async Task RemoveLeftoversAsync()
    {
        foreach (var path in Directory.Exists(Folder) ? Directory.GetFiles(Folder, $"{Prefix}*") : [])
        {
            var name = Path.GetFileName(path);
            if (!int.TryParse(name[Prefix.Length..].Split('-')[0], out var owner) || Directory.Exists($"/proc/{owner}"))
                continue;
            try
            {
                await CommandAsync(["netns", "delete", name]);
            }
            catch (InvalidOperationException)
            {
                // Another process was faster.
            }
        }
    }

    private static async Task<string> CommandAsync(string[] arguments, string input = "")
    {
        using var process = Process.Start(new ProcessStartInfo(TestMachine.Require("ip"), arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? await output
            : throw new InvalidOperationException($"ip {string.Join(' ', arguments)}: {await errors}{Environment.NewLine}{input}");
    }

    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    private static partial int SetNamespace(SafeFileHandle file, int kind);
}
