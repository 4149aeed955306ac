using System.Collections.Concurrent;
using Interlook.Extensions.Tests.HAProxy;
using Xunit;

namespace Interlook.EndToEnd.Tests.BadInput;

public sealed class HAProxyFaultTests
{
    [Fact]
    public async Task A_haproxy_that_cannot_be_driven_is_named_with_its_socket_or_file()
    {
        var said = new ConcurrentDictionary<string, string>();

        await Parallel.ForEachAsync(CaseFile.Read("haproxy"), new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (given, _) =>
        {
            await using var master = new FakeMaster();
            using var site = new Site();
            site.Publish("shop");
            var order = given.Text().Trim('\n').Split(' ', 2);
            var (socket, program, file) = (master.Path, Program(site, refuses: order[0] == "refuse"), "interlook.cfg");
            switch (order[0])
            {
                case "absent":
                    socket = site.File("master.sock");
                    break;
                case "file":
                    socket = site.File("master.sock");
                    await File.WriteAllTextAsync(socket, "", CancellationToken.None);
                    break;
                case "silent":
                    master.Answer = _ => null;
                    break;
                case "answer":
                    master.Answer = _ => order[1];
                    break;
                case "binary":
                    program = order[1];
                    break;
                case "config":
                    file = order[1];
                    break;
                case "foreign":
                    await File.WriteAllTextAsync(site.File(file), "global\n  daemon\n", CancellationToken.None);
                    break;
            }
            await using var interlook = Executable.Start(site.Path, Site.Configuration.Replace("ipam.ipalloc\n", "ipam.ipalloc,lb.haproxy\n", StringComparison.Ordinal)
                + $"lb: {{ haproxy: {{ configFile: {file}, masterSocket: {socket}, binary: {program}, commandTimeout: 2s }} }}\n");

            var refusal = await interlook.RefusalAsync() ?? "it runs";
            said[given.Name] = site.Plain(refusal.Replace(master.Path, "master.sock", StringComparison.Ordinal));
            if (order[0] == "foreign")
                Assert.Equal("global\n  daemon\n", await File.ReadAllTextAsync(site.File(file), CancellationToken.None));
        });

        CaseFile.Verify("haproxy", said);
    }

    // Stands for 'haproxy -c': what it says of a file is the fault to force.
    private static string Program(Site site, bool refuses)
    {
        var path = site.File("haproxy");
        var words = refuses ? "echo '[ALERT]    (1) : config : parsing [interlook.cfg:9] : unknown keyword' >&2; exit 1" : "exit 0";
        File.WriteAllText(path, $"#!/bin/sh\n{words}\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return path;
    }
}
