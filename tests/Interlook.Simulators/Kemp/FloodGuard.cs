namespace Interlook.Simulators.Kemp;

/// <summary>Drops calls that come too fast: more than 30 within less than 3 seconds, dropped ones included. Safe for concurrent use.</summary>
internal sealed class FloodGuard(TimeProvider time)
{
    internal const int MostCalls = 30;

    private static readonly TimeSpan Window = TimeSpan.FromSeconds(3);

    private readonly Lock gate = new();
    private readonly Queue<long> calls = new();

    /// <summary>Notes a call.</summary>
    /// <returns>False when it is one too many.</returns>
    internal bool Admit()
    {
        lock (gate)
        {
            var now = time.GetTimestamp();
            while (calls.TryPeek(out var oldest) && time.GetElapsedTime(oldest, now) >= Window)
                calls.Dequeue();
            calls.Enqueue(now);
            return calls.Count <= MostCalls;
        }
    }

    internal void Forget()
    {
        lock (gate)
            calls.Clear();
    }
}
