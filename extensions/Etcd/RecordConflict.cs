namespace Interlook.Extensions.Etcd;

/// <summary>Says who stands in the way of a record.</summary>
internal static class RecordConflict
{
    /// <summary>The record's own key is held.</summary>
    internal static ExtensionException Held(string system, RecordChange change, SkyRecord wanted, RecordPlan plan, RecordMark? holder) => new(
        Reason.Conflict,
        $"{system}: {wanted.Name} of service {change.Key} cannot be published: key {wanted.Key} is {Describe(plan, holder)}; "
        + "remove one of the two, or give the service another name");

    /// <summary>The name itself has a value, which children would hide from CoreDNS, and beside which etcd v2 can hold none.</summary>
    internal static ExtensionException Hidden(string system, RecordChange change, SkyRecord wanted) => new(
        Reason.Conflict,
        $"{system}: {wanted.Name} of service {change.Key} cannot be published: key {wanted.NameKey} has a value of its own, which ours would hide; "
        + "move it one level down, or give the service another name");

    /// <summary>Somebody changes the keys as often as we look.</summary>
    internal static ExtensionException Restless(string system, RecordChange change) => new(
        Reason.Unavailable, $"{system}: records of service {change.Key} were changed by somebody else each time they were to be written; see who does");

    private static string Describe(RecordPlan plan, RecordMark? holder) => holder switch
    {
        { } mark when plan.IsOurs(mark) => $"service {mark.Key}'s",
        { } mark => $"of service {mark.Key} of Interlook {mark.Instance} on {mark.Host}",
        null => "not ours",
    };
}
