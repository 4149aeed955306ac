using Interlook.Extensions.Tests.Docker;
using Interlook.Fixtures;
using Xunit;
using static Interlook.Extensions.Tests.Kemp.KempServices;

namespace Interlook.Extensions.Tests.Kemp;

/// <summary>The appliance is believed only with a certificate that the settings trust, and may ask for one of ours.</summary>
public sealed class KempTlsTests : IAsyncLifetime
{
    private readonly TemporaryFolder folder = new();
    private readonly TestCertificates certificates;
    private KempBed bed = null!;

    public KempTlsTests() => certificates = new(folder.Path, "kemp");

    private static CancellationToken Stopping => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => bed = await KempBed.StartAsync(certificates.Server);

    public async ValueTask DisposeAsync()
    {
        await bed.DisposeAsync();
        certificates.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task An_unknown_certificate_is_refused_before_the_password_is_sent()
    {
        var failure = await Assert.ThrowsAsync<ExtensionException>(() => bed.StartProvisionerAsync(Stopping));

        Assert.Equal(Reason.Unreachable, failure.Reason);
        Assert.Contains("TLS failed", failure.Message, StringComparison.Ordinal);
        Assert.Empty(bed.Running.Calls);
    }

    [Fact]
    public async Task A_trusted_one_is_taken_and_any_one_where_that_was_written()
    {
        var trusting = await bed.StartProvisionerAsync(Stopping, options => options.Tls.Ca = certificates.CaFile);
        var careless = await bed.StartProvisionerAsync(Stopping, options => options.Tls.SkipVerify = true);

        await trusting.DeployAsync(Key("shop"), Define("shop", "127.10.0.1"), [], Stopping);
        await careless.DeployAsync(Key("blog"), Define("blog", "127.10.0.2"), [], Stopping);

        Assert.Equal(2, bed.Outline().Length);
    }

    [Fact]
    public async Task A_client_certificate_is_a_login()
    {
        bed.Kemp.Users["interlook"] = "unused";
        var kemp = await bed.StartProvisionerAsync(Stopping, options =>
        {
            (options.Username, options.Password) = (null, null);
            (options.Tls.Ca, options.Tls.Cert, options.Tls.Key) = (certificates.CaFile, certificates.CertFile, certificates.KeyFile);
        });

        await kemp.DeployAsync(Key("shop"), Define("shop", "127.10.0.1"), [], Stopping);

        Assert.Single(bed.Outline());
    }
}
