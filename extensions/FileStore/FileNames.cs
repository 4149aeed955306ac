using System.Globalization;

namespace Interlook.Extensions.FileStore;

/// <summary>The names of the files beside a document.</summary>
internal static class FileNames
{
    /// <summary>Where a new document is written before it takes the old one's name.</summary>
    internal static string Next(string document) => document + ".new";

    /// <summary>Where a file of an earlier system is kept.</summary>
    internal static string BeforeConversion(string document) => document + ".before-conversion";

    /// <summary>What the names of a document's journals begin with.</summary>
    internal static string Journals(string document) => document + ".journal.";

    /// <summary>The name of one journal.</summary>
    internal static string Journal(string document, long number) => Journals(document) + number.ToString(CultureInfo.InvariantCulture);
}
