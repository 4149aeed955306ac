using System.Security.Cryptography.X509Certificates;
using Interlook.Configuration;
using Interlook.Extensions.Etcd;
using Interlook.Extensions.Tests.Docker;
using Interlook.Fixtures;
using Xunit;
using static Interlook.Extensions.Tests.Etcd.SkyDnsBed;

namespace Interlook.Extensions.Tests.Etcd;

/// <summary>Users, certificates, several endpoints: on a real etcd.</summary>
public sealed class AccessTests
{
    private const string Password = "geheim-7431";

    [Fact]
    public async Task With_users_the_right_password_works_also_after_etcd_forgot_the_token()
    {
        await using var etcd = new EtcdServer();
        await EnableUsersAsync(etcd);
        await using var bed = new SkyDnsBed(etcd);
        var shop = At("10.77.66.1", "shop");
        var provisioner = await bed.StartAsync(As(bed, "interlook", Password));
        await provisioner.DeployAsync(Key("shop"), shop, [], Stopping);

        await etcd.KillAsync(); // tokens are in memory only
        await etcd.StartAsync();
        await provisioner.UndeployAsync(Key("shop"), [shop], Stopping);

        Assert.Empty(await bed.ReadAsync());
    }

    [Fact]
    public async Task Without_the_password_or_the_right_it_is_unauthorized_and_the_password_is_not_shown()
    {
        await using var etcd = new EtcdServer();
        await EnableUsersAsync(etcd);
        await using var bed = new SkyDnsBed(etcd);
        var elsewhere = As(bed, "interlook", Password);
        elsewhere.Prefix = "elsewhere";

        var nobody = await Assert.ThrowsAsync<ExtensionException>(() => bed.StartAsync());
        var wrong = await Assert.ThrowsAsync<ExtensionException>(() => bed.StartAsync(As(bed, "interlook", "wrong-" + Password)));
        var denied = await Assert.ThrowsAsync<ExtensionException>(() => bed.StartAsync(elsewhere));

        Assert.All(new[] { nobody, wrong, denied }, failure => Assert.Equal(Reason.Unauthorized, failure.Reason));
        Assert.All(new[] { nobody, wrong, denied }, failure => Assert.DoesNotContain(Password, failure.ToString(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Over_TLS_with_a_client_certificate_it_works_and_without_it_does_not()
    {
        using var folder = new TemporaryFolder();
        using var certificates = new TestCertificates(folder.Path, "etcd");
        await File.WriteAllTextAsync(folder.File("server.pem"), certificates.Server.ExportCertificatePem(), Stopping);
        using var key = certificates.Server.GetECDsaPrivateKey()!;
        await File.WriteAllTextAsync(folder.File("server-key.pem"), key.ExportECPrivateKeyPem(), Stopping);
        await using var etcd = new EtcdServer
        {
            Tls = (folder.File("server.pem"), folder.File("server-key.pem"), certificates.CaFile),
            Login = [$"--cacert={certificates.CaFile}", $"--cert={certificates.CertFile}", $"--key={certificates.KeyFile}"],
        };
        await etcd.StartAsync();
        await using var bed = new SkyDnsBed(etcd);
        var trusted = bed.Options();
        (trusted.Tls.Ca, trusted.Tls.Cert, trusted.Tls.Key) = (certificates.CaFile, certificates.CertFile, certificates.KeyFile);
        var provisioner = await bed.StartAsync(trusted);
        await provisioner.DeployAsync(Key("shop"), At("10.77.66.1", "shop"), [], Stopping);

        var unknownServer = await Assert.ThrowsAsync<ExtensionException>(() => bed.StartAsync());
        var withoutCertificate = bed.Options();
        withoutCertificate.Tls.Ca = certificates.CaFile;
        var unknownClient = await Assert.ThrowsAsync<ExtensionException>(() => bed.StartAsync(withoutCertificate));

        Assert.Single(await bed.ReadAsync());
        Assert.Equal(Reason.Unreachable, unknownServer.Reason);
        Assert.Contains("TLS failed", unknownServer.Message, StringComparison.Ordinal);
        Assert.Equal(Reason.Unreachable, unknownClient.Reason);
    }

    [Theory]
    [InlineData("v3")]
    [InlineData("v2")]
    public async Task When_one_endpoint_is_away_the_next_is_asked(string api)
    {
        await using var etcd = new EtcdServer();
        await etcd.StartAsync();
        await using var bed = new SkyDnsBed(etcd);
        var options = bed.Options(api);
        options.Endpoints = [new($"http://127.0.0.1:{TestMachine.FreePort()}"), etcd.Url];
        var provisioner = await bed.StartAsync(options);

        await provisioner.DeployAsync(Key("shop"), At("10.77.66.1", "shop"), [], Stopping);

        Assert.Single(await bed.ReadAsync(api));
    }

    [Fact]
    public async Task An_etcd_without_v2_is_refused_and_named()
    {
        await using var etcd = new EtcdServer { Flags = ["--enable-v2=false"] };
        await etcd.StartAsync();
        await using var bed = new SkyDnsBed(etcd);

        var refused = await Assert.ThrowsAsync<ExtensionException>(() => bed.StartAsync("v2"));

        Assert.Equal(Reason.Refused, refused.Reason);
        Assert.Contains("does it have the interface that `api` names", refused.Message, StringComparison.Ordinal);
    }

    private static SkyDnsOptions As(SkyDnsBed bed, string user, string password)
    {
        var options = bed.Options();
        (options.Username, options.Password) = (user, new Secret(password));
        return options;
    }

    private static async Task EnableUsersAsync(EtcdServer etcd)
    {
        await etcd.StartAsync();
        await etcd.ControlAsync("user", "add", "root:root");
        await etcd.ControlAsync("user", "grant-role", "root", "root");
        await etcd.ControlAsync("user", "add", $"interlook:{Password}");
        await etcd.ControlAsync("role", "add", "dns");
        await etcd.ControlAsync("role", "grant-permission", "dns", "--prefix=true", "readwrite", "/skydns/");
        await etcd.ControlAsync("user", "grant-role", "interlook", "dns");
        await etcd.ControlAsync("auth", "enable");
        etcd.Login = ["--user=root:root"];
    }
}
