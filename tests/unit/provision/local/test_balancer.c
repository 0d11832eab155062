#include "balancer_events.h"
#include "balancer_log.h"
#include "deployment.h"
#include "haproxy.h"
#include "lab_grid.h"

#include "err.h"
#include "files.h"
#include "units.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static void periods_are_as_short_as_150_of_them_allow(void **state)
{
    static const struct {
        uint64_t start_s, end_s;
        unsigned period_s;
        uint64_t first_s;
        size_t n;
    } cases[] = {
        { 1000, 1000, 1, 1000, 1 },
        { 1000, 1149, 1, 1000, 150 },
        { 1000, 1150, 10, 1000, 16 },
        { 1005, 2495, 10, 1000, 150 },
        { 1005, 2500, 60, 960, 26 },
        { 0, 86399, 3600, 0, 24 },
        { 10000, 10000 + 86400 * 30, 3600, 7200, 721 },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct lab_grid g;
        lab_grid_init(&g, cases[i].start_s * NS_PER_S, cases[i].end_s * NS_PER_S);
        assert_int_equal(g.period_s, cases[i].period_s);
        assert_int_equal(g.first_s, cases[i].first_s);
        assert_int_equal(g.n, cases[i].n);
        assert_int_equal(lab_grid_of(&g, cases[i].start_s), (cases[i].start_s - g.first_s) / g.period_s);
        assert_int_equal(lab_grid_of(&g, cases[i].end_s), g.n - 1);
        assert_int_equal(lab_grid_of(&g, cases[i].end_s + g.period_s), g.n);
        assert_int_equal(g.first_s == 0 ? g.n : lab_grid_of(&g, g.first_s - 1), g.n);
    }
}

/* Two clusters, of two instances and of one. */
static void init(struct deployment *d)
{
    static const struct deployment_instance instances[] = {
        { .id = "i-a",
          .cluster = "cluster1",
          .instance_type = "m4.large",
          .address = "127.0.0.1",
          .port = 1001 },
        { .id = "i-b",
          .cluster = "cluster1",
          .instance_type = "m4.large",
          .address = "127.0.0.1",
          .port = 1002 },
        { .id = "i-c",
          .cluster = "cluster2",
          .instance_type = "t2.large",
          .address = "127.0.0.1",
          .port = 1003 },
    };
    struct topology t;
    struct err e;
    if (topology_load(&t, SOURCE_DIR "/provision/topologies/m4x5-t2x4.yaml", TOPOLOGY_RULES_LOCAL, &e))
        fail_msg("%s", e.text);
    t.clusters[0].count = 2;
    t.clusters[1].count = 1;
    assert_int_equal(deployment_init(d, &t, "local", "emulator", 0, &e), 0);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(deployment_add_instance(d, &instances[i], &e), 0);
}

static void write_temporary(char *path, const char *text)
{
    struct err e;
    snprintf(path, 64, "/tmp/test_balancer.XXXXXX");
    close(mkstemp(path));
    assert_int_equal(files_write(path, text, strlen(text), 0600, &e), 0);
}

static void the_access_log_is_counted_by_period_and_cluster(void **state)
{
    char path[64];
    struct deployment d;
    struct balancer_log log;
    struct lab_grid g;
    struct err e;
    (void)state;
    init(&d);
    write_temporary(path, HAPROXY_LOG_HEADER "\n"
                                             "999999,cluster1,i-a,200,--,1,1,1,1,GET,\"/before\"\n"
                                             "1000500,cluster1,i-a,200,--,2,1500,100,50,GET,\"/cluster1\"\n"
                                             "1000600,cluster1,i-b,200,--,3,-,100,50,GET,\"/a,b\"\n"
                                             "1001000,cluster2,i-c,503,--,7,7000,10,5,GET,\"/cluster2\"\n"
                                             "1001100,cluster2,i-c,503,SC,-1,-,10,5,GET,\"/cluster2\"\n"
                                             "1001200,cluster2,i-c,502,SH,-1,-,10,5,GET,\"/cluster2\"\n"
                                             "1001300,balancer,<NOSRV>,400,PR,-1,-,10,5,GET,\"/\"\n"
                                             "127.0.0.1:5 [29/Nov/2026:11:43:21.298] balancer/1: SSL "
                                             "handshake failure\n"
                                             "1002050,cluster1,i-a,404,--,0,4,100,50,GET,\"/late\"\n"
                                             "1002200,cluster1,i-a,200,--,1,1,1,1,GET,\"/after\"\n");
    lab_grid_init(&g, 1000000 * NS_PER_MS, 1001999 * NS_PER_MS);
    if (balancer_log_read(&log, path, &d, &g, &e))
        fail_msg("%s", e.text);
    const struct balancer_tally *first = balancer_log_at(&log, 0, 0);
    assert_int_equal(first->requests_n, 2);
    assert_int_equal(first->target_n[2], 2);
    assert_int_equal(first->bytes, 300);
    assert_int_equal(first->timed_n, 2);
    assert_int_equal(first->time_sum_ns, 1500 * NS_PER_US + 3 * NS_PER_MS);
    const struct balancer_tally *second = balancer_log_at(&log, 1, 1);
    assert_int_equal(second->requests_n, 3);
    assert_int_equal(second->target_n[5], 1);
    assert_int_equal(second->balancer_n[5], 2);
    assert_int_equal(second->connection_errors_n, 1);
    assert_int_equal(balancer_log_at(&log, 1, 2)->balancer_n[4], 1);
    assert_int_equal(balancer_log_at(&log, 1, 0)->target_n[4], 1);
    balancer_log_fini(&log);
    unlink(path);
    deployment_fini(&d);
}

static void a_broken_access_log_is_refused_with_its_place(void **state)
{
    static const struct {
        const char *text;
        const char *message;
    } cases[] = {
        { "", "a header row was expected" },
        { "a,b\n", "has no column 'done_unix_ms'" },
        { HAPROXY_LOG_HEADER "\n1,2\n", ":2: the row has 2 cells where the header has 11" },
        { HAPROXY_LOG_HEADER "\nx,cluster1,i-a,200,--,1,1,1,1,GET,\"/\"\n",
          "column 'done_unix_ms' must hold a whole number" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char path[64];
        struct deployment d;
        struct balancer_log log;
        struct lab_grid g;
        struct err e;
        init(&d);
        write_temporary(path, cases[i].text);
        lab_grid_init(&g, 0, NS_PER_S);
        assert_int_equal(balancer_log_read(&log, path, &d, &g, &e), -1);
        if (!strstr(e.text, cases[i].message) || !strstr(e.text, path))
            fail_msg("%s", e.text);
        balancer_log_fini(&log);
        unlink(path);
        deployment_fini(&d);
    }
}

static void event_lines_are_read_in_their_own_time_zone(void **state)
{
    static const struct {
        const char *line;
        bool right;
        uint64_t unix_ms;
        bool up;
    } cases[] = {
        { "1970-01-01T00:01:00.250999+00:00 Server cluster1/i-a is DOWN, reason: Layer4", true, 60250,
          false },
        { "1970-01-01T02:01:00.000000+02:00 Server cluster1/i-a is UP, reason: Layer7", true, 60000, true },
        { "1970-01-01T00:01:00.000000-00:30 Server cluster1/i-a is UP.", true, 1860000, true },
        { "1970-01-01T00:01:00.250999+00:00 backend cluster1 has no server available!", false, 0, false },
        { "[WARNING]  (6834) : Server cluster1/i-a is DOWN, reason: Layer4", false, 0, false },
        { "1970-01-01T00:01:00.250999+00:00 Server cluster1/i-a is MAINT", false, 0, false },
        { "", false, 0, false },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        uint64_t unix_ms;
        char instance[64];
        bool up;
        assert_int_equal(balancer_events_parse(cases[i].line, &unix_ms, instance, &up), cases[i].right);
        if (!cases[i].right)
            continue;
        assert_int_equal(unix_ms, cases[i].unix_ms);
        assert_string_equal(instance, "i-a");
        assert_int_equal(up, cases[i].up);
    }
}

static void healthy_targets_are_averaged_over_time(void **state)
{
    char path[64];
    struct deployment d;
    struct lab_grid g;
    struct balancer_health health[3 * 2];
    struct err e;
    (void)state;
    init(&d);
    write_temporary(path, "[NOTICE] haproxy version is 2.6\n"
                          "1970-01-01T00:00:11.250000+00:00 Server cluster1/i-b is DOWN, reason: x\n"
                          "1970-01-01T00:00:11.300000+00:00 Server cluster1/i-unknown is DOWN, reason: x\n"
                          "1970-01-01T00:00:12.500000+00:00 Server cluster1/i-b is UP, reason: x\n");
    lab_grid_init(&g, 10 * NS_PER_S, 12 * NS_PER_S);
    if (balancer_events_read(path, &d, &g, health, &e))
        fail_msg("%s", e.text);
    static const double means[] = { 2, 1.25, 1.5 };
    static const unsigned least[] = { 2, 1, 1 };
    for (size_t p = 0; p < 3; p++) {
        assert_true(health[p * 2].mean > means[p] - 1e-9 && health[p * 2].mean < means[p] + 1e-9);
        assert_int_equal(health[p * 2].least, least[p]);
        assert_true(health[p * 2 + 1].mean > 1 - 1e-9 && health[p * 2 + 1].mean < 1 + 1e-9);
    }
    unlink(path);
    deployment_fini(&d);
}

static void assert_holds(const char *text, const char *part)
{
    if (!strstr(text, part))
        fail_msg("\"%s\" is not in\n%s", part, text);
}

static void the_configuration_has_the_rules_of_the_topology(void **state)
{
    struct deployment d;
    char *text;
    size_t length;
    FILE *out = open_memstream(&text, &length);
    (void)state;
    init(&d);
    assert_non_null(out);
    d.listener.defaults[1].weight = 3;
    const struct haproxy_plan plan = { .deployment = &d,
                                       .listen_fd = 5,
                                       .most_connections = 77,
                                       .socket_path = "/tmp/s",
                                       .states_path = "/tmp/t" };
    haproxy_write_config(&plan, out);
    fclose(out);
    assert_holds(text, "\n  bind fd@5\n");
    assert_holds(text, "\n  use_backend cluster1 if { path /cluster1 } || { path_beg /cluster1/ }\n"
                       "  use_backend cluster2 if { path /cluster2 } || { path_beg /cluster2/ }\n"
                       "  use_backend cluster1 if { rand(4) lt 1 }\n"
                       "  default_backend cluster2\n");
    assert_holds(text, "\n  http-check send meth GET uri / ver");
    assert_holds(text, "\n  http-check expect status 200\n");
    assert_holds(text, "\n  balance roundrobin\n");
    assert_holds(text, "\n  server i-a 127.0.0.1:1001\n  server i-b 127.0.0.1:1002\nbackend cluster2\n");
    assert_holds(text, " X-Forwarded-Proto http\n");
    free(text);
    deployment_fini(&d);
}

static void with_a_certificate_the_balancer_speaks_https(void **state)
{
    struct deployment d;
    char *text;
    size_t length;
    FILE *out = open_memstream(&text, &length);
    (void)state;
    init(&d);
    assert_non_null(out);
    const struct haproxy_plan plan = { .deployment = &d,
                                       .listen_fd = 5,
                                       .socket_path = "/tmp/a b/s",
                                       .states_path = "/tmp/$x",
                                       .certificate_path = "/tmp/\"c.pem" };
    haproxy_write_config(&plan, out);
    d.listener.is_http2 = false;
    haproxy_write_config(&plan, out);
    fclose(out);
    assert_holds(text, "\n  bind fd@5 ssl crt /tmp/\\x22c.pem ssl-min-ver TLSv1.2 alpn http/1.1\n");
    assert_holds(text, "\n  bind fd@5 ssl crt /tmp/\\x22c.pem ssl-min-ver TLSv1.2 alpn h2,http/1.1\n");
    assert_holds(text, "\n  stats socket unix@/tmp/a\\x20b/s mode");
    assert_holds(text, "\n  server-state-file /tmp/\\x24x\n");
    assert_holds(text, " X-Forwarded-Proto https\n");
    free(text);
    deployment_fini(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(periods_are_as_short_as_150_of_them_allow),
        cmocka_unit_test(the_access_log_is_counted_by_period_and_cluster),
        cmocka_unit_test(a_broken_access_log_is_refused_with_its_place),
        cmocka_unit_test(event_lines_are_read_in_their_own_time_zone),
        cmocka_unit_test(healthy_targets_are_averaged_over_time),
        cmocka_unit_test(the_configuration_has_the_rules_of_the_topology),
        cmocka_unit_test(with_a_certificate_the_balancer_speaks_https),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
