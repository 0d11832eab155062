#include "dns_log.h"

#include "cm.h"
#include "units.h"
#include "written_rows.h"

static void answers_of_the_resolver_count_from_the_start(void **state)
{
    struct rows *x = *state;
    struct dns_log log;
    dns_log_init(&log);
    const struct dns_answer answers[] = {
        { 9500 * NS_PER_MS, "a.example", "10.0.0.1", 60, true }, /* before the start */
        { 10 * NS_PER_S, "a.example", "10.0.0.2", 0, true },
        { 12 * NS_PER_S + 1000, "b.example", "", 5, false },
    };
    for (size_t i = 0; i < N_OF(answers); i++)
        dns_log_add(&log, &answers[i]);
    assert_int_equal(csv_close(&x->w, &x->e), 0);
    assert_int_equal(dns_log_write(&log, x->path, 10 * NS_PER_S, &x->e), 0);
    assert_string_equal(written(x), "-0.500000,a.example,10.0.0.1,60\n"
                                    "0.000000,a.example,10.0.0.2,0\n"
                                    "2.000001,b.example,,\n");
    log.is_short = true;
    assert_int_equal(dns_log_write(&log, x->path, 10 * NS_PER_S, &x->e), -1);
    assert_non_null(strstr(x->e.text, "out of memory: answers are missing from /tmp/loadgen-rows-"));
    assert_non_null(strstr(written(x), "2.000001,b.example,,\n")); /* the rest is written all the same */
    assert_int_equal(dns_log_write(&log, "/nonexistent/dns.csv", 0, &x->e), -1);
    dns_log_fini(&log);
}

static void answers_of_the_resolver_are_kept_beyond_the_first_few(void **state)
{
    struct dns_log log;
    char name[16];
    (void)state;
    dns_log_init(&log);
    for (int i = 0; i < 100; i++) {
        snprintf(name, sizeof name, "n%d", i % 40);
        dns_log_add(&log, &(struct dns_answer){ .at_ns = (uint64_t)i, .name = name, .address = "10.0.0.1" });
    }
    assert_int_equal(log.n, 100);
    assert_int_equal(log.n_texts, 41); /* each text once */
    assert_false(log.is_short);
    for (int i = 0; i < 100; i++) {
        snprintf(name, sizeof name, "n%d", i % 40);
        assert_string_equal(log.answers[i].name, name);
        assert_ptr_equal(log.answers[i].name, log.answers[i % 40].name);
        assert_int_equal(log.answers[i].at_ns, i);
    }
    dns_log_fini(&log);
}

static void a_log_that_ran_out_of_memory_is_no_whole_file(void **state)
{
    struct rows *x = *state;
    struct dns_log log;
    dns_log_init(&log);
    log.is_short = true;
    assert_int_equal(dns_log_write(&log, x->path, 0, &x->e), -1);
    assert_non_null(strstr(x->e.text, "out of memory: answers are missing from "));
    log.is_short = false;
    assert_int_equal(dns_log_write(&log, "/nonexistent/dns.csv", 0, &x->e), -1);
    for (uint64_t i = 0; i < 1000; i++)
        dns_log_add(&log, &(struct dns_answer){ .name = "lb", .address = "10.0.0.1" });
    assert_int_equal(dns_log_write(&log, "/dev/full", 0, &x->e), -1);
    dns_log_fini(&log);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(answers_of_the_resolver_count_from_the_start, make, drop),
        cmocka_unit_test_setup_teardown(answers_of_the_resolver_are_kept_beyond_the_first_few, make, drop),
        cmocka_unit_test_setup_teardown(a_log_that_ran_out_of_memory_is_no_whole_file, make, drop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
