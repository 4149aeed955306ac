using System.CommandLine;
using System.CommandLine.Parsing;
using System.Diagnostics;

namespace Interlook.Host.Commands;

/// <summary>The command line: reads it and runs the command it names.</summary>
internal static class CommandLine
{
    internal static Task<int> RunAsync(IReadOnlyList<string> arguments) =>
        EndAsync(() => arguments switch
        {
            [HighHockCommand.Name, ..] => HighHockCommand.RunAsync([.. arguments.Skip(1)]),
            [var name, ..] when EarlierCommands.All.FirstOrDefault(each => each.IsCalled(name)) is { } command => command.RunAsync([.. arguments.Skip(1)]),
            _ => ParseAsync(arguments),
        });

    private static async Task<int> ParseAsync(IReadOnlyList<string> arguments)
    {
        var root = Build();
        var parsed = root.Parse([.. arguments.Select(Modern)]);
        string[] errors = [.. parsed.Errors.Select(error => error.Message), .. UnknownOptions(parsed)];
        if (errors.Length > 0)
        {
            foreach (var error in errors)
                await Console.Error.WriteLineAsync($"interlook: {error}");
            await Console.Error.WriteLineAsync("Try 'interlook --help'.");
            return ExitCode.Usage;
        }
        // Signals are the run command's own business; the others end with the process.
        return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
    }

    private static async Task<int> EndAsync(Func<Task<int>> run)
    {
        try
        {
            return await run();
        }
        catch (CommandFailedException failure)
        {
            await Console.Error.WriteLineAsync($"interlook: {failure.Message}");
            return ExitCode.Failed;
        }
        catch (Exception defect)
        {
            // Nothing should come here; if it does, its reader gets a sentence, and we the place.
            var place = new StackTrace(defect).GetFrame(0) is { } frame ? DiagnosticMethodInfo.Create(frame) : null;
            await Console.Error.WriteLineAsync(
                $"interlook: this is a defect of Interlook, please report it: {defect.GetType().Name} in {place?.DeclaringTypeName}.{place?.Name}: {defect.Message.ReplaceLineEndings(" ")}");
            return ExitCode.Failed;
        }
    }

    /// <summary>The option that names the configuration.</summary>
    internal static Option<string> ConfigurationOption(bool required) => new("--conf", "-c")
    {
        Description = "The configuration file.",
        HelpName = "FILE",
        Required = required,
    };

    // The earlier system's flags had one hyphen: -conf FILE and -conf=FILE.
    private static string Modern(string argument) =>
        argument == "-conf" || argument.StartsWith("-conf=", StringComparison.Ordinal) ? $"-{argument}" : argument;

    // The parser takes an option that it does not know for a NAME. A service may have such a name: then it stands after --.
    private static IEnumerable<string> UnknownOptions(ParseResult parsed) =>
        parsed.Tokens.Any(token => token.Type == TokenType.DoubleDash)
            ? []
            : parsed.CommandResult.Children.OfType<ArgumentResult>()
                .SelectMany(argument => argument.Tokens)
                .Where(token => token.Value is ['-', _, ..])
                .Select(token => $"Unrecognized option '{token.Value}'. Put -- before a name that begins with a hyphen.");

    private static RootCommand Build()
    {
        var configuration = ConfigurationOption(required: false);
        var root = new RootCommand("Publishes services: leases an address, makes DNS names, configures a load balancer, and takes it all back.")
        {
            configuration,
            RunCommand.Build(),
            QuickstartCommand.Build(),
            HighHockCommand.Build(),
            CheckCommand.Build(),
            PlanCommand.Build(),
            OrphansCommand.Build(),
            ServicesCommand.Build(),
            HistoryCommand.Build(),
            WorkflowCommand.Build(),
            ExtensionsCommand.Build(),
            ProvidersCommand.Build(),
            VersionCommand.Build(),
            DocsCommand.Build(),
        };
        foreach (var command in EarlierCommands.All)
            root.Add(command.Build());
        root.SetAction(async (parsed, _) =>
        {
            if (parsed.GetValue(configuration) is { } file)
                return await RunCommand.RunAsync(file);
            await Console.Error.WriteLineAsync("interlook: a command is missing, or --conf FILE to run. Try 'interlook --help'.");
            return ExitCode.Usage;
        });
        return root;
    }
}
