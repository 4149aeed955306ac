using System.Runtime.CompilerServices;

namespace Interlook.Extensions.ExternalIp.Running;

/// <summary>Without an election everybody acts.</summary>
internal sealed class AlwaysLeading : ILeadership
{
    /// <inheritdoc/>
    public async IAsyncEnumerable<bool> FollowAsync([EnumeratorCancellation] CancellationToken stopping)
    {
        yield return true;
        await new TaskCompletionSource().Task.WaitAsync(stopping);
    }
}
