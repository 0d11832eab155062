#include "host_facts.h"
#include "made_machine.h"

#include <math.h>
#include <sys/resource.h>
#include <unistd.h>

static struct host_facts read_facts(void)
{
    struct host_facts facts;
    host_facts_read(scratch_folder, &facts);
    return facts;
}

static void the_first_processor_s_name_stands_behind_its_colon(void **state)
{
    (void)state;
    machine_file("/proc/cpuinfo", "processor\t: 0\nvendor_id\t: X\nmodel name\t:  Fast(R) CPU @ 3.00GHz\n"
                                  "stepping\t: 4\nflags\t\t: fpu vme\nprocessor\t: 1\nmodel name\t: Other\n"
                                  "flags\t\t: fpu hypervisor\n");
    const struct host_facts facts = read_facts();
    assert_string_equal(facts.cpu, "Fast(R) CPU @ 3.00GHz");
    assert_int_equal(facts.is_virtual, 0);
}

static void a_processor_may_have_no_name(void **state)
{
    (void)state;
    machine_file("/proc/cpuinfo", "processor: 0\nBogoMIPS: 48.00\n");
    assert_string_equal(read_facts().cpu, "");
    assert_int_equal(read_facts().is_virtual, -1);
    machine_file("/proc/cpuinfo", "processor: 0\nmodel name"); /* cut short */
    assert_string_equal(read_facts().cpu, "");
}

static void a_hypervisor_shows_in_the_processor_s_flags_and_in_the_name_of_the_machine(void **state)
{
    (void)state;
    assert_string_equal(read_facts().machine, "");
    machine_file("/proc/cpuinfo", "processor\t: 0\nmodel name\t: A\nflags\t\t: fpu hypervisor lahf_lm\n");
    machine_file("/sys/class/dmi/id/sys_vendor", "Amazon EC2\n");
    assert_string_equal(read_facts().machine, "Amazon EC2");
    machine_file("/sys/class/dmi/id/product_name", "m5.large\n");
    assert_string_equal(read_facts().machine, "Amazon EC2 m5.large");
    assert_int_equal(read_facts().is_virtual, 1);
}

static void memory_load_and_frequency_are_read_from_the_kernel_s_files(void **state)
{
    (void)state;
    machine_file("/proc/meminfo", "MemTotal:        8049852 kB\nMemFree:   12 kB\n");
    machine_file("/proc/loadavg", "0.52 1.25 2.00 1/234 5678\n");
    machine_file("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor", "powersave\n");
    machine_file("/sys/devices/system/cpu/cpu0/cpufreq/scaling_driver", "intel_pstate\n");
    machine_file("/sys/devices/system/cpu/cpu0/cpufreq/scaling_max_freq", "3600000\n");
    machine_file("/sys/devices/system/cpu/smt/control", "off\n");
    const struct host_facts facts = read_facts();
    assert_int_equal(facts.memory_bytes, 8049852ULL * 1024);
    assert_true(facts.load_1m == .52 && facts.load_5m == 1.25 && facts.load_15m == 2);
    assert_string_equal(facts.governor, "powersave");
    assert_string_equal(facts.frequency_driver, "intel_pstate");
    assert_int_equal(facts.frequency_max_hz, 3600000000ULL);
    assert_string_equal(facts.smt, "off");
}

static void a_file_that_is_missing_leaves_its_fact_unknown(void **state)
{
    (void)state;
    const struct host_facts facts = read_facts();
    assert_int_equal(facts.memory_bytes, 0);
    assert_int_equal(facts.frequency_max_hz, 0);
    assert_true(isnan(facts.load_1m) && isnan(facts.load_5m) && isnan(facts.load_15m));
    assert_string_equal(facts.governor, "");
}

static void the_clock_source_is_a_line(void **state)
{
    char name[HOST_FACT_BYTES];
    (void)state;
    host_facts_clocksource(scratch_folder, name);
    assert_string_equal(name, "");
    machine_file("/sys/devices/system/clocksource/clocksource0/current_clocksource", "tsc\n");
    host_facts_clocksource(scratch_folder, name);
    assert_string_equal(name, "tsc");
    assert_string_equal(read_facts().clocksource, "tsc");
}

static void what_the_kernel_answers_is_this_machine_s(void **state)
{
    struct rlimit limit;
    char name[HOST_FACT_BYTES];
    (void)state;
    const struct host_facts facts = read_facts();
    assert_int_equal(gethostname(name, sizeof name), 0);
    assert_string_equal(facts.name, name);
    assert_true(facts.kernel[0] >= '2' && facts.kernel[0] <= '9');
    assert_true(facts.kernel_build[0] && facts.architecture[0]);
    assert_int_equal(facts.n_cpus, sysconf(_SC_NPROCESSORS_ONLN));
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
    assert_true(facts.descriptor_limit == limit.rlim_cur);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(the_first_processor_s_name_stands_behind_its_colon, machine_new),
        cmocka_unit_test_setup(a_processor_may_have_no_name, machine_new),
        cmocka_unit_test_setup(a_hypervisor_shows_in_the_processor_s_flags_and_in_the_name_of_the_machine,
                               machine_new),
        cmocka_unit_test_setup(memory_load_and_frequency_are_read_from_the_kernel_s_files, machine_new),
        cmocka_unit_test_setup(a_file_that_is_missing_leaves_its_fact_unknown, machine_new),
        cmocka_unit_test_setup(the_clock_source_is_a_line, machine_new),
        cmocka_unit_test_setup(what_the_kernel_answers_is_this_machine_s, machine_new),
    };
    return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
