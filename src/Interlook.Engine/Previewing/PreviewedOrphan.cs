namespace Interlook.Engine.Previewing;

/// <summary>Something that bears our mark outside and that no entry wants.</summary>
/// <param name="Step">Where it was seen.</param>
/// <param name="Subject">What it is, in the outside system's words.</param>
/// <param name="IsTaken">True when it would be taken back by itself, once two resyncs have found it.</param>
public sealed record PreviewedOrphan(string Step, string Subject, bool IsTaken = false);
