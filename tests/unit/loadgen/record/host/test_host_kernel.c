#include "host_kernel.h"
#include "made_machine.h"

static void a_vulnerability_is_a_file_and_they_are_in_order(void **state)
{
    struct host_kernel_rows rows;
    (void)state;
    host_kernel_vulnerabilities(scratch_folder, &rows);
    assert_int_equal(rows.n, 0);
    machine_file("/sys/devices/system/cpu/vulnerabilities/mds", "Vulnerable; SMT vulnerable\n");
    machine_file("/sys/devices/system/cpu/vulnerabilities/l1tf", "Not affected\n");
    host_kernel_vulnerabilities(scratch_folder, &rows);
    assert_int_equal(rows.n, 2);
    assert_string_equal(rows.rows[0].name, "l1tf");
    assert_string_equal(rows.rows[0].value, "Not affected");
    assert_string_equal(rows.rows[1].value, "Vulnerable; SMT vulnerable");
}

static void of_the_command_line_only_known_parameters_are_kept(void **state)
{
    struct host_kernel_rows rows;
    (void)state;
    machine_file(
        "/proc/cmdline",
        "BOOT_IMAGE=/vmlinuz root=UUID=1-2 mitigations=off,nosmt rd.luks.key=hunter2 password=hunter3 "
        "nosmt mitigationsx=1 isolcpus=2-3 -- --token hunter4\n");
    host_kernel_parameters(scratch_folder, &rows);
    assert_int_equal(rows.n, 3);
    assert_string_equal(rows.rows[0].name, "mitigations");
    assert_string_equal(rows.rows[0].value, "off,nosmt");
    assert_string_equal(rows.rows[1].name, "nosmt");
    assert_string_equal(rows.rows[1].value, "");
    assert_string_equal(rows.rows[2].value, "2-3");
}

static void a_sysctl_that_the_kernel_lacks_is_left_out_and_tabs_become_blanks(void **state)
{
    struct host_kernel_rows rows;
    (void)state;
    machine_file("/proc/sys/net/core/somaxconn", "4096\n");
    machine_file("/proc/sys/net/ipv4/ip_local_port_range", "32768\t60999\n");
    host_kernel_sysctls(scratch_folder, &rows);
    assert_int_equal(rows.n, 2);
    assert_string_equal(rows.rows[0].name, "net.core.somaxconn");
    assert_string_equal(rows.rows[0].value, "4096");
    assert_string_equal(rows.rows[1].name, "net.ipv4.ip_local_port_range");
    assert_string_equal(rows.rows[1].value, "32768 60999");
}

static void more_rows_than_fit_are_left_out(void **state)
{
    struct host_kernel_rows rows;
    char path[80];
    (void)state;
    for (int i = 0; i < HOST_KERNEL_ROWS + 3; i++) {
        snprintf(path, sizeof path, "/sys/devices/system/cpu/vulnerabilities/flaw%02d", i);
        machine_file(path, "Not affected\n");
    }
    host_kernel_vulnerabilities(scratch_folder, &rows);
    assert_int_equal(rows.n, HOST_KERNEL_ROWS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_vulnerability_is_a_file_and_they_are_in_order, machine_new),
        cmocka_unit_test_setup(of_the_command_line_only_known_parameters_are_kept, machine_new),
        cmocka_unit_test_setup(a_sysctl_that_the_kernel_lacks_is_left_out_and_tabs_become_blanks,
                               machine_new),
        cmocka_unit_test_setup(more_rows_than_fit_are_left_out, machine_new),
    };
    return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
