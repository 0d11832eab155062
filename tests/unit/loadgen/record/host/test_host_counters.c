#include "host_counters.h"
#include "host_file.h"
#include "made_machine.h"

#include <math.h>
#include <unistd.h>

static void ticks_are_summed_up_to_steal_and_without_guest_time(void **state)
{
    (void)state;
    machine_file("/proc/stat", "cpu  1 20 300 4000 50000 600000 7000000 80000000 900000000 900000000\n"
                               "cpu0 1 1 1 1 1 1 1 1 1 1\n");
    const struct host_counters c = host_counters_read(scratch_folder);
    assert_true(c.has_cpu);
    assert_int_equal(c.cpu_ticks, 87654321);
    assert_int_equal(c.steal_ticks, 80000000);
    assert_int_equal(c.busy_ticks, 1 + 20 + 300 + 600000 + 7000000);
    assert_false(c.has_tcp);
    assert_int_equal(c.rss_bytes, 0);
}

static void a_kernel_without_steal_time_has_no_ticks_to_compare(void **state)
{
    (void)state;
    machine_file("/proc/stat", "cpu  1 2 3 4 5 6 7\nintr 5\n");
    assert_false(host_counters_read(scratch_folder).has_cpu);
}

static void segments_are_the_machine_s_tcp_line_with_numbers(void **state)
{
    (void)state;
    machine_file("/proc/net/snmp",
                 "Ip: Forwarding DefaultTTL\nIp: 1 64\n"
                 "Tcp: RtoAlgorithm RtoMin RtoMax MaxConn ActiveOpens PassiveOpens AttemptFails EstabResets "
                 "CurrEstab InSegs OutSegs RetransSegs InErrs OutRsts InCsumErrors\n"
                 "Tcp: 1 200 120000 -1 5 6 7 8 9 10 1100 12 13 14 15\n"
                 "Udp: InDatagrams\nUdp: 77\n");
    const struct host_counters c = host_counters_read(scratch_folder);
    assert_true(c.has_tcp);
    assert_int_equal(c.segments_out, 1100);
    assert_int_equal(c.segments_again, 12);
    assert_false(c.has_cpu);
}

static void a_tcp_line_that_is_cut_short_is_none(void **state)
{
    (void)state;
    machine_file("/proc/net/snmp", "Tcp: 1 200 120000 -1 5 6 7 8 9 10 1100\n");
    assert_false(host_counters_read(scratch_folder).has_tcp);
}

static void memory_is_the_resident_pages(void **state)
{
    (void)state;
    machine_file("/proc/self/statm", "9000 25 7 1 0 8 0\n");
    assert_int_equal(host_counters_read(scratch_folder).rss_bytes, 25 * sysconf(_SC_PAGESIZE));
    machine_file("/proc/self/statm", "9000\n");
    assert_int_equal(host_counters_read(scratch_folder).rss_bytes, 0);
}

static void a_machine_without_files_has_no_counters(void **state)
{
    (void)state;
    const struct host_counters c = host_counters_read(scratch_folder);
    assert_false(c.has_cpu || c.has_tcp);
    assert_int_equal(c.cpu_ticks + c.segments_out + c.rss_bytes + c.quota.n_stopped, 0);
}

static void stops_by_the_quota_are_counted(void **state)
{
    (void)state;
    machine_file("/proc/self/cgroup", "0::/pod\n");
    machine_file("/sys/fs/cgroup/pod/cpu.stat", "nr_periods 9\nnr_throttled 4\n");
    assert_int_equal(host_counters_read(scratch_folder).quota.n_stopped, 4);
    assert_int_equal(host_counters_read(scratch_folder).quota.n_periods, 9);
}

static void a_file_is_read_up_to_the_room_for_it(void **state)
{
    char text[8] = "before";
    (void)state;
    assert_false(host_file_read(scratch_folder, "/none", text, sizeof text));
    assert_string_equal(text, "");
    machine_file("/empty", "");
    assert_false(host_file_read(scratch_folder, "/empty", text, sizeof text));
    machine_file("/one", "x");
    assert_true(host_file_read(scratch_folder, "/one", text, sizeof text));
    assert_string_equal(text, "x");
    machine_file("/long", "0123456789");
    assert_true(host_file_read(scratch_folder, "/long", text, sizeof text));
    assert_string_equal(text, "0123456");
}

/* Two seconds of two processors, of which this process had half a second and others 1.5. */
static void the_processors_are_shared_by_this_program_and_others(void **state)
{
    const uint64_t ticks = (uint64_t)sysconf(_SC_CLK_TCK);
    const struct host_counters from = {
        .has_cpu = true, .cpu_ticks = 100, .busy_ticks = 50, .own_ns = 7, .n_switches = 3, .quota = { 5, 1 }
    };
    const struct host_counters to = { .has_cpu = true,
                                      .cpu_ticks = 100 + 4 * ticks,
                                      .busy_ticks = 50 + 2 * ticks,
                                      .own_ns = 500000007,
                                      .n_switches = 23,
                                      .quota = { 25, 11 } };
    struct host_counters sum = { 0 };
    (void)state;
    assert_true(isnan(host_own_pct(&sum)) && isnan(host_others_pct(&sum)));
    host_counters_add(&sum, &from, &to);
    host_counters_add(&sum, &from, &to);
    assert_true(fabs(host_own_pct(&sum) - 12.5) < 1e-9);
    assert_true(fabs(host_others_pct(&sum) - 37.5) < 1e-9);
    assert_int_equal(sum.n_switches, 40);
    assert_int_equal(sum.quota.n_periods, 40);
    assert_int_equal(sum.quota.n_stopped, 20);
    sum.busy_ticks = 0;
    assert_true(host_others_pct(&sum) == 0);
}

static void counters_that_cannot_be_read_add_nothing(void **state)
{
    const struct host_counters from = {
        .has_cpu = true, .cpu_ticks = 100, .busy_ticks = 50, .own_ns = 7, .n_switches = 3, .quota = { 5, 1 }
    };
    const struct host_counters none = { 0 }, zero = { 0 };
    struct host_counters sum = { 0 };
    (void)state;
    host_counters_add(&sum, &from, &none);
    assert_memory_equal(&sum, &zero, sizeof sum);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(ticks_are_summed_up_to_steal_and_without_guest_time, machine_new),
        cmocka_unit_test_setup(a_kernel_without_steal_time_has_no_ticks_to_compare, machine_new),
        cmocka_unit_test_setup(segments_are_the_machine_s_tcp_line_with_numbers, machine_new),
        cmocka_unit_test_setup(a_tcp_line_that_is_cut_short_is_none, machine_new),
        cmocka_unit_test_setup(memory_is_the_resident_pages, machine_new),
        cmocka_unit_test_setup(a_machine_without_files_has_no_counters, machine_new),
        cmocka_unit_test_setup(stops_by_the_quota_are_counted, machine_new),
        cmocka_unit_test(the_processors_are_shared_by_this_program_and_others),
        cmocka_unit_test(counters_that_cannot_be_read_add_nothing),
        cmocka_unit_test_setup(a_file_is_read_up_to_the_room_for_it, machine_new),
    };
    return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
