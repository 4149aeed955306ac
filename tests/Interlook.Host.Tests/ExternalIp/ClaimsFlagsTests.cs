using System.Net;
using Interlook.Extensions.ExternalIp.Running;
using Interlook.Extensions.ExternalIp.Scheduling;
using Interlook.Host.ExternalIp;
using Xunit;

namespace Interlook.Host.Tests.ExternalIp;

/// <summary>The command line of the External IP Controller's claims mode.</summary>
public sealed class ClaimsFlagsTests
{
    [Fact]
    public void Without_flags_all_is_as_in_the_earlier_program()
    {
        var (options, problems) = Read();

        Assert.Empty(problems);
        Assert.Equal(("eth0", 32, "", Dns.GetHostName()), (options.Link, options.Mask, options.Kubeconfig, options.HostName));
        Assert.Equal((20, 2, 4), (options.Resync.TotalSeconds, options.Heartbeat.TotalSeconds, options.Monitor.TotalSeconds));
        Assert.Equal((NodeFilter.Fair, false), (options.Filter, options.Elects));
        Assert.Equal((15, 10, 2), (options.LeaseDuration.TotalSeconds, options.RenewDeadline.TotalSeconds, options.RetryPeriod.TotalSeconds));
        Assert.Null(options.Etcd);
    }

    [Fact]
    public void The_command_lines_of_the_earlier_examples_are_understood()
    {
        var (node, ofNode) = Read("--iface=docker0", "--hb=500ms", "-logtostderr", "-v=10", "--hostname", "kube.node-1");
        var (scheduler, ofScheduler) = Read("--mask=24", "--monitor=1s", "-nodefilter=first-alive", "--leader-elect=true", "--kubeconfig=/etc/kube");

        Assert.Empty(ofNode.Concat(ofScheduler));
        Assert.Equal(("docker0", 0.5, "kube.node-1"), (node.Link, node.Heartbeat.TotalSeconds, node.HostName));
        Assert.Equal((24, 1, NodeFilter.FirstAlive, true, "/etc/kube"),
            (scheduler.Mask, scheduler.Monitor.TotalSeconds, scheduler.Filter, scheduler.Elects, scheduler.Kubeconfig));
    }

    [Fact]
    public void Claims_in_etcd_have_flags_of_their_own()
    {
        var (options, problems) = Read("--etcd", "http://10.0.0.1:2379,http://10.0.0.2:2379", "--etcd-prefix=/vips/", "--etcd-cacert", "/etc/ca.pem");

        Assert.Empty(problems);
        Assert.Equal(["http://10.0.0.1:2379/", "http://10.0.0.2:2379/"], options.Etcd!.Endpoints.Select(url => url.AbsoluteUri));
        Assert.Equal(("vips", "/etc/ca.pem"), (options.Etcd.Prefix, options.Etcd.Tls.Ca));
    }

    [Theory]
    [InlineData("--nodefilter must be fair or first-alive, not 'random'", "--nodefilter=random")]
    [InlineData("--mask must be a number from 1 to 32, not '64'", "--mask=64")]
    [InlineData("--hb must be", "--hb=0s")]
    [InlineData("--etcd must be", "--etcd=10.0.0.1")]
    [InlineData("--etcd-password-file cannot be read", "--etcd-password-file=/nowhere/password")]
    [InlineData("--etcd-prefix must be one or more names", "--etcd=http://10.0.0.1:2379", "--etcd-prefix=my vips")]
    [InlineData("--etcd must not hold a user or password", "--etcd=http://root:secret@10.0.0.1:2379")]
    [InlineData("--moniter=1s is not a flag; did you mean '--monitor'?", "--moniter=1s")]
    public void What_cannot_be_understood_is_said(string problem, params string[] arguments)
    {
        var (_, problems) = Read(arguments);

        Assert.StartsWith(problem, Assert.Single(problems), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--etcd must name at least one address of etcd", "--etcd-prefix=vips")]
    [InlineData("--etcd-username needs --etcd-password-file beside it", "--etcd=http://10.0.0.1:2379", "--etcd-username=interlook")]
    [InlineData("--etcd-cacert names a file that does not exist: '/nowhere/ca.pem'", "--etcd=https://10.0.0.1:2379", "--etcd-cacert=/nowhere/ca.pem")]
    [InlineData("--etcd-key needs --etcd-cert, the certificate it belongs to", "--etcd=https://10.0.0.1:2379", "--etcd-key=/etc/hostname")]
    [InlineData("--kubeconfig is not for claims in etcd", "--etcd=https://10.0.0.1:2379", "--kubeconfig=/etc/kube")]
    public void What_does_not_belong_together_is_said(string problem, params string[] arguments)
    {
        var (options, problems) = Read(arguments);

        Assert.Empty(problems);
        Assert.StartsWith(problem, Assert.Single(ClaimsFlags.Check(options)), StringComparison.Ordinal);
    }

    private static (ClaimsOptions Options, IReadOnlyList<string> Problems) Read(params string[] arguments)
    {
        var options = new ClaimsOptions();
        return (options, EarlierFlags.Read(arguments, ClaimsFlags.Of(options)).Problems);
    }
}
