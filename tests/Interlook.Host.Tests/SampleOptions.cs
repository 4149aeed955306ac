using Interlook.Configuration;

namespace Interlook.Host.Tests;

internal sealed class SampleOptions
{
    public string Path { get; set; } = "";

    public int Port { get; set; } = 80;

    public int LastPort { get; set; } = 80;

    public bool Tls { get; set; }

    public IReadOnlyList<string> Labels { get; set; } = [];

    public IReadOnlyList<int> Ports { get; set; } = [];

    public Secret? Token { get; set; }
}
