#include "err.h"
#include "loadgen_commands.h"
#include "plan.h"
#include "run_options.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

enum { ARGS_MOST = 24 };

/* Runs `words`, split at '|', through options and plan; returns the plan's status with the sentence in `e`.
 */
static int plan_of(const char *words, struct plan *plan, struct err *e)
{
    char text[1024];
    char *args[ARGS_MOST];
    int n = 0;
    snprintf(text, sizeof text, "%s", words);
    for (char *p = text; p && *p && n < ARGS_MOST; n++) {
        args[n] = p;
        p = strchr(p, '|');
        if (p)
            *p++ = '\0';
    }
    struct run_options o = { 0 };
    *plan = (struct plan){ 0 };
    *e = (struct err){ 0 };
    const int status = run_options_parse(&o, &run_command, n, args, e) ? -1 : plan_from_options(plan, &o, e);
    run_options_fini(&o);
    return status;
}

static void assert_sentence(const char *words, const char *sentence)
{
    struct plan plan;
    struct err e;
    assert_int_equal(plan_of(words, &plan, &e), -1);
    plan_fini(&plan);
    assert_string_equal(e.text, sentence);
    assert_int_equal(e.kind, ERR_INPUT);
}

static void assert_plans(const char *words, struct plan *plan)
{
    struct err e;
    if (plan_of(words, plan, &e))
        fail_msg("%s: %s", words, e.text);
}

static void quick_mode_is_one_closed_stream_of_ten_users_for_ten_seconds(void **state)
{
    struct plan plan;
    (void)state;
    assert_plans("--target|http://127.0.0.1:8080", &plan);
    assert_int_equal(plan.n_streams, 1);
    const struct plan_stream *s = &plan.streams[0];
    assert_string_equal(s->name, "quick");
    assert_string_equal(s->cluster, "target");
    assert_int_equal(s->model, PLAN_CLOSED);
    assert_int_equal(s->n_users, 10);
    assert_int_equal(s->n_connections, 10);
    assert_int_equal(s->n_phases, 1);
    assert_int_equal(s->phases[0].kind, PLAN_PHASE_DURATION);
    assert_int_equal(s->phases[0].duration_ns, 10000000000);
    assert_int_equal(plan.n_clusters, 1);
    assert_int_equal(plan.n_phases, 1);
    plan_fini(&plan);
}

static void a_rate_makes_quick_mode_open(void **state)
{
    struct plan plan;
    (void)state;
    assert_plans("--target|http://[::1]:8080/a?b=c|--rate|2k/s|-d|3s|--arrivals|poisson|-c|64|--warmup|1s",
                 &plan);
    const struct plan_stream *s = &plan.streams[0];
    assert_int_equal(s->model, PLAN_OPEN);
    assert_int_equal(s->arrivals, PLAN_POISSON);
    assert_int_equal(s->n_users, 0);
    assert_int_equal(s->n_connections, 64);
    assert_int_equal(s->n_phases, 2);
    assert_true(s->phases[0].warmup);
    assert_false(s->phases[1].warmup);
    assert_int_equal(s->phases[1].n_requests, 6000);
    assert_string_equal(s->requests[0].path, "/a?b=c");
    assert_string_equal(plan.target.host, "::1");
    assert_string_equal(plan.target.host_header, "[::1]:8080");
    plan_fini(&plan);
}

static void over_http_2_each_connection_has_so_many_users(void **state)
{
    struct plan plan;
    (void)state;
    assert_plans("https://h|--http2|-c|4|--streams|25", &plan);
    const struct plan_stream *s = &plan.streams[0];
    assert_int_equal(plan.target.http, PLAN_HTTP_2);
    assert_int_equal(s->n_users, 100);
    assert_int_equal(s->n_connections, 4);
    assert_int_equal(s->in_flight_most, 25);
    plan_fini(&plan);
    assert_plans("http://h|--http2-prior-knowledge|-c|4|--streams|25|-R|1k/s", &plan);
    s = &plan.streams[0];
    assert_int_equal(plan.target.http, PLAN_HTTP_2_PRIOR);
    assert_int_equal(s->n_users, 0);
    assert_int_equal(s->n_connections, 4);
    assert_int_equal(s->in_flight_most, 25);
    plan_fini(&plan);
}

static void quick_mode_renders_what_was_asked_for(void **state)
{
    struct plan plan;
    (void)state;
    assert_plans("--target|http://h/x|-m|PUT|-H|a: b|-H|user-agent:me|--body|hi|-u|joe:pw|--no-keepalive",
                 &plan);
    const struct plan_request *r = &plan.streams[0].requests[0];
    static const char right[] =
        "PUT /x HTTP/1.1\r\nHost: h\r\na: b\r\nuser-agent: me\r\n"
        "Authorization: Basic am9lOnB3\r\nConnection: close\r\nContent-Length: 2\r\n\r\nhi";
    assert_int_equal(r->n_pieces, 1);
    assert_int_equal(r->pieces[0].length_bytes, sizeof right - 1);
    assert_memory_equal(r->pieces[0].text, right, sizeof right - 1);
    plan_fini(&plan);
}

struct refused {
    const char *words, *sentence;
};

static void check_refused(const struct refused *cases, size_t n)
{
    for (size_t i = 0; i < n; i++)
        assert_sentence(cases[i].words, cases[i].sentence);
}

static void what_is_meant_otherwise_elsewhere_is_a_sentence(void **state)
{
    static const struct refused cases[] = {
        { "--target|http://h|-H|Connection: close",
          "--header Connection cannot be set: connections are kept, unless you give --no-keepalive or "
          "--requests-per-connection" },
        { "--target|http://h|-H|Authorization Bearer secret",
          "--header must be 'NAME: VALUE', not 'Authorization ...', which has no colon" },
        { "ftp://h/x", "the URL must begin with http:// or https://, not 'ftp://h/x'" },
        { "//host/",
          "there is no scenario '//host/': neither a file of that name nor a shipped one; shipped are "
          "demo, open, shop, tokens, tp1; a URL begins with http://" },
        { "joe:pw@localhost:8080/",
          "the URL must not hold a user name or password; give them as basic_auth or "
          "--user" },
        { "script.js", "'script.js' is a script, and loadgen runs none: a scenario is a YAML file, see "
                       "loadgen-scenario(5)" },
        { "run|tp1", "options follow the command: `loadgen run tp1 ...`" },
        { "http://h|:8080", "give one URL; `loadgen campaign URL URL` compares two" },
        { "http://h|-m|100",
          "--method must be a word such as POST, not '100'; requests open at once on a connection are "
          "--streams over HTTP/2, --pipeline over HTTP/1.1" },
        { "http://h|--streams|4",
          "--streams needs --http2 or --http2-prior-knowledge; over HTTP/1.1, --pipeline says how many "
          "requests are in flight on a connection" },
        { "https://h|--http2|--pipeline|4",
          "--pipeline is for HTTP/1.1; over HTTP/2, --streams says how many requests are open at once on a "
          "connection" },
        { "https://h|--http2|--streams|4|--no-keepalive",
          "--streams needs connections that are kept for more than one request" },
        { "https://h|--http2|--streams|10000|-c|101",
          "--connections 101 with --streams 10000 make 1010000 requests at once; the most is 1000000" },
        { "https://h|--http2|-H|Keep-Alive: 5",
          "the header Keep-Alive cannot be sent over HTTP/2: it is for HTTP/1.1 connections" },
        { "https://h|--http2-prior-knowledge",
          "over TLS, HTTP/2 is chosen by ALPN: ask for it by --http2 or `http: 2`; prior knowledge is for "
          "http:// URLs" },
        { "http://h|-u|100", "--user must be USER:PASSWORD; how many users there are is -c" },
        { "http://h|--body|@/dev/null", "--body sends its text as it is; a file is --body-file /dev/null" },
        { "http://h|-q|100", "-q is --quiet and takes no value; the rate is --rate 100" },
        { "--target|http://h|-X|POST", "loadgen run has no option -X; use -m METHOD (--method)" },
        { "--target|http://h|-cX", "--connections must be a whole number such as 500, 5k or 2M, not 'X'" },
        { "--target|http://h|--data|x",
          "loadgen run has no option --data; use --body TEXT; a file is --body-file" },
        { "--target|http://h|--latency",
          "loadgen run has no option --latency: percentiles are always printed" },
        { "-c|5", "give a URL or a scenario: `loadgen http://127.0.0.1:8080/`, `loadgen run tp1`" },
    };
    (void)state;
    check_refused(cases, sizeof cases / sizeof *cases);
}

static void contradictions_are_sentences(void **state)
{
    static const struct refused cases[] = {
        { "--target|http://h|--deployment|f", "--target and --deployment exclude each other" },
        { "http://u:secret@h|--target|http://i", "http://...@h and --target both name a target: give one" },
        { "-c|1|run|u:secret@h", "options follow the command: `loadgen run ...@h ...`" },
        { "a|u:secret@h", "give one scenario or one URL: '...@h' is one too many" },
        { "a|b", "give one scenario or one URL: 'b' is one too many" },
        { "tp1|--target|http://h|-c|5", "--connections belongs to quick mode, but there is a scenario, tp1: "
                                        "set it in the scenario, or leave one of the "
                                        "two out" },
        { "--target|http://h|--only|x", "--only needs a scenario" },
        { "--target|http://h|--arrivals|poisson", "--arrivals needs --rate" },
        { "--target|http://h|--rate|5|-d|5s|-n|5",
          "with --rate, give --duration or --requests: each follows from the other" },
        { "--target|http://h|--rate|5|--arrivals|poisson|-n|5",
          "the number of Poisson arrivals is random: give --duration, not --requests" },
        { "--target|http://h|-c|0", "--connections must be from 1 to 1000000, not 0" },
        { "--target|http://h|-d|-3s", "--duration must be a duration such as 10, which means 10s, or 500ms "
                                      "or 1h30m, not '-3s'; the body of a request is --body" },
        { "--target|ftp://h", "the URL must begin with http:// or https://, not 'ftp://h'" },
        { "--target|http://h|-H|x", "--header must be 'NAME: VALUE', not 'x'" },
        { "--target|http://h|-H|content-length: 3",
          "the header content-length cannot be set: it is computed from the body" },
        { "--target|http://h/{instance}", "{instance} in a request needs a scenario and a deployment" },
        { "--target|http://h|-4|-6",
          "--ipv4 and --ipv6 exclude each other; leave both out to use any address" },
        { "--target|http://h|--cert|f", "a client certificate needs both the certificate and the key file" },
        { "--target|http://h|--tls-min|1.2",
          "TLS settings need a target that begins with https://, not http://h" },
        { "--target|http://h|--threshold|p99 < 3",
          "--threshold: the limit of a time must be a duration such as 500ms, 10s or "
          "1h30m, not '3'" },
        { "--target|http://h|--threshold|x.p99 < 3s",
          "--threshold: there is no cluster or stream 'x'; there are "
          "target, quick" },
        { "--target|http://h|--body|a|--body-file|b", "--body and --body-file exclude each other" },
        { "--target|http://h|--expect-body|{instance}{instance}",
          "--expect-body: 'body' must hold {instance} at most once" },
    };
    (void)state;
    check_refused(cases, sizeof cases / sizeof *cases);
}

static void the_reports_benchmark_is_5000_requests_around_a_pause(void **state)
{
    static const struct {
        const char *name;
        uint64_t pause_ns;
    } cases[] = { { "tp1", UINT64_C(60000000000) }, { "demo", UINT64_C(5000000000) } };
    static const char *const streams[] = { "m4-steady", "m4-burst", "t2-steady", "t2-burst" };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct plan plan;
        char words[64];
        snprintf(words, sizeof words, "%s|--target|http://127.0.0.1:1", cases[i].name);
        assert_plans(words, &plan);
        assert_string_equal(plan.name, cases[i].name);
        assert_int_equal(plan.n_streams, 4);
        for (size_t k = 0; k < 4; k++) {
            assert_string_equal(plan.streams[k].name, streams[k]);
            assert_string_equal(plan.streams[k].cluster, k < 2 ? "cluster1" : "cluster2");
            assert_int_equal(plan.streams[k].n_users, 1);
            assert_non_null(
                strstr(plan.streams[k].requests[0].pieces[0].text, "\r\ncontent-type: application/json\r\n"));
            assert_true(plan.streams[k].expect.has_instance);
        }
        assert_int_equal(plan.streams[1].phases[1].duration_ns, cases[i].pause_ns);
        uint64_t sum = 0;
        for (size_t k = 0; k < plan.n_streams; k++)
            for (size_t p = 0; p < plan.streams[k].n_phases; p++)
                sum += plan.streams[k].phases[p].n_requests;
        assert_int_equal(sum, 5000);
        plan_fini(&plan);
    }
}

static void every_shipped_scenario_makes_a_plan(void **state)
{
    DIR *folder = opendir(SOURCE_DIR "/loadgen/scenarios");
    size_t n = 0;
    (void)state;
    assert_non_null(folder);
    for (const struct dirent *entry; (entry = readdir(folder));) {
        const char *dot = strrchr(entry->d_name, '.');
        char words[512];
        struct plan plan;
        if (!dot || strcmp(dot, ".yaml") != 0)
            continue;
        snprintf(words, sizeof words, "%.*s|--target|http://127.0.0.1:1", (int)(dot - entry->d_name),
                 entry->d_name);
        assert_plans(words, &plan);
        plan_fini(&plan);
        n++;
    }
    closedir(folder);
    assert_true(n >= 3);
}

static void a_body_may_come_from_standard_input(void **state)
{
    static const char body[] = "from\0stdin";
    const int kept = dup(STDIN_FILENO), file = memfd_create("body", 0);
    struct plan plan;
    (void)state;
    assert_int_equal(write(file, body, sizeof body), sizeof body);
    assert_int_equal(lseek(file, 0, SEEK_SET), 0);
    dup2(file, STDIN_FILENO);
    assert_plans("--target|http://h|--body-file|-", &plan);
    const struct plan_piece *p = &plan.streams[0].requests[0].pieces[0];
    assert_memory_equal(p->text + p->length_bytes - sizeof body, body, sizeof body);
    assert_memory_equal(p->text, "POST ", 5);
    plan_fini(&plan);
    dup2(kept, STDIN_FILENO);
    close(kept);
    close(file);
}

static void a_header_that_is_too_long_is_reported(void **state)
{
    static char header[70 * 1024] = "X-Long: ", option[] = "-H", target[] = "--target", url[] = "http://h";
    char *const args[] = { target, url, option, header };
    struct run_options o = { 0 };
    struct plan plan = { 0 };
    struct err e;
    (void)state;
    memset(header + 8, 'a', sizeof header - 9);
    assert_int_equal(run_options_parse(&o, &run_command, 4, args, &e), 0);
    assert_int_equal(plan_from_options(&plan, &o, &e), -1);
    assert_string_equal(e.text, "--header X-Long is longer than 64 KiB");
    run_options_fini(&o);
    plan_fini(&plan);
}

static void a_share_needs_what_all_generators_have(void **state)
{
    struct plan plan;
    (void)state;
    assert_sentence("http://h|--shard|3/8",
                    "--shard 3/8 needs the same --seed on every generator; give one, or "
                    "`seed:` in the scenario");
    assert_sentence(
        "http://h|--shard|3/8|--seed|7|--no-results",
        "--shard and --no-results exclude each other: shares are put together from their folders");
    assert_sentence("http://h|--shard|3/8|--seed|7|--on-generator",
                    "--shard and --on-generator exclude each other: start `loadgen run --shard I/N` on each "
                    "generator");
    assert_plans("http://h|--shard|3/8|--seed|7|--threshold|p99 < 1s", &plan);
    assert_int_equal(plan.share.index, 2);
    assert_int_equal(plan.share.count, 8);
    assert_int_equal(plan.streams[0].n_connections, 10); /* of the whole plan */
    plan_fini(&plan);
    assert_plans("http://h|--shard|1/1", &plan); /* all of it */
    plan_fini(&plan);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_body_may_come_from_standard_input),
        cmocka_unit_test(a_header_that_is_too_long_is_reported),
        cmocka_unit_test(quick_mode_is_one_closed_stream_of_ten_users_for_ten_seconds),
        cmocka_unit_test(a_rate_makes_quick_mode_open),
        cmocka_unit_test(over_http_2_each_connection_has_so_many_users),
        cmocka_unit_test(quick_mode_renders_what_was_asked_for),
        cmocka_unit_test(what_is_meant_otherwise_elsewhere_is_a_sentence),
        cmocka_unit_test(contradictions_are_sentences),
        cmocka_unit_test(the_reports_benchmark_is_5000_requests_around_a_pause),
        cmocka_unit_test(every_shipped_scenario_makes_a_plan),
        cmocka_unit_test(a_share_needs_what_all_generators_have),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
