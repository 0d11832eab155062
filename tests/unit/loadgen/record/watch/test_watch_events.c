#include "watch_events.h"

#include "cm.h"
#include "made_facts.h"

#include <jansson.h>
#include <string.h>

/* Frees text and facts. */
static json_t *read_event(char *text, struct watch_facts *f)
{
    json_error_t why;
    assert_non_null(text);
    assert_null(strchr(text, '\n')); /* an event is one line */
    json_t *json = json_loads(text, 0, &why);
    if (!json)
        fail_msg("%s: %s", why.text, text);
    free(text);
    watch_facts_free(f);
    return json;
}

static void a_run_names_its_streams_and_phases(void **state)
{
    struct watch_facts *f = made_facts();
    const char *url;
    int run, n_warmup;
    (void)state;
    json_t *json = read_event(watch_events_run(f, 3), f);
    assert_int_equal(json_unpack(json, "{s:i, s:s, s:{s:o}, s:[{s:b}]}", "run", &run, "url", &url, "classes",
                                 "timeout", &(json_t *){ NULL }, "phases", "warmup", &n_warmup),
                     0);
    assert_int_equal(run, 3);
    assert_string_equal(url, "http://example.com/</script>");
    assert_int_equal(n_warmup, 1);
    assert_int_equal(json_array_size(json_object_get(json, "streams")), 2);
    assert_int_equal(json_array_size(json_object_get(json, "phases")), 3);
    json_decref(json);
}

static void a_second_says_of_each_percentile_what_is_known(void **state)
{
    struct watch_facts *f = made_facts();
    double us, at_least_us, good, cpu;
    const char *failed;
    int n_timeout;
    (void)state;
    json_t *json = read_event(watch_events_second(f), f);
    json_t *stream = json_array_get(json_object_get(json, "streams"), 1);
    assert_int_equal(json_unpack(stream, "{s:F, s:[F, {s:F}, s, n], s:{s:i}}", "good", &good, "times", &us,
                                 "at_least", &at_least_us, &failed, "failures", "timeout", &n_timeout),
                     0);
    assert_true(good == 99.5 && us == 1500 && at_least_us == 1800);
    assert_string_equal(failed, "failed");
    assert_int_equal(n_timeout, 20);
    assert_int_equal(json_unpack(json, "{s:F, s:n, s:n}", "cpu", &cpu, "lag", "total"), 0);
    assert_true(cpu == 0.25);
    json_decref(json);
}

static void over_http2_a_second_has_what_was_counted_so_far(void **state)
{
    struct watch_facts *f = made_facts();
    int asked, open, allowed, goaways, again, resets, cancels, by_count;
    (void)state;
    f->streams[1].streams_per_connection = 200;
    f->streams[1].again.n[AGAIN_UNPROCESSED] = 4; /* beside 4 because others timed out */
    f->streams[1].again.n[AGAIN_REFUSED] = 5;
    f->streams[1].http2 = (struct http2_counts){ .n_goaways = 3,
                                                 .n_unprocessed = 4,
                                                 .n_refused = 5,
                                                 .n_resets = { [2] = 6 },
                                                 .n_cancels = 7,
                                                 .n_ended_by_count = 8,
                                                 .has_limits = true,
                                                 .n_peer_least = 128,
                                                 .n_open_most = 100 };
    json_t *json = read_event(watch_events_second(f), f);
    const json_t *streams = json_object_get(json, "streams");
    assert_null(json_object_get(json_array_get(streams, 0), "http2"));
    assert_int_equal(json_unpack(json_object_get(json_array_get(streams, 1), "http2"),
                                 "{s:i, s:i, s:i, s:i, s:i, s:i, s:i, s:i}", "asked", &asked, "open", &open,
                                 "allowed", &allowed, "goaways", &goaways, "again", &again, "resets", &resets,
                                 "cancels", &cancels, "by_count", &by_count),
                     0);
    assert_int_equal(asked, 200);
    assert_int_equal(open, 100);
    assert_int_equal(allowed, 128);
    assert_int_equal(goaways, 3);
    assert_int_equal(again, 13);
    assert_int_equal(resets, 6);
    assert_int_equal(cancels, 7);
    assert_int_equal(by_count, 8);
    json_decref(json);
}

static void the_end_has_the_claims_with_their_marks(void **state)
{
    struct watch_facts *f = made_end();
    const char *end, *cluster, *mark;
    double rate;
    (void)state;
    json_t *json = read_event(watch_events_end(f, 1), f);
    assert_int_equal(json_unpack(json, "{s:s, s:[{s:s, s:F, s:[{s:s}]}]}", "end", &end, "rows", "cluster",
                                 &cluster, "rate", &rate, "times", "mark", &mark),
                     0);
    assert_string_equal(end, "done");
    assert_string_equal(cluster, "c1");
    assert_string_equal(mark, "~");
    assert_true(rate == 83.5);
    json_decref(json);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_run_names_its_streams_and_phases),
        cmocka_unit_test(a_second_says_of_each_percentile_what_is_known),
        cmocka_unit_test(over_http2_a_second_has_what_was_counted_so_far),
        cmocka_unit_test(the_end_has_the_claims_with_their_marks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
