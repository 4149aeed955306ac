using Interlook.Collections;
using Interlook.Engine.Definitions;
using Interlook.Services;
using Xunit;

namespace Interlook.Engine.Tests.Definitions;

public class DefinitionTableTests
{
    private readonly DefinitionTable table = new(maxWithdrawal: 0.5, alwaysAllowed: 10);

    [Fact]
    public void A_definition_that_is_known_changes_nothing()
    {
        table.Publish(Sample.Definition());

        Assert.Empty(table.Publish(Sample.Definition()));
        Assert.Empty(table.TakeSnapshot([Sample.Definition()]));
    }

    [Fact]
    public void A_service_that_a_snapshot_no_longer_names_is_withdrawn()
    {
        table.TakeSnapshot([Sample.Definition("a"), Sample.Definition("b")]);

        var changes = table.TakeSnapshot([Sample.Definition("b")]);

        Assert.Equal(new DefinitionChange("a", null), Assert.Single(changes));
    }

    [Fact]
    public void Up_to_ten_withdrawals_are_never_held()
    {
        table.TakeSnapshot(Services(10));

        Assert.Equal(10, table.TakeSnapshot([]).Length);
        Assert.Equal(0, table.Count);
    }

    [Fact]
    public void A_snapshot_that_would_withdraw_more_than_half_is_held_and_the_next_one_confirms_it()
    {
        table.TakeSnapshot(Services(40));

        var first = table.TakeSnapshot([]);
        var heldAfterFirst = table.Held.Count;
        var second = table.TakeSnapshot([]);

        Assert.Empty(first);
        Assert.Equal(40, heldAfterFirst);
        Assert.Equal(40, second.Length);
        Assert.Empty(table.Held);
    }

    [Fact]
    public void Exactly_half_is_not_held()
    {
        table.TakeSnapshot(Services(40));

        Assert.Equal(20, table.TakeSnapshot(Services(20)).Length);
    }

    [Fact]
    public void A_service_that_reappears_is_no_longer_held()
    {
        table.TakeSnapshot(Services(40));
        table.TakeSnapshot([]);

        table.TakeSnapshot(Services(40));

        Assert.Empty(table.Held);
        Assert.Empty(table.TakeSnapshot([]));
    }

    [Fact]
    public void New_services_of_a_held_snapshot_are_taken()
    {
        table.TakeSnapshot(Services(40));

        var changes = table.TakeSnapshot([Sample.Definition("new")]);

        Assert.Equal("new", Assert.Single(changes).Name);
    }

    [Fact]
    public void An_incomplete_snapshot_withdraws_nothing_and_holds_nothing()
    {
        table.TakeSnapshot(Services(40));

        var changes = table.TakeSnapshot([Sample.Definition("new")], isComplete: false);

        Assert.Equal("new", Assert.Single(changes).Name);
        Assert.Equal(41, table.Count);
        Assert.Empty(table.Held);
    }

    [Fact]
    public void An_operator_can_approve_what_is_held()
    {
        table.TakeSnapshot(Services(40));
        table.TakeSnapshot([]);

        Assert.Equal(40, table.ApproveHeld().Length);
        Assert.Empty(table.Held);
    }

    [Fact]
    public void The_platforms_own_word_about_one_service_is_not_held()
    {
        table.TakeSnapshot(Services(40));

        Assert.Single(table.Withdraw("service-3"));
        Assert.Empty(table.Withdraw("service-3"));
    }

    [Fact]
    public void What_was_restored_and_is_missing_is_withdrawn_by_the_first_snapshot()
    {
        table.Restore(Sample.Definition("a"));
        table.Restore(Sample.Definition("b"));

        var changes = table.TakeSnapshot([Sample.Definition("b")]);

        Assert.Contains(new DefinitionChange("a", null), changes);
        Assert.Equal(1, table.Count);
    }

    private static EquatableArray<ServiceDefinition> Services(int count) =>
        Enumerable.Range(0, count).Select(i => Sample.Definition($"service-{i}")).ToEquatableArray();
}
