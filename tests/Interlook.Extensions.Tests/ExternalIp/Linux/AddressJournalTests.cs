using Interlook.Extensions.ExternalIp.Linux;
using Interlook.Fixtures;
using Xunit;

namespace Interlook.Extensions.Tests.ExternalIp.Linux;

/// <summary>What the journal remembers.</summary>
public sealed class AddressJournalTests
{
    private static readonly LinkAddress Address = LinkAddress.Parse("10.0.0.7/24");

    [Fact]
    public void What_was_written_is_known_to_the_next_process()
    {
        using var folder = new TemporaryFolder();
        new AddressJournal(folder.File("run/eth0"), "boot").Add([Address, LinkAddress.Parse("fd00::7/64")]);
        new AddressJournal(folder.File("run/eth0"), "boot").Remove([LinkAddress.Parse("fd00::7/64")]);

        var journal = new AddressJournal(folder.File("run/eth0"), "boot");

        Assert.True(journal.Has(Address));
        Assert.False(journal.Has(LinkAddress.Parse("fd00::7/64")));
    }

    [Fact]
    public void Another_start_of_the_machine_forgets_all()
    {
        using var folder = new TemporaryFolder();
        new AddressJournal(folder.File("eth0"), "boot").Add([Address]);

        Assert.False(new AddressJournal(folder.File("eth0"), "another").Has(Address));
    }

    [Fact]
    public void A_file_that_cannot_be_read_says_what_to_do()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("eth0"), "boot\nnonsense\n");

        var failure = Assert.Throws<ExtensionException>(() => new AddressJournal(folder.File("eth0"), "boot"));

        Assert.Contains(folder.File("eth0"), failure.Message, StringComparison.Ordinal);
        Assert.Contains("nonsense", failure.Message, StringComparison.Ordinal);
    }
}
