using Interlook.Configuration;
using Interlook.Extensions;

namespace Interlook.Host.Tests;

/// <summary>A catalog with a setting of every kind, so that the cases say nothing of real extensions.</summary>
internal static class SampleExtensions
{
    internal static ExtensionCatalog Catalog { get; } = ExtensionCatalog.Empty
        .Add("provider.sample", Provider, Never)
        .Add("provider.other", SettingsSchema.For<SampleOptions>(), Never)
        .Add("ipam.sample", SettingsSchema.For<SampleOptions>(), Never, "provisioner.address")
        .Add("dns.sample", SettingsSchema.For<SampleOptions>(), Never)
        .Add(
            "lb.balancer",
            SettingsSchema.For<SampleOptions>().Flag("tls", (options, flag) => options.Tls = flag, "Speak TLS."),
            Never);

    internal static SettingsSchema<SampleOptions> Provider => SettingsSchema.For<SampleOptions>()
        .Text("path", (options, path) => options.Path = path, "Where the services are.", required: true)
        .Number("port", (options, port) => options.Port = port, "The first port.", 1, 65535, "80")
        .Number("lastPort", (options, port) => options.LastPort = port, "The last port.", 1, 65535, "80")
        .Flag("tls", (options, flag) => options.Tls = flag, "Speak TLS.")
        .List("labels", label => label, (options, labels) => options.Labels = labels, "Labels | marks.")
        .List("ports", SettingReaders.Port, (options, ports) => options.Ports = ports, "Ports.")
        .Secret("token", (options, token) => options.Token = token, "What opens the door.")
        .Rule(options => options.Port > options.LastPort
            ? [new SettingProblem("lastPort", $"must not be less than port, {options.Port}")]
            : []);

    private static IExtension Never(SampleOptions options, ExtensionContext context) =>
        throw new NotSupportedException("reading a configuration makes no extension");
}
