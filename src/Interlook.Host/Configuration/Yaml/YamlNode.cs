using System.Collections.Immutable;

namespace Interlook.Host.Configuration.Yaml;

/// <summary>A piece of a configuration file, with its place.</summary>
internal abstract class YamlNode(Place place)
{
    internal Place Place => place;

    /// <summary>What it is, for messages: "a mapping".</summary>
    internal abstract string Kind { get; }

    /// <summary>A text.</summary>
    /// <param name="place">Where it begins; a quoted one at its quote.</param>
    /// <param name="written">As the file has it, without quotes.</param>
    /// <param name="value">With its variables filled in.</param>
    /// <param name="quoted">True when the text begins one column after the place.</param>
    internal sealed class Text(Place place, string written, string value, bool quoted) : YamlNode(place)
    {
        internal override string Kind => "a text";

        internal string Value => value;

        internal string Written => written;

        /// <summary>True when a value stands for no value: nothing at all, <c>""</c>, <c>~</c> or <c>null</c>.</summary>
        internal bool IsUnset => value.Length == 0 || (!quoted && written is "~" or "null" or "Null" or "NULL");

        /// <summary>True when something is written and its variables leave nothing of it.</summary>
        internal bool IsEmptied => value.Length == 0 && written.Length > 0;

        /// <summary>True when a variable in it is not set, which was reported: nothing more is to be said of the value.</summary>
        internal bool IsBroken { get; init; }

        /// <summary>A part of the value, fit to print: as it is, or the whole text with its variables' names when it has some.</summary>
        internal string Shown(string part) => ReferenceEquals(written, value) ? part : written;

        /// <summary>Where a part of the value stands.</summary>
        internal Place At(int offset) =>
            ReferenceEquals(written, value) && !value.Contains('\n', StringComparison.Ordinal)
                ? new Place(Place.Line, Place.Column + offset + (quoted ? 1 : 0))
                : Place;

        /// <summary>
        /// A message that quotes the value, made fit to print: a variable is shown by its name, because it may hold a secret, and a long
        /// text is cut.
        /// </summary>
        internal string Quotable(string message)
        {
            const int Longest = 80;
            if (ReferenceEquals(written, value) && written.Length <= Longest)
                return message;
            var shown = written.Length > Longest ? $"{written[..Longest]}… ({written.Length} characters)" : written;
            message = message.Replace($"'{value}'", $"'{shown}'", StringComparison.Ordinal);
            if (message.EndsWith(" " + value, StringComparison.Ordinal))
                message = message[..^value.Length] + shown;
            // A short value may be part of any word; a longer one that is still there is the value.
            return value.Length < 6 ? message : message.Replace(value, shown, StringComparison.Ordinal);
        }
    }

    /// <summary>A sequence.</summary>
    internal sealed class Sequence(Place place, ImmutableArray<YamlNode> items) : YamlNode(place)
    {
        internal override string Kind => "a sequence";

        internal ImmutableArray<YamlNode> Items => items;
    }

    /// <summary>A mapping; keys may come twice, in the order of the file.</summary>
    internal sealed class Mapping(Place place, ImmutableArray<YamlMember> members) : YamlNode(place)
    {
        internal override string Kind => "a mapping";

        internal ImmutableArray<YamlMember> Members => members;
    }
}
