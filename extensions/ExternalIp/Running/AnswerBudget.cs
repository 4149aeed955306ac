namespace Interlook.Extensions.ExternalIp.Running;

/// <summary>How many questions are answered: peers ask some ten times a second each, and more is somebody's mistake. Not for concurrent use.</summary>
internal sealed class AnswerBudget(TimeProvider time)
{
    /// <summary>In one second; enough for some hundred nodes that all ask.</summary>
    internal const int MostInSecond = 5000;

    private long second = time.GetTimestamp();
    private int spent;

    /// <summary>True when one more may be answered now.</summary>
    internal bool TrySpend()
    {
        if (time.GetElapsedTime(second) >= TimeSpan.FromSeconds(1))
            (second, spent) = (time.GetTimestamp(), 0);
        return ++spent <= MostInSecond;
    }
}
