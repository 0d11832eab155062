/* A step of a sweep that is made elsewhere: the plan there is the plan here. */
#include "cm.h"

#include "err.h"
#include "loadgen_commands.h"
#include "phase.h"
#include "plan.h"
#include "run_member.h"
#include "scratch.h"
#include "sweep_options.h"
#include "sweep_step.h"

struct seen {
    struct plan_phase phase; /* the last of the first stream */
    size_t n_streams, n_phases;
    char cluster[PLAN_NAME_BYTES];
    uint64_t seed;
    json_t *step;
    int n_runs;
};

static int see(void *payload, const struct run_options *o, char *const argv[], const struct plan *plan,
               char folder[static PATH_MAX], struct err *e)
{
    struct seen *seen = payload;
    const struct plan_stream *s = &plan->streams[0];
    (void)folder;
    (void)e;
    assert_string_equal(argv[1], "sweep");
    seen->phase = s->phases[s->n_phases - 1];
    seen->n_streams = plan->n_streams;
    seen->n_phases = s->n_phases;
    memcpy(seen->cluster, s->cluster, sizeof seen->cluster);
    seen->seed = plan->seed;
    seen->step = json_deep_copy(o->recipe->step);
    seen->n_runs++;
    return 3;
}

static void assert_made_again(char *const *words, int n, const char *cluster, double rate_per_s)
{
    struct seen here = { 0 }, there = { 0 };
    const struct run_maker makers[] = { { .payload = &here, .make = see },
                                        { .payload = &there, .make = see } };
    struct run_options begin = { .command = &run_command, .parsed = &sweep_command, .maker = &makers[0] };
    struct sweep_options o;
    char first[] = "loadgen", second[] = "sweep", folder[PATH_MAX] = "x";
    char *const shown[] = { first, second, NULL };
    struct err e;
    assert_int_equal(sweep_options_parse(&o, &begin, n, words, &e), 0);
    assert_int_equal(sweep_step_make(&o, &(struct sweep_step){ cluster, rate_per_s }, shown, folder, &e), 3);
    sweep_options_fini(&o);
    begin.maker = &makers[1];
    begin.seed = here.seed;
    const struct run_recipe recipe = { .words = words, .n_words = (size_t)n, .step = here.step };
    assert_int_equal(sweep_step_follow(&begin, &recipe, &e), 3);
    assert_int_equal(here.n_runs + there.n_runs, 2);
    assert_int_equal(there.n_streams, here.n_streams);
    assert_int_equal(there.n_phases, here.n_phases);
    assert_string_equal(there.cluster, here.cluster);
    assert_true(there.seed == here.seed);
    assert_true(there.phase.rate_per_s == here.phase.rate_per_s);
    assert_true(there.phase.duration_ns == here.phase.duration_ns);
    json_decref(here.step);
    json_decref(there.step);
}

static void a_step_of_a_url_is_made_again(void **state)
{
    char url[] = "http://127.0.0.1:1/", to[] = "--to=9k/s", warmup[] = "--warmup=0s";
    (void)state;
    assert_made_again((char *[]){ url, to, warmup }, 3, "target", 100.0 * 1.5 * 1.5 / 7);
}

static void a_step_of_a_scenario_is_made_again_for_its_cluster(void **state)
{
    static const char scenario[] = "name: two\n"
                                   "target: http://127.0.0.1:1\n"
                                   "streams:\n"
                                   "  - {name: a, cluster: c1, arrivals: constant, request: {path: /}, "
                                   "phases: [{rate: 1/s, duration: 1s}]}\n"
                                   "  - {name: b, cluster: c2, arrivals: poisson, request: {path: /}, "
                                   "phases: [{rate: 2/s, duration: 1s}]}\n";
    char path[160];
    (void)state;
    snprintf(path, sizeof path, "%s", scratch_write("two.yaml", scenario, sizeof scenario - 1));
    assert_made_again((char *[]){ path }, 1, "c2", 150);
}

static void a_recipe_without_a_step_is_refused(void **state)
{
    char url[] = "http://127.0.0.1:1/";
    char *const words[] = { url };
    const struct run_options begin = { .command = &run_command, .parsed = &sweep_command };
    struct err e;
    (void)state;
    assert_int_equal(sweep_step_follow(&begin, &(struct run_recipe){ .words = words, .n_words = 1 }, &e), -1);
    assert_string_equal(e.text, "this is no step of a sweep");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_step_of_a_url_is_made_again),
        cmocka_unit_test(a_step_of_a_scenario_is_made_again_for_its_cluster),
        cmocka_unit_test(a_recipe_without_a_step_is_refused),
    };
    return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
