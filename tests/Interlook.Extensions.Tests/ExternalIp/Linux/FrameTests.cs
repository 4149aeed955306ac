using System.Net;
using System.Net.NetworkInformation;
using Interlook.Extensions.ExternalIp.Linux;
using Xunit;

namespace Interlook.Extensions.Tests.ExternalIp.Linux;

/// <summary>Frames, byte by byte.</summary>
public sealed class FrameTests
{
    private static readonly PhysicalAddress Hardware = PhysicalAddress.Parse("02:00:00:00:00:0A");

    [Fact]
    public void A_gratuitous_arp_says_the_address_twice_and_a_reply_the_hardware_address_too()
    {
        var frames = Frames.Announcements(IPAddress.Parse("10.0.0.7"), Hardware);

        Assert.Equal(
            [
                "FFFFFFFFFFFF02000000000A0806" + "00010800060400" + "01" + "02000000000A" + "0A000007" + "000000000000" + "0A000007",
                "FFFFFFFFFFFF02000000000A0806" + "00010800060400" + "02" + "02000000000A" + "0A000007" + "02000000000A" + "0A000007",
            ],
            frames.Select(Convert.ToHexString));
    }

    [Fact]
    public void An_arp_probe_does_not_say_who_asks()
    {
        var frame = Frames.Probe(IPAddress.Parse("10.0.0.7"), Hardware);

        Assert.Equal("FFFFFFFFFFFF02000000000A0806" + "0001080006040001" + "02000000000A" + "00000000" + "000000000000" + "0A000007", Convert.ToHexString(frame));
    }

    [Fact]
    public void A_solicitation_for_detection_goes_from_nobody_to_the_group_of_the_address()
    {
        var frame = Frames.Probe(IPAddress.Parse("fd00::12:3456"), Hardware);

        Assert.Equal(
            "3333FF12345602000000000A86DD" + "6000000000183AFF" + "00000000000000000000000000000000" + "FF0200000000000000000001FF123456" + "8700",
            Convert.ToHexString(frame)[..112]);
        Assert.Equal("00000000" + "FD000000000000000000000000123456", Convert.ToHexString(frame)[116..]);
        Assert.Equal(0xFFFF, Sum(frame));
    }

    [Fact]
    public void An_unsolicited_advertisement_overrides_and_carries_the_hardware_address()
    {
        var frame = Assert.Single(Frames.Announcements(IPAddress.Parse("fd00::7"), Hardware));

        Assert.Equal("333300000001" + "02000000000A86DD" + "6000000000203AFF", Convert.ToHexString(frame)[..44]);
        Assert.Equal("20000000" + "FD000000000000000000000000000007" + "020102000000000A", Convert.ToHexString(frame)[116..]);
        Assert.Equal(0xFFFF, Sum(frame));
    }

    [Fact]
    public void What_others_send_of_the_same_kinds_claims_an_address()
    {
        IPAddress[] addresses = [IPAddress.Parse("10.0.0.7"), IPAddress.Parse("fd00::7")];

        foreach (var address in addresses)
        {
            foreach (var frame in Frames.Announcements(address, Hardware).Append(Frames.Probe(address, Hardware)))
                Assert.Equal((address, Hardware), FrameReading.Claim(frame));
        }
    }

    [Fact]
    public void An_advertisement_that_came_over_a_router_claims_nothing()
    {
        var frame = Frames.Announcements(IPAddress.Parse("fd00::7"), Hardware)[0];
        frame[Frames.EthernetLength + 7] = 254;

        Assert.Null(FrameReading.Claim(frame));
    }

    [Fact]
    public void Frames_that_are_cut_off_or_spoilt_are_no_trouble()
    {
        var random = new Random(48);
        byte[][] frames =
        [
            .. Frames.Announcements(IPAddress.Parse("10.0.0.7"), Hardware), .. Frames.Announcements(IPAddress.Parse("fd00::7"), Hardware),
            Frames.Probe(IPAddress.Parse("fd00::7"), Hardware),
        ];
        foreach (var whole in frames)
        {
            for (var length = 0; length < Math.Min(whole.Length, 42); length++)
                Assert.Null(FrameReading.Claim(whole.AsSpan(0, length)));
            for (var i = 0; i < 10_000; i++)
            {
                var spoilt = whole[..random.Next(whole.Length + 1)];
                if (spoilt.Length > 0)
                    spoilt[random.Next(spoilt.Length)] = (byte)random.Next(256);
                FrameReading.Claim(spoilt);
            }
        }
    }

    // Over the pseudo-header too, a right checksum makes the sum all ones.
    private static int Sum(byte[] frame)
    {
        var sum = frame.Length - Frames.EthernetLength - Frames.Ipv6Length + Frames.Icmpv6;
        for (var i = Frames.EthernetLength + 8; i < frame.Length; i += 2)
            sum += (frame[i] << 8) | frame[i + 1];
        while (sum >> 16 != 0)
            sum = (sum & 0xFFFF) + (sum >> 16);
        return sum;
    }
}
