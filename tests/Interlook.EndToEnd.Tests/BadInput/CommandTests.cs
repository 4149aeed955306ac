using Interlook.Fixtures;
using Xunit;

namespace Interlook.EndToEnd.Tests.BadInput;

public sealed class CommandTests
{
    [Fact]
    public async Task A_bad_command_line_says_what_is_wrong_and_ends_with_its_code()
    {
        using var folder = new TemporaryFolder();
        var said = new Dictionary<string, string>();

        foreach (var given in CaseFile.Read("commands"))
        {
            var (code, _, error) = await Executable.RunAsync(folder.Path, given.Text().Trim().Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1));
            said[given.Name] = $"{error}exit code {code}";
        }

        CaseFile.Verify("commands", said);
    }
}
