namespace Interlook.Extensions.Kubernetes.Access;

/// <summary>
/// A file that is replaced while we run, as a cluster replaces tokens and authorities: read again every minute. When that fails, what it
/// said last still counts, until the server refuses it. Safe for concurrent use.
/// </summary>
/// <param name="path">Where it is.</param>
/// <param name="meaning">What it is, for messages: <c>tlsCa</c>, <c>the token file</c>.</param>
/// <param name="time">The clock.</param>
internal sealed class RotatedFile(string path, string meaning, TimeProvider time) : ITextSource
{
    /// <summary>The kubelet replaces a token at the latest when a fifth of its life is left, two minutes of the shortest one of ten.</summary>
    internal static readonly TimeSpan Trusted = TimeSpan.FromMinutes(1);

    private readonly Lock gate = new();
    private string? last;
    private long readAt;

    /// <inheritdoc/>
    public string Read()
    {
        lock (gate)
        {
            if (last is not null && time.GetElapsedTime(readAt) < Trusted)
                return last;
            try
            {
                last = ReadFile();
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                if (last is null)
                    throw Unreadable(failure);
            }
            readAt = time.GetTimestamp();
            return last;
        }
    }

    /// <inheritdoc/>
    public void Doubt()
    {
        lock (gate)
            readAt = time.GetTimestamp() - (long)(Trusted.TotalSeconds * time.TimestampFrequency);
    }

    private string ReadFile() => File.ReadAllText(path) is { } text && text.Trim() != ""
        ? text
        : throw new IOException("it is empty");

    private ExtensionException Unreadable(Exception failure)
    {
        var cause = failure switch
        {
            FileNotFoundException or DirectoryNotFoundException => "it does not exist",
            UnauthorizedAccessException => Directory.Exists(path) ? "it is a folder" : "reading it is not allowed",
            _ => failure.Message.ReplaceLineEndings(" ").TrimEnd('.'),
        };
        return new(
            Reason.Invalid, $"{meaning} '{path}' for Kubernetes cannot be used: {cause}; name a file there that Interlook may read",
            innerException: failure);
    }
}
