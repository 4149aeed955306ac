using Interlook.Collections;
using Interlook.Services;

namespace Interlook.Engine.Planning;

/// <summary>One call of one provisioner for one service.</summary>
/// <param name="Step">The provisioner.</param>
/// <param name="Action">Deploy or undeploy.</param>
/// <param name="Given">Deploy: the definition to give it. Undeploy: null.</param>
/// <param name="Earlier">Every definition that may have left something there.</param>
internal readonly record struct PlannedStep(
    string Step,
    StepAction Action,
    ServiceDefinition? Given,
    EquatableArray<ServiceDefinition> Earlier);
