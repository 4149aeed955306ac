namespace Interlook.Extensions.Consul;

/// <summary>Which instances may get traffic.</summary>
internal enum RequiredHealth
{
    /// <summary>All checks pass.</summary>
    Passing,

    /// <summary>No check is critical.</summary>
    Warning,

    /// <summary>Whatever the checks say, except maintenance.</summary>
    Any,
}
