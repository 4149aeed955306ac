using System.Collections.Immutable;
using System.Reflection;
using System.Text;
using System.Text.Json;
using Interlook.Extensions.Kubernetes.Calls;
using Interlook.Extensions.Kubernetes.Informing;
using Interlook.Extensions.Kubernetes.Objects;
using Xunit;

namespace Interlook.Extensions.Tests.Kubernetes.Objects;

/// <summary>How objects are read, and how little they keep.</summary>
public sealed class ObjectReadingTests
{
    private readonly ResourceKinds kinds = new();

    /// <summary>Every array of every record: servers print an empty one as null.</summary>
    public static TheoryData<string, string> Arrays => new(
        from type in typeof(KubernetesObject).Assembly.GetTypes()
        where type.Namespace == typeof(KubernetesObject).Namespace && !type.IsAbstract && type != typeof(ObjectMeta)
        from property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
        where property.PropertyType.IsGenericType && property.PropertyType.GetGenericTypeDefinition() == typeof(ImmutableArray<>)
        select (type.FullName!, property.Name));

    [Theory]
    [MemberData(nameof(Arrays))]
    public void An_array_that_is_null_is_empty(string record, string property)
    {
        var type = typeof(KubernetesObject).Assembly.GetType(record)!;
        var json = $$"""{"{{JsonNamingPolicy.CamelCase.ConvertName(property)}}":null}""";

        var value = JsonSerializer.Deserialize(json, ObjectJson.Make().GetTypeInfo(type)!);

        Assert.Empty((System.Collections.IEnumerable)type.GetProperty(property)!.GetValue(value)!);
    }

    [Fact]
    public void Labels_and_annotations_that_mean_nothing_here_are_not_kept()
    {
        var service = Read("""{"example.org/x":"1","interlook.hosts":"a.example.org","interlook.port":"80","kubernetes.io/service-name":"web"}""");

        Assert.Equal(["interlook.hosts", "interlook.port", "kubernetes.io/service-name"], service.Metadata.Annotations.Keys);
        Assert.Equal("a.example.org", service.Metadata.Annotations["interlook.hosts"]);
        Assert.Equal("80", service.Metadata.Annotations.GetValueOrDefault("interlook.port"));
        Assert.False(service.Metadata.Annotations.ContainsKey("example.org/x"));
    }

    [Fact]
    public void Texts_that_come_again_are_one_text()
    {
        var (one, other) = (Read("""{"interlook.hosts":"a.example.org"}"""), Read("""{"interlook.hosts":"a.example.org"}"""));

        Assert.Same(one.Metadata.Namespace, other.Metadata.Namespace);
        Assert.Same(one.Metadata.Annotations, other.Metadata.Annotations);
    }

    [Theory]
    [InlineData("{}", null, null, null)]
    [InlineData("""{"ready":true,"serving":null,"terminating":false,"new":{"x":[1]}}""", true, null, false)]
    [InlineData("""{"ready":false,"serving":true,"terminating":true}""", false, true, true)]
    public void Conditions_of_endpoints_are_read_and_unknown_is_not_false(string conditions, bool? ready, bool? serving, bool? terminating)
    {
        var json = $$$$"""{"metadata":{"name":"a"},"endpoints":[{"addresses":["10.0.0.1"],"conditions":{{{{conditions}}}} }]}""";

        var slice = kinds.Slices("v1").Read(Encoding.UTF8.GetBytes(json), out _)!;

        Assert.Equal(new EndpointConditions { Ready = ready, Serving = serving, Terminating = terminating }, slice.Endpoints[0].Conditions);
    }

    [Theory]
    [InlineData("8950f63b-7e0e-40d6-89ff-4dd1f4140fcd")]
    [InlineData("8950F63B-7E0E-40D6-89FF-4DD1F4140FCD")]
    [InlineData("00000000-0000-0000-0000-000000000000")]
    [InlineData("8950f63b-7e0e-40d6-89ff-4dd1f4140fcd-1")]
    [InlineData("any text")]
    [InlineData("")]
    public void A_uid_is_kept_as_it_was_written(string written)
    {
        var read = JsonSerializer.Deserialize($"\"{written}\"", ObjectJson.Make().ObjectUid);

        Assert.Equal(written, read.ToString());
        Assert.Equal((ObjectUid)written, read);
        Assert.NotEqual((ObjectUid)(written + "x"), read);
    }

    [Theory]
    [InlineData("12001")]
    [InlineData("012001")]
    [InlineData("0")]
    [InlineData("18446744073709551616")]
    [InlineData("opaque")]
    [InlineData("")]
    public void A_version_is_kept_as_it_was_written(string written) =>
        Assert.Equal(written, new ObjectMeta { ResourceVersion = written }.ResourceVersion);

    [Theory]
    [InlineData("10.200.7.15")]
    [InlineData("0.0.0.0")]
    [InlineData("255.255.255.255")]
    [InlineData("10.1")]
    [InlineData("2001:db8::1")]
    [InlineData("web.example.org")]
    [InlineData(null)]
    public void An_address_of_an_endpoint_is_kept_as_it_was_written(string? written) =>
        Assert.Equal(written, new Endpoint { Address = written }.Address);

    [Fact]
    public void Port_lists_that_come_again_are_one_list()
    {
        var json = """{"metadata":{"name":"a"},"ports":[{"name":"http","port":8080}]}"""u8;

        var (one, other) = (kinds.Slices("v1").Read(json, out _)!, kinds.Slices("v1").Read(json, out _)!);

        Assert.Equal(one.Ports, other.Ports); // compares the arrays, not what is in them
        Assert.Equal(8080, Assert.Single(one.Ports).Port);
    }

    [Fact]
    public void Two_states_are_the_same_when_only_the_version_differs_and_not_when_anything_that_is_read_does()
    {
        var comparison = new ContentComparison<Service>(kinds.Services.Json);
        var known = Read("""{"interlook.hosts":"a.example.org"}""");
        var version = known with { Metadata = known.Metadata with { ResourceVersion = "2" } };
        var hosts = Read("""{"interlook.hosts":"b.example.org"}""");
        var uid = version with { Metadata = version.Metadata with { Uid = "another" } };
        var managers = version with { Metadata = version.Metadata with { Managers = ["interlook.io/x"] } };
        var ingress = version with { Status = new() { LoadBalancer = new() { Ingress = [new() { Ip = "192.0.2.1" }] } } };

        Assert.True(comparison.AreSame(known, version));
        Assert.All(
            [hosts with { Metadata = hosts.Metadata with { ResourceVersion = "2" } }, uid, managers, ingress],
            different => Assert.False(comparison.AreSame(known, different)));
    }

    private Service Read(string annotations) => kinds.Services.Read(
        Encoding.UTF8.GetBytes($$$$"""{"metadata":{"name":"web","namespace":"default","uid":"u","resourceVersion":"1","annotations":{{{{annotations}}}} }}"""), out _)!;
}
