using Interlook.Engine.Planning;
using Interlook.Entries;
using Interlook.Services;

namespace Interlook.Engine.Scheduling;

/// <summary>Something that a resync found out about an entry; the next pass folds it in. A closed set.</summary>
/// <param name="Step">Where it was found.</param>
internal abstract record Finding(string Step)
{
    /// <summary>What is to be folded in after this.</summary>
    public Finding? Next { get; init; }

    /// <summary>What the history says of it; null when it is not worth a line.</summary>
    public virtual string? Message => null;

    /// <summary>Folds it in.</summary>
    /// <returns>The same entry when it is no longer true, or known already.</returns>
    public abstract Entry FoldInto(Entry entry, Workflow workflow);

    /// <summary>What a step acknowledged is no longer so outside; the step is to be called again.</summary>
    /// <param name="Step">Where it was found.</param>
    /// <param name="Acknowledged">What was compared: of another acknowledgement nothing is known.</param>
    /// <param name="Difference">What differs, in words.</param>
    internal sealed record Drift(string Step, ServiceDefinition Acknowledged, string Difference) : Finding(Step)
    {
        public override string? Message => Difference;

        public override Entry FoldInto(Entry entry, Workflow workflow) =>
            ReferenceEquals(entry.Find(Step)?.Acknowledged, Acknowledged) ? entry.Doubted(Step, Difference) : entry;
    }

    /// <summary>The same, and it is only to be shown.</summary>
    /// <param name="Step">Where it was found.</param>
    /// <param name="Acknowledged">What was compared.</param>
    /// <param name="Difference">What differs, in words.</param>
    internal sealed record UnrepairedDrift(string Step, ServiceDefinition Acknowledged, string Difference) : Finding(Step)
    {
        public override string? Message => Difference;

        public override Entry FoldInto(Entry entry, Workflow workflow) =>
            ReferenceEquals(entry.Find(Step)?.Acknowledged, Acknowledged) ? entry.Remarked($"{Step}: {Difference}") : entry;
    }

    /// <summary>What had drifted and was only shown is as it was acknowledged again.</summary>
    /// <param name="Step">Where it was found.</param>
    internal sealed record InPlace(string Step) : Finding(Step)
    {
        public override Entry FoldInto(Entry entry, Workflow workflow) =>
            entry.Info?.StartsWith($"{Step}: ", StringComparison.Ordinal) is true ? entry.Remarked(null) : entry;
    }

    /// <summary>Something that bears the entry's mark is there though the step has not run for it.</summary>
    /// <param name="Step">Where it was found.</param>
    internal sealed record Trace(string Step) : Finding(Step)
    {
        public override string? Message => "an orphan is taken back";

        public override Entry FoldInto(Entry entry, Workflow workflow) => entry.Traced(Step, workflow);
    }
}
