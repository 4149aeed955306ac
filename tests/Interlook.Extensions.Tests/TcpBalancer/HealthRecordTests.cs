using Interlook.Extensions.TcpBalancer;
using Interlook.Provisioners;
using Xunit;

namespace Interlook.Extensions.Tests.TcpBalancer;

public sealed class HealthRecordTests
{
    private readonly HealthRecord record = new(rise: 2, fall: 3);

    [Theory]
    [InlineData("", TargetHealth.Unknown)]
    [InlineData("g", TargetHealth.Healthy)]
    [InlineData("b", TargetHealth.Unhealthy)]
    [InlineData("gbb", TargetHealth.Healthy)]
    [InlineData("gbbgbb", TargetHealth.Healthy)]
    [InlineData("gbbb", TargetHealth.Unhealthy)]
    [InlineData("gbbbg", TargetHealth.Unhealthy)]
    [InlineData("gbbbgbg", TargetHealth.Unhealthy)]
    [InlineData("gbbbgg", TargetHealth.Healthy)]
    [InlineData("gff", TargetHealth.Healthy)]
    [InlineData("gffpff", TargetHealth.Healthy)]
    [InlineData("gfff", TargetHealth.Unhealthy)]
    [InlineData("gfgfgf", TargetHealth.Unhealthy)]
    [InlineData("gfffggff", TargetHealth.Healthy)]
    [InlineData("fff", TargetHealth.Unhealthy)]
    [InlineData("fffr", TargetHealth.Unknown)]
    public void Good_and_bad_checks_and_connections_come_to(string events, TargetHealth expected)
    {
        foreach (var each in events)
            Happen(each);

        Assert.Equal(expected, record.Health);
        Assert.Equal(expected == TargetHealth.Unhealthy, record.Problem is not null);
    }

    [Fact]
    public void A_change_is_told_once()
    {
        bool[] told = [record.CheckPassed(), record.CheckPassed(), record.CheckFailed(""), record.CheckFailed(""), record.CheckFailed(""), record.CheckFailed("")];

        Assert.Equal([true, false, false, false, true, false], told);
    }

    private void Happen(char what)
    {
        _ = what switch
        {
            'g' => record.CheckPassed(),
            'b' => record.CheckFailed("a check failed"),
            'f' => record.ConnectFailed("a connection failed"),
            'r' => record.Forget(),
            _ => Pass(),
        };
    }

    private bool Pass()
    {
        record.ConnectPassed();
        return false;
    }
}
