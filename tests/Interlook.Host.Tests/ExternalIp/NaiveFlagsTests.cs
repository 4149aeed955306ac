using Interlook.Extensions.ExternalIp.Naive;
using Interlook.Host.ExternalIp;
using Xunit;

namespace Interlook.Host.Tests.ExternalIp;

/// <summary>The External IP Controller's command line.</summary>
public sealed class NaiveFlagsTests
{
    [Fact]
    public void Without_flags_all_is_as_in_the_earlier_program()
    {
        var (options, problems, ignored) = Read();

        Assert.Empty(problems);
        Assert.Empty(ignored);
        Assert.Equal(("eth0", 32, "", TimeSpan.FromSeconds(20), false), (options.Link, options.Mask, options.Kubeconfig, options.Resync, options.WithLoadBalancers));
    }

    [Fact]
    public void A_flag_has_one_hyphen_or_two_and_its_value_behind_it_or_behind_an_equals_sign()
    {
        var (options, problems, _) = Read("--iface=docker0", "-mask", "24", "-kubeconfig=/etc/kube", "--resync", "1m30s", "--hostname", "node-1", "--load-balancers");

        Assert.Empty(problems);
        Assert.Equal(("docker0", 24, "/etc/kube", TimeSpan.FromSeconds(90), true), (options.Link, options.Mask, options.Kubeconfig, options.Resync, options.WithLoadBalancers));
    }

    [Fact]
    public void Flags_of_the_earlier_log_are_passed_over()
    {
        var (options, problems, ignored) = Read("--logtostderr", "-v", "10", "--stderrthreshold=INFO", "--iface", "eth1");

        Assert.Empty(problems);
        Assert.Equal(["--logtostderr", "--v", "--stderrthreshold"], ignored);
        Assert.Equal("eth1", options.Link);
    }

    [Theory]
    [InlineData("--mask must be a number from 1 to 128, not '0'", "--mask", "0")]
    [InlineData("--ifaces=eth0 is not a flag", "--ifaces=eth0")]
    [InlineData("--iface needs a value", "--iface")]
    [InlineData("'eth0' belongs to no flag", "eth0")]
    [InlineData("--load-balancers must be true or false, not 'maybe'", "--load-balancers=maybe")]
    [InlineData("--resync must be", "--resync", "soon")]
    public void What_cannot_be_understood_is_said(string problem, params string[] arguments)
    {
        var (_, problems, _) = Read(arguments);

        Assert.StartsWith(problem, Assert.Single(problems), StringComparison.Ordinal);
    }

    private static (NaiveOptions Options, IReadOnlyList<string> Problems, IReadOnlyList<string> Ignored) Read(params string[] arguments)
    {
        var options = new NaiveOptions();
        var (problems, ignored) = EarlierFlags.Read(arguments, NaiveFlags.Of(options));
        return (options, problems, ignored);
    }
}
