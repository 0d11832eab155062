#include "derived.h"
#include "err.h"
#include "hist.h"
#include "hlog.h"
#include "tag_set.h"

#include "cm.h"
#include "scratch.h"

#include <limits.h>
#include <math.h>

static const char *const instances[] = { "i-2", "i-1", "i-0" };
static const struct derived_cluster clusters[] = {
    { .name = "m4", .instances = instances, .n_instances = 3, .label = "m4" }, { .name = "t2" }
};
static const struct derived_stream streams[] = {
    { .name = "steady", .cluster = "m4", .headline = METRIC_SERVICE, .captures_instance = true },
    { .name = "open",
      .cluster = "m4",
      .headline = METRIC_RESPONSE,
      .is_open = true,
      .captures_instance = true },
    { .name = "plain",
      .cluster = "t2",
      .headline = METRIC_RESPONSE,
      .is_open = true,
      .captures_instance = false },
};
static const struct derived_phase phases[] = {
    { "steady", "m4", "w", "duration", true, 0, 1000000000, DERIVED_NONE, NAN, NAN, { { 0 }, 0 }, NULL },
    { "steady",
      "m4",
      "p1",
      "requests",
      false,
      1000000000,
      2500000999,
      1000,
      NAN,
      NAN,
      { { [OUTCOME_OK] = 1000, [OUTCOME_STATUS_5XX] = 5, [OUTCOME_CENSORED] = 1 }, 7 },
      NULL },
    { "open", "m4", "p1", "ramp", false, 0, 60000000000, 90, .5, 2500, { { 0 }, 0 }, NULL },
    { "plain",
      "t2",
      "p2",
      "pause",
      false,
      DERIVED_NONE,
      DERIVED_NONE,
      DERIVED_NONE,
      NAN,
      NAN,
      { { 0 }, 0 },
      NULL },
};
static const struct derived_check checks[] = {
    { "R1", "open", "WARN", "%", "achieved rate differs, a \"lot\"", "use more threads", 1.25, 1, 5 },
    { "R2", "run", "OK", "us", "lag", "", NAN, 1e-7, NAN },
};
static const struct derived_run description = {
    .clusters = clusters,
    .n_clusters = N_OF(clusters),
    .streams = streams,
    .n_streams = N_OF(streams),
    .phases = phases,
    .n_phases = N_OF(phases),
    .checks = checks,
    .n_checks = N_OF(checks),
};

struct fact {
    const char *tag;
    uint64_t first_ns, n; /* n values: first, first + 1, ... */
};

static const struct fact facts[] = {
    { "service.steady.m4.w.ok.all", 1, 50 },         { "service.steady.m4.w.ok.i-1", 1, 50 },
    { "service.steady.m4.p1.ok.all", 1, 1000 },      { "service.steady.m4.p1.ok.i-0", 1, 300 },
    { "service.steady.m4.p1.ok.i-1", 301, 300 },     { "service.steady.m4.p1.ok.i-9", 601, 390 },
    { "service.steady.m4.p1.status_5xx.all", 7, 5 }, { "service.steady.m4.p1.status_5xx.i-0", 7, 5 },
    { "first_byte.steady.m4.p1.ok.all", 5, 2 },      { "response.open.m4.p1.ok.all", 1001, 100 },
    { "service.open.m4.p1.ok.all", 900, 100 },       { "response.open.m4.p1.ok.i-1", 1001, 100 },
    { "first_byte.open.m4.p1.ok.all", 7, 3 },        { "response.plain.t2.p2.timeout.all", 2000, 1 },
};

static void fill(struct tag_set *set)
{
    struct err e;
    for (size_t i = 0; i < N_OF(facts); i++) {
        const size_t row = tag_set_row(set, facts[i].tag, &e);
        for (uint64_t k = 0; k < facts[i].n; k++)
            hist_add(set->rows[row].hist, facts[i].first_ns + k);
    }
}

/* The same facts through a log, a few values a second, in the opposite order. */
static void fill_from_log(struct tag_set *set)
{
    struct hist *h = hist_new();
    struct hlog_writer w;
    struct err e;
    bool truncated;
    const char *path = scratch_path("hist.hlog");
    assert_int_equal(hlog_create(&w, path, 0, &e), 0);
    for (uint64_t second = 0; second < 25; second++)
        for (size_t i = N_OF(facts); i-- > 0;) {
            hist_clear(h);
            for (uint64_t k = second; k < facts[i].n; k += 25)
                hist_add(h, facts[i].first_ns + k);
            hlog_write(&w, facts[i].tag, second * 1000000000, 1000000000, h);
        }
    assert_int_equal(hlog_close(&w, &e), 0);
    assert_int_equal(tag_set_read(set, path, &truncated, &e), 0);
    hist_free(h);
}

static void write_to(const char *folder, const struct tag_set *set)
{
    struct derived_run run = description;
    struct err e;
    run.tags = set;
    assert_int_equal(files_make_folders(scratch_path(folder), &e), 0);
    if (derived_write(&run, scratch_path(folder), &e))
        fail_msg("%s", e.text);
}

static int write_run(void **state)
{
    struct tag_set set = { 0 };
    if (scratch_setup(state))
        return -1;
    fill(&set);
    write_to("memory", &set);
    tag_set_fini(&set);
    return 0;
}

static void assert_file_is(const char *path, const char *right)
{
    char *text = scratch_read(scratch_path(path), NULL);
    assert_string_equal(text, right);
    free(text);
}

static void phases_have_empty_cells_for_what_is_unknown(void **state)
{
    (void)state;
    assert_file_is("memory/phases.csv",
                   "stream,cluster,phase,kind,warmup,start_s,end_s,requests_n,rate_per_s,rate_end_per_s\n"
                   "steady,m4,w,duration,1,0.000000,1.000000,,,\n"
                   "steady,m4,p1,requests,0,1.000000,2.500000,1000,,\n"
                   "open,m4,p1,ramp,0,0.000000,60.000000,90,0.5,2500\n"
                   "plain,t2,p2,pause,0,,,,,\n");
}

static void checks_are_quoted_where_needed(void **state)
{
    (void)state;
    assert_file_is("memory/checks.csv",
                   "rule,scope,level,value,unit,warn,invalid,what,advice\n"
                   "R1,open,WARN,1.25,%,1,5,\"achieved rate differs, a \"\"lot\"\"\",use more threads\n"
                   "R2,run,OK,,us,1e-07,,lag,\n");
}

static void instances_count_all_headline_answers(void **state)
{
    /* i-0: 300 ok + 5 errors; i-1: 50 warm-up + 300 + 100 of the open stream; i-2 is known and silent; i-9 is
     * not known. All: 50 + 1000 + 5 + 100 = 1155, so 10 answers named no instance. E = 1145 / 4. */
    (void)state;
    assert_file_is(
        "memory/instances.csv",
        "cluster,instance,requests_n,ok_n,err_n,expected_n,residual,band_"
        "lo_n,band_hi_n,p50_us,p99_us,chi2,df,p_uneven,"
        "p_even\n"
        "m4,i-2,0,0,0,286.25,-19.536291,249.653074,322.846926,,,418.755459,3,1.91584897e-90,\n"
        "m4,i-1,450,450,0,286.25,11.1757822,249.653074,322.846926,0.475,1.096,418.755459,3,1.91584897e-90,\n"
        "m4,i-0,305,300,5,286.25,1.27966972,249.653074,322.846926,0.150,0.297,418.755459,3,1.91584897e-90,\n"
        "m4,i-9,390,390,0,286.25,7.0808391,249.653074,322.846926,0.795,0.987,418.755459,3,1.91584897e-90,\n"
        "m4,,10,10,0,,,,,,,418.755459,3,1.91584897e-90,\n");
}

static void assert_has_line(const char *text, const char *line)
{
    const char *at = strstr(text, line);
    if (!at || (at != text && at[-1] != '\n') || at[strlen(line)] != '\n')
        fail_msg("no line '%s'", line);
}

static void percentiles_have_interval_and_tail(void **state)
{
    char *text = scratch_read(scratch_path("memory/percentiles.csv"), NULL);
    (void)state;
    assert_has_line(text,
                    "cluster,stream,step,phase,class,metric,p_ppm,inv_tail,value_us,at_least_us,state,lo_us,"
                    "hi_us,ci_method,n,n_beyond");
    assert_has_line(text,
                    "m4,steady,,p1,ok,service,500000,2,0.500,,exact,0.469,0.532,order_statistics,1000,500");
    assert_has_line(text,
                    "m4,steady,,p1,ok,service,900000,10,0.900,,exact,0.881,0.919,order_statistics,1000,100");
    assert_has_line(text,
                    "m4,steady,,p1,ok,service,990000,100,0.990,,exact,0.983,0.997,order_statistics,1000,10");
    assert_has_line(text,
                    "m4,steady,,p1,ok,service,999900,10000,1.000,,exact,0.999,,order_statistics,1000,0");
    assert_has_line(text, "m4,steady,,p1,ok,service,1000000,,1.000,,exact,1.000,,order_statistics,1000,0");
    free(text);
}

static void class_all_counts_every_attempt(void **state)
{
    char *text = scratch_read(scratch_path("memory/percentiles.csv"), NULL);
    (void)state;
    assert_has_line(text,
                    "m4,steady,,p1,all,service,500000,2,,0.502,at_least,0.471,,order_statistics,1006,503");
    assert_has_line(text, "m4,steady,,p1,all,service,999000,1000,,,failed,,,order_statistics,1006,1");
    assert_has_line(text,
                    "m4,open,,p1,all,response,500000,2,1.050,,exact,1.040,1.061,order_statistics,100,50");
    assert_null(strstr(text, "all,first_byte"));
    free(text);
}

static void warmup_counts_in_its_own_phase_only(void **state)
{
    char *text = scratch_read(scratch_path("memory/percentiles.csv"), NULL);
    (void)state;
    assert_has_line(text, "m4,steady,,w,ok,service,500000,2,0.025,,exact,0.018,0.033,order_statistics,50,25");
    assert_has_line(text,
                    "m4,steady,,all,ok,service,500000,2,0.500,,exact,0.469,0.532,order_statistics,1000,500");
    free(text);
}

static void a_clusters_headline_merges_streams_of_that_headline_only(void **state)
{
    char *text = scratch_read(scratch_path("memory/percentiles.csv"), NULL);
    (void)state;
    assert_has_line(text,
                    "m4,all,,all,ok,service,500000,2,0.500,,exact,0.469,0.532,order_statistics,1000,500");
    assert_has_line(text,
                    "m4,all,,all,ok,response,500000,2,1.050,,exact,1.040,1.061,order_statistics,100,50");
    assert_has_line(text, "m4,all,,all,ok,first_byte,500000,2,0.007,,exact,,,order_statistics,5,2");
    assert_has_line(text, "t2,all,,all,timeout,response,1000000,,2.000,,exact,2.000,,order_statistics,1,0");
    free(text);
}

static void rows_follow_the_description(void **state)
{
    static const char *const order[] = {
        "\nm4,steady,,w,ok,service,",        "\nm4,steady,,p1,ok,service,",
        "\nm4,steady,,p1,ok,first_byte,",    "\nm4,steady,,p1,status_5xx,service,",
        "\nm4,steady,,all,ok,service,",      "\nm4,open,,p1,ok,response,",
        "\nm4,open,,p1,ok,service,",         "\nm4,open,,all,ok,response,",
        "\nm4,all,,all,ok,response,",        "\nm4,all,,all,ok,service,",
        "\nm4,all,,all,status_5xx,service,", "\nt2,plain,,p2,timeout,response,"
    };
    char *text = scratch_read(scratch_path("memory/percentiles.csv"), NULL);
    const char *at = text;
    (void)state;
    for (size_t i = 0; i < N_OF(order); i++) {
        at = strstr(at, order[i]);
        if (!at)
            fail_msg("%s is missing or too early", order[i]);
    }
    free(text);
}

static void memory_and_log_give_the_same_bytes(void **state)
{
    static const char *const files[] = { "percentiles.csv", "instances.csv", "phases.csv", "checks.csv" };
    struct tag_set set = { 0 };
    (void)state;
    fill_from_log(&set);
    write_to("log", &set);
    tag_set_fini(&set);
    for (size_t i = 0; i < N_OF(files); i++) {
        char name[64];
        snprintf(name, sizeof name, "memory/%s", files[i]);
        char *right = scratch_read(scratch_path(name), NULL);
        snprintf(name, sizeof name, "log/%s", files[i]);
        assert_file_is(name, right);
        free(right);
    }
}

/* One answer of each of `n_ids` instances, and `n_more` of none. */
static char *instances_of(uint64_t n_ids, uint64_t n_more)
{
    struct tag_set set = { 0 };
    struct err e;
    char tag[TAGS_TEXT_BYTES];
    size_t row = tag_set_row(&set, "service.steady.m4.p1.ok.all", &e);
    for (uint64_t i = 0; i < n_ids + n_more; i++)
        hist_add(set.rows[row].hist, 1000 + i);
    for (uint64_t i = 0; i < n_ids; i++) {
        snprintf(tag, sizeof tag, "service.steady.m4.p1.ok.r%llu", (unsigned long long)i);
        row = tag_set_row(&set, tag, &e);
        hist_add(set.rows[row].hist, 1000 + i);
    }
    write_to("many", &set);
    tag_set_fini(&set);
    return scratch_read(scratch_path("many/instances.csv"), NULL);
}

static void of_more_ids_than_are_kept_no_evenness_is_claimed(void **state)
{
    static const struct {
        uint64_t n_ids, n_more;
        bool is_judged;
    } cases[] = { { TAGS_INSTANCES_MOST, 0, true },
                  { TAGS_INSTANCES_MOST - 1, 7, true }, /* those named none */
                  { TAGS_INSTANCES_MOST, 7, false } };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        char *text = instances_of(cases[i].n_ids, cases[i].n_more);
        const char *row = strstr(text, "m4,r0,1,1,0,");
        assert_non_null(row);
        row += strlen("m4,r0,1,1,0,");
        assert_int_equal(*row != ',', cases[i].is_judged);
        assert_int_equal(strstr(text, "m4,,7,7,0,") != NULL, cases[i].n_more == 7);
        if (!cases[i].is_judged)
            assert_non_null(strstr(text, "m4,r0,1,1,0,,,,,1.000,1.000,,,,\n"));
        free(text);
    }
}

static void a_tag_of_another_run_is_refused(void **state)
{
    static const char *const tags[] = { "service.other.m4.p1.ok.all", "service.steady.t2.p1.ok.all",
                                        "service.steady.m4.p7.ok.all" };
    (void)state;
    for (size_t i = 0; i < N_OF(tags); i++) {
        struct derived_run run = description;
        struct tag_set set = { 0 };
        struct err e;
        assert_int_equal(tag_set_row(&set, tags[i], &e), 0);
        run.tags = &set;
        assert_int_equal(derived_write(&run, scratch_folder, &e), -1);
        assert_non_null(strstr(e.text, tags[i]));
        tag_set_fini(&set);
    }
}

static void a_run_without_requests_has_headers_only(void **state)
{
    const struct tag_set none = { 0 };
    const struct derived_run run = { .tags = &none };
    struct err e;
    (void)state;
    assert_int_equal(derived_write(&run, scratch_folder, &e), 0);
    assert_file_is("percentiles.csv",
                   "cluster,stream,step,phase,class,metric,p_ppm,inv_tail,value_us,at_least_us,"
                   "state,lo_us,hi_us,ci_method,n,n_beyond\n");
    assert_int_equal(derived_write(&run, "/nonexistent", &e), -1);
    assert_int_equal(e.kind, ERR_FAILED);
}

static void tables_that_cannot_be_written_are_named(void **state)
{
    static const char *const files[] = { "percentiles.csv", "instances.csv", "phases.csv", "checks.csv" };
    struct tag_set set = { 0 };
    struct derived_run run = description;
    struct err e;
    char folder[PATH_MAX];
    (void)state;
    fill(&set);
    run.tags = &set;
    for (size_t i = 0; i < N_OF(files); i++) {
        snprintf(folder, sizeof folder, "%s/no%zu/%s", scratch_folder, i, files[i]);
        assert_int_equal(files_make_folders(folder, &e), 0);
        *strrchr(folder, '/') = '\0';
        assert_int_equal(derived_write(&run, folder, &e), -1);
        assert_non_null(strstr(e.text, files[i]));
    }
    memset(folder, 'x', sizeof folder - 1);
    folder[sizeof folder - 1] = '\0';
    assert_int_equal(derived_write(&run, folder, &e), -1);
    assert_string_equal(e.text, "the path of percentiles.csv is too long");
    tag_set_fini(&set);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(phases_have_empty_cells_for_what_is_unknown),
        cmocka_unit_test(checks_are_quoted_where_needed),
        cmocka_unit_test(instances_count_all_headline_answers),
        cmocka_unit_test(percentiles_have_interval_and_tail),
        cmocka_unit_test(class_all_counts_every_attempt),
        cmocka_unit_test(warmup_counts_in_its_own_phase_only),
        cmocka_unit_test(a_clusters_headline_merges_streams_of_that_headline_only),
        cmocka_unit_test(rows_follow_the_description),
        cmocka_unit_test(memory_and_log_give_the_same_bytes),
        cmocka_unit_test(of_more_ids_than_are_kept_no_evenness_is_claimed),
        cmocka_unit_test(a_tag_of_another_run_is_refused),
        cmocka_unit_test(a_run_without_requests_has_headers_only),
        cmocka_unit_test(tables_that_cannot_be_written_are_named),
    };
    return cmocka_run_group_tests(tests, write_run, scratch_teardown);
}
