using Interlook.Simulators;
using Microsoft.AspNetCore.Http;

namespace Interlook.Extensions.Tests.BigIp;

/// <summary>Holds requests back while its gate is shut, so that a test knows who waits for whom.</summary>
internal sealed class GatedAppliance(IAppliance appliance) : IAppliance
{
    private TaskCompletionSource gate = Open();

    internal void Shut() => gate = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal void Raise() => gate.TrySetResult();

    public async Task AnswerAsync(HttpContext exchange)
    {
        await gate.Task;
        await appliance.AnswerAsync(exchange);
    }

    public void Restart() => appliance.Restart();

    private static TaskCompletionSource Open()
    {
        var open = new TaskCompletionSource();
        open.SetResult();
        return open;
    }
}
