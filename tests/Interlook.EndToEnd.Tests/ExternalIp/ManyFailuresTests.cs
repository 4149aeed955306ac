using System.Net;
using Interlook.Fixtures.ExternalIp;
using Interlook.Fixtures.Networks;
using Xunit;

namespace Interlook.EndToEnd.Tests.ExternalIp;

/// <summary>One failure after the other, in an order that chance has made once. How long they take is measured by the benchmark <c>external-ip</c>.</summary>
[Collection(VipCollection.Name)]
public sealed class ManyFailuresTests(VipsInKubernetes vips) : LaboratoryTest(vips.Laboratory, VipLaboratory.ShortTimes)
{
    private const int Count = 14;
    private const int Seed = 20;

    [Fact]
    public async Task Through_failures_of_every_kind_no_address_has_two_holders_and_every_one_answers_again()
    {
        IPAddress[] addresses = [.. Enumerable.Range(1, 6).SelectMany(number => new[] { NetworkLaboratory.FreeAddress(number), NetworkLaboratory.FreeIpv6Address(number) })];
        await Laboratory.AskAsync("shop", addresses);

        var failures = await new FailureSequence(Laboratory, new Random(Seed), rest: TimeSpan.FromMilliseconds(200)).RunAsync(Enum.GetValues<FailureKind>(), Count, addresses);

        foreach (var failure in failures)
            TestContext.Current.TestOutputHelper?.WriteLine(failure.ToString());
    }
}
