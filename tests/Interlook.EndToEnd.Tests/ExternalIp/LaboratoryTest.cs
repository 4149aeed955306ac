using Interlook.Fixtures.ExternalIp;
using Xunit;

namespace Interlook.EndToEnd.Tests.ExternalIp;

/// <summary>A test of the laboratory: everybody is at work when it begins, and never have two answered one question when it ends.</summary>
/// <param name="laboratory">Where everything is.</param>
/// <param name="flags">Those of all programs; none for the defaults.</param>
public abstract class LaboratoryTest(VipLaboratory laboratory, IReadOnlyList<string> flags) : IAsyncLifetime
{
    private const int Lines = 12;

    /// <summary>Where everything is.</summary>
    protected VipLaboratory Laboratory { get; } = laboratory;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync() => await Laboratory.ReadyAsync(flags);

    /// <summary>Asks for the verdict, and of a test that failed tells what the programs wrote last.</summary>
    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (TestContext.Current.TestState?.Result == TestResult.Failed)
        {
            foreach (var machine in Laboratory.Nodes.Concat(Laboratory.Schedulers))
                TestContext.Current.TestOutputHelper?.WriteLine($"{machine.Name}:\n{string.Join('\n', machine.Output.Split('\n').TakeLast(Lines))}");
        }
        Assert.Empty(Laboratory.Watched.SelectMany(each => each.Seconds));
        return ValueTask.CompletedTask;
    }
}
