using System.Globalization;
using System.Text.Json.Nodes;

namespace Interlook.Simulators.BigIp;

/// <summary>Transactions: queued, run in order at the commit, all or nothing. Not safe for concurrent use: the appliance's lock guards it.</summary>
internal sealed class TransactionLog(TimeProvider time)
{
    private readonly Dictionary<long, QueuedTransaction> open = [];
    private long last = 1600000000;

    /// <summary>How long a transaction waits for its commit.</summary>
    internal TimeSpan Patience { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How many wait.</summary>
    internal int Count
    {
        get
        {
            Bury();
            return open.Count;
        }
    }

    internal JsonObject Begin()
    {
        Bury();
        var transaction = new QueuedTransaction(++last, time.GetUtcNow(), []);
        open.Add(transaction.Id, transaction);
        return Show(transaction, "STARTED");
    }

    internal JsonObject Queue(string id, ApiCall call)
    {
        var found = Find(id);
        if (call.Path is ["tm", "transaction", ..])
            throw new RefusedException(400, $"Transaction {id} operation .. is not allowed to be added to transaction.");
        open[found.Id] = found with { Commands = found.Commands.Add(call) };
        return Show(found.Id, found.Commands.Length + 1, call);
    }

    internal JsonObject Show(string id) => Show(Find(id), "STARTED");

    internal JsonObject Commands(string id)
    {
        var found = Find(id);
        var answer = new JsonObject
        {
            ["kind"] = "tm:transaction:commands:commandscollectionstate",
            ["selfLink"] = ObjectKind.Link($"transaction/{id}/commands"),
        };
        if (found.Commands.Length > 0)
            answer["items"] = new JsonArray([.. found.Commands.Select((call, i) => Show(found.Id, i + 1, call))]);
        return answer;
    }

    internal void Drop(string id) => open.Remove(Find(id).Id);

    /// <summary>Runs what was queued.</summary>
    internal (Configuration Configuration, JsonObject Answer) Commit(string id, ConfigurationApi api, Configuration configuration, JsonObject body)
    {
        var found = Find(id);
        if ((string?)body["state"] != "VALIDATING")
            throw new RefusedException(400, "\"state\" must be VALIDATING");
        var onlyValidates = (bool?)body["validateOnly"] == true;
        if (found.Commands.Length == 0)
            throw new RefusedException(400, "there is no command to commit in the transaction");
        if (!onlyValidates)
            open.Remove(found.Id);
        var next = configuration;
        foreach (var command in found.Commands)
            next = Run(api, next, command);
        return onlyValidates ? (configuration, Show(found, "STARTED")) : (next, Show(found, "COMPLETED"));
    }

    internal void Forget() => open.Clear();

    private static Configuration Run(ConfigurationApi api, Configuration configuration, ApiCall command)
    {
        try
        {
            if ((string?)command.Body["command"] == "publish" || command.Body["createDraft"] is not null || command.Query.ContainsKey("options"))
                throw new RefusedException(400, "01071abc:3: Drafts are not made or published in a transaction.", 3);
            return api.Do(configuration, command).Configuration;
        }
        catch (RefusedException refusal)
        {
            throw new RefusedException(refusal.Status, $"transaction failed:{refusal.Message}", refusal.ApiError);
        }
    }

    private QueuedTransaction Find(string id)
    {
        Bury();
        return long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && open.TryGetValue(number, out var found)
            ? found
            : throw new RefusedException(404, $"Transaction {id} was not found");
    }

    private void Bury()
    {
        foreach (var late in open.Values.Where(each => each.Start + Patience <= time.GetUtcNow()).ToList())
            open.Remove(late.Id);
    }

    private JsonObject Show(QueuedTransaction transaction, string state) => new()
    {
        ["transId"] = transaction.Id,
        ["state"] = state,
        ["timeoutSeconds"] = (int)Patience.TotalSeconds,
        ["asyncExecution"] = false,
        ["validateOnly"] = false,
        ["executionTimeout"] = 300,
        ["executionTime"] = 0,
        ["failureReason"] = "",
        ["kind"] = "tm:transactionstate",
        ["selfLink"] = ObjectKind.Link($"transaction/{transaction.Id}"),
    };

    private static JsonObject Show(long id, int number, ApiCall call) => new()
    {
        ["kind"] = "tm:transaction:commandsstate",
        ["commandId"] = number,
        ["evalOrder"] = number,
        ["method"] = call.Method,
        ["uri"] = $"https://localhost/mgmt/{string.Join('/', call.Path)}",
        ["body"] = call.Body.DeepClone(),
        ["selfLink"] = ObjectKind.Link(string.Create(CultureInfo.InvariantCulture, $"transaction/{id}/commands/{number}")),
    };
}
