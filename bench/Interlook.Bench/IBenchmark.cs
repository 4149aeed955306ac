namespace Interlook.Bench;

/// <summary>One claim and the way to measure it.</summary>
internal interface IBenchmark
{
    /// <summary>Its name on the command line.</summary>
    string Name { get; }

    /// <summary>Measures.</summary>
    /// <returns>The figures, floors among them.</returns>
    Task<IReadOnlyList<Figure>> RunAsync(CancellationToken stopping);
}
