namespace Interlook.Extensions.BigIp;

/// <summary>One request on the draft of a policy.</summary>
/// <param name="Work">Whose it is.</param>
/// <param name="Operation">Adds, changes or removes the rule.</param>
internal sealed record RuleChange(ServiceWork Work, Operation Operation);
