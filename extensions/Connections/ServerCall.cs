using System.Globalization;
using System.Net.Sockets;

namespace Interlook.Extensions.Connections;

/// <summary>One call of an outside system over HTTP: its deadline, and what becomes of an answer that never comes, or not whole.</summary>
internal static class ServerCall
{
    /// <summary>Asks, and waits for the answer.</summary>
    /// <param name="attempt">What is attempted, at which system, as the beginning of a message: <c>Consul at http://127.0.0.1:8500: reading node x failed</c>.</param>
    /// <param name="advice">What to do when it fails.</param>
    /// <param name="patience">The longest wait for the whole answer.</param>
    /// <param name="time">The clock of that.</param>
    /// <param name="askAsync">Sends the request and reads the answer. What it throws of its own passes through.</param>
    /// <param name="stopping">Cancels the call.</param>
    /// <exception cref="ExtensionException">There was no whole answer.</exception>
    internal static async Task<T> AskAsync<T>(
        string attempt, ServerAdvice advice, TimeSpan patience, TimeProvider time, Func<CancellationToken, Task<T>> askAsync, CancellationToken stopping)
    {
        using var deadline = new CancellationTokenSource(patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stopping, deadline.Token);
        try
        {
            return await askAsync(either.Token);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            throw;
        }
        catch (OperationCanceledException late)
        {
            var seconds = patience.TotalSeconds.ToString("0.#", CultureInfo.InvariantCulture);
            throw new ExtensionException(Reason.Timeout, $"{attempt}: no answer within {seconds} seconds; {advice.Load}", innerException: late);
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException or SocketException)
        {
            throw Explain(failure, attempt, advice); // the client lets the last kind through when a connection ends as it is made
        }
    }

    private static ExtensionException Explain(Exception failure, string attempt, ServerAdvice advice) => failure switch
    {
        HttpRequestException { HttpRequestError: HttpRequestError.InvalidResponse } => new(
            Reason.Malformed, $"{attempt}: the answer is no HTTP; {advice.Address}", innerException: failure),
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => new(
            Reason.Unreachable, $"{attempt}: TLS failed: {HttpFailure.Cause(failure)}; check {advice.TlsFiles}", innerException: failure),
        _ when HttpFailure.IsBrokenOff(failure) => new(
            Reason.Unreachable, $"{attempt}: the connection broke off before the answer was whole; {advice.Between}", innerException: failure),
        _ => new(Reason.Unreachable, $"{attempt}: {HttpFailure.Cause(failure)}; {advice.Running}", innerException: failure),
    };
}
