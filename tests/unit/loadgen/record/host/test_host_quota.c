#include "host_quota.h"

#include "cm.h"

static void the_kernel_says_how_often_a_group_was_stopped(void **state)
{
    static const struct {
        const char *stat;
        uint64_t n;
    } cases[] = {
        { "usage_usec 9\nuser_usec 5\nsystem_usec 4\nnr_periods 35\nnr_throttled 34\nthrottled_usec 100\n",
          34 },
        { "nr_periods 35\nnr_throttled 3\nthrottled_time 100\n", 3 }, /* version 1 */
        { "nr_throttled 7\n", 7 },
        { "usage_usec 9\nuser_usec 5\nsystem_usec 4\n", 0 }, /* no quota */
        { "core_nr_throttled 5\n", 0 },
        { "", 0 },
    };
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++)
        assert_int_equal(host_quota_parse(cases[i].stat), cases[i].n);
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

static void this_machine_can_be_asked(void **state)
{
    (void)state;
    const uint64_t first = host_quota_n_stopped();
    assert_true(host_quota_n_stopped() >= first);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_kernel_says_how_often_a_group_was_stopped),
        cmocka_unit_test(groups_are_found_in_both_versions),
        cmocka_unit_test(this_machine_can_be_asked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
