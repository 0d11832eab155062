#include "arrivals.h"
#include "division.h"
#include "err.h"
#include "plan.h"
#include "recording.h"
#include "recording_rows.h"
#include "scenario.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { LINES = 20000, MS = 1000000 };

static char file[64];

static void write_file(const char *text)
{
    FILE *out = fopen(file, "we");
    assert_non_null(out);
    fputs(text, out);
    fclose(out);
}

static int parse(struct plan *plan, const char *stream, struct err *e)
{
    const struct scenario_overrides none = { 0 };
    char text[2048];
    snprintf(text, sizeof text,
             "name: t\ntarget: http://127.0.0.1:1/base\nseed: 1\nstreams:\n  - { name: s, %s }\n", stream);
    return scenario_parse(plan, "t.yaml", text, strlen(text), &none, e);
}

static void load(struct plan *plan, const char *phases)
{
    struct err e;
    char stream[1024];
    snprintf(stream, sizeof stream, "arrivals: recorded, phases: [ %s ]", phases);
    if (parse(plan, stream, &e))
        fail_msg("%s", e.text);
}

struct seen {
    uint64_t due_ns, number;
    uint32_t phase, row;
    char text[256];
};

/* What one of several threads sends; returns how many. */
static size_t walk(const struct plan *plan, struct division d, struct seen *out, size_t most)
{
    struct arrivals a;
    struct err e;
    size_t n = 0;
    arrivals_init(&a, &plan->streams[0], 1, 0, &d);
    assert_int_equal(arrivals_open(&a, &e), 0);
    while (n < most && arrivals_next(&a, &out[n].due_ns, &out[n].number, &out[n].phase)) {
        struct recording_row *row = recording_rows_of(&a.row->request);
        out[n].row = row->row;
        snprintf(out[n].text, sizeof out->text, "%.*s", (int)row->piece.length_bytes, row->piece.text);
        assert_int_equal(strncmp(row->request.method, out[n].text, strlen(row->request.method)), 0);
        recording_rows_release(&a.rows, row);
        n++;
    }
    assert_null(a.wrong);
    arrivals_fini(&a);
    return n;
}

static const struct division whole = { .n_connections = 1, .n_sharers = 1 };

static void requests_are_due_when_they_were_recorded(void **state)
{
    struct seen seen[8];
    struct plan plan;
    (void)state;
    write_file("due_s,row,method,path,header:referer\n"
               "100.5,home,,/,\n100.75,item,DELETE,/i/1,/\n100.75,item,POST,/i,\n102.5,home,,/,\n");
    char phases[256];
    snprintf(phases, sizeof phases, "{ replay: %s }, { pause: 1s }, { replay: %s, speed: 2, skip: 250ms }",
             file, file);
    load(&plan, phases);
    assert_int_equal(walk(&plan, whole, seen, 8), 7);
    const uint64_t second = plan.streams[0].phases[0].duration_ns + 1000 * MS;
    const uint64_t due[] = { 0, 250 * MS, 250 * MS, 2000 * MS, second, second, second + 875 * MS };
    for (size_t i = 0; i < 7; i++) {
        assert_int_equal(seen[i].due_ns, due[i]);
        assert_int_equal(seen[i].number, i);
        assert_int_equal(seen[i].phase, i < 4 ? 0 : 2);
        assert_int_equal(seen[i].row, i % 3 != 0);
    }
    assert_string_equal(seen[0].text,
                        "GET /base/ HTTP/1.1\r\nHost: 127.0.0.1:1\r\nUser-Agent: loadgen/" LOADGEN_VERSION
                        "\r\n\r\n");
    assert_non_null(strstr(seen[1].text, "DELETE /base/i/1 HTTP/1.1\r\nreferer: /\r\n"));
    assert_non_null(strstr(seen[2].text, "Content-Length: 0\r\n"));
    plan_fini(&plan);
}

static void what_the_scenario_gives_replaces_what_was_recorded(void **state)
{
    struct seen seen[1];
    struct plan plan;
    struct err e;
    char stream[512];
    (void)state;
    write_file("due_s,path,header:host,header:User-Agent\n0,/,a.example,old\n");
    snprintf(stream, sizeof stream,
             "keep_alive: false, request: { headers: { user-agent: new } }, phases: [ { replay: %s } ]",
             file);
    assert_int_equal(parse(&plan, stream, &e), 0);
    assert_int_equal(walk(&plan, whole, seen, 1), 1);
    assert_string_equal(seen[0].text, "GET /base/ HTTP/1.1\r\nhost: a.example\r\nuser-agent: new\r\n"
                                      "Connection: close\r\n\r\n");
    plan_fini(&plan);
}

static void secrets_of_the_environment_are_sent_and_not_shown(void **state)
{
    struct seen seen[1];
    struct plan plan;
    struct err e;
    char stream[512];
    (void)state;
    setenv("TEST_RECORDING", "s3cret", 1);
    write_file("due_s,path\n0,/\n");
    snprintf(stream, sizeof stream,
             "request: { headers: { x-a: 'a {env:TEST_RECORDING} b', x-b: c } }, phases: [ { replay: %s } ]",
             file);
    if (parse(&plan, stream, &e))
        fail_msg("%s", e.text);
    assert_int_equal(walk(&plan, whole, seen, 1), 1);
    assert_non_null(strstr(seen[0].text, "x-a: a s3cret b\r\nx-b: c\r\n"));
    assert_string_equal(plan.streams[0].recording->shown_head, "x-a: a (given) b\r\nx-b: c\r\n");
    plan_fini(&plan);
}

static void write_many(void)
{
    FILE *out = fopen(file, "we");
    assert_non_null(out);
    fputs("due_s,path\n", out);
    for (int i = 0; i < LINES; i++)
        fprintf(out, "%d.%03d,/%0*d\n", i / 1000, i % 1000, 1 + i % 150, i);
    fclose(out);
}

static void threads_and_shares_send_each_request_once(void **state)
{
    static const uint32_t sharers[] = { 1, 2, 3, 7 };
    struct seen *seen = calloc(LINES, sizeof *seen);
    struct plan plan;
    char phases[256];
    (void)state;
    write_many();
    snprintf(phases, sizeof phases, "{ replay: %s, duration: 19s }", file);
    load(&plan, phases);
    assert_int_equal(plan.streams[0].phases[0].n_requests, 19000);
    for (size_t k = 0; k < sizeof sharers / sizeof *sharers; k++) {
        size_t n = 0;
        memset(seen, 0, LINES * sizeof *seen);
        for (uint32_t i = 0; i < sharers[k]; i++) {
            const struct division d = { .n_connections = 10, .n_sharers = sharers[k], .index = i };
            n += walk(&plan, d, seen + n, LINES - n);
        }
        assert_int_equal(n, 19000);
        bool *is_sent = calloc(LINES, sizeof *is_sent);
        for (size_t i = 0; i < n; i++) {
            char path[256];
            const int number = (int)seen[i].number;
            snprintf(path, sizeof path, "GET /base/%0*d HTTP", 1 + number % 150, number);
            assert_int_equal(strncmp(seen[i].text, path, strlen(path)), 0);
            assert_int_equal(seen[i].due_ns, (uint64_t)number * MS);
            assert_false(is_sent[number]);
            is_sent[number] = true;
        }
        free(is_sent);
    }
    plan_fini(&plan);
    free(seen);
}

static void requests_may_outlive_those_that_follow(void **state)
{
    enum { KEPT = 97 };
    struct recording_row *kept[KEPT] = { 0 };
    struct plan plan;
    struct arrivals a;
    struct err e;
    uint64_t due_ns, number;
    uint32_t phase;
    char phases[256];
    (void)state;
    write_many();
    snprintf(phases, sizeof phases, "{ replay: %s }", file);
    load(&plan, phases);
    arrivals_init(&a, &plan.streams[0], 1, 0, &whole);
    assert_int_equal(arrivals_open(&a, &e), 0);
    for (size_t i = 0; arrivals_next(&a, &due_ns, &number, &phase); i++) {
        struct recording_row **place = &kept[i * 31 % KEPT];
        if (*place) {
            char path[256];
            const int old = atoi((*place)->piece.text + strlen("GET /base/"));
            snprintf(path, sizeof path, "GET /base/%0*d HTTP", 1 + old % 150, old);
            assert_int_equal(strncmp((*place)->piece.text, path, strlen(path)), 0);
            recording_rows_release(&a.rows, *place);
        }
        *place = a.row;
    }
    for (size_t i = 0; i < KEPT; i++)
        recording_rows_release(&a.rows, kept[i]);
    arrivals_fini(&a);
    plan_fini(&plan);
}

static void a_file_that_changes_ends_the_schedule(void **state)
{
    struct plan plan;
    struct arrivals a;
    struct err e;
    uint64_t due_ns, number;
    uint32_t phase;
    char phases[256];
    (void)state;
    write_file("due_s,path\n0,/\n1,/\n2,/\n");
    snprintf(phases, sizeof phases, "{ replay: %s }, { replay: %s }", file, file);
    load(&plan, phases);
    write_file("due_s,path\n0,/\n1,x\n2,/\n");
    arrivals_init(&a, &plan.streams[0], 1, 0, &whole);
    assert_int_equal(arrivals_open(&a, &e), 0);
    assert_true(arrivals_next(&a, &due_ns, &number, &phase));
    recording_rows_release(&a.rows, a.row);
    assert_false(arrivals_next(&a, &due_ns, &number, &phase));
    assert_false(arrivals_next(&a, &due_ns, &number, &phase));
    assert_non_null(a.wrong);
    arrivals_fini(&a);
    plan_fini(&plan);
}

/* Writes the file's name in place of each `@`. */
static void fill_in(char *out, const char *text)
{
    for (*out = '\0'; *text; text++)
        sprintf(out + strlen(out), "%.*s", *text == '@' ? 63 : 1, *text == '@' ? file : text);
}

static void refuse(const char *text, const char *stream, const char *sentence)
{
    struct plan plan;
    struct err e;
    char filled[1024];
    if (text)
        write_file(text);
    fill_in(filled, stream);
    assert_int_equal(parse(&plan, filled, &e), -1);
    if (!strstr(e.text, sentence))
        fail_msg("'%s' does not say '%s'", e.text, sentence);
    plan_fini(&plan);
}

static void mistakes_name_file_and_line(void **state)
{
    (void)state;
    refuse("", "phases: [ { replay: @ } ]", "is empty");
    refuse("due_s,path\n", "phases: [ { replay: @ } ]", "holds no requests");
    refuse("due_s,path\n1,/\n0,/\n", "phases: [ { replay: @ } ]",
           ":3: this line cannot be replayed: it is due "
           "before the line above it");
    refuse("due_s,path\n1,/\n2,x\n", "phases: [ { replay: @ } ]",
           ":3: this line cannot be replayed: its path");
    refuse("due_s,path\n1,/\n2,/\n", "phases: [ { replay: @, skip: 2s } ]", "no request in this part");
    refuse(NULL, "phases: [ { replay: @, rate: 5/s } ]", "has the rate of the recording");
    refuse(NULL, "phases: [ { replay: @ }, { rate: 5/s, duration: 1s } ]", "must have 'replay' or 'pause'");
    refuse(NULL, "request: /x, phases: [ { replay: @ } ]", "have paths of their own");
    refuse(NULL, "request: { body: x }, phases: [ { replay: @ } ]", "'body' does not go with recorded");
    refuse(NULL, "request: { headers: { x: '{uuid}' } }, phases: [ { replay: @ } ]", "must not hold {words}");
    refuse(NULL, "requests: [ / ], phases: [ { replay: @ } ]", "'requests' has no use here");
    refuse(NULL, "users: 3, request: /, phases: [ { replay: @ } ]",
           "needs a stream with 'arrivals: recorded'");
    refuse(NULL, "arrivals: poisson, request: /, phases: [ { replay: @ } ]",
           "needs a stream with 'arrivals: recorded'");
    refuse(NULL, "request: /, phases: [ { duration: 1s, speed: 2 } ]", "'speed' belongs to a 'replay'");
    refuse(NULL, "arrivals: recorded, phases: [ { replay: /dev/stdin/@ } ]", "cannot open");
    refuse(NULL, "phases: [ { replay: /dev/null } ]", "must be a file");
}

static void too_many_rows_are_refused(void **state)
{
    char text[8192] = "due_s,row,path\n";
    (void)state;
    for (int i = 0; i < 65; i++)
        sprintf(text + strlen(text), "0,r%d,/\n", i);
    refuse(text, "phases: [ { replay: @ } ]", "more than 64 different rows");
}

static int make_file(void **state)
{
    (void)state;
    snprintf(file, sizeof file, "/tmp/test_recording-XXXXXX");
    const int fd = mkstemp(file);
    return fd < 0 ? -1 : close(fd);
}

static int remove_file(void **state)
{
    (void)state;
    return unlink(file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(requests_are_due_when_they_were_recorded),
        cmocka_unit_test(what_the_scenario_gives_replaces_what_was_recorded),
        cmocka_unit_test(secrets_of_the_environment_are_sent_and_not_shown),
        cmocka_unit_test(threads_and_shares_send_each_request_once),
        cmocka_unit_test(requests_may_outlive_those_that_follow),
        cmocka_unit_test(a_file_that_changes_ends_the_schedule),
        cmocka_unit_test(mistakes_name_file_and_line),
        cmocka_unit_test(too_many_rows_are_refused),
    };
    return cmocka_run_group_tests(tests, make_file, remove_file);
}
