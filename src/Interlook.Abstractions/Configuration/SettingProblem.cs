namespace Interlook.Configuration;

/// <summary>A rule across settings that does not hold.</summary>
/// <param name="Setting">The setting to point at.</param>
/// <param name="Message">What is wrong and what to do, as a sentence without the key's name in front.</param>
public sealed record SettingProblem(string Setting, string Message);
