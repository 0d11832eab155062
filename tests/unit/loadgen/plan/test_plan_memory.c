/* Every allocation of reading a scenario is refused in turn. Each time reading fails with a reason, and
 * nothing crashes or leaks; LeakSanitizer looks at the end. */
#include "cm.h"
#include "scratch.h"

#include "short_memory.h"

#include "err.h"
#include "plan.h"
#include "scenario.h"

static const char text[] =
    "name: all\n"
    "target: https://example.org/base\n"
    "host: other.org\n"
    "resolve: [ \"example.org:443:[::1]\", \"example.org:444:127.0.0.1\" ]\n"
    "connect_to: a:1:b:2\n"
    "bind: [ 127.0.0.1, 127.0.0.2 ]\n"
    "name_server: 127.0.0.1:5353\n"
    "tls: { ca: ca.pem, cert: /c.pem, key: k.pem, server_name: n, min_version: 1.3 }\n"
    "streams:\n"
    "  - name: open\n"
    "    cluster: c\n"
    "    feed: f.csv\n"
    "    mix: weighted\n"
    "    requests: [ { path: '/{csv:id}/{counter}', headers: { A: '{random}' }, weight: 2 },\n"
    "                { method: POST, path: '/{uuid}', body: 'x{counter}', basic_auth: 'user:secret' } ]\n"
    "    expect: { status: [ 200 ], body: 'a {csv:id}', headers: { server: x, etag: } }\n"
    "    phases: [ { name: warm, warmup: true, duration: 1s, rate: 10/s }, { duration: 2s, rate: 10/s, "
    "ramp_to: 20/s }, { pause: 1s "
    "} ]\n"
    "  - name: closed\n"
    "    cluster: d\n"
    "    users: 3\n"
    "    request: { method: POST, path: /x, body_file: b.bin }\n"
    "    phases: [ { requests: 10 } ]\n"
    "thresholds: [ 'p99 < 1s', { that: 'c.errors < 1%', abort: true }, 'closed.rate > 5/s' ]\n";

static int read_short(uint64_t k, bool stays, struct plan *plan, struct err *e, uint64_t *n)
{
    static const struct scenario_overrides none = { 0 };
    char path[256];
    snprintf(path, sizeof path, "%s", scratch_path("s.yaml"));
    *e = (struct err){ 0 };
    short_memory_arm(k, stays);
    const int status = scenario_parse(plan, path, text, sizeof text - 1, &none, e);
    *n = short_memory_disarm();
    return status;
}

static void a_plan_is_whole_or_reading_it_fails(void **state)
{
    struct plan plan;
    struct err e;
    uint64_t n_all, n;
    (void)state;
    scratch_write("f.csv", "id,name\n7,x\n8,\"a, b\"\n", 21);
    scratch_write("b.bin", "body", 4);
    if (read_short(0, false, &plan, &e, &n_all))
        fail_msg("%s", e.text);
    plan_fini(&plan);
    assert_true(n_all > 50);
    for (int stays = 0; stays <= 1; stays++)
        for (uint64_t k = 1; k <= n_all; k++) {
            if (read_short(k, stays, &plan, &e, &n) == 0)
                fail_msg("allocation %d of %d was refused, and nobody said so", (int)k, (int)n_all);
            plan_fini(&plan);
            if (e.kind != ERR_FAILED && !strstr(e.text, "emory"))
                fail_msg("allocation %d: %s", (int)k, e.text);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_plan_is_whole_or_reading_it_fails),
    };
    return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
