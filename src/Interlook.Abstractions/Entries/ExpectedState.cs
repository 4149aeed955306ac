namespace Interlook.Entries;

/// <summary>Where an entry is going.</summary>
public enum ExpectedState
{
    /// <summary>The platform wants the service published.</summary>
    Deployed,

    /// <summary>The platform withdrew it: everything is taken back.</summary>
    Undeployed,
}
