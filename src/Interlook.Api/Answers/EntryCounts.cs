using Interlook.Engine;
using Interlook.Entries;

namespace Interlook.Api.Answers;

/// <summary>How many entries stand where. All but <paramref name="Expected"/> add up to <paramref name="Total"/>.</summary>
/// <param name="Total">All entries.</param>
/// <param name="Expected">Those that shall be deployed.</param>
/// <param name="Deployed">Those that are deployed, with nothing left to do.</param>
/// <param name="Undeployed">Those of which nothing is left outside.</param>
/// <param name="Working">Those that an extension works on, and that have not failed.</param>
/// <param name="Failed">Those that failed and are tried again.</param>
/// <param name="Waiting">Those on their way that nobody works on now.</param>
internal sealed record EntryCounts(int Total, int Expected, int Deployed, int Undeployed, int Working, int Failed, int Waiting)
{
    public static EntryCounts Of(IEngine engine)
    {
        int total = 0, expected = 0, deployed = 0, undeployed = 0, working = 0, failed = 0;
        foreach (var entry in engine.Entries())
        {
            total++;
            if (entry.Expected == ExpectedState.Deployed)
                expected++;
            if (entry.Failure is not null)
                failed++;
            else if (entry.WorkInProgress)
                working++;
            else if (entry.State == Entry.Deployed)
                deployed++;
            else if (entry.State == Entry.Undeployed)
                undeployed++;
        }
        return new EntryCounts(total, expected, deployed, undeployed, working, failed, total - deployed - undeployed - working - failed);
    }
}
