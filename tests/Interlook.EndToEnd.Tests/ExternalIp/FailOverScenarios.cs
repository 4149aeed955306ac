using System.Net;
using Interlook.Fixtures.ExternalIp;
using Xunit;

namespace Interlook.EndToEnd.Tests.ExternalIp;

/// <summary>What happens to VIPs when their node fails, as the client sees it: the same wherever the claims are kept.</summary>
public abstract class FailOverScenarios(VipLaboratory laboratory) : LaboratoryTest(laboratory, VipLaboratory.ShortTimes)
{
    /// <summary>Longer than any deadline of these flags; see the table of decision 46.</summary>
    protected static readonly TimeSpan Longer = TimeSpan.FromSeconds(3);

    [Fact]
    public async Task When_an_agent_is_killed_others_answer_and_the_kernel_removes_what_it_had()
    {
        var vips = await AskedVips.AskAsync(Laboratory);

        await vips.Hurt.KillAsync();

        await vips.MovedAsync();
        await vips.PurgedAsync();
        foreach (var vip in vips.Moving)
            await PingsAsync(vip.Address);
    }

    [Fact]
    public async Task An_agent_that_was_stopped_for_long_finds_that_others_have_taken_over_and_lets_go()
    {
        var vips = await AskedVips.AskAsync(Laboratory);

        await vips.Hurt.FreezeAsync();
        await vips.MovedAsync();
        await VipLaboratory.LetPassAsync(Longer);
        await vips.Hurt.ContinueAsync();

        await VipLaboratory.LetPassAsync(Longer);
        await vips.PurgedAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_node_that_alone_does_not_reach_the_store_lets_go_before_others_take(bool isSilent)
    {
        var vips = await AskedVips.AskAsync(Laboratory);

        if (isSilent)
            vips.Hurt.Door.Block();
        else
            vips.Hurt.Door.Shut();
        await vips.PurgedAsync();
        vips.Hurt.Door.Reopen();

        await Laboratory.AcquaintedAsync(Laboratory.Nodes);
        await VipLaboratory.LetPassAsync(Longer);
        await vips.PurgedAsync();
    }

    [Fact]
    public async Task A_node_that_is_told_to_end_hands_over_what_it_has_and_ends()
    {
        var vips = await AskedVips.AskAsync(Laboratory);

        await vips.Hurt.TerminateAsync();

        Assert.Equal(0, await vips.Hurt.EndedAsync(TestContext.Current.CancellationToken));
        await vips.PurgedAsync();
    }

    private async Task PingsAsync(IPAddress address)
    {
        var (code, output) = await Laboratory.Client.Namespace.RunAsync("ping", "-n", "-c", "3", "-i", "0.2", "-W", "2", address.ToString());
        Assert.True(code == 0, output + await Laboratory.Client.Namespace.ShowAsync("neighbour show"));
    }
}
