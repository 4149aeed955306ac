using System.Net;
using System.Net.NetworkInformation;

namespace Interlook.Fixtures.Networks;

/// <summary>What an <see cref="AnswerWatcher"/> has seen of one address. Times count from the watcher's start. Safe for concurrent use.</summary>
public sealed class WatchedAddress
{
    private const int Most = 10_000; // turns, gaps: a test that has more has failed already

    private readonly Lock gate = new();
    private readonly byte[][] frames;
    private readonly Question[] asked = new Question[NeighbourQuestion.Numbers];
    private readonly List<AnswerTurn> turns = [];
    private readonly List<AnswerGap> gaps = [];
    private readonly List<SecondAnswer> seconds = [];
    private long questions;
    private long answers;
    private long lastAnswered = -1;
    private TimeSpan lastAnsweredAt;

    internal WatchedAddress(IPAddress address, PhysicalAddress hardware)
    {
        Address = address;
        frames = [.. Enumerable.Range(0, NeighbourQuestion.Numbers).Select(number => NeighbourQuestion.Of(address, hardware, number))];
    }

    /// <summary>The address.</summary>
    public IPAddress Address { get; }

    /// <summary>How many questions were answered.</summary>
    public long Answers
    {
        get
        {
            lock (gate)
                return answers;
        }
    }

    /// <summary>Who answered, one after the other.</summary>
    public IReadOnlyList<AnswerTurn> Turns
    {
        get
        {
            lock (gate)
                return [.. turns];
        }
    }

    /// <summary>The times without an answer that are over.</summary>
    public IReadOnlyList<AnswerGap> Gaps
    {
        get
        {
            lock (gate)
                return [.. gaps];
        }
    }

    /// <summary>The questions that two have answered.</summary>
    public IReadOnlyList<SecondAnswer> Seconds
    {
        get
        {
            lock (gate)
                return [.. seconds];
        }
    }

    /// <summary>When the last question was asked that has an answer; null while there was none.</summary>
    public TimeSpan? AnsweredAt
    {
        get
        {
            lock (gate)
                return lastAnswered < 0 ? null : lastAnsweredAt;
        }
    }

    /// <summary>The longest time without an answer that ended after some moment.</summary>
    public TimeSpan LongestGap(TimeSpan after = default) => Gaps.Where(gap => gap.To > after).Select(gap => gap.Length).DefaultIfEmpty().Max();

    /// <summary>The next question.</summary>
    internal ReadOnlySpan<byte> Ask(TimeSpan now)
    {
        lock (gate)
        {
            var number = (int)(questions % NeighbourQuestion.Numbers);
            asked[number] = new(questions, now, null);
            questions++;
            return frames[number];
        }
    }

    /// <summary>Somebody answered.</summary>
    /// <param name="number">The number of the question.</param>
    /// <param name="hardware">Who.</param>
    internal void Answered(int number, PhysicalAddress hardware)
    {
        lock (gate)
        {
            var question = asked[number];
            if (question.Hardware is { } first)
            {
                if (!first.Equals(hardware) && seconds.Count < Most)
                    seconds.Add(new(Address, question.At, first, hardware));
                return;
            }
            asked[number] = question with { Hardware = hardware };
            answers++;
            if (question.Place < lastAnswered)
                return;
            if (lastAnswered >= 0 && question.Place > lastAnswered + 1 && gaps.Count < Most)
                gaps.Add(new(lastAnsweredAt, question.At));
            (lastAnswered, lastAnsweredAt) = (question.Place, question.At);
            if ((turns.Count == 0 || !turns[^1].Hardware.Equals(hardware)) && turns.Count < Most)
                turns.Add(new(hardware, question.At));
        }
    }

    /// <summary>A question that was asked.</summary>
    /// <param name="Place">Its place among all, from 0.</param>
    /// <param name="At">When it was asked.</param>
    /// <param name="Hardware">Who answered it first.</param>
    private readonly record struct Question(long Place, TimeSpan At, PhysicalAddress? Hardware);
}
