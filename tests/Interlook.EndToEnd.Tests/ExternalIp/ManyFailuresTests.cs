using System.Net;
using Interlook.Fixtures.ExternalIp;
using Interlook.Fixtures.Networks;
using Xunit;

namespace Interlook.EndToEnd.Tests.ExternalIp;

/// <summary>One failure after the other, in an order that chance has made once. How long they take is measured by the benchmark <c>external-ip</c>.</summary>
[Collection(VipCollection.Name)]
public sealed class ManyFailuresTests(VipsInKubernetes vips) : IAsyncLifetime
{
    private const int Count = 14;
    private const int Seed = 20;

    private readonly VipLaboratory laboratory = vips.Laboratory;

    public async ValueTask InitializeAsync() => await laboratory.ReadyAsync(VipLaboratory.ShortTimes);

    public ValueTask DisposeAsync()
    {
        Verdict.Of(laboratory);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Through_failures_of_every_kind_no_address_has_two_holders_and_every_one_answers_again()
    {
        IPAddress[] addresses = [.. Enumerable.Range(1, 6).SelectMany(number => new[] { NetworkLaboratory.FreeAddress(number), NetworkLaboratory.FreeIpv6Address(number) })];
        await laboratory.AskAsync("shop", addresses);

        var failures = await new FailureSequence(laboratory, new Random(Seed), rest: TimeSpan.FromMilliseconds(200)).RunAsync(Enum.GetValues<FailureKind>(), Count, addresses);

        foreach (var failure in failures)
            TestContext.Current.TestOutputHelper?.WriteLine(failure.ToString());
    }
}
