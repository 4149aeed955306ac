using System.Buffers.Text;
using System.Collections.Immutable;
using System.IO.Pipelines;
using System.Text.Json;
using Interlook.Api.Answers;
using Interlook.Services;
using Microsoft.AspNetCore.Http;

namespace Interlook.Api.Live;

/// <summary>
/// One client of GET /events, in the format of server-sent events (HTML standard, section 9.2). It is told everything there is, then what
/// changes: a client that reads slowly gets fewer, newer events, and one that no longer reads is cut off.
/// </summary>
internal sealed class EventStream(HttpContext context, EventStreams streams)
{
    /// <summary>The most entries in one event.</summary>
    internal const int LargestBatch = 500;

    /// <summary>The pause after an event with changes: four of them a second.</summary>
    internal static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    /// <summary>After so long a silence a comment tells both ends, and what is between them, that the stream lives.</summary>
    internal static readonly TimeSpan Silence = TimeSpan.FromSeconds(15);

    /// <summary>How long a client may take to read what it was sent.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly JsonWriterOptions Plain = new() { Indented = false };

    private readonly PipeWriter body = context.Response.BodyWriter;
    private byte[]? overview;
    private long lastSent;

    /// <summary>Writes events until stopped or the client no longer reads.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        try
        {
            await TellAsync(stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The client went, or Interlook stops: the answer ends here.
        }
        catch (OperationCanceledException)
        {
            context.Abort(); // it has not read for too long
        }
        catch (IOException)
        {
            // The connection broke.
        }
    }

    private async Task TellAsync(CancellationToken stopping)
    {
        using var changes = streams.Engine.ReadChanges();
        Write("retry: 2000\n\n"u8);
        WriteEvent("reset"u8, "{}"u8);
        WriteOverview();
        await FlushAsync(stopping);
        await WriteServicesAsync([.. streams.Engine.Entries().Select(entry => entry.Key)], stopping);
        WriteEvent("ready"u8, "{}"u8);
        await FlushAsync(stopping);

        var next = changes.NextAsync(stopping);
        var second = Task.Delay(Overview.Age, streams.Time, stopping);
        while (!stopping.IsCancellationRequested)
        {
            await Task.WhenAny(next, second);
            if (next.IsCompleted)
            {
                await WriteServicesAsync(await next, stopping);
                await Task.Delay(Pause, streams.Time, stopping);
                next = changes.NextAsync(stopping);
            }
            if (second.IsCompleted)
            {
                if (!WriteOverview() && streams.Time.GetElapsedTime(lastSent) >= Silence)
                    Write(": alive\n\n"u8);
                await FlushAsync(stopping);
                second = Task.Delay(Overview.Age, streams.Time, stopping);
            }
        }
    }

    private async Task WriteServicesAsync(ImmutableArray<ServiceKey> keys, CancellationToken stopping)
    {
        for (var at = 0; at < keys.Length; at += LargestBatch)
        {
            await streams.Composing.WaitAsync(stopping);
            try
            {
                Write(keys.AsSpan(at, Math.Min(LargestBatch, keys.Length - at)));
            }
            finally
            {
                streams.Composing.Release();
            }
            await FlushAsync(stopping);
        }
    }

    private void Write(ReadOnlySpan<ServiceKey> keys)
    {
        BeginEvent("services"u8);
        using (var json = new Utf8JsonWriter(body, Plain))
        {
            json.WriteStartObject();
            foreach (var (name, entry) in ChangedNames.Of(keys, streams.Engine))
            {
                json.WritePropertyName(name);
                if (entry is null)
                    json.WriteNullValue();
                else
                    JsonSerializer.Serialize(json, ServiceAnswer.Of(entry, streams.Engine), ApiJson.Default.ServiceAnswer);
            }
            json.WriteEndObject();
        }
        EndEvent();
    }

    /// <returns>False when it says nothing new.</returns>
    private bool WriteOverview()
    {
        var now = streams.Overview.Read();
        if (now == overview)
            return false;
        overview = now;
        WriteEvent("overview"u8, now);
        return true;
    }

    private void WriteEvent(ReadOnlySpan<byte> name, ReadOnlySpan<byte> content)
    {
        BeginEvent(name);
        Write(content);
        EndEvent();
    }

    private void BeginEvent(ReadOnlySpan<byte> name)
    {
        Span<byte> id = stackalloc byte[20];
        Utf8Formatter.TryFormat(streams.NextId(), id, out var length);
        Write("id: "u8);
        Write(id[..length]);
        Write("\nevent: "u8);
        Write(name);
        Write("\ndata: "u8);
    }

    private void EndEvent() => Write("\n\n"u8);

    private void Write(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(body.GetSpan(bytes.Length));
        body.Advance(bytes.Length);
        lastSent = streams.Time.GetTimestamp();
    }

    private async Task FlushAsync(CancellationToken stopping)
    {
        if (body is { CanGetUnflushedBytes: true, UnflushedBytes: 0 })
            return;
        using var patience = new CancellationTokenSource(Patience, streams.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, stopping);
        await body.FlushAsync(either.Token);
    }
}
