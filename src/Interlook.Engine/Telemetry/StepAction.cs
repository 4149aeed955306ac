namespace Interlook.Engine.Telemetry;

/// <summary>What a provisioner was called for; the metrics' tag <c>action</c>.</summary>
public enum StepAction
{
    /// <summary>Create or update one service.</summary>
    Deploy,

    /// <summary>Take one service back.</summary>
    Undeploy,

    /// <summary>Compare everything applied with the outside world.</summary>
    Observe,
}
