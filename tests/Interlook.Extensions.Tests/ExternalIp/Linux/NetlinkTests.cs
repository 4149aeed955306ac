using System.Buffers.Binary;
using System.Net;
using Interlook.Extensions.ExternalIp.Linux;
using Xunit;

namespace Interlook.Extensions.Tests.ExternalIp.Linux;

/// <summary>Messages of the kernel, as recorded, cut off and spoilt.</summary>
public sealed class NetlinkTests
{
    [Fact]
    public void A_recorded_address_is_read_with_its_lifetime_and_place()
    {
        var first = ReadAddress(NetlinkRecordings.FirstAddress);
        var second = ReadAddress(NetlinkRecordings.SecondAddress);

        Assert.Equal((3, new PresentAddress(LinkAddress.Parse("10.0.0.6/24"), 0, null, IsSecondary: false, IsRefused: false)), first);
        Assert.Equal((3, new PresentAddress(LinkAddress.Parse("10.0.0.7/24"), 0, TimeSpan.FromMinutes(1), IsSecondary: true, IsRefused: false)), second);
    }

    [Fact]
    public void A_recorded_ipv6_address_is_read_with_its_mark()
    {
        var read = ReadAddress(NetlinkRecordings.LinkLocalAddress);

        Assert.Equal((3, new PresentAddress(LinkAddress.Parse("fe80::ff:fe00:a/64"), 3, null, IsSecondary: false, IsRefused: false)), read);
    }

    [Fact]
    public void A_recorded_interface_is_read()
    {
        var messages = new NetlinkMessages(NetlinkRecordings.Interface);
        Assert.True(messages.Read());

        var read = LinkMessage.Read(messages.Content)!;

        Assert.Equal("eth0", read.Name);
        Assert.Equal("02000000000A", read.Hardware.ToString());
        Assert.True(read is { IsRunning: true, HasNeighbours: true, PromotesSecondaries: false });
    }

    [Fact]
    public void Several_messages_in_one_answer_are_read_one_after_the_other()
    {
        byte[] both = [.. NetlinkRecordings.FirstAddress, .. NetlinkRecordings.LinkLocalAddress];
        var messages = new NetlinkMessages(both);

        Assert.True(messages.Read());
        Assert.Equal("10.0.0.6/24", AddressMessage.Read(messages.Content)!.Value.Address.Address.ToString());
        Assert.True(messages.Read());
        Assert.Equal("fe80::ff:fe00:a/64", AddressMessage.Read(messages.Content)!.Value.Address.Address.ToString());
        Assert.False(messages.Read());
    }

    [Fact]
    public void A_message_that_is_cut_off_anywhere_is_not_read()
    {
        foreach (var whole in new[] { NetlinkRecordings.FirstAddress, NetlinkRecordings.Interface })
        {
            for (var length = 0; length < whole.Length; length++)
                Assert.False(new NetlinkMessages(whole.AsSpan(0, length)).Read());
        }
    }

    [Fact]
    public void Contents_that_are_cut_off_or_spoilt_are_read_as_far_as_they_make_sense()
    {
        var random = new Random(48);
        foreach (var whole in new[] { NetlinkRecordings.FirstAddress, NetlinkRecordings.LinkLocalAddress, NetlinkRecordings.Interface })
        {
            for (var i = 0; i < 20_000; i++)
            {
                var spoilt = whole[..random.Next(whole.Length + 1)];
                for (var changes = random.Next(4); changes > 0 && spoilt.Length > 0; changes--)
                    spoilt[random.Next(spoilt.Length)] = (byte)random.Next(256);
                var messages = new NetlinkMessages(spoilt);
                while (messages.Read())
                {
                    AddressMessage.Read(messages.Content);
                    LinkMessage.Read(messages.Content);
                    messages.ErrorOf();
                }
                new LinkWatch("eth0", KernelCalls.Open).Read(spoilt);
            }
        }
    }

    [Fact]
    public void A_length_that_is_less_than_the_header_ends_the_reading()
    {
        var message = NetlinkRecordings.FirstAddress;
        BinaryPrimitives.WriteUInt32LittleEndian(message, 0);

        Assert.False(new NetlinkMessages(message).Read());
    }

    [Fact]
    public void A_request_for_an_address_says_what_it_is_for_how_long_and_whose()
    {
        var writer = new NetlinkWriter(7);

        AddressMessage.WriteAdd(writer, 3, LinkAddress.Parse("10.0.0.7/24"), TimeSpan.FromSeconds(5), AddressMark.Protocol, isNew: true, makesRoute: true);

        Assert.Equal(
            "44000000" + "1400" + "0506" + "07000000" + "00000000" + // length, type, flags, number, port
            "02180000" + "03000000" + // family, prefix, flags, scope, interface
            "08000200" + "0A000007" + "08000100" + "0A000007" +
            "14000600" + "05000000" + "05000000" + "00000000" + "00000000" +
            "05000B00" + "49000000",
            Convert.ToHexString(writer.Bytes));
        Assert.Equal(8u, writer.Next);
    }

    [Fact]
    public void An_ipv6_address_is_added_deprecated_and_without_the_kernels_own_probe()
    {
        var writer = new NetlinkWriter(7);

        AddressMessage.WriteAdd(writer, 3, LinkAddress.Parse("fd00::7/64"), TimeSpan.FromSeconds(5), 0, isNew: false, makesRoute: false);

        Assert.Equal(
            "5C000000" + "1400" + "0505" + "07000000" + "00000000" +
            "0A400000" + "03000000" +
            "14000200" + "FD000000000000000000000000000007" + "14000100" + "FD000000000000000000000000000007" +
            "14000600" + "00000000" + "05000000" + "00000000" + "00000000" +
            "08000800" + "02020000",
            Convert.ToHexString(writer.Bytes));
    }

    [Theory]
    [InlineData("")]
    [InlineData("an-interface-with-a-long-name")]
    public void A_name_that_no_interface_can_have_is_refused(string name) =>
        Assert.Equal(Reason.Invalid, Assert.Throws<ExtensionException>(() => LinkMessage.WriteGet(new NetlinkWriter(1), name)).Reason);

    [Fact]
    public void What_is_there_is_told_apart_by_address_and_prefix()
    {
        Assert.NotEqual(LinkAddress.Parse("10.0.0.7/24"), LinkAddress.Parse("10.0.0.7/32"));
        Assert.Equal(LinkAddress.Parse("10.0.0.7"), LinkAddress.Of(IPAddress.Parse("10.0.0.7"), 128));
        Assert.True(LinkAddress.Parse("10.0.0.7/20").Covers(IPAddress.Parse("10.0.15.255")));
        Assert.False(LinkAddress.Parse("10.0.0.7/20").Covers(IPAddress.Parse("10.0.16.0")));
        Assert.False(LinkAddress.Parse("10.0.0.7/0").Covers(IPAddress.Parse("fd00::1")));
        Assert.Throws<FormatException>(() => LinkAddress.Parse("10.0.0.7/33"));
    }

    private static (int Index, PresentAddress Address)? ReadAddress(byte[] message)
    {
        var messages = new NetlinkMessages(message);
        Assert.True(messages.Read());
        Assert.Equal(Netlink.NewAddress, messages.Type);
        return AddressMessage.Read(messages.Content);
    }
}
