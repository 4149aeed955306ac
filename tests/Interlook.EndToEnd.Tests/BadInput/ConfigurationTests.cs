using System.Collections.Concurrent;
using Interlook.Fixtures;
using Xunit;

namespace Interlook.EndToEnd.Tests.BadInput;

public sealed class ConfigurationTests
{
    [Fact]
    public async Task A_bad_configuration_is_refused_with_file_line_column_and_key()
    {
        var said = new ConcurrentDictionary<string, string>();

        await Parallel.ForEachAsync(CaseFile.Read("configuration"), new ParallelOptions { MaxDegreeOfParallelism = 3 }, async (given, _) =>
        {
            using var folder = new TemporaryFolder();
            await File.WriteAllBytesAsync(folder.File("interlook.yml"), given.Bytes(), CancellationToken.None);
            var (code, output, error) = await Executable.RunAsync(folder.Path, "check", "--conf", "interlook.yml");
            said[given.Name] = code == 1 ? error.TrimEnd() : $"exit code {code}: {output}{error}";
        });

        CaseFile.Verify("configuration", said);
        Assert.DoesNotContain(said.Values, message => message.Contains("hunter2", StringComparison.Ordinal));
    }
}
