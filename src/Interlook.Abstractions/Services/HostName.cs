using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace Interlook.Services;

/// <summary>The rule for names that a service asks for: RFC 1123 section 2.1 host names, lower case, optionally a leading <c>*</c> label.</summary>
public static class HostName
{
    private static readonly SearchValues<char> LabelCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    /// <summary>Brings a host name to its canonical form: lower case, no final dot.</summary>
    /// <param name="text">What the user wrote; surrounding blanks are ignored.</param>
    /// <param name="name">The canonical name, when the text is one.</param>
    /// <param name="problem">Otherwise what is wrong with it, as the end of a sentence: "has an empty label".</param>
    public static bool TryNormalize(
        string text,
        [NotNullWhen(true)] out string? name,
        [NotNullWhen(false)] out string? problem)
    {
        var candidate = text.Trim().ToLowerInvariant();
        if (candidate.EndsWith('.'))
            candidate = candidate[..^1];
        problem = Problem(candidate);
        name = problem is null ? candidate : null;
        return problem is null;
    }

    private static string? Problem(string name)
    {
        if (name.Length == 0)
            return "is empty";
        if (name.Length > 253)
            return "is longer than the 253 characters DNS allows (RFC 1035 section 2.3.4)";
        var labels = name.Split('.');
        for (var i = 0; i < labels.Length; i++)
        {
            var wildcard = i == 0 && labels.Length > 1 && labels[i] == "*";
            if (!wildcard && LabelProblem(labels[i]) is { } problem)
                return problem;
        }
        return labels[^1].All(char.IsAsciiDigit) ? "ends in a number, so it reads as an address" : null;
    }

    private static string? LabelProblem(string label) => label switch
    {
        "" => "has an empty label",
        { Length: > 63 } => "has a label longer than 63 characters (RFC 1035 section 2.3.4)",
        _ when label[0] == '-' || label[^1] == '-' => $"has a label that begins or ends with a hyphen: '{label}'",
        _ when label.AsSpan().ContainsAnyExcept(LabelCharacters) =>
            $"has a label with other characters than letters, digits and hyphens: '{label}' (write international names as xn--…)",
        _ => null,
    };
}
