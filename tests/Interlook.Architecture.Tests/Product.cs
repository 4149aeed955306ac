using System.Reflection;
using System.Runtime.CompilerServices;

namespace Interlook.Architecture.Tests;

/// <summary>The assemblies that are delivered.</summary>
internal static class Product
{
    internal static Assembly Abstractions { get; } = typeof(Interlook.Services.ServiceDefinition).Assembly;

    internal static Assembly Engine { get; } = typeof(Interlook.Engine.WorkflowEngine).Assembly;

    internal static Assembly Dashboard { get; } = typeof(Interlook.Dashboard.LivePage).Assembly;

    internal static Assembly Api { get; } = typeof(Interlook.Api.ApiServer).Assembly;

    internal static Assembly Extensions { get; } = typeof(Interlook.Extensions.Docker.DockerExtensions).Assembly;

    internal static Assembly Host { get; } = Assembly.Load("interlook");

    internal static IReadOnlyList<Assembly> All { get; } = [Abstractions, Engine, Dashboard, Api, Extensions, Host];

    /// <summary>Every type that somebody wrote; no closures, iterators and the like.</summary>
    internal static IEnumerable<Type> Types(this Assembly assembly) => assembly.GetTypes().Where(IsWritten);

    /// <summary>True for a record, class or struct.</summary>
    internal static bool IsRecord(this Type type) =>
        type.GetMethod("PrintMembers", BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.DeclaredOnly) is not null;

    private static bool IsWritten(Type type) =>
        type.Namespace?.StartsWith("Interlook", StringComparison.Ordinal) == true
        && !type.FullName!.Contains('<', StringComparison.Ordinal)
        && !type.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false)
        && !type.IsDefined(typeof(System.CodeDom.Compiler.GeneratedCodeAttribute), inherit: false);
}
