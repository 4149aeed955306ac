using Interlook.Collections;
using Interlook.Services;

namespace Interlook.Engine.Planning;

/// <summary>One call of one provisioner for one service.</summary>
/// <param name="Step">The provisioner.</param>
/// <param name="Given">The definition to deploy; null to undeploy.</param>
/// <param name="Earlier">Every definition that may have left something there.</param>
internal readonly record struct PlannedStep(
    string Step,
    ServiceDefinition? Given,
    EquatableArray<ServiceDefinition> Earlier);
