namespace Interlook.Fixtures.Networks;

/// <summary>A time without an answer: at least one question in between had none.</summary>
/// <param name="From">When the last question before it was asked that had an answer.</param>
/// <param name="To">When the first one behind it was asked that had an answer.</param>
public sealed record AnswerGap(TimeSpan From, TimeSpan To)
{
    /// <summary>How long it was.</summary>
    public TimeSpan Length => To - From;
}
