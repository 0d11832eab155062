#include "host_quota.h"

#include "made_machine.h"

static void the_kernel_says_how_often_a_group_was_stopped(void **state)
{
    static const struct {
        const char *stat;
        uint64_t n_periods, n_stopped;
    } cases[] = {
        { "usage_usec 9\nuser_usec 5\nsystem_usec 4\nnr_periods 35\nnr_throttled 34\nthrottled_usec 100\n",
          35, 34 },
        { "nr_periods 35\nnr_throttled 3\nthrottled_time 100\n", 35, 3 }, /* version 1 */
        { "nr_throttled 7\n", 0, 7 },
        { "usage_usec 9\nuser_usec 5\nsystem_usec 4\n", 0, 0 }, /* no quota */
        { "core_nr_throttled 5\n", 0, 0 },
        { "", 0, 0 },
    };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        const struct host_quota quota = host_quota_parse(cases[i].stat);
        assert_int_equal(quota.n_periods, cases[i].n_periods);
        assert_int_equal(quota.n_stopped, cases[i].n_stopped);
    }
}

static void groups_are_found_in_both_versions(void **state)
{
    static const char v2[] = "0::/kubepods/pod1/c1\n";
    static const char v1[] = "9:name=systemd:/\n4:cpu,cpuacct:/docker/abc\n3:cpuset:/x\n2:cpuacct:/y\n0::/\n";
    char folder[128];
    (void)state;
    assert_string_equal(host_quota_folder(v2, 0, folder, sizeof folder), "/sys/fs/cgroup/kubepods/pod1/c1");
    assert_null(host_quota_folder(v2, 1, folder, sizeof folder));
    assert_string_equal(host_quota_folder(v1, 0, folder, sizeof folder),
                        "/sys/fs/cgroup/cpu,cpuacct/docker/abc");
    assert_string_equal(host_quota_folder(v1, 1, folder, sizeof folder), "/sys/fs/cgroup");
    assert_null(host_quota_folder(v1, 2, folder, sizeof folder));
    assert_null(host_quota_folder("", 0, folder, sizeof folder));
    assert_null(host_quota_folder("nonsense\n", 0, folder, sizeof folder));
}

static void colons_and_commas_part_what_they_part(void **state)
{
    static const struct {
        const char *cgroup, *folder; /* NULL: none */
    } cases[] = {
        { "4:cpuacct,cpu:/a:b\n", "/sys/fs/cgroup/cpuacct,cpu/a:b" },
        { "4:cpu:/\n", "/sys/fs/cgroup/cpu" },
        { "4:cpu:/a", "/sys/fs/cgroup/cpu/a" }, /* the last line's end is missing */
        { "4:cpuset,xcpu,cp:/a\n", NULL },
        { "4:name=cpu:/a\n", NULL },
        { "0::", "/sys/fs/cgroup" },
        { "0:\n:/x\n", NULL },
        { "4:cpu,\n:/x\n", NULL },
        { "\n\n0::/y\n", "/sys/fs/cgroup/y" },
    };
    char folder[128];
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        const char *found = host_quota_folder(cases[i].cgroup, 0, folder, sizeof folder);
        if (cases[i].folder ? !found || strcmp(found, cases[i].folder) != 0 : found != NULL)
            fail_msg("case %zu: %s", i, found ? found : "none");
    }
}

static void a_group_s_stops_are_those_of_all_above_it(void **state)
{
    (void)state;
    assert_int_equal(host_quota_read(scratch_folder).n_stopped, 0);
    machine_file("/proc/self/cgroup", "4:cpu:/x\n3:memory:/y\n0::/pods/one\n");
    machine_file("/sys/fs/cgroup/pods/one/cpu.stat", "nr_periods 9\nnr_throttled 1\n");
    machine_file("/sys/fs/cgroup/pods/cpu.stat", "usage_usec 7\n");
    assert_int_equal(host_quota_read(scratch_folder).n_stopped, 1);
    machine_file("/sys/fs/cgroup/pods/cpu.stat", "nr_periods 9\nnr_throttled 20\n");
    machine_file("/sys/fs/cgroup/cpu/x/cpu.stat", "nr_throttled 300\n");
    machine_file("/sys/fs/cgroup/memory/y/cpu.stat", "nr_throttled 5000\n");
    machine_file("/sys/fs/cpu.stat", "nr_throttled 70000\n"); /* above the mount: no group's */
    assert_int_equal(host_quota_read(scratch_folder).n_stopped, 321);
    machine_file("/proc/self/cgroup", "0::/pods/one\n");
    machine_file("/sys/fs/cgroup/cpu.stat", "nr_throttled 4000\n");
    assert_int_equal(host_quota_read(scratch_folder).n_stopped, 4021);
    assert_int_equal(host_quota_read(scratch_folder).n_periods, 18);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_kernel_says_how_often_a_group_was_stopped),
        cmocka_unit_test(groups_are_found_in_both_versions),
        cmocka_unit_test(colons_and_commas_part_what_they_part),
        cmocka_unit_test_setup(a_group_s_stops_are_those_of_all_above_it, machine_new),
    };
    return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
