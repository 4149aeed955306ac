using Xunit;

namespace Interlook.Dashboard.Tests;

/// <summary>The modules that draw nothing, run in the browser by themselves.</summary>
public sealed class ModuleTests(Chromium chromium)
{
    [Fact]
    public Task Durations_are_words() => Same("time.js", """
        m => [0, 7, 999, 1500, 12000, 59999, 60000, 3599999, 3600000, 172799999, 172800000].map(m.duration).concat([m.age(5000, 5200), m.age(0, 61000), m.ago(9000, 1000)])
        """, "< 1 ms", "7 ms", "999 ms", "1.5 s", "12 s", "59 s", "1 min", "59 min", "1 h", "47 h", "2 d", "now", "1 min", "just now");

    [Fact]
    public Task Names_are_in_the_order_that_people_count_in() => Same("catalogue.js", """
        m => {
          const c = new m.Catalogue();
          const s = (state) => ({ state, expected_state: 'deployed', work_in_progress: false, workflow: 'default', service: { name: 'x', provider: 'p', targets: [], tls: false, dns_name: [] } });
          c.take({ 'web-10': s('deployed'), 'web-9': s('deployed'), 'Alpha': s('lb'), '__proto__x': s('deployed') });
          c.take(JSON.parse('{"web-2":' + JSON.stringify(s('deployed')) + ',"__proto__":' + JSON.stringify(s('lb')) + ',"web-9":null}'));
          const byName = c.ordered().map(r => r.name);
          c.sortBy('status');
          return [...byName, '|', ...c.ordered().map(r => r.name)];
        }
        """, "__proto__", "__proto__x", "Alpha", "web-2", "web-10", "|", "__proto__", "Alpha", "__proto__x", "web-2", "web-10");

    [Fact]
    public Task What_is_told_anew_replaces_what_was_known_at_its_end_and_not_before() => Same("catalogue.js", """
        m => {
          const c = new m.Catalogue();
          const s = { state: 'deployed', expected_state: 'deployed', work_in_progress: false, workflow: 'default', service: { name: 'x', provider: 'p', targets: [], tls: false, dns_name: [] } };
          c.reset(); c.take({ a: s, b: s }); c.ready();
          c.reset(); c.take({ b: s, c: s });
          const during = c.ordered().map(r => r.name);
          c.ready();
          return [...during, '|', ...c.ordered().map(r => r.name)];
        }
        """, "a", "b", "c", "|", "b", "c");

    [Fact]
    public Task Merging_gives_what_sorting_gives() => Same("catalogue.js", """
        m => {
          let seed = 7;
          const random = (n) => (seed = (seed * 1103515245 + 12345) % 2147483648) % n;
          const order = (a, b) => a.v - b.v;
          const wrong = [];
          for (let round = 0; round < 500; round++) {
            const make = () => Array.from({ length: random(12) }, () => ({ v: random(20) })).sort(order);
            const [left, right] = [make(), make()];
            const got = m.merge(left, right, order).map(e => e.v).join();
            const wanted = [...left, ...right].sort(order).map(e => e.v).join();
            if (got !== wanted) wrong.push(`${got} is not ${wanted}`);
          }
          return wrong;
        }
        """);

    [Fact]
    public Task A_state_says_what_wants_attention() => Same("service.js", """
        m => [
          { state: 'deployed', expected_state: 'deployed' }, { state: 'deployed', expected_state: 'undeployed' },
          { state: 'undeployed', expected_state: 'undeployed' }, { state: 'lb.a', expected_state: 'deployed' },
          { state: 'lb.a', expected_state: 'deployed', work_in_progress: true }, { state: 'lb.a', expected_state: 'deployed', work_in_progress: true, error: '' },
        ].map(m.statusOf)
        """, "deployed", "waiting", "undeployed", "waiting", "working", "failed");

    private async Task Same(string module, string script, params string[] expected)
    {
        await using var site = await Site.StartAsync();
        await using var page = await OpenPage.OpenAsync(chromium, site.Url);

        var got = await page.Page.EvaluateAsync<string[]>($"async () => ({script})(await import('/page/{module}'))");

        Assert.Equal(expected, got);
        await page.NothingWentWrongAsync();
    }
}
