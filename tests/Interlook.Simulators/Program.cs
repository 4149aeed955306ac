using System.Globalization;
using System.Runtime.InteropServices;
using Interlook.Simulators;
using Interlook.Simulators.BigIp;
using Interlook.Simulators.GestioIP;
using Interlook.Simulators.Kemp;

// Interlook.Simulators NAME PORT: runs one appliance on loopback until it is interrupted.
var appliances = new Dictionary<string, Func<IAppliance>>(StringComparer.Ordinal)
{
    ["bigip"] = () => new BigIpAppliance(),
    ["gestioip"] = () => GestioIPAppliance.WithSample(),
    ["kemp"] = () => new LoadMaster(),
};
if (args is not [var name, var port] || !appliances.TryGetValue(name, out var make) || !int.TryParse(port, CultureInfo.InvariantCulture, out var number))
{
    await Console.Error.WriteLineAsync($"Interlook.Simulators NAME PORT, where NAME is one of: {string.Join(", ", appliances.Keys)}");
    return 2;
}
var ended = new TaskCompletionSource();
Console.CancelKeyPress += (_, press) =>
{
    press.Cancel = true;
    ended.TrySetResult();
};
using var asked = PosixSignalRegistration.Create(PosixSignal.SIGTERM, _ => ended.TrySetResult());
await using var running = await RunningAppliance.StartAsync(make(), port: number);
Console.WriteLine(running.Url);
await ended.Task;
return 0;
