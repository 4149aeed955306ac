using System.Net;
using System.Net.Sockets;

namespace Interlook.Extensions.Docker;

/// <summary>Asks a cloud's metadata service for the public address of this machine.</summary>
/// <param name="root">Where it answers.</param>
/// <param name="time">The clock.</param>
internal sealed class MetadataService(Uri root, TimeProvider time) : IDisposable
{
    /// <summary>The clouds, in the order in which <c>auto</c> asks them.</summary>
    internal static readonly string[] Clouds = [Aws, Gce, DigitalOcean];

    private const string Aws = "aws";
    private const string Gce = "gce";
    private const string DigitalOcean = "digitalocean";
    private const string Flavor = "Metadata-Flavor";

    /// <summary>The service is on the same link, or it is not there at all.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly HttpClient http = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, UseCookies = false })
    {
        MaxResponseContentBufferSize = 4096,
        Timeout = Timeout.InfiniteTimeSpan,
    };

    /// <summary>Asks one cloud, for at most a second.</summary>
    /// <returns>The address, or why there is none, as the end of a sentence.</returns>
    internal async Task<(IPAddress? Address, string Problem)> AskAsync(string cloud, CancellationToken stopping)
    {
        using var deadline = new CancellationTokenSource(Patience, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stopping, deadline.Token);
        try
        {
            var text = await (cloud switch
            {
                Aws => AskAwsAsync(limit.Token),
                Gce => AskGceAsync(limit.Token),
                _ => GetAsync("metadata/v1/interfaces/public/0/ipv4/address", null, limit.Token),
            });
            return text switch
            {
                null => (null, "knows no public address of this machine"),
                _ when IPAddress.TryParse(text.Trim(), out var address) && LocalInterfaces.IsUsable(address) => (address, ""),
                _ => (null, "answers with something that is no public address"),
            };
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            throw;
        }
        catch (OperationCanceledException)
        {
            return (null, $"gave no answer within {Patience.TotalSeconds:0} s");
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException or SocketException)
        {
            return (null, "cannot be reached");
        }
    }

    public void Dispose() => http.Dispose();

    /// <summary>Version 2 of the service: a token first, without which newer machines refuse. A public IPv4 address, else the IPv6 one.</summary>
    private async Task<string?> AskAwsAsync(CancellationToken limit)
    {
        using var ask = new HttpRequestMessage(HttpMethod.Put, new Uri(root, "latest/api/token")) { Headers = { { "X-aws-ec2-metadata-token-ttl-seconds", "60" } } };
        using var answer = await http.SendAsync(ask, limit);
        if (!answer.IsSuccessStatusCode)
            return null;
        var token = ("X-aws-ec2-metadata-token", (await answer.Content.ReadAsStringAsync(limit)).Trim());
        return await GetAsync("latest/meta-data/public-ipv4", token, limit) ?? await GetAsync("latest/meta-data/ipv6", token, limit);
    }

    private Task<string?> AskGceAsync(CancellationToken limit) =>
        GetAsync("computeMetadata/v1/instance/network-interfaces/0/access-configs/0/external-ip", (Flavor, "Google"), limit, wantsFlavor: true);

    /// <returns>Null where there is nothing of the kind.</returns>
    private async Task<string?> GetAsync(string path, (string Name, string Value)? header, CancellationToken limit, bool wantsFlavor = false)
    {
        using var ask = new HttpRequestMessage(HttpMethod.Get, new Uri(root, path));
        if (header is { } sent)
            ask.Headers.TryAddWithoutValidation(sent.Name, sent.Value);
        using var answer = await http.SendAsync(ask, limit);
        // Google's service says who it is; without that word something else answers at the address.
        if (!answer.IsSuccessStatusCode || (wantsFlavor && !answer.Headers.Contains(Flavor)))
            return null;
        return await answer.Content.ReadAsStringAsync(limit) is { Length: > 0 } text ? text : null;
    }
}
