using System.CommandLine;
using Interlook.Host.Quickstart;
using Interlook.Host.Running;

namespace Interlook.Host.Commands;

/// <summary><c>interlook quickstart</c>: the whole job on one machine, with nothing installed and nothing left behind.</summary>
internal static class QuickstartCommand
{
    internal static Command Build()
    {
        var docker = new Option<bool>("--docker") { Description = "Publish the labelled containers of this machine's Docker instead of samples." };
        var page = Port("--port", 8080, "The port of the page and the API.");
        var dns = Port("--dns-port", 5353, "The port of the DNS server.");
        var http = Port("--http-port", 8000, "The port of the services, on the addresses they lease.");
        var command = new Command("quickstart", "Show the whole job: sample services, addresses, names and a load balancer, all in this process.")
        {
            docker, page, dns, http,
        };
        command.SetAction((parsed, _) => RunAsync(new QuickstartSettings(
            parsed.GetValue(page),
            parsed.GetValue(dns),
            parsed.GetValue(http),
            parsed.GetValue(docker) ? DockerSocket.Path(Environment.GetEnvironmentVariable) : null)));
        return command;
    }

    private static Option<int> Port(string name, int usual, string description)
    {
        var option = new Option<int>(name) { Description = description, HelpName = "PORT", DefaultValueFactory = _ => usual };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > 65535)
                result.AddError($"{name} must be a port, 1 to 65535.");
        });
        return option;
    }

    private static async Task<int> RunAsync(QuickstartSettings settings)
    {
        using var signals = new StopSignals(withHangUp: true);
        var socket = DockerSocket.Path(Environment.GetEnvironmentVariable);
        var dockerIsReachable = DockerSocket.IsReachable(socket);
        if (settings.DockerSocket is not null && !dockerIsReachable)
            throw new CommandFailedException($"nobody answers at {socket}: start Docker, name its socket in DOCKER_HOST (unix://...), or leave --docker out");
        PortProbe.Require(settings);

        using var folder = new QuickstartFolder();
        folder.WriteConfiguration(settings);
        try
        {
            await using var first = await SampleBackend.StartAsync("the first backend", signals.Token);
            await using var second = await SampleBackend.StartAsync("the second backend", signals.Token);
            var samples = settings.DockerSocket is null ? folder.WriteServices(first.Port, second.Port) : 0;
            return await RunAsync(folder.Configuration, new Welcome(settings, folder.Services, dockerIsReachable, TimeProvider.System), samples, signals.Token);
        }
        catch (OperationCanceledException) when (signals.Token.IsCancellationRequested)
        {
            return ExitCode.Success;
        }
    }

    private static async Task<int> RunAsync(string configuration, Welcome welcome, int samples, CancellationToken stopping)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var running = RunCommand.RunUntilAsync(configuration, ended.Token);
        var greeting = welcome.ShowAsync(samples, ended.Token);
        await Task.WhenAny(running, greeting);
        if (!greeting.IsFaulted)
            await running;
        await ended.CancelAsync(); // the folder goes with this call: nothing may run on
        var code = await running;
        return greeting.IsFaulted ? throw greeting.Exception.InnerException! : code;
    }
}
