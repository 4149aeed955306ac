using Interlook.Extensions.Tests.Docker;
using Interlook.Fixtures;
using Xunit;
using static Interlook.Extensions.Tests.GestioIP.GestioIPBed;

namespace Interlook.Extensions.Tests.GestioIP;

/// <summary>GestioIP is believed only with a certificate that the settings trust.</summary>
public sealed class GestioIPTlsTests : IAsyncLifetime
{
    private readonly TemporaryFolder folder = new();
    private readonly TestCertificates certificates;
    private GestioIPBed bed = null!;

    public GestioIPTlsTests() => certificates = new(folder.Path, "gestioip");

    private static CancellationToken Stopping => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => bed = await StartAsync(certificates.Server);

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
        var trusting = await bed.StartProvisionerAsync(Stopping, configure: options => options.Tls.Ca = certificates.CaFile);
        var careless = await bed.StartProvisionerAsync(Stopping, configure: options => options.Tls.SkipVerify = true);

        await trusting.DeployAsync(Key("shop"), Define("shop"), [], Stopping);
        await careless.DeployAsync(Key("blog"), Define("blog"), [], Stopping);

        Assert.Equal(2, bed.Reservations().Length);
    }
}
