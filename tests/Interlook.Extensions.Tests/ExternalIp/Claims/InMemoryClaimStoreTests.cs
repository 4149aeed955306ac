using Interlook.Extensions.ExternalIp.Claims;
using Xunit;

namespace Interlook.Extensions.Tests.ExternalIp.Claims;

public class InMemoryClaimStoreTests : ClaimStoreSpecification
{
    private protected override Task<IClaimStore> OpenAsync() => Task.FromResult<IClaimStore>(new InMemoryClaimStore());

    [Fact]
    public async Task A_fault_ends_calls_and_watches()
    {
        var store = new InMemoryClaimStore();
        await using var watch = store.Claims.WatchAsync(TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        await watch.MoveNextAsync();

        store.Fault = new ExtensionException(Reason.Unreachable, "cut");

        await Assert.ThrowsAsync<ExtensionException>(() => watch.MoveNextAsync().AsTask());
        await Assert.ThrowsAsync<ExtensionException>(() => store.Claims.ListAsync(TestContext.Current.CancellationToken));
    }
}
