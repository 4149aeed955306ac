using Interlook.Extensions.Etcd.Calls;

namespace Interlook.Extensions.Etcd;

/// <summary>Finds out which interface an etcd is to be spoken to through.</summary>
internal static class ServerInterface
{
    /// <summary>
    /// Asks for the root of v2's keys. A server that has them is one whose readers were set up for them; one that has not, or no longer, says
    /// that there is no such page.
    /// </summary>
    /// <returns><c>v2</c> or <c>v3</c>.</returns>
    /// <exception cref="ExtensionException">Nobody answers, or not as etcd does.</exception>
    internal static async Task<string> FindAsync(EtcdConnectionOptions options, TimeProvider time, CancellationToken stopping)
    {
        using var transport = new EtcdTransport(options, time);
        try
        {
            await new OldEtcdClient(transport, options).ReadAsync("/", recursive: false, stopping);
            return "v2";
        }
        catch (ExtensionException failure) when (failure.Reason == Reason.Refused)
        {
            return "v3";
        }
        catch (ExtensionException failure) when (failure.Reason == Reason.Unauthorized)
        {
            return "v2"; // it has the keys, and asks who we are
        }
    }
}
