using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Interlook.Services;

namespace Interlook.Extensions.ExternalIp.Claims;

/// <summary>An address that shall be on one node (IpClaim, <c>ipcontroller.ext/v1</c>). Its name says which, see <see cref="ClaimName"/>.</summary>
internal sealed record Claim
{
    public string ApiVersion { get => field ?? WellKnown.ApiVersion; init; }

    public string Kind { get => field ?? "IpClaim"; init; }

    public ClaimMeta Metadata { get => field ??= new(); init; }

    public ClaimSpec Spec { get => field ??= new(); init; }

    /// <summary>Null on a claim that the earlier program wrote.</summary>
    public ClaimStatus? Status { get; init; }

    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Others { get; set; }

    /// <summary>The address; null when it cannot be understood.</summary>
    [JsonIgnore]
    internal ClaimAddress? Address => Spec.Address;

    /// <summary>The node that shall have the address; empty when none shall.</summary>
    [JsonIgnore]
    internal string Node => Spec.NodeName;

    /// <summary>
    /// The node that may have the address now; empty when nobody may. The earlier program knew no holders: there a node holds what is
    /// assigned to it.
    /// </summary>
    [JsonIgnore]
    internal string Holder => Status?.Holder ?? Spec.NodeName;

    /// <summary>
    /// The dead nodes that it was taken over from, the last holder at the end, since it last was in safe hands. While they cannot reach the
    /// store they may go on holding for a while; see <see cref="Scheduling.NodeLiveness.Permits"/>.
    /// </summary>
    [JsonIgnore]
    internal ImmutableArray<string> From => Status?.From ?? [];

    /// <summary>True when its former holder has taken the address off its link for the present one.</summary>
    [JsonIgnore]
    internal bool IsHandedOver => Status?.LeftBy is { Length: > 0 };

    /// <summary>True when a node both shall and may have the address.</summary>
    internal bool IsHeldBy(string node) => node.Length > 0 && Node == node && Holder == node;

    /// <summary>The same claim with another node or holder; the label follows the node. From whom it was taken is kept as long as the holder is.</summary>
    internal Claim For(string node, string holder) => this with
    {
        Metadata = Metadata.WithLabel(WellKnown.NodeLabel, node == "" ? null : node),
        Spec = Spec with { NodeName = node },
        Status = holder == Holder ? (Status ?? new()) with { Holder = holder } : (Untold.Status ?? new()) with { Holder = holder, From = [], LeftBy = null },
    };

    /// <summary>The same claim, handed over to the node that shall have it by the one that had it, and has taken it off its link.</summary>
    internal Claim HandedOverBy(string former) => For(Node, Node) is var claim ? claim with { Status = claim.Status! with { LeftBy = former } } : claim;

    /// <summary>The same claim, without a word on whether it is announced: who said that has it no longer.</summary>
    private Claim Untold => Telling(null);

    /// <summary>The same claim, saying why its holder does not announce the address, or nothing when it does. Itself when it says so already.</summary>
    internal Claim Telling(AddressTrouble? trouble)
    {
        var stands = Status?.Conditions.FirstOrDefault(each => each.Type == ClaimCondition.Announced);
        if (trouble is null ? stands is null : stands is { Status: "False" } && stands.Reason == trouble.Reason && stands.Message == trouble.Message)
            return this;
        var others = (Status?.Conditions ?? []).RemoveAll(each => each.Type == ClaimCondition.Announced);
        return this with
        {
            Status = (Status ?? new() { Holder = Holder }) with
            {
                Conditions = trouble is null
                    ? others
                    : others.Add(new() { Type = ClaimCondition.Announced, Status = "False", Reason = trouble.Reason, Message = trouble.Message, LastTransitionTime = trouble.Since }),
            },
        };
    }

    /// <summary>The same claim, taken over from a holder that is dead.</summary>
    internal Claim TakenOver(string node, string holder) =>
        For(node, holder) is var claim ? claim with { Status = claim.Status! with { From = [.. From.Where(each => each != Holder), Holder] } } : claim;

    /// <summary>The same claim, taken anew by its holder: a change that makes every decision on an older picture lose.</summary>
    internal Claim TakenAt(long heartbeat) => this with { Status = (Status ?? new()) with { Holder = Holder, Taken = heartbeat, From = [], LeftBy = null } };

    /// <summary>The same claim with these owners in place of the Services that it had; owners of other kinds stay.</summary>
    internal Claim OwnedBy(IEnumerable<string> services) => this with
    {
        Metadata = Metadata with
        {
            OwnerReferences = [.. Metadata.OwnerReferences.Where(owner => owner.Kind != ClaimOwner.ServiceReference), .. services.Select(ClaimOwner.Of)],
        },
    };

    /// <summary>The Services that want it, as <c>namespace/name</c>.</summary>
    [JsonIgnore]
    internal IEnumerable<string> Services => Metadata.OwnerReferences.Where(owner => owner.Kind == ClaimOwner.ServiceReference).Select(owner => owner.Uid);

    /// <summary>True when anybody wants it.</summary>
    [JsonIgnore]
    internal bool IsOwned => Metadata.OwnerReferences.Length > 0;

    /// <summary>True when an entry of an Interlook wants it.</summary>
    [JsonIgnore]
    internal bool HasEntries => Metadata.OwnerReferences.Any(owner => owner.Kind == ClaimOwner.EntryReference);

    /// <summary>The owners in words.</summary>
    [JsonIgnore]
    internal string Owners => string.Join(", ", Metadata.OwnerReferences.Select(owner => $"{owner.Kind} {owner.Uid}"));

    /// <summary>Why the holder does not announce the address; null when nothing speaks against it.</summary>
    [JsonIgnore]
    internal string? Trouble => Status?.Conditions.FirstOrDefault(each => each is { Type: ClaimCondition.Announced, Status: "False" }) is { } condition
        ? condition.Message ?? condition.Reason ?? "it does not say why"
        : null;

    internal bool IsOwnedBy(ClaimOwner owner) => Metadata.OwnerReferences.Any(owner.Is);

    /// <summary>The entries of an instance that want it.</summary>
    internal IEnumerable<ServiceKey> EntriesOf(string instance) => Metadata.OwnerReferences.Select(owner => owner.EntryOf(instance)).OfType<ServiceKey>();

    /// <summary>The same claim without one of its owners.</summary>
    internal Claim WithoutOwner(ClaimOwner owner) => this with { Metadata = Metadata with { OwnerReferences = [.. Metadata.OwnerReferences.Where(each => !each.Is(owner))] } };

    /// <summary>The address pool that it came from; null for an address that was written by hand.</summary>
    [JsonIgnore]
    internal string? Pool => Metadata.Labels.GetValueOrDefault(WellKnown.PoolLabel);
}

/// <summary>What a claim asks for.</summary>
internal sealed record ClaimSpec
{
    public string NodeName { get => field ?? ""; init; }

    /// <summary><c>10.0.0.7/24</c>.</summary>
    public string Cidr
    {
        get => field ?? "";
        init
        {
            field = value;
            Address = ClaimAddress.TryParse(value ?? "", out var address) ? address : null;
        }
    }

    /// <summary>What <see cref="Cidr"/> says; null when it says nothing that can be understood.</summary>
    [JsonIgnore]
    internal ClaimAddress? Address { get; private init; }

    /// <summary>Unused, as in the earlier program.</summary>
    public string? Link { get; init; }

    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Others { get; set; }
}

/// <summary>What is so of a claim.</summary>
internal sealed record ClaimStatus
{
    /// <summary>The node that may have the address; empty when nobody may.</summary>
    public string? Holder { get; init; }

    /// <summary>The dead nodes that it was taken over from.</summary>
    public ImmutableArray<string> From { get => field.IsDefault ? [] : field; init; }

    /// <summary>
    /// The node that had the address on its link, took it off and wrote the present holder: nobody else had it then. Null when the holder got
    /// it in another way, or took it anew since.
    /// </summary>
    public string? LeftBy { get; init; }

    /// <summary>The holder's heartbeat at which it took the claim anew.</summary>
    public long? Taken { get; init; }

    public ImmutableArray<ClaimCondition> Conditions { get => field.IsDefault ? [] : field; init; }

    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Others { get; set; }
}
