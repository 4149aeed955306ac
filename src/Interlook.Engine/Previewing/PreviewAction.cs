namespace Interlook.Engine.Previewing;

/// <summary>What a step would do for a service.</summary>
public enum PreviewAction
{
    /// <summary>It would make what is not there yet.</summary>
    Create,

    /// <summary>It would change what it made, or make it again.</summary>
    Change,

    /// <summary>It would take back what it made.</summary>
    Remove,
}
