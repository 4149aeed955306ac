namespace Interlook.Extensions.Kemp;

/// <summary>A setting of a virtual service.</summary>
/// <param name="Parameter">How a command names it.</param>
/// <param name="Element">How an answer names it.</param>
/// <param name="Value">Its value, as an answer writes it.</param>
/// <param name="Unset">What an answer without the element means.</param>
internal sealed record ServiceSetting(string Parameter, string Element, string Value, string Unset = "");
