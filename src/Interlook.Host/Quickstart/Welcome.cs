using System.Text.Json;
using Interlook.Host.Commands;
using Spectre.Console;

namespace Interlook.Host.Quickstart;

/// <summary>Tells a newcomer what runs now and what to try.</summary>
internal sealed class Welcome(QuickstartSettings settings, string services, bool dockerIsReachable, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>How this program is called from where it was called.</summary>
    private static string Program => Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "interlook"
        ? Path.GetRelativePath(Environment.CurrentDirectory, path)
        : "interlook";

    /// <summary>What a command needs to find this Interlook, when it is not where all of them look.</summary>
    private string Url => Page == new Uri(ReadingOptions.DefaultUrl) ? "" : $" --url {Page}";

    private Uri Page => new($"http://127.0.0.1:{settings.PagePort}/");

    /// <summary>Waits until the services stand (20 seconds at most), then shows them and the commands that reach them.</summary>
    /// <param name="expected">How many services there will be.</param>
    /// <param name="stopping">Gives up.</param>
    internal async Task ShowAsync(int expected, CancellationToken stopping)
    {
        using var interlook = new RunningInterlook(Page, token: null);
        using var answer = await SettledAsync(interlook, expected, stopping);
        var entries = answer.RootElement.Members.ToArray();
        if (entries.Length > 0)
            Screen.Show(ServicesCommand.ListOf(answer.RootElement));
        Console.Out.WriteLine();
        Screen.Show(Commands(entries.Select(entry => entry.Value).Where(IsDeployed).Select(entry => entry.Field("service"))));
        Console.Out.WriteLine();
        Console.Out.WriteLine(settings.DockerSocket is null ? AboutFiles() : AboutContainers());
        Console.Out.WriteLine("Ctrl-C ends it and leaves nothing behind.");
    }

    private async Task<JsonDocument> SettledAsync(RunningInterlook interlook, int expected, CancellationToken stopping)
    {
        var began = time.GetTimestamp();
        while (true)
        {
            try
            {
                var answer = interlook.Parse(await interlook.ReadAsync("/services", stopping));
                if (answer.RootElement.Members.Count(entry => IsDeployed(entry.Value)) >= expected || time.GetElapsedTime(began) > Patience)
                    return answer;
                answer.Dispose();
            }
            catch (CommandFailedException) when (time.GetElapsedTime(began) <= Patience)
            {
                // It does not listen yet.
            }
            await Task.Delay(Pause, time, stopping);
        }
    }

    private static bool IsDeployed(JsonElement entry) => entry.Text("state") == Entries.Entry.Deployed;

    private Table Commands(IEnumerable<JsonElement> deployed)
    {
        var table = Tables.New("TRY", "TO SEE");
        void Row(string command, string purpose) => table.AddRow(Tables.Cell(command), Tables.Cell(purpose));
        foreach (var service in deployed)
        {
            foreach (var name in service.Field("dns_name").Items)
                Row($"dig @127.0.0.1 -p {settings.DnsPort} {name.GetString()!.Replace("*", "any", StringComparison.Ordinal)} +short", $"the address of {service.Text("name")}");
            Row($"curl http://{service.Text("public_ip")}:{settings.HttpPort}/", $"{service.Text("name")}, through the load balancer");
        }
        Row($"{Program} services --watch{Url}", "everything live, in the terminal");
        Row(Page.ToString(), "the same as a page in the browser");
        return table;
    }

    private string AboutFiles() => $"""
        The services stand in {services}: edit, add or delete a file there and look again. '{Program} providers{Url}' says what is wrong with one that does not show up.
        {(dockerIsReachable ? "Docker runs here too" : "Where Docker runs")}, '{Program} quickstart --docker' publishes labelled containers instead: provider.docker takes the place of provider.file.
        """;

    private static string AboutContainers() => """
        Containers with two labels and a published port are published as they start, for example:
          docker run -d -P --label interlook.hosts=web.example.org --label interlook.port=80 nginx
        """;
}
