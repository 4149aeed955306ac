namespace Interlook.Extensions.Tests.ExternalIp.Simulation;

/// <summary>Ways to break the protocol on purpose; the simulation has to notice each.</summary>
internal enum Mutant
{
    None,

    /// <summary>After a fence claims are held again as they were found, without a write.</summary>
    TakesNothingAnew,

    /// <summary>Nodes count with a longer expiry than the scheduler.</summary>
    FencesTooLate,

    /// <summary>The keeper does not look at the clock: what it has it keeps until it is told otherwise.</summary>
    ForgetsTheDeadline,

    /// <summary>The scheduler takes its own late picture of a node for a fresh read.</summary>
    ReadsNothingFresh,

    /// <summary>The store does not compare before it sets.</summary>
    WritesBlindly,

    /// <summary>A node hands over before the address is off its link.</summary>
    HandsOverTooEarly,

    /// <summary>Who passes on what it never had on its link says all the same that nobody has to be asked.</summary>
    VouchesForWhatItNeverHad,

    /// <summary>A peer that does not answer counts as one that has no contact.</summary>
    TakesSilenceForConsent,

    /// <summary>A node adds addresses although somebody may still build on its answer that it has no contact.</summary>
    ForgetsItsAnswers,

    /// <summary>The dead node's addresses go to nodes that it never asked.</summary>
    AsksNobody,

    /// <summary>Nobody probes before announcing.</summary>
    ProbesNothing,

    /// <summary>Lifetimes in the kernel are set anew until the fence.</summary>
    RenewsTooLong,

    /// <summary>A silent node's claims wait for ever.</summary>
    NeverJudges,
}
