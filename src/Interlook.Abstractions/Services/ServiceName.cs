using System.Diagnostics.CodeAnalysis;

namespace Interlook.Services;

/// <summary>The rule for a service's name. Systems outside have narrower rules; their extensions encode what they must.</summary>
public static class ServiceName
{
    /// <summary>Longest name, in characters.</summary>
    public const int MaxLength = 253;

    /// <summary>Says what is wrong with a name, or nothing.</summary>
    /// <param name="name">The name as its provider read it.</param>
    /// <param name="problem">Why the name is refused, as the end of a sentence: "is empty".</param>
    public static bool IsValid([NotNullWhen(true)] string? name, [NotNullWhen(false)] out string? problem)
    {
        problem = name switch
        {
            null or "" => "is empty",
            { Length: > MaxLength } => $"is {name.Length} characters long; {MaxLength} are allowed",
            _ when name.Any(char.IsControl) => "holds a control character",
            _ when char.IsWhiteSpace(name[0]) || char.IsWhiteSpace(name[^1]) => "begins or ends with a space",
            _ => null,
        };
        return problem is null;
    }
}
