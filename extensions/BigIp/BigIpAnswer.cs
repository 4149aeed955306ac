using System.Net;
using System.Text.Json;
using Interlook.Extensions.BigIp.Wire;

namespace Interlook.Extensions.BigIp;

/// <summary>What the appliance answered, success or not.</summary>
/// <param name="Status">The status.</param>
/// <param name="Body">The whole body.</param>
internal sealed record BigIpAnswer(HttpStatusCode Status, byte[] Body)
{
    internal bool IsSuccess => (int)Status is >= 200 and < 300;

    /// <summary>
    /// True when it says that the object is not there. The same status without an error number is said of paths while the REST service
    /// starts; that says nothing of the object.
    /// </summary>
    internal bool IsAbsence => Status == HttpStatusCode.NotFound && Problem is { ApiError: not null };

    /// <summary>What a refusal says; null when it is not the appliance's own JSON.</summary>
    internal WireProblem? Problem
    {
        get
        {
            try
            {
                return JsonSerializer.Deserialize(Body, BigIpJson.Default.WireProblem);
            }
            catch (JsonException)
            {
                return null; // a page of the web server, shown while services restart
            }
        }
    }
}
