#include "host_facts.h"
#include "made_machine.h"

#include <sys/resource.h>
#include <unistd.h>

static void the_first_processor_s_name_stands_behind_its_colon(void **state)
{
    struct host_facts facts;
    (void)state;
    machine_file("/proc/cpuinfo", "processor\t: 0\nvendor_id\t: X\nmodel name\t:  Fast(R) CPU @ 3.00GHz\n"
                                  "stepping\t: 4\nprocessor\t: 1\nmodel name\t: Other\n");
    host_facts_read(scratch_folder, &facts);
    assert_string_equal(facts.cpu, "Fast(R) CPU @ 3.00GHz");
}

static void a_processor_may_have_no_name(void **state)
{
    struct host_facts facts;
    (void)state;
    machine_file("/proc/cpuinfo", "processor: 0\nBogoMIPS: 48.00\n");
    host_facts_read(scratch_folder, &facts);
    assert_string_equal(facts.cpu, "");
    machine_file("/proc/cpuinfo", "processor: 0\nmodel name"); /* cut short */
    host_facts_read(scratch_folder, &facts);
    assert_string_equal(facts.cpu, "");
}

static void the_clock_source_is_a_line(void **state)
{
    char name[HOST_FACT_BYTES];
    struct host_facts facts;
    (void)state;
    host_facts_clocksource(scratch_folder, name);
    assert_string_equal(name, "");
    machine_file("/sys/devices/system/clocksource/clocksource0/current_clocksource", "tsc\n");
    host_facts_clocksource(scratch_folder, name);
    assert_string_equal(name, "tsc");
    host_facts_read(scratch_folder, &facts);
    assert_string_equal(facts.clocksource, "tsc");
}

static void what_the_kernel_answers_is_this_machine_s(void **state)
{
    struct host_facts facts;
    struct rlimit limit;
    char name[HOST_FACT_BYTES];
    (void)state;
    host_facts_read(scratch_folder, &facts);
    assert_int_equal(gethostname(name, sizeof name), 0);
    assert_string_equal(facts.name, name);
    assert_true(facts.kernel[0] >= '2' && facts.kernel[0] <= '9');
    assert_int_equal(facts.n_cpus, sysconf(_SC_NPROCESSORS_ONLN));
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
    assert_true(facts.descriptor_limit == limit.rlim_cur);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(the_first_processor_s_name_stands_behind_its_colon, machine_new),
        cmocka_unit_test_setup(a_processor_may_have_no_name, machine_new),
        cmocka_unit_test_setup(the_clock_source_is_a_line, machine_new),
        cmocka_unit_test_setup(what_the_kernel_answers_is_this_machine_s, machine_new),
    };
    return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
