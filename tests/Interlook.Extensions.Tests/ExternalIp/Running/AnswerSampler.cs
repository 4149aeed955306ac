using System.Buffers.Binary;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Interlook.Extensions.ExternalIp.Linux;
using Interlook.Fixtures.Networks;

namespace Interlook.Extensions.Tests.ExternalIp.Running;

/// <summary>A client that asks every ten milliseconds who has an address, and keeps who answers.</summary>
internal sealed class AnswerSampler : IAsyncDisposable
{
    private readonly Lock gate = new();
    private readonly List<(PhysicalAddress Hardware, long At)> answers = [];
    private readonly CancellationTokenSource life = new();
    private readonly IPAddress address;
    private readonly LinkState link;
    private readonly FrameSender sender;
    private readonly FrameReceiver receiver;
    private readonly byte[] question;
    private readonly Task work;

    public AnswerSampler(LaboratoryMachine client, IPAddress address)
    {
        this.address = address;
        using (var opened = client.Open())
            link = opened.Read().State!;
        sender = new(client.Opener());
        var isIpv6 = address.AddressFamily == AddressFamily.InterNetworkV6;
        receiver = new(link, isIpv6 ? Frames.Ipv6 : Frames.Arp, client.Opener());
        question = isIpv6
            ? FromIpv6(client.Ipv6AddressOn(LaboratoryNetwork.Front), Frames.Probe(address, link.Hardware), link.Hardware)
            : FromIpv4(client.AddressOn(LaboratoryNetwork.Front), Frames.Probe(address, link.Hardware));
        work = Task.WhenAll(AskAsync(), ListenAsync());
    }

    /// <summary>Who answered, one after the other; who answers again and again stands there once.</summary>
    public IReadOnlyList<PhysicalAddress> Turns
    {
        get
        {
            lock (gate)
                return [.. answers.Select(answer => answer.Hardware).Where((hardware, at) => at == 0 || !hardware.Equals(answers[at - 1].Hardware))];
        }
    }

    /// <summary>How often somebody answered.</summary>
    public int Count
    {
        get
        {
            lock (gate)
                return answers.Count;
        }
    }

    /// <summary>How long after a moment the first answer came; null before.</summary>
    public TimeSpan? FirstAfter(long moment)
    {
        lock (gate)
            return answers.Count == 0 ? null : TimeProvider.System.GetElapsedTime(moment, answers[0].At);
    }

    /// <summary>The longest time without an answer, between two answers.</summary>
    public TimeSpan LongestGap
    {
        get
        {
            lock (gate)
                return answers.Zip(answers.Skip(1), (one, next) => TimeProvider.System.GetElapsedTime(one.At, next.At)).DefaultIfEmpty().Max();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await life.CancelAsync();
        await work;
        sender.Dispose();
        receiver.Dispose();
        life.Dispose();
    }

    private async Task AskAsync()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10), TimeProvider.System);
        try
        {
            while (await timer.WaitForNextTickAsync(life.Token))
                sender.Send(question, link);
        }
        catch (OperationCanceledException) when (life.IsCancellationRequested)
        {
            // over
        }
    }

    private async Task ListenAsync()
    {
        var buffer = new byte[2000];
        try
        {
            while (true)
            {
                var length = await receiver.ReceiveAsync(buffer, life.Token);
                if (!IsAnswer(buffer.AsSpan(0, length)) || FrameReading.Claim(buffer.AsSpan(0, length)) is not { } claim || !claim.Address.Equals(address))
                    continue;
                lock (gate)
                    answers.Add((claim.Hardware, TimeProvider.System.GetTimestamp()));
            }
        }
        catch (OperationCanceledException) when (life.IsCancellationRequested)
        {
            // over
        }
    }

    /// <summary>Not the questions of others, and not those with which they announce themselves.</summary>
    private static bool IsAnswer(ReadOnlySpan<byte> frame) => BinaryPrimitives.ReadUInt16BigEndian(frame[12..]) == Frames.Arp
        ? BinaryPrimitives.ReadUInt16BigEndian(frame[(Frames.EthernetLength + 6)..]) == 2
        : frame[Frames.EthernetLength + Frames.Ipv6Length] == Frames.Advertisement;

    /// <summary>A probe would look to the nodes like somebody who wants the address; a question of a host with an address does not.</summary>
    private static byte[] FromIpv4(IPAddress source, byte[] probe)
    {
        source.GetAddressBytes().CopyTo(probe.AsSpan(Frames.EthernetLength + 14));
        return probe;
    }

    /// <summary>
    /// The kernel answers a host only if it knows where that is: with the option "source link-layer address" (RFC 4861 section 4.3).
    /// </summary>
    private static byte[] FromIpv6(IPAddress source, byte[] probe, PhysicalAddress hardware)
    {
        byte[] option = [1, 1, .. hardware.GetAddressBytes()];
        byte[] question = [.. probe, .. option];
        var address = source.GetAddressBytes();
        address.CopyTo(question.AsSpan(Frames.EthernetLength + 8));
        var length = question.AsSpan(Frames.EthernetLength + 4);
        BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)(BinaryPrimitives.ReadUInt16BigEndian(length) + option.Length));
        var checksum = question.AsSpan(Frames.EthernetLength + Frames.Ipv6Length + 2);
        // What was not there before comes to the sum (RFC 1071).
        var sum = (uint)(ushort)~BinaryPrimitives.ReadUInt16BigEndian(checksum) + (uint)option.Length;
        byte[] added = [.. address, .. option];
        for (var at = 0; at < added.Length; at += 2)
            sum += BinaryPrimitives.ReadUInt16BigEndian(added.AsSpan(at));
        while (sum >> 16 != 0)
            sum = (sum & 0xFFFF) + (sum >> 16);
        BinaryPrimitives.WriteUInt16BigEndian(checksum, (ushort)~sum);
        return question;
    }
}
