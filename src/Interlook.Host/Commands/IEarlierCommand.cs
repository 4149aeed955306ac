using System.CommandLine;

namespace Interlook.Host.Commands;

/// <summary>A command that reads its command line itself, as an earlier program did.</summary>
internal interface IEarlierCommand
{
    /// <summary>True for one of its names.</summary>
    bool IsCalled(string name);

    /// <summary>For the list of commands only.</summary>
    Command Build();

    /// <summary>Runs it.</summary>
    Task<int> RunAsync(IReadOnlyList<string> arguments);
}
