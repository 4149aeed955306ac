using System.Text;
using Microsoft.Win32.SafeHandles;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Interlook.Host.Commands;

/// <summary>Shows tables: in colour and in the terminal's width on a terminal, plain and unbroken elsewhere.</summary>
internal static class Screen
{
    private const int Unbroken = 10_000;
    private const int StandardOutput = 1;

    internal static void Show(IRenderable content)
    {
        if (!Console.IsOutputRedirected)
        {
            AnsiConsole.Write(content);
            return;
        }
        Console.Out.Write(Plain(content));
    }

    /// <summary>The terminal, for what is drawn again and again.</summary>
    internal static IAnsiConsole Terminal()
    {
        var terminal = AnsiConsole.Console;
        if (Console.WindowWidth <= 0)
            terminal.Profile.Width = Width(Console.WindowWidth);
        if (Console.WindowHeight <= 0)
            terminal.Profile.Height = Height(Console.WindowHeight);
        return terminal;
    }

    /// <summary>
    /// Where lines go that have no end. A pipe that nobody reads any more is an <see cref="IOException"/> here, which the console's own writer passes
    /// over in silence.
    /// </summary>
    internal static TextWriter Lines()
    {
        if (!OperatingSystem.IsWindows())
        {
            var output = new FileStream(new SafeFileHandle(StandardOutput, ownsHandle: false), FileAccess.Write, bufferSize: 0);
            // In a file that others write to as well, it would keep a place of its own.
            if (!output.CanSeek)
                return new StreamWriter(output);
        }
        return TextWriter.Synchronized(Console.Out);
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
}
