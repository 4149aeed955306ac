using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Interlook.Extensions.Tests.Consul;

/// <summary>
/// A catalog behind a <see cref="FakeConsul"/> that answers blocking queries as Consul does, and can be told what a healthy Consul never shows:
/// an index that falls, no leader, an answer that the ACLs filtered.
/// </summary>
internal sealed class FakeCatalog : IAsyncDisposable
{
    private readonly Lock gate = new();
    private readonly SortedDictionary<string, JsonArray> services = new(StringComparer.Ordinal);
    private TaskCompletionSource changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ulong index = 10;
    private int waiting;
    private int mostWaiting;
    private Func<HttpContext, bool>? fault;

    private FakeCatalog(FakeConsul consul)
    {
        Consul = consul;
        consul.Fault = AnswerAsync;
    }

    internal FakeConsul Consul { get; }

    /// <summary>The most queries that waited at once so far.</summary>
    internal int MostWaiting => Locked(() => mostWaiting);

    /// <summary>How many queries wait now.</summary>
    internal int Waiting => Locked(() => waiting);

    internal static async Task<FakeCatalog> StartAsync() => new(await FakeConsul.StartAsync());

    public ValueTask DisposeAsync() => Consul.DisposeAsync();

    /// <summary>Answers a call itself when it returns true; may add headers to the others. Wakes all that waits.</summary>
    internal void Break(Func<HttpContext, bool>? how) => Change(() => fault = how);

    /// <summary>Places a service with one passing instance for each list of tags, and wakes all that waits.</summary>
    internal void Put(string service, params string[][] instances) => Change(() =>
        services[service] = new JsonArray([.. instances.Select((tags, i) => (JsonNode)Instance($"{service}-{i}", service, tags))]));

    /// <summary>Removes services, and wakes all that waits.</summary>
    internal void Remove(params string[] names) => Change(() =>
    {
        foreach (var name in names)
            services.Remove(name);
    });

    /// <summary>Sets the index, also backwards, and wakes all that waits.</summary>
    internal void SetIndex(ulong number) => Change(() => index = number - 1);

    private static JsonObject Instance(string id, string service, string[] tags) => new()
    {
        ["Node"] = new JsonObject { ["Node"] = "worker", ["Address"] = "10.0.0.1" },
        ["Service"] = new JsonObject
        {
            ["ID"] = id,
            ["Service"] = service,
            ["Port"] = 8080,
            ["Tags"] = new JsonArray([.. tags.Select(tag => (JsonNode)tag)]),
        },
        ["Checks"] = new JsonArray(),
    };

    private async Task<bool> AnswerAsync(HttpContext call)
    {
        var asked = ulong.Parse(call.Request.Query["index"].FirstOrDefault() ?? "0", CultureInfo.InvariantCulture);
        var wait = double.Parse(call.Request.Query["wait"].FirstOrDefault()?.Replace("ms", "", StringComparison.Ordinal) ?? "300000", CultureInfo.InvariantCulture);
        for (var isLate = false; ;)
        {
            Task next;
            lock (gate)
            {
                if (fault is not null && fault(call))
                    return true;
                if (asked < index || asked == 0 || asked > index || isLate)
                    break;
                next = changed.Task;
                mostWaiting = Math.Max(mostWaiting, ++waiting);
            }
            try
            {
                await next.WaitAsync(TimeSpan.FromMilliseconds(wait), TimeProvider.System, call.RequestAborted);
            }
            catch (TimeoutException)
            {
                isLate = true;
            }
            catch (OperationCanceledException) when (call.RequestAborted.IsCancellationRequested)
            {
                return true;
            }
            finally
            {
                lock (gate)
                    waiting--;
            }
        }
        string text;
        lock (gate)
        {
            call.Response.Headers["X-Consul-Index"] = index.ToString(CultureInfo.InvariantCulture);
            text = Text(call.Request.Path.Value!).ToJsonString();
        }
        await call.Response.WriteAsync(text);
        return true;
    }

    private JsonNode Text(string path)
    {
        if (path != "/v1/catalog/services")
            return services.GetValueOrDefault(path.Split('/')[^1])?.DeepClone() ?? new JsonArray();
        var list = new JsonObject();
        foreach (var (name, instances) in services)
            list[name] = new JsonArray([.. instances.SelectMany(one => one!["Service"]!["Tags"]!.AsArray()).Select(tag => (JsonNode)(string)tag!)]);
        return list;
    }

    private void Change(Action change)
    {
        TaskCompletionSource before;
        lock (gate)
        {
            change();
            index++;
            before = changed;
            changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
        before.SetResult();
    }

    private T Locked<T>(Func<T> read)
    {
        lock (gate)
            return read();
    }
}
