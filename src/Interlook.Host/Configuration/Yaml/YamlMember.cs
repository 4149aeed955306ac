namespace Interlook.Host.Configuration.Yaml;

/// <summary>One key of a mapping and its value.</summary>
internal sealed record YamlMember(string Key, Place Place, YamlNode Value);
