using Interlook.Api.Answers;
using Interlook.Extensions;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Interlook.Api;

/// <summary>Turns what an endpoint throws into a problem; a fault of our own is logged and told without its details.</summary>
internal sealed partial class FaultBarrier(ILogger<FaultBarrier> logger)
{
    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client went; there is nobody to answer.
        }
        catch (BadHttpRequestException failure) when (!context.Response.HasStarted)
        {
            await Problems.BadRequest(failure.StatusCode, failure.Message).ExecuteAsync(context);
        }
        catch (ExtensionException failure) when (!context.Response.HasStarted)
        {
            await Problems.NotRead(context, failure).ExecuteAsync(context);
        }
        catch (Exception fault) when (!context.Response.HasStarted)
        {
            Log.Faulted(logger, fault, context.Request.Method, context.Request.Path.Value ?? "");
            await Problems.Fault().ExecuteAsync(context);
        }
    }
}
