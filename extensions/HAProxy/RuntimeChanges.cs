using System.Globalization;

namespace Interlook.Extensions.HAProxy;

/// <summary>What makes a running section's servers match the file, without a reload. Pure; knows the limits of HAProxy 2.6.</summary>
internal static class RuntimeChanges
{
    /// <summary>The commands that make a section as it is wanted; none when it is.</summary>
    /// <param name="wanted">What the file says.</param>
    /// <param name="running">What the worker has of it.</param>
    /// <param name="options">Whether servers are checked and may be added.</param>
    /// <param name="checkKeywords">What an added server is told of checks.</param>
    /// <returns>Null when only a reload can do it.</returns>
    public static IReadOnlyList<string>? For(
        ServiceSection wanted, IEnumerable<ServerState> running, HAProxyOptions options, string checkKeywords)
    {
        var commands = new List<string>();
        var left = running.ToDictionary(state => state.Name, StringComparer.Ordinal);
        foreach (var server in wanted.Servers)
        {
            var path = $"{wanted.Name}/{server.Name}";
            if (left.Remove(server.Name, out var state))
            {
                // Checks that were not configured when the server was made cannot be added to it; those that were come and go.
                if (state.HasCheck != options.Check || (!options.IsDynamic && state.Weight != server.Weight))
                    return null;
                Correct(commands, path, server, state);
            }
            else if (server.Address is null || !options.IsDynamic)
            {
                return null; // a dynamic server's name is never resolved, and static algorithms take none
            }
            else
            {
                commands.Add($"@1 add server {path} {server.Endpoint} weight {server.Weight.ToString(CultureInfo.InvariantCulture)}{checkKeywords}");
                if (options.Check)
                    commands.Add($"@1 enable health {path}");
                commands.Add($"@1 enable server {path}");
            }
        }
        foreach (var name in left.Keys.Order(StringComparer.Ordinal))
        {
            // Deleting is refused while connections last; the server then stays in maintenance and gets no new ones.
            commands.Add($"@1 set server {wanted.Name}/{name} state maint");
            commands.Add($"@1 del server {wanted.Name}/{name}");
        }
        return commands;
    }

    /// <summary>What differs between a section and what runs, in words; null when nothing does. A server on its way out is no difference.</summary>
    public static string? Difference(ServiceSection wanted, IEnumerable<ServerState> running, bool check)
    {
        var left = running.ToDictionary(state => state.Name, StringComparer.Ordinal);
        foreach (var server in wanted.Servers)
        {
            if (!left.Remove(server.Name, out var state))
                return $"server {server.Name} is missing in {wanted.Name}";
            if (state.Weight != server.Weight)
                return $"server {server.Name} in {wanted.Name} has weight {state.Weight}, not {server.Weight}";
            if (IsElsewhere(server, state))
                return $"server {server.Name} in {wanted.Name} sends to {state.Address}:{state.Port}";
            if (state.IsInMaintenance || state.IsDraining)
                return $"server {server.Name} in {wanted.Name} is in {(state.IsInMaintenance ? "maintenance" : "drain")}";
            if (check && !state.IsChecked)
                return $"server {server.Name} in {wanted.Name} is not checked";
        }
        var extra = left.Values.FirstOrDefault(state => !state.IsInMaintenance);
        return extra is null ? null : $"server {extra.Name} in {wanted.Name} is not wanted";
    }

    private static void Correct(List<string> commands, string path, ServerLine server, ServerState state)
    {
        if (IsElsewhere(server, state))
            commands.Add(string.Create(CultureInfo.InvariantCulture, $"@1 set server {path} addr {server.Address} port {server.Port}"));
        if (state.Weight != server.Weight)
            commands.Add(string.Create(CultureInfo.InvariantCulture, $"@1 set server {path} weight {server.Weight}"));
        if (state.HasCheck && !state.IsChecked)
            commands.Add($"@1 enable health {path}");
        if (state.IsInMaintenance || state.IsDraining)
            commands.Add($"@1 set server {path} state ready");
    }

    private static bool IsElsewhere(ServerLine server, ServerState state) =>
        server.Address is { } address && (!address.Equals(state.Address) || server.Port != state.Port);
}
