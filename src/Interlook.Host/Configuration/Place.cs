namespace Interlook.Host.Configuration;

/// <summary>Where something stands in a configuration file, both counted from 1.</summary>
internal readonly record struct Place(int Line, int Column) : IComparable<Place>
{
    internal static Place Start => new(1, 1);

    public int CompareTo(Place other) => (Line, Column).CompareTo((other.Line, other.Column));

    public override string ToString() => $"{Line}:{Column}";
}
