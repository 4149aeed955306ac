namespace Interlook.Host.Commands;

/// <summary>What the process returns.</summary>
internal static class ExitCode
{
    /// <summary>All went well.</summary>
    internal const int Success = 0;

    /// <summary>It failed: standard error says what and why.</summary>
    internal const int Failed = 1;

    /// <summary>The command line cannot be understood.</summary>
    internal const int Usage = 2;

    /// <summary>There is something to do: <c>plan</c> found changes.</summary>
    internal const int Pending = 3;
}
