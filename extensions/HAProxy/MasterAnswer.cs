namespace Interlook.Extensions.HAProxy;

/// <summary>What the master and its worker said to one set of commands.</summary>
/// <param name="Processes">The master's table of processes, taken last.</param>
/// <param name="Text">Everything, as it came.</param>
internal sealed record MasterAnswer(ProcessTable Processes, string Text)
{
    /// <summary>The servers in the answers of <c>show servers state</c>, by proxy.</summary>
    public ILookup<string, ServerState> Servers { get; } = ServerState.Parse(Text);
}
