using System.Text.Json;
using Interlook.Extensions.ExternalIp.Claims;
using Xunit;

namespace Interlook.Extensions.Tests.ExternalIp.Claims;

public class ClaimJsonTests
{
    [Fact]
    public void A_claim_of_the_earlier_program_is_read_as_held_by_its_node()
    {
        var claim = Read("""
            {"apiVersion":"ipcontroller.ext/v1","kind":"IpClaim","metadata":{"name":"10-0-0-7-24","labels":{"ipnode":"node1","ip-pool-name":"pool","mine":"x"},
             "ownerReferences":[{"apiVersion":"v1","kind":"ServiceReference","name":"web","uid":"default/web","controller":false}]},
             "spec":{"cidr":"10.0.0.7/24","nodeName":"node1","link":""}}
            """);

        Assert.Equal(("node1", "node1", "pool"), (claim.Node, claim.Holder, claim.Pool));
        Assert.Equal(["default/web"], claim.Services);
        Assert.Equal("10.0.0.7/24", claim.Address?.ToString());
    }

    [Fact]
    public void What_is_not_understood_is_written_back()
    {
        var claim = Read("""
            {"apiVersion":"ipcontroller.ext/v1","kind":"IpClaim","new":1,"metadata":{"name":"a","uid":"u","resourceVersion":"7","labels":{"mine":"x"},
             "finalizers":["f"]},"spec":{"cidr":"10.0.0.7/24","color":"red"},"status":{"holder":"","later":[1,2]}}
            """);

        var written = JsonDocument.Parse(JsonSerializer.Serialize(claim.For("node2", "node2"), ClaimJson.Default.Claim)).RootElement;

        Assert.Equal(1, written.GetProperty("new").GetInt32());
        Assert.Equal("7", written.GetProperty("metadata").GetProperty("resourceVersion").GetString());
        Assert.Equal("f", written.GetProperty("metadata").GetProperty("finalizers")[0].GetString());
        Assert.Equal("red", written.GetProperty("spec").GetProperty("color").GetString());
        Assert.Equal(2, written.GetProperty("status").GetProperty("later").GetArrayLength());
        Assert.Equal("x", written.GetProperty("metadata").GetProperty("labels").GetProperty("mine").GetString());
        Assert.Equal("node2", written.GetProperty("metadata").GetProperty("labels").GetProperty("ipnode").GetString());
    }

    [Fact]
    public void A_claim_written_and_read_again_says_the_same()
    {
        var claim = new Claim { Metadata = ClaimMeta.Named("10-0-0-7-24"), Spec = new() { Cidr = "10.0.0.7/24" } }
            .OwnedBy(["default/web", "other/web"]).For("a", "a").TakenOver("b", "b");

        var again = Read(JsonSerializer.Serialize(claim, ClaimJson.Default.Claim));

        Assert.Equal(("b", "b"), (again.Node, again.Holder));
        Assert.Equal(["a"], again.From);
        Assert.Equal(["default/web", "other/web"], again.Services);
    }

    [Fact]
    public void A_heartbeat_is_counted_in_a_text()
    {
        var node = JsonSerializer.Deserialize("""{"metadata":{"name":"node1"},"Revision":"28"}""", ClaimJson.Default.NodeRecord)!;

        var written = JsonSerializer.Serialize(node with { Revision = node.Revision + 1 }, ClaimJson.Default.NodeRecord);

        Assert.Contains("\"Revision\":\"29\"", written, StringComparison.Ordinal);
    }

    [Fact]
    public void An_address_pool_is_read_with_its_ranges_and_what_is_allocated()
    {
        var pool = JsonSerializer.Deserialize(
            """{"metadata":{"name":"p"},"spec":{"cidr":"192.168.0.248/29","ranges":[["192.168.0.249","192.168.0.250"]],"allocated":{"192.168.0.249":"192-168-0-249-29"}}}""",
            ClaimJson.Default.ClaimPool)!;

        Assert.Equal("192.168.0.250", pool.Spec.Ranges[0][1]);
        Assert.Equal("192-168-0-249-29", pool.Spec.Allocated["192.168.0.249"]);
    }

    private static Claim Read(string json) => JsonSerializer.Deserialize(json, ClaimJson.Default.Claim)!;
}
