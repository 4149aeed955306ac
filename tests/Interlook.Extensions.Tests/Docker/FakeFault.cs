using Microsoft.AspNetCore.Http;

namespace Interlook.Extensions.Tests.Docker;

/// <summary>Something that goes wrong with one request.</summary>
internal sealed record FakeFault
{
    /// <summary>Answers with this status and a message.</summary>
    internal int Status { get; private init; }

    /// <summary>Answers with this in place of the truth.</summary>
    internal string? Body { get; private init; }

    /// <summary>Cuts the connection in the middle of the answer.</summary>
    internal bool IsCut { get; private init; }

    /// <summary>Completed when a request hangs.</summary>
    internal TaskCompletionSource? Hanging { get; private init; }

    private string? RetryAfter { get; init; }

    private string? Location { get; init; }

    internal static FakeFault Cut { get; } = new() { IsCut = true };

    internal static FakeFault Answer(int status, string? retryAfter = null) => new() { Status = status, RetryAfter = retryAfter };

    internal static FakeFault Redirect(string location) => new() { Status = 307, Location = location };

    internal static FakeFault Instead(string body) => new() { Body = body };

    internal static FakeFault Hang(TaskCompletionSource hanging) => new() { Hanging = hanging };

    internal async Task ShowAsync(HttpContext http)
    {
        if (Hanging is not null)
        {
            Hanging.TrySetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, http.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
            return;
        }
        http.Response.StatusCode = Status;
        if (RetryAfter is not null)
            http.Response.Headers.RetryAfter = RetryAfter;
        if (Location is not null)
            http.Response.Headers.Location = Location;
        if (http.Request.Method != "HEAD")
            await http.Response.WriteAsync($$"""{"message":"the daemon says {{Status}}"}""");
    }
}
