using Interlook.Extensions.Files;
using Interlook.Fixtures;
using Interlook.Providers;
using Interlook.Specification;
using Xunit;

namespace Interlook.Extensions.Tests.Files;

public sealed class FileProviderTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private static CancellationToken Stopping => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_broken_file_keeps_what_it_said_before_and_is_reported()
    {
        Write("shop.yml", "name: shop\ntargets: [{host: h, port: 80}]");
        await using var follower = await FollowAsync(folder.Path);

        Write("shop.yml", "name: shop\ntargets: [{host: h, port: 70000}]");
        Write("blog.yml", "name: blog\ntargets: []");

        await follower.UntilAsync("blog is published and shop reported", services => services.ContainsKey("blog") && !follower.Rejections.IsEmpty);
        var rejection = Assert.Single(follower.Rejections);
        Assert.Equal("file shop.yml", rejection.Subject);
        Assert.Contains("shop.yml:2:27: port must be from 1 to 65535, not 70000", rejection.Problem, StringComparison.Ordinal);
        Assert.Equal(80, follower.Services["shop"].Targets[0].Port);
    }

    [Fact]
    public async Task An_emptied_file_withdraws_nothing_and_a_repaired_one_is_taken()
    {
        Write("shop.yml", "name: shop\ntargets: [{host: h, port: 80}]");
        await using var follower = await FollowAsync(folder.Path);

        Write("shop.yml", "");
        await follower.UntilAsync("the empty file is reported", _ => !follower.Rejections.IsEmpty);
        Write("shop.yml", "name: shop\ntargets: [{host: h, port: 81}]");

        await follower.UntilAsync("the new port is published", services => services.TryGetValue("shop", out var shop) && shop.Targets[0].Port == 81);
        await follower.UntilAsync("nothing is reported any more", _ => follower.Rejections.IsEmpty);
    }

    [Fact]
    public async Task A_document_that_is_removed_from_its_file_is_withdrawn()
    {
        Write("all.yaml", "name: shop\ntargets: []\n---\nname: blog\ntargets: []");
        await using var follower = await FollowAsync(folder.Path);

        Write("all.yaml", "name: blog\ntargets: []");

        await follower.UntilAsync("shop is withdrawn", services => services.Keys.SequenceEqual(["blog"]));
    }

    [Fact]
    public async Task A_name_that_another_file_has_is_rejected_until_that_lets_go()
    {
        Write("b.yml", "name: shop\nhosts: [b]\ntargets: []");
        await using var follower = await FollowAsync(folder.Path);

        Write("a.yml", "name: shop\nhosts: [a]\ntargets: []");
        await follower.UntilAsync("the second shop is reported", _ => !follower.Rejections.IsEmpty);
        var before = Assert.Single(follower.Rejections);
        File.Delete(folder.File("b.yml"));

        await follower.UntilAsync("the second shop is published", services => services.TryGetValue("shop", out var shop) && shop.DnsNames[0] == "a");
        Assert.Equal("file a.yml", before.Subject);
        Assert.Contains("service 'shop' is already in", before.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_single_file_is_followed_and_others_beside_it_are_not()
    {
        Write("shop.conf", "name: shop\ntargets: []");
        Write("blog.yml", "name: blog\ntargets: []");
        await using var follower = await FollowAsync(folder.File("shop.conf"));

        Write("shop.conf", "name: store\ntargets: []");

        await follower.UntilAsync("the new name is published alone", services => services.Keys.SequenceEqual(["store"]));
    }

    [Fact]
    public async Task Other_files_hidden_files_and_folders_are_left_alone()
    {
        Write("shop.yml", "name: shop\ntargets: []");
        Write(".shop.yml", "broken: [");
        Write("shop.yml~", "broken: [");
        Directory.CreateDirectory(folder.File("folder.yml"));

        await using var follower = await FollowAsync(folder.Path);

        Assert.Equal(["shop"], follower.Services.Keys);
        Assert.Empty(follower.Rejections);
    }

    [Fact]
    public async Task Text_that_is_not_UTF_8_is_reported()
    {
        await File.WriteAllBytesAsync(folder.File("shop.yml"), [0x6e, 0xff, 0xfe], Stopping);

        await using var follower = await FollowAsync(folder.Path);

        await follower.UntilAsync("the file is reported", _ => follower.Rejections.Any(rejection => rejection.Problem.Contains("is not UTF-8", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Services_that_vanish_by_the_dozen_go_by_a_snapshot_and_another_confirms_it_later()
    {
        var time = new ManualTimeProvider();
        foreach (var i in Enumerable.Range(0, 12))
            Write($"s{i}.yml", $"name: s{i}\ntargets: []");
        var provider = new FileProvider(new FilesOptions { Path = folder.Path }, TestContexts.Create("provider.file", time: time));
        await using var follower = await ProviderFollower.StartAsync(provider, Stopping);

        foreach (var i in Enumerable.Range(0, 12))
            File.Delete(folder.File($"s{i}.yml"));
        await AdvanceUntilAsync(time, () => follower.Services.IsEmpty);
        var (vanished, snapshots) = (time.GetTimestamp(), follower.Snapshots);
        await AdvanceUntilAsync(time, () => follower.Snapshots > snapshots);

        Assert.True(time.GetElapsedTime(vanished) >= TimeSpan.FromSeconds(14));
        Assert.DoesNotContain(follower.Events, said => said is ProviderEvent.Withdrawn);
    }

    [Fact]
    public async Task What_a_file_said_that_was_broken_from_the_start_is_unknown_and_not_gone()
    {
        Write("shop.yml", "name: [");
        Write("blog.yml", "name: blog\ntargets: []");

        await using var follower = await FollowAsync(folder.Path);
        var first = follower.Events.OfType<ProviderEvent.Snapshot>().First();
        var provider = new FileProvider(new FilesOptions { Path = folder.Path }, TestContexts.Create("provider.file"));
        var failure = await Assert.ThrowsAsync<ExtensionException>(() => provider.RefreshAsync("shop", Stopping));

        Assert.False(first.IsComplete);
        Assert.Equal(Reason.Invalid, failure.Reason);
        Assert.NotNull(await provider.RefreshAsync("blog", Stopping));
    }

    [Fact]
    public void Without_notifications_another_look_finds_a_change()
    {
        var time = new ManualTimeProvider();
        Write("shop.yml", "name: shop\ntargets: []");
        var files = new ServiceFiles(folder.Path, "provider.file", time);
        files.Scan();

        Write("shop.yml", "name: shop\ntargets: [{host: h, port: 80}]");
        files.Scan();

        Assert.Single(files.Services["shop"].Targets);
    }

    public void Dispose() => folder.Dispose();

    private static Task AdvanceUntilAsync(ManualTimeProvider time, Func<bool> condition) => Eventually.TrueAsync("the snapshot comes", () =>
    {
        time.Advance(TimeSpan.FromMilliseconds(100));
        return condition();
    });

    private static async Task<ProviderFollower> FollowAsync(string path)
    {
        var provider = new FileProvider(
            new FilesOptions { Path = path, UpdateInterval = TimeSpan.FromMilliseconds(100) }, TestContexts.Create("provider.file"));
        await provider.StartAsync(Stopping);
        return await ProviderFollower.StartAsync(provider, Stopping);
    }

    private void Write(string name, string text) => File.WriteAllText(folder.File(name), text);
}
