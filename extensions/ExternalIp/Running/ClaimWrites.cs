using Interlook.Extensions.ExternalIp.Claims;
using Interlook.Extensions.ExternalIp.Scheduling;
using Interlook.Storage;

namespace Interlook.Extensions.ExternalIp.Running;

/// <summary>What a pass asks to be written, as a request to the store.</summary>
internal static class ClaimWrites
{
    /// <summary>Creates, replaces or deletes, as the write says.</summary>
    internal static Task<WriteResult> WriteAsync(this IClaimRecords<Claim> claims, ClaimWrite write, CancellationToken stopping) => write.Value switch
    {
        null => claims.DeleteAsync(write.Name, write.Expected, stopping),
        { } claim when write.Expected == Revision.None => claims.CreateAsync(claim, stopping),
        { } claim => claims.UpdateAsync(claim, write.Expected, stopping),
    };
}
