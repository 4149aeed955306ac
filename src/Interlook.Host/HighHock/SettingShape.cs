namespace Interlook.Host.HighHock;

/// <summary>What a setting of HighHock holds.</summary>
internal enum SettingShape
{
    /// <summary>A text.</summary>
    Text,

    /// <summary>Texts, with commas between them.</summary>
    List,

    /// <summary>A whole number of seconds.</summary>
    Seconds,

    /// <summary>A port.</summary>
    Port,

    /// <summary>A word of HighHock's for how much is logged.</summary>
    Level,

    /// <summary>True or false; on the command line a flag without a value.</summary>
    Switch,
}
