using System.Net;
using System.Text;
using Interlook.Fixtures;
using Interlook.Host.Configuration;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Interlook.Host.Tests.Configuration;

public sealed class ConfigurationReaderTests
{
    private const string Good = """
        core:
          workflow: provider.sample,ipam.sample
        provider:
          sample:
            path: services
            token:
        ipam:
          sample:
        """;

    [Fact]
    public void What_is_written_reaches_the_options()
    {
        var text = """
            core:
              logLevel: debug
              logFile: /tmp/log
              listenAddress: "::1"
              listenPort: 9
              workflow: provider.sample
              workflowActivityLauncherInterval: 250ms
              workflowHousekeeperInterval: 2s
              resyncInterval: 0
              serviceWIPTimeout: 1m30s
              serviceMaxLastUpdated: 3s
              cleanUndeployedServiceAfter: 4h
              concurrency: 5
              maxWithdrawal: 12.5%
              instance: blue-1
              workflowEntriesFile: entries.db
              apiToken: ${WORD}
            workflows:
              intern: [provider.sample, "lb.balancer,provisioner.address"]
            provider:
              sample: {path: services, labels: [b, a], ports: 80}
            ipam: {sample: }
            lb: {balancer: {TLS: on}}
            """;

        var configuration = Read(text).Configuration!;

        var core = configuration.Core;
        Assert.Equal(LogLevel.Debug, core.LogLevel);
        Assert.Equal("/tmp/log", core.LogFile);
        Assert.Equal(IPAddress.IPv6Loopback, core.ListenAddress);
        Assert.Equal(9, core.ListenPort);
        Assert.Equal("blue-1", core.Instance);
        Assert.Equal("entries.db", core.FlowEntriesFile);
        Assert.Equal("hunter2", core.ApiToken!.Reveal());
        Assert.Equal(TimeSpan.FromMilliseconds(250), core.Engine.CheckFlowInterval);
        Assert.Equal(TimeSpan.FromSeconds(2), core.Engine.HousekeeperInterval);
        Assert.Equal(TimeSpan.Zero, core.Engine.ResyncInterval);
        Assert.Equal(TimeSpan.FromSeconds(90), core.Engine.ServiceWipTimeout);
        Assert.Equal(TimeSpan.FromSeconds(3), core.Engine.ServiceMaxLastUpdated);
        Assert.Equal(TimeSpan.FromHours(4), core.Engine.CleanUndeployedServiceAfter);
        Assert.Equal(5, core.Engine.Concurrency);
        Assert.Equal(0.125, core.Engine.MaxWithdrawal);
        Assert.Equal(["default", "intern"], configuration.Workflows.Select(workflow => workflow.Name));
        Assert.Equal(["lb.balancer", "ipam.sample"], configuration.Workflows[1].Steps);
        var sample = (SampleOptions)configuration.Extensions["provider.sample"];
        Assert.Equal(["b", "a"], sample.Labels);
        Assert.Equal([80], sample.Ports);
        Assert.True(((SampleOptions)configuration.Extensions["lb.balancer"]).Tls);
    }

    [Fact]
    public void What_is_not_written_has_the_defaults_of_the_reference()
    {
        var core = Read(Good).Configuration!.Core;

        Assert.Equal(LogLevel.Information, core.LogLevel);
        Assert.Equal("stdout", core.LogFile);
        Assert.Equal(IPAddress.Loopback, core.ListenAddress);
        Assert.Equal(8080, core.ListenPort);
        Assert.Null(core.ApiToken);
        Assert.Equal("interlook", core.Instance);
        Assert.Equal("flowentries.db", core.FlowEntriesFile);
    }

    [Fact]
    public void A_section_that_no_workflow_uses_is_there_for_entries_of_earlier_workflows()
    {
        var configuration = Read(Good + "\nlb:\n  balancer:\n").Configuration!;

        Assert.Contains("lb.balancer", configuration.Extensions.Keys);
    }

    [Theory]
    [InlineData("s3cret", "s3cret")]
    [InlineData("s3cret\n", "s3cret")]
    [InlineData("s3cret\r\n", "s3cret")]
    [InlineData(" two words \n", " two words ")]
    public void A_secret_is_read_from_its_file_without_the_final_line_break(string content, string secret)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("token"), content);

        var configuration = Read(Good.Replace("token:", $"tokenFile: {folder.File("token")}")).Configuration!;

        Assert.Equal(secret, ((SampleOptions)configuration.Extensions["provider.sample"]).Token!.Reveal());
    }

    [Fact]
    public void A_secret_may_be_empty_beside_its_file()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("token"), "s3cret");

        var result = Read(Good.Replace("token:", $"token: ''\n    tokenFile: {folder.File("token")}"));

        Assert.Empty(result.Problems);
    }

    [Fact]
    public void A_file_that_is_missing_is_a_problem_and_not_a_crash()
    {
        var result = ConfigurationReader.Read("/does/not/exist.yml", SampleExtensions.Catalog, Variable);

        Assert.Equal(["/does/not/exist.yml: cannot be read: no such file"], result.Problems);
    }

    [Fact]
    public void A_folder_is_a_problem_and_not_a_crash()
    {
        using var folder = new TemporaryFolder();

        var result = ConfigurationReader.Read(folder.Path, SampleExtensions.Catalog, Variable);

        Assert.Equal([$"{folder.Path}: cannot be read: it is a folder"], result.Problems);
    }

    [Theory]
    [InlineData(new byte[] { 0xFF, 0xFE, (byte)'c', 0 }, "f:1:1: is not UTF-8 text: save the file in that encoding")]
    [InlineData(new byte[] { (byte)'a', (byte)'\n', (byte)'b', 0xE9, (byte)'c' }, "f:2:2: is not UTF-8 text: save the file in that encoding")]
    [InlineData(new byte[] { (byte)'a', 0xC3, 0xA9, 0xC3 }, "f:1:3: is not UTF-8 text: save the file in that encoding")]
    [InlineData(new byte[] { (byte)'a', 0, (byte)'b' }, "f:1:2: holds the control character U+0000: remove it")]
    [InlineData(new byte[] { (byte)'a', 0x1B, (byte)'[' }, "f:1:2: holds the control character U+001B: remove it")]
    public void Bytes_that_are_no_text_are_named_with_their_place(byte[] content, string problem)
    {
        var result = ConfigurationReader.Read("f", content, SampleExtensions.Catalog, Variable);

        Assert.Equal([problem], result.Problems);
    }

    [Fact]
    public void A_long_value_is_cut_in_the_message()
    {
        var result = Read(Good.Replace("workflow:", $"logLevel: {new string('x', 10_240)}\n  workflow:"));

        var problem = Assert.Single(result.Problems);
        Assert.EndsWith("x… (10240 characters)'", problem, StringComparison.Ordinal);
        Assert.True(problem.Length < 250, problem);
    }

    [Fact]
    public void A_line_break_in_a_value_does_not_break_the_line_of_the_message()
    {
        var result = Read(Good.Replace("workflow:", "logLevel: \"a\\nb\\e[31m\"\n  workflow:"));

        Assert.DoesNotContain(Assert.Single(result.Problems), char.IsControl);
    }

    [Fact]
    public void What_a_variable_holds_is_never_shown()
    {
        var result = Read(Good.Replace("workflow:", "logLevel: ${WORD}\n  listenPort: ${WORD}\n  instance: a ${WORD}\n  workflow: ${WORD},${WORD}\n  x:"));

        Assert.NotEmpty(result.Problems);
        Assert.DoesNotContain(result.Problems, problem => problem.Contains("hunter2", StringComparison.Ordinal));
    }

    [Fact]
    public void Deep_nesting_is_refused_before_it_exhausts_the_stack()
    {
        var result = Read($"core: {new string('[', 100_000)}");

        Assert.Single(result.Problems);
    }

    [Fact]
    public void A_large_file_is_refused()
    {
        var result = Read(new string('#', 5 << 20));

        Assert.Contains("bytes long", Assert.Single(result.Problems), StringComparison.Ordinal);
    }

    [Fact]
    public void No_damage_to_a_file_makes_the_reader_fail()
    {
        var bytes = Encoding.UTF8.GetBytes(Good + "\nworkflows: {a: [provider.sample, \"ipam.sample\"], b: 'provider.sample'}\n# end\n");
        var random = new Random(4711);

        for (var round = 0; round < 20_000; round++)
        {
            var damaged = bytes.AsSpan(0, random.Next(bytes.Length + 1)).ToArray();
            for (var change = random.Next(3); change > 0 && damaged.Length > 0; change--)
                damaged[random.Next(damaged.Length)] = (byte)"\n\t :,-[]{}'\"&*!|>%@`#~\\x"[random.Next(24)];
            var result = ConfigurationReader.Read("f", damaged, SampleExtensions.Catalog, Variable);
            Assert.Equal(result.Configuration is null, !result.Problems.IsEmpty);
        }
    }

    private static ConfigurationResult Read(string text) =>
        ConfigurationReader.Read("f", Encoding.UTF8.GetBytes(text), SampleExtensions.Catalog, Variable);

    private static string? Variable(string name) => name == "WORD" ? "hunter2" : null;
}
