using System.Globalization;

namespace Interlook.Simulators.BigIp;

/// <summary>The tokens that logins gave out. Not safe for concurrent use: the appliance's lock guards it.</summary>
internal sealed class LoginTokens(TimeProvider time)
{
    private const int Longest = 36000;

    private readonly Dictionary<string, LoginToken> live = new(StringComparer.Ordinal);
    private readonly HashSet<string> expired = new(StringComparer.Ordinal);
    private int given;

    /// <summary>How many a user may hold.</summary>
    internal int MostPerUser { get; set; } = 100;

    /// <summary>How many are alive.</summary>
    internal int Count
    {
        get
        {
            Bury();
            return live.Count;
        }
    }

    internal LoginToken Give(string user, string provider)
    {
        Bury();
        if (live.Values.Count(token => token.User == user) >= MostPerUser)
            throw new RefusedException(400, $"user {Guid.Empty} has reached maximum active login tokens");
        given++;
        var token = new LoginToken(
            string.Create(CultureInfo.InvariantCulture, $"TOKEN{given:D21}"), user, provider, time.GetUtcNow(), 1200);
        live.Add(token.Text, token);
        return token;
    }

    /// <summary>Whether calls may bear it; otherwise the words of the refusal.</summary>
    internal string? Complaint(string text)
    {
        Bury();
        return live.ContainsKey(text) ? null : expired.Contains(text) ? "X-F5-Auth-Token has expired." : "X-F5-Auth-Token does not exist.";
    }

    internal LoginToken Find(string text)
    {
        Bury();
        return live.GetValueOrDefault(text) ?? throw new RefusedException(404, $"Token {text} was not found");
    }

    internal LoginToken Prolong(string text, int seconds)
    {
        var token = Find(text);
        if (seconds is < 1 or > Longest)
            throw new RefusedException(400, string.Create(CultureInfo.InvariantCulture, $"timeout must be from 1 to {Longest}"));
        return live[text] = token with { Timeout = seconds };
    }

    internal void Release(string text)
    {
        Find(text);
        live.Remove(text);
    }

    /// <summary>Every token ends now.</summary>
    internal void ExpireAll()
    {
        expired.UnionWith(live.Keys);
        live.Clear();
    }

    /// <summary>Every token is forgotten.</summary>
    internal void Forget()
    {
        live.Clear();
        expired.Clear();
    }

    private void Bury()
    {
        foreach (var token in live.Values.Where(token => token.End <= time.GetUtcNow()).ToList())
        {
            live.Remove(token.Text);
            expired.Add(token.Text);
        }
    }
}
