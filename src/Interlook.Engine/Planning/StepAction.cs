namespace Interlook.Engine.Planning;

/// <summary>What a step is asked to do.</summary>
internal enum StepAction
{
    Deploy,
    Undeploy,
}
