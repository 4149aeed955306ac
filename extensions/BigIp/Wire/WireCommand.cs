namespace Interlook.Extensions.BigIp.Wire;

/// <summary>Something to be done: publish a draft, save, synchronise.</summary>
internal sealed record WireCommand(string Command)
{
    public string? Name { get; init; }

    public string? UtilCmdArgs { get; init; }
}
