namespace Interlook.Extensions.Kubernetes.Access;

/// <summary>Where we run: what tells a pod from a person's computer.</summary>
internal sealed record Surroundings
{
    /// <summary>Those of this process.</summary>
    internal static Surroundings Process { get; } = new();

    /// <summary>Reads an environment variable; null or empty when it is not set.</summary>
    internal Func<string, string?> Variable { get; init; } = Environment.GetEnvironmentVariable;

    /// <summary>The folder that <c>~</c> stands for.</summary>
    internal string Home { get; init; } = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);

    /// <summary>Where a pod finds its service account.</summary>
    internal string ServiceAccount { get; init; } = "/var/run/secrets/kubernetes.io/serviceaccount";

    /// <summary>An environment variable; null when it is not set or empty.</summary>
    internal string? Set(string variable) => Variable(variable) is { Length: > 0 } text ? text : null;

    /// <summary>A path with <c>~</c> at its beginning made whole.</summary>
    internal string Expand(string path) => path switch
    {
        "~" => Home,
        ['~', '/', ..] => Path.Combine(Home, path[2..]),
        _ => path,
    };
}
