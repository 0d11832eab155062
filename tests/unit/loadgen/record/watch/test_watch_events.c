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
        cmocka_unit_test(the_end_has_the_claims_with_their_marks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
