using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Interlook.Simulators.Kemp;

/// <summary>A Kemp LoadMaster with both of its interfaces: <c>/access/COMMAND</c> with XML, and <c>/accessv2</c> with JSON.</summary>
public sealed class LoadMaster : IAppliance
{
    private static readonly HashSet<string> Reads = ["listvs", "showvs", "showrs", "get", "listapikeys"];

    private readonly Lock gate = new();
    private readonly FloodGuard flood;
    private readonly ServiceTable table;
    private readonly ConcurrentQueue<string> commands = new();
    private int bootingCalls;

    /// <param name="time">Its clock; null is the machine's.</param>
    public LoadMaster(TimeProvider? time = null)
    {
        var clock = time ?? TimeProvider.System;
        flood = new(clock);
        table = new(this, clock);
    }

    /// <summary>Users and their passwords. <c>bal</c> is the superuser.</summary>
    public Dictionary<string, string> Users { get; } = new() { ["bal"] = "1fourall", ["api"] = "apiPassw0rd" };

    /// <summary>Users who may read only.</summary>
    public HashSet<string> Readers { get; } = [];

    /// <summary>API keys, and whose they are.</summary>
    public Dictionary<string, string> ApiKeys { get; } = [];

    /// <summary>Host names that the appliance can resolve.</summary>
    public Dictionary<string, string> Names { get; } = [];

    /// <summary>False: the interfaces are switched off, as they are at first and after licensing.</summary>
    public bool IsEnabled { get; set; } = true;

    /// <summary>True while it starts.</summary>
    public bool IsBooting { get; set; }

    /// <summary>How many calls find it booting after a restart.</summary>
    public int CallsWhileBooting { get; set; }

    /// <summary>True when users may prove themselves with a client certificate, named by its common name.</summary>
    public bool HasSessionManagement { get; set; } = true;

    /// <summary>The global option <c>nonlocalrs</c>.</summary>
    public bool NonLocalServers { get; set; } = true;

    /// <summary>True drops the 31st call within 3 seconds.</summary>
    public bool HasFloodGuard { get; set; } = true;

    /// <summary>How long a new service stays hidden from commands.</summary>
    public TimeSpan VisibilityDelay { get; set; }

    /// <summary>How much of a nickname it keeps. Whether the real thing cuts them is not known.</summary>
    public int LongestNickname { get; set; } = int.MaxValue;

    /// <summary>True when a list of services names their real servers too. What the real thing does was not recorded with any.</summary>
    public bool ListsRealServers { get; set; } = true;

    /// <summary>True when failures of the second interface come with HTTP status 200.</summary>
    public bool HidesJsonFailures { get; set; }

    /// <summary>The status of a command that does not exist; 405 and 422 were both seen.</summary>
    public int UnknownCommandStatus { get; set; } = 405;

    /// <summary>The text when a service stands at that address already; the real words are not proven.</summary>
    public string ServiceExistsText { get; set; } = "Virtual Service already exists";

    /// <summary>The text when a service has that real server already; the real words are not proven.</summary>
    public string ServerExistsText { get; set; } = "Real Server already exists";

    /// <summary>How long until a new real server is checked for the first time.</summary>
    public TimeSpan CheckInterval { get; set; } = TimeSpan.FromSeconds(9);

    /// <summary>Whether a real server answers the check, by address and port.</summary>
    public Func<string, int, bool> ServerAnswers { get; set; } = (_, _) => true;

    /// <summary>Every command that reached the table, with its parameters but without credentials, in order.</summary>
    public IReadOnlyCollection<string> Commands => commands;

    /// <summary>How many calls the flood guard dropped.</summary>
    public int Dropped { get; private set; }

    /// <summary>Forgets the commands so far.</summary>
    public void ForgetCommands() => commands.Clear();

    /// <summary>Whether a command changes nothing.</summary>
    public static bool IsRead(string command) => Reads.Contains(command.Split(' ')[0]);

    /// <summary>Runs a command by an administrator's hand: no credentials, no flood guard, not among <see cref="Commands"/>.</summary>
    /// <param name="command">Its name.</param>
    /// <param name="parameters">Its parameters.</param>
    /// <returns>The answer of the first interface.</returns>
    public string Run(string command, params IEnumerable<(string Name, string Value)> parameters) =>
        Encoding.Latin1.GetString(Perform(command, new(parameters.Select(each => KeyValuePair.Create(each.Name, each.Value)))).ToXml());

    /// <inheritdoc/>
    public void Restart()
    {
        flood.Forget();
        Volatile.Write(ref bootingCalls, CallsWhileBooting);
    }

    /// <inheritdoc/>
    public async Task AnswerAsync(HttpContext exchange)
    {
        if (HasFloodGuard && !flood.Admit())
        {
            Dropped++;
            exchange.Abort();
            return;
        }
        if (IsBooting || Interlocked.Decrement(ref bootingCalls) >= 0)
            await SayAsync(exchange, 503, "text/html", "<html><body>Service Unavailable</body></html>"u8.ToArray());
        else if (!IsEnabled)
            await SayAsync(exchange, 404, "text/html", "<html><body>404 Not Found</body></html>"u8.ToArray());
        else if (exchange.Request.Path.StartsWithSegments("/accessv2"))
            await AnswerJsonAsync(exchange);
        else if (exchange.Request.Path.StartsWithSegments("/access", out var rest) && rest.HasValue)
            await AnswerXmlAsync(exchange, rest.Value![1..]);
        else
            await SayAsync(exchange, 404, "text/html", "<html><body>404 Not Found</body></html>"u8.ToArray());
    }

    private async Task AnswerXmlAsync(HttpContext exchange, string command)
    {
        var written = exchange.Request.Query.Select(each => KeyValuePair.Create(each.Key, each.Value.ToString()));
        if (exchange.Request.HasFormContentType)
            written = written.Concat((await exchange.Request.ReadFormAsync()).Select(each => KeyValuePair.Create(each.Key, each.Value.ToString())));
        var parameters = new Parameters(written);
        if (Who(exchange, parameters) is not { } user)
        {
            exchange.Response.Headers.WWWAuthenticate = "Basic realm=\"LoadMaster\"";
            await SayAsync(exchange, 401, "text/html", "<html><head><title>401 Unauthorized</title></head><body>Unauthorized<br></body></html>"u8.ToArray());
            return;
        }
        var reply = Answer(command, parameters, user, Note(command, written));
        await SayAsync(exchange, reply.Status, "text/xml", reply.ToXml());
    }

    private async Task AnswerJsonAsync(HttpContext exchange)
    {
        if (!HttpMethods.IsPost(exchange.Request.Method))
        {
            await SayAsync(exchange, 405, "text/html", "<html><body>Method Not Allowed</body></html>"u8.ToArray());
            return;
        }
        var written = await ReadJsonAsync(exchange);
        var parameters = new Parameters(written);
        var user = parameters.Find("apikey") is { } key
            ? ApiKeys.GetValueOrDefault(key)
            : IsUser(parameters.Find("apiuser"), parameters.Find("apipass")) ? parameters.Find("apiuser") : null;
        var command = parameters.Find("cmd") ?? "";
        var reply = user is null ? new Reply(401, "Unauthorized", []) : Answer(command, parameters, user, Note(command, written));
        await SayAsync(exchange, HidesJsonFailures && reply.Status == 422 ? 200 : reply.Status, "application/json", reply.ToJson());
    }

    private static async Task<List<KeyValuePair<string, string>>> ReadJsonAsync(HttpContext exchange)
    {
        using var body = await JsonDocument.ParseAsync(exchange.Request.Body);
        return
        [
            .. body.RootElement.EnumerateObject().Select(each => KeyValuePair.Create(
                each.Name, each.Value.ValueKind switch { JsonValueKind.True => "Y", JsonValueKind.False => "N", _ => each.Value.ToString() })),
        ];
    }

    private static string Note(string command, IEnumerable<KeyValuePair<string, string>> written) => string.Join(
        ' ',
        written.Where(each => each.Key is not ("cmd" or "apikey" or "apiuser" or "apipass")).Select(each => $"{each.Key}={each.Value}").Prepend(command));

    private Reply Answer(string command, Parameters parameters, string user, string note)
    {
        commands.Enqueue(note);
        return Readers.Contains(user) && !Reads.Contains(command) ? new Reply(403, "Permission denied", []) : Perform(command, parameters);
    }

    private Reply Perform(string command, Parameters parameters)
    {
        lock (gate)
        {
            try
            {
                return command == "get" ? Get(parameters) : table.Run(command, parameters) ?? new Reply(UnknownCommandStatus, $"Unknown command {command}", []);
            }
            catch (Refusal refusal)
            {
                return Reply.Of(refusal);
            }
        }
    }

    private Reply Get(Parameters parameters) => parameters.Require("param") switch
    {
        "version" => Reply.With([Element.Of("version", "7.2.54.0.22338.RELEASE")]),
        "nonlocalrs" => Reply.With([Element.Flag("nonlocalrs", NonLocalServers)]),
        var other => throw Refusal.UnknownValue("param", other),
    };

    /// <summary>Who calls the first interface; null when nobody who may.</summary>
    private string? Who(HttpContext exchange, Parameters parameters)
    {
        if (parameters.Find("apikey") is { } key)
            return ApiKeys.GetValueOrDefault(key);
        var header = exchange.Request.Headers.Authorization.ToString();
        if (header.StartsWith("Basic ", StringComparison.Ordinal))
        {
            var parts = Encoding.UTF8.GetString(Convert.FromBase64String(header[6..])).Split(':', 2);
            return IsUser(parts[0], parts[^1]) ? parts[0] : null;
        }
        var certificate = exchange.Features.Get<ITlsConnectionFeature>()?.ClientCertificate?.Subject;
        return HasSessionManagement && certificate?.Split("CN=")[^1] is { } name && name != "bal" && Users.ContainsKey(name) ? name : null;
    }

    private bool IsUser(string? name, string? password) => name is not null && Users.TryGetValue(name, out var known) && known == password;

    private static async Task SayAsync(HttpContext exchange, int status, string type, byte[] body)
    {
        exchange.Response.StatusCode = status;
        exchange.Response.ContentType = type;
        exchange.Response.ContentLength = body.Length;
        await exchange.Response.Body.WriteAsync(body);
    }
}
