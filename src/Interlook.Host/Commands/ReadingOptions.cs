using System.CommandLine;

namespace Interlook.Host.Commands;

/// <summary>The options that every command has which asks a running Interlook.</summary>
internal sealed class ReadingOptions
{
    /// <summary>Where an Interlook listens that was told nothing else.</summary>
    internal const string DefaultUrl = "http://127.0.0.1:8080";

    private readonly Option<string> url = new("--url")
    {
        Description = "Where the API of the running Interlook is; or INTERLOOK_URL.",
        DefaultValueFactory = _ => Environment.GetEnvironmentVariable("INTERLOOK_URL") is { Length: > 0 } set ? set : DefaultUrl,
    };

    private readonly Option<string?> token = new("--token")
    {
        Description = "The API's token; better given as INTERLOOK_TOKEN, because other users see command lines.",
        DefaultValueFactory = _ => Environment.GetEnvironmentVariable("INTERLOOK_TOKEN"),
    };

    private readonly Option<string> output = OutputFormat.Option();

    internal void AddTo(Command command)
    {
        command.Options.Add(output);
        command.Options.Add(url);
        command.Options.Add(token);
        url.Validators.Add(result =>
        {
            if (!Uri.TryCreate(result.GetValueOrDefault<string>(), UriKind.Absolute, out var parsed) || parsed.Scheme is not ("http" or "https"))
                result.AddError("--url must be an http:// or https:// address.");
        });
    }

    internal bool IsJson(ParseResult parsed) => parsed.GetValue(output) == OutputFormat.Json;

    internal RunningInterlook Connect(ParseResult parsed) => new(new Uri(parsed.GetRequiredValue(url)), parsed.GetValue(token));
}
