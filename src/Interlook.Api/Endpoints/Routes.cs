using Interlook.Dashboard;
using Microsoft.AspNetCore.Routing;

namespace Interlook.Api.Endpoints;

/// <summary>Every path of the API.</summary>
internal static class Routes
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        HealthEndpoint.Map(routes);
        ReadyEndpoint.Map(routes);
        ServicesEndpoint.Map(routes);
        ServiceEndpoint.Map(routes);
        HistoryEndpoint.Map(routes);
        ServiceCommandEndpoints.Map(routes);
        EventsEndpoint.Map(routes);
        WorkflowEndpoint.Map(routes);
        ExtensionsEndpoint.Map(routes);
        ProvidersEndpoint.Map(routes);
        ApproveEndpoint.Map(routes);
        OrphansEndpoint.Map(routes);
        VersionEndpoint.Map(routes);
        MetricsEndpoint.Map(routes);
        ApiDocument.Map(routes);
        LivePage.Map(routes);
    }
}
