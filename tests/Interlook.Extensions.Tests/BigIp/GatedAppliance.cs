using Interlook.Simulators;
using Microsoft.AspNetCore.Http;

namespace Interlook.Extensions.Tests.BigIp;

/// <summary>Holds requests back while a gate is shut, so that a test knows who waits for whom.</summary>
internal sealed class GatedAppliance(IAppliance appliance) : IAppliance
{
    private volatile Gate[] gates = [];

    /// <summary>Shuts a gate for the requests to come.</summary>
    /// <param name="holds">Which of them it holds; null for all.</param>
    internal Gate Shut(Func<HttpRequest, bool>? holds = null)
    {
        var gate = new Gate(holds ?? (_ => true));
        gates = [.. gates, gate];
        return gate;
    }

    public async Task AnswerAsync(HttpContext exchange)
    {
        foreach (var gate in gates)
            await gate.PassAsync(exchange.Request);
        await appliance.AnswerAsync(exchange);
    }

    public void Restart() => appliance.Restart();

    internal sealed class Gate(Func<HttpRequest, bool> holds)
    {
        private readonly TaskCompletionSource raised = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Ends when somebody stands before the gate.</summary>
        internal Task Reached => reached.Task.WaitAsync(TimeSpan.FromSeconds(30), BigIpBed.Stopping);

        internal void Raise() => raised.TrySetResult();

        internal async Task PassAsync(HttpRequest request)
        {
            if (raised.Task.IsCompleted || !holds(request))
                return;
            reached.TrySetResult();
            await raised.Task;
        }
    }
}
