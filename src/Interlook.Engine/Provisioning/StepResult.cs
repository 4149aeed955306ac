using Interlook.Extensions;
using Interlook.Services;

namespace Interlook.Engine.Provisioning;

/// <summary>What became of one call. A closed set.</summary>
internal abstract record StepResult
{
    private StepResult()
    {
    }

    /// <summary>It is done. <paramref name="Applied"/> is what a deploy returned; null for an undeploy.</summary>
    internal sealed record Acknowledged(ServiceDefinition? Applied) : StepResult;

    /// <summary>It is not done, or nobody knows. <paramref name="Fault"/> is set when the provisioner broke its contract.</summary>
    internal sealed record Failed(Reason Reason, string Message, TimeSpan? RetryAfter = null, Exception? Fault = null) : StepResult;

    /// <summary>It neither ended nor heeded its cancellation. Until <paramref name="Call"/> ends no other call may be made for the service.</summary>
    internal sealed record Hung(Task Call, string Message) : StepResult;

    /// <summary>Interlook is stopping; the outcome is unknown and is found out after the next start.</summary>
    internal sealed record Stopped : StepResult;
}
