using Interlook.Entries;
using Interlook.Extensions;
using Interlook.Providers;
using Interlook.Services;
using Xunit;

namespace Interlook.Engine.Tests;

/// <summary>A step that reads along how the entries fare of which it is a step.</summary>
public sealed class FollowingTests
{
    [Fact]
    public void It_hears_of_what_is_deployed_fails_and_is_taken_back()
    {
        using var bed = new TestBed();
        var heard = Listen(bed);
        bed.Start();

        bed.Say(new ProviderEvent.Snapshot([Sample.Definition()]));
        bed.Steps["ipam.a"].Deploy = (_, _, _) => throw new ExtensionException(Reason.Exhausted, "no address is left");
        bed.Say(new ProviderEvent.Published(Sample.Definition(port: 2)));
        bed.Say(new ProviderEvent.Withdrawn("shop"));

        Assert.Equal(Entry.Deployed, heard[0]);
        Assert.Contains("Exhausted at ipam.a", heard);
        Assert.Equal(Entry.Undeployed, heard[^1]);
    }

    [Fact]
    public void It_hears_that_an_entry_was_dropped()
    {
        using var bed = new TestBed(new EngineOptions { CleanUndeployedServiceAfter = TimeSpan.FromMinutes(1) });
        var gone = new List<ServiceKey>();
        bed.Steps["lb.c"].Follow = news =>
        {
            if (news.Entry is null)
                gone.Add(news.Key);
            return Task.CompletedTask;
        };
        bed.Start();
        bed.Say(new ProviderEvent.Snapshot([Sample.Definition()]));
        bed.Say(new ProviderEvent.Withdrawn("shop"));

        bed.Run(TimeSpan.FromMinutes(5));

        Assert.Equal([new ServiceKey(ServiceKey.DefaultWorkflow, "shop")], gone);
    }

    [Fact]
    public void What_stood_when_it_began_is_no_change()
    {
        using var bed = new TestBed();
        var news = new List<EntryNews>();
        var breaks = true;
        bed.Steps["lb.c"].Follow = each =>
        {
            if (breaks)
                throw new InvalidOperationException("it breaks once");
            news.Add(each);
            return Task.CompletedTask;
        };
        bed.Start();
        bed.Say(new ProviderEvent.Snapshot([Sample.Definition()]));

        breaks = false;
        bed.Run(TimeSpan.FromMinutes(1));

        Assert.False(Assert.Single(news).IsChange);
    }

    [Fact]
    public void A_follower_that_is_slow_holds_nothing_up()
    {
        using var bed = new TestBed();
        var never = new TaskCompletionSource();
        bed.Steps["lb.c"].Follow = _ => never.Task;
        bed.Start();

        bed.Say(new ProviderEvent.Snapshot([Sample.Definition()]));
        bed.Say(new ProviderEvent.Withdrawn("shop"));

        Assert.Equal(Entry.Undeployed, bed.Entry()?.State);
    }

    /// <summary>What the last step hears, without what is the same as before.</summary>
    private static List<string> Listen(TestBed bed)
    {
        var heard = new List<string>();
        bed.Steps["lb.c"].Follow = news =>
        {
            var text = news.Entry switch
            {
                null => "gone",
                { Failure: { } failure } => $"{failure.Reason} at {failure.Step}",
                { State: Entry.Deployed or Entry.Undeployed } closed => closed.State,
                _ => null,
            };
            if (text is not null && heard.LastOrDefault() != text)
                heard.Add(text);
            return Task.CompletedTask;
        };
        return heard;
    }
}
