using System.Text;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Interlook.Host.Commands;

/// <summary>Shows tables: in colour and in the terminal's width on a terminal, plain and unbroken elsewhere.</summary>
internal static class Screen
{
    private const int Unbroken = 10_000;

    internal static void Show(IRenderable content)
    {
        if (!Console.IsOutputRedirected)
        {
            AnsiConsole.Write(content);
            return;
        }
        Console.Out.Write(Plain(content));
    }

    /// <summary>Shows the same thing again and again until the task is cancelled, painting over the last one.</summary>
    internal static async Task WatchAsync(Func<CancellationToken, Task<IRenderable>> read, TimeProvider time, CancellationToken stopping)
    {
        if (Console.IsOutputRedirected)
        {
            await RepeatAsync(read, time, stopping);
            return;
        }
        // The alternate screen keeps the scroll-back; painting over it in one write does not flicker.
        Console.Out.Write("\e[?1049h\e[?25l");
        try
        {
            while (!stopping.IsCancellationRequested)
            {
                var lines = Coloured(await read(stopping)).Split('\n').Take(Math.Max(1, Height(Console.WindowHeight) - 1));
                Console.Out.Write($"\e[H{string.Join("\e[K\n", lines)}\e[K\e[J");
                await Task.Delay(TimeSpan.FromSeconds(1), time, stopping);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The user has seen enough.
        }
        finally
        {
            Console.Out.Write("\e[?25h\e[?1049l");
        }
    }

    // Into a file or a pipe: a new table whenever something has changed.
    private static async Task RepeatAsync(Func<CancellationToken, Task<IRenderable>> read, TimeProvider time, CancellationToken stopping)
    {
        var last = "";
        try
        {
            while (!stopping.IsCancellationRequested)
            {
                var next = Plain(await read(stopping));
                if (next != last)
                    Console.Out.Write(next);
                last = next;
                await Task.Delay(TimeSpan.FromSeconds(1), time, stopping);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The user has seen enough.
        }
    }

    internal static string Plain(IRenderable content)
    {
        using var text = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(text),
        });
        console.Profile.Width = Unbroken;
        console.Profile.Capabilities.Unicode = true;
        console.Write(content);
        var plain = new StringBuilder();
        foreach (var line in text.ToString().AsSpan().TrimEnd('\n').EnumerateLines())
            plain.Append(line.TrimEnd(' ')).Append('\n');
        return plain.ToString();
    }

    /// <summary>The columns to use; a terminal that was never given a size says 0 (a fresh pseudo-terminal, a serial line).</summary>
    internal static int Width(int columns) => columns > 0 ? columns : 80;

    /// <summary>The lines to use, as <see cref="Width"/>.</summary>
    internal static int Height(int lines) => lines > 0 ? lines : 25;

    private static string Coloured(IRenderable content)
    {
        using var text = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.Yes, Out = new AnsiConsoleOutput(text) });
        console.Profile.Width = Width(Console.WindowWidth);
        console.Profile.Capabilities.ColorSystem = AnsiConsole.Profile.Capabilities.ColorSystem;
        console.Write(content);
        return text.ToString().TrimEnd('\n');
    }
}
