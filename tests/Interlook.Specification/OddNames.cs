namespace Interlook.Specification;

/// <summary>Service names that are allowed and that a careless encoding breaks or throws together.</summary>
public static class OddNames
{
    /// <summary>All of them, every one different from every other.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        "a/b", "a-b", "a_b", "a.b", "a b", "A-B", "a--b", "a%2Fb", "a\\b", "ab",
        "<img src=x>", "\"quoted\"", "it's", "$(id)", "`id`", "#comment", "*", "..", "../..", "-a", "a,b;c=d", "{json:1}", "x&y|z",
        "größe", "gro\u0308ße", "商店", "🛒", "İstanbul",
        new string('n', 253), new string('n', 252) + "m", new string('é', 253),
    ];
}
