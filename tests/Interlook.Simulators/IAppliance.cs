using Microsoft.AspNetCore.Http;

namespace Interlook.Simulators;

/// <summary>One simulated appliance: what it keeps, and what it answers. Safe for concurrent use.</summary>
public interface IAppliance
{
    /// <summary>Answers one request as the real thing does.</summary>
    /// <param name="exchange">The request, and where the answer goes.</param>
    Task AnswerAsync(HttpContext exchange);

    /// <summary>It starts again: what it keeps in memory only (sessions, tokens, work half done) is gone, its configuration stays.</summary>
    void Restart();
}
