using Interlook.Services;

namespace Interlook.Entries;

/// <summary>How an entry stands now.</summary>
/// <param name="Key">The entry's key.</param>
/// <param name="Entry">The entry; null once it was undeployed and dropped.</param>
/// <param name="IsChange">False for what stood so already when the reading began.</param>
public sealed record EntryNews(ServiceKey Key, Entry? Entry, bool IsChange);
