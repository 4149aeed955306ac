using System.Globalization;

namespace Interlook.Extensions.Docker;

/// <summary>A version of the Docker API, <c>1.41</c>.</summary>
internal readonly record struct ApiVersion(int Major, int Minor) : IComparable<ApiVersion>
{
    /// <summary>The newest we know.</summary>
    internal static ApiVersion Newest => new(1, 52);

    /// <summary>The oldest whose answers hold what we read.</summary>
    internal static ApiVersion Oldest => new(1, 24);

    /// <summary>The highest version that both sides know.</summary>
    internal static ApiVersion Common(ApiVersion server) => server.CompareTo(Newest) < 0 ? server : Newest;

    internal static bool TryParse(string? text, out ApiVersion version)
    {
        version = default;
        var parts = (text ?? "").Split('.');
        if (parts.Length != 2
            || !int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var major)
            || !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var minor))
        {
            return false;
        }
        version = new ApiVersion(major, minor);
        return true;
    }

    public int CompareTo(ApiVersion other) => Major != other.Major ? Major.CompareTo(other.Major) : Minor.CompareTo(other.Minor);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Major}.{Minor}");
}
