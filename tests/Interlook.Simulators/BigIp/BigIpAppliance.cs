using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Interlook.Simulators.BigIp;

/// <summary>F5 BIG-IP with Local Traffic Manager, as version 14.1 shows itself through iControl REST. Safe for concurrent use.</summary>
public sealed class BigIpAppliance : IAppliance
{
    private readonly Lock gate = new();
    private readonly TimeProvider time;
    private readonly Dictionary<string, string> users = new(StringComparer.Ordinal);
    private readonly HashSet<(string Address, int Port)> down = [];
    private readonly HashSet<string> groups = new(StringComparer.Ordinal);
    private readonly LoginTokens tokens;
    private readonly TransactionLog transactions;
    private readonly ConfigurationApi api;
    private Configuration configuration;
    private Configuration saved;
    private Configuration peer;

    /// <summary>Makes one with the user <c>api</c>, password <c>restaccess</c>, and the partition Common.</summary>
    /// <param name="time">Dates tokens and transactions; null is the machine's clock.</param>
    public BigIpAppliance(TimeProvider? time = null)
    {
        this.time = time ?? TimeProvider.System;
        tokens = new(this.time);
        transactions = new(this.time);
        api = new((address, port) => !down.Contains((address, port)));
        configuration = saved = peer = MonitorKind.AddDelivered(new());
        users.Add("api", "restaccess");
    }

    /// <summary>How many tokens a user may hold.</summary>
    public int MostTokensPerUser
    {
        set
        {
            lock (gate)
                tokens.MostPerUser = value;
        }
    }

    /// <summary>How many tokens are alive.</summary>
    public int LiveTokens
    {
        get
        {
            lock (gate)
                return tokens.Count;
        }
    }

    /// <summary>How many transactions wait for their commit.</summary>
    public int OpenTransactions
    {
        get
        {
            lock (gate)
                return transactions.Count;
        }
    }

    /// <summary>Everything configured, a line an object, without counters and times.</summary>
    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (gate)
                return [.. api.Lines(configuration)];
        }
    }

    /// <summary>The same of the other device of the cluster.</summary>
    public IReadOnlyList<string> PeerLines
    {
        get
        {
            lock (gate)
                return [.. api.Lines(peer)];
        }
    }

    /// <summary>Makes a partition.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="routeDomain">The route domain of addresses in it that name none.</param>
    public void AddPartition(string name, int routeDomain = 0)
    {
        lock (gate)
            configuration = saved = peer = configuration with { Partitions = configuration.Partitions.SetItem(name, routeDomain) };
    }

    /// <summary>Makes it one of two devices in a group.</summary>
    public void AddDeviceGroup(string name)
    {
        lock (gate)
            groups.Add(name);
    }

    /// <summary>Every token ends now.</summary>
    public void ExpireTokens()
    {
        lock (gate)
            tokens.ExpireAll();
    }

    /// <summary>What monitors see from now on.</summary>
    public void SetHealth(string address, int port, bool isUp)
    {
        lock (gate)
        {
            if (isUp)
                down.Remove((address, port));
            else
                down.Add((address, port));
        }
    }

    /// <summary>By a person's hand: a call that needs no login.</summary>
    /// <param name="method">Its method.</param>
    /// <param name="path">Its path behind <c>/mgmt</c>: <c>/tm/ltm/pool</c>.</param>
    /// <param name="body">Its body.</param>
    /// <exception cref="InvalidOperationException">The appliance refuses it.</exception>
    public JsonObject? Edit(string method, string path, JsonObject? body = null)
    {
        lock (gate)
        {
            try
            {
                var (next, answer) = api.Do(configuration, new(method, path.Trim('/').Split('/'), new Dictionary<string, string>(), body ?? []));
                configuration = next;
                return answer;
            }
            catch (RefusedException refusal)
            {
                throw new InvalidOperationException(refusal.Message, refusal);
            }
        }
    }

    /// <summary>The machine starts again: what was not saved is gone.</summary>
    public void Reboot()
    {
        lock (gate)
            configuration = saved;
        Restart();
    }

    /// <inheritdoc/>
    public void Restart()
    {
        lock (gate)
        {
            tokens.Forget();
            transactions.Forget();
        }
    }

    /// <inheritdoc/>
    public async Task AnswerAsync(HttpContext exchange)
    {
        using var reader = new StreamReader(exchange.Request.Body, Encoding.UTF8, leaveOpen: true);
        var text = await reader.ReadToEndAsync(exchange.RequestAborted);
        var (status, answer) = Answer(exchange.Request, text);
        exchange.Response.StatusCode = status;
        exchange.Response.ContentType = "application/json; charset=UTF-8";
        if (answer is not null)
            await exchange.Response.WriteAsync(answer.ToJsonString(), exchange.RequestAborted);
    }

    private (int Status, JsonObject? Answer) Answer(HttpRequest request, string text)
    {
        try
        {
            var call = Read(request, text);
            lock (gate)
                return (200, Do(request, call));
        }
        catch (RefusedException refusal)
        {
            return (refusal.Status, Envelope(refusal));
        }
    }

    private static ApiCall Read(HttpRequest request, string text)
    {
        var path = request.Path.Value!.Trim('/').Split('/');
        if (path is not ["mgmt", .. var rest])
            throw ConfigurationApi.NotRegistered(path);
        try
        {
            var body = text == "" ? [] : JsonNode.Parse(text) as JsonObject ?? throw new RefusedException(400, "the body is no object");
            return new(request.Method, rest, request.Query.ToDictionary(each => each.Key, each => each.Value.ToString(), StringComparer.Ordinal), body);
        }
        catch (JsonException)
        {
            throw new RefusedException(400, "Found invalid JSON body in the request.");
        }
    }

    private JsonObject? Do(HttpRequest request, ApiCall call)
    {
        if (call is { Method: "POST", Path: ["shared", "authn", "login"] })
            return Login(call.Body, request);
        Authorize(request);
        if (call.Path is ["shared", "authz", "tokens", var token])
            return OfToken(call, token);
        var transaction = request.Headers["X-F5-REST-Coordination-Id"].ToString();
        if (transaction != "" && call.Method != "GET")
            return transactions.Queue(transaction, call);
        switch (call.Path)
        {
            case ["tm", "transaction", .. var rest]:
                return OfTransaction(call, rest);
            case ["tm", "cm"] when call.Method == "POST":
                return Sync(call.Body);
            case ["tm", "cm", "sync-status"] when call.Method == "GET":
                return ShowSync();
            case ["tm", "sys", "config"] when call.Method == "POST":
                saved = (string?)call.Body["command"] == "save" ? configuration : throw ObjectKind.NotServed();
                return new() { ["kind"] = "tm:sys:config:savestate", ["command"] = "save" };
        }
        (configuration, var answer) = api.Do(configuration, call);
        return answer;
    }

    private JsonObject Login(JsonObject body, HttpRequest request)
    {
        var (user, provider) = ((string?)body["username"] ?? "", (string?)body["loginProviderName"] ?? "tmos");
        if (!users.TryGetValue(user, out var password) || password != (string?)body["password"] || provider != "tmos")
            throw new RefusedException(401, $"Authentication failed. Uri:{request.Path}");
        var token = tokens.Give(user, provider);
        return new()
        {
            ["username"] = user,
            ["loginReference"] = new JsonObject { ["link"] = "https://localhost/mgmt/cm/system/authn/providers/tmos/login" },
            ["loginProviderName"] = provider,
            ["token"] = Show(token),
            ["generation"] = 0,
            ["lastUpdateMicros"] = 0,
        };
    }

    private JsonObject? OfToken(ApiCall call, string text)
    {
        switch (call.Method)
        {
            case "GET":
                return Show(tokens.Find(text));
            case "PATCH":
                var seconds = call.Body["timeout"]?.ToJsonString().Trim('"') ?? "";
                return Show(tokens.Prolong(text, int.TryParse(seconds, CultureInfo.InvariantCulture, out var number) ? number : 0));
            case "DELETE":
                tokens.Release(text);
                return null;
            default:
                throw ObjectKind.NotServed();
        }
    }

    private void Authorize(HttpRequest request)
    {
        var token = request.Headers["X-F5-Auth-Token"].ToString();
        if (token != "")
        {
            if (tokens.Complaint(token) is { } complaint)
                throw new RefusedException(401, complaint);
            return;
        }
        if (request.Headers.Authorization.ToString() is ['B', 'a', 's', 'i', 'c', ' ', .. var encoded]
            && Encoding.UTF8.GetString(Convert.FromBase64String(encoded)).Split(':', 2) is [var user, var password]
            && users.GetValueOrDefault(user) == password)
        {
            return;
        }
        throw new RefusedException(
            401,
            $"Authorization failed: no user authentication header or token detected. Uri:http://localhost:8100{request.Path} Referrer:{request.Host} Sender:{request.Host}");
    }

    private JsonObject? OfTransaction(ApiCall call, string[] rest)
    {
        switch (call.Method, rest)
        {
            case ("POST", []):
                return transactions.Begin();
            case ("GET", [var id]):
                return transactions.Show(id);
            case ("GET", [var id, "commands"]):
                return transactions.Commands(id);
            case ("PATCH", [var id]):
                (configuration, var answer) = transactions.Commit(id, api, configuration, call.Body);
                return answer;
            case ("DELETE", [var id]):
                transactions.Drop(id);
                return null;
            default:
                throw ObjectKind.NotServed();
        }
    }

    private JsonObject Sync(JsonObject body)
    {
        var words = ((string?)body["utilCmdArgs"] ?? "").Split(' ');
        if ((string?)body["command"] != "run" || words is not ["config-sync", "to-group", var group])
            throw ObjectKind.NotServed();
        if (!groups.Contains(group))
            throw RefusedException.Absent("device group", $"/Common/{group}");
        peer = configuration;
        return new() { ["kind"] = "tm:cm:runstate", ["command"] = "run", ["utilCmdArgs"] = (string?)body["utilCmdArgs"] };
    }

    private JsonObject ShowSync()
    {
        var inSync = groups.Count == 0 || api.Lines(peer).SequenceEqual(api.Lines(configuration));
        static JsonObject Described(string text) => new() { ["description"] = text };
        return new()
        {
            ["kind"] = "tm:cm:sync-status:sync-statusstats",
            ["entries"] = new JsonObject
            {
                ["https://localhost/mgmt/tm/cm/sync-status/0"] = new JsonObject
                {
                    ["nestedStats"] = new JsonObject
                    {
                        ["entries"] = new JsonObject
                        {
                            ["color"] = Described(inSync ? "green" : "yellow"),
                            ["status"] = Described(groups.Count == 0 ? "Standalone" : inSync ? "In Sync" : "Changes Pending"),
                        },
                    },
                },
            },
        };
    }

    private static JsonObject Show(LoginToken token)
    {
        var start = (token.Start - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
        return new()
        {
            ["token"] = token.Text,
            ["name"] = token.Text,
            ["userName"] = token.User,
            ["authProviderName"] = token.Provider,
            ["user"] = new JsonObject { ["link"] = $"https://localhost/mgmt/shared/authz/users/{token.User}" },
            ["timeout"] = token.Timeout,
            ["startTime"] = token.Start.ToString("O", CultureInfo.InvariantCulture),
            ["address"] = "127.0.0.1",
            ["partition"] = "[All]",
            ["generation"] = 1,
            ["lastUpdateMicros"] = start,
            ["expirationMicros"] = start + (token.Timeout * 1_000_000L),
            ["kind"] = "shared:authz:tokens:authtokenitemstate",
            ["selfLink"] = $"https://localhost/mgmt/shared/authz/tokens/{token.Text}",
        };
    }

    private static JsonObject Envelope(RefusedException refusal)
    {
        var envelope = new JsonObject { ["code"] = refusal.Status, ["message"] = refusal.Message };
        if (refusal.Status == 401)
        {
            envelope["referer"] = "127.0.0.1";
            envelope["restOperationId"] = 1;
            envelope["kind"] = ":resterrorresponse";
            return envelope;
        }
        envelope["errorStack"] = new JsonArray();
        if (refusal.ApiError is { } number)
            envelope["apiError"] = number;
        return envelope;
    }
}
