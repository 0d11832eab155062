#include "host_network.h"
#include "made_machine.h"

#include <unistd.h>

static void the_interface_to_this_machine_itself_is_the_loopback(void **state)
{
    char name[HOST_NETWORK_NAME_BYTES];
    (void)state;
    host_network_interface("127.0.0.1", name);
    assert_string_equal(name, "lo");
    host_network_interface("127.3.4.5", name);
    assert_string_equal(name, "lo");
}

static void what_is_no_address_has_no_interface(void **state)
{
    char name[HOST_NETWORK_NAME_BYTES];
    (void)state;
    host_network_interface("unix", name);
    assert_string_equal(name, "");
    host_network_interface("", name);
    assert_string_equal(name, "");
}

static void driver_speed_and_mtu_are_the_kernel_s(void **state)
{
    struct host_network network;
    char path[160];
    (void)state;
    machine_file("/sys/class/net/ens5/mtu", "9001\n");
    machine_file("/sys/class/net/ens5/speed", "10000\n");
    machine_file("/sys/class/net/ens5/device/uevent", "DRIVER=ena\n");
    snprintf(path, sizeof path, "%s/sys/class/net/ens5/device/driver", scratch_folder);
    assert_int_equal(symlink("../../../../bus/pci/drivers/ena", path), 0);
    host_network_read(scratch_folder, "ens5", &network);
    assert_string_equal(network.interface, "ens5");
    assert_string_equal(network.driver, "ena");
    assert_int_equal(network.speed_bits_per_s, 10000000000ULL);
    assert_int_equal(network.mtu_bytes, 9001);
}

static void an_interface_may_not_know_its_speed(void **state)
{
    struct host_network network;
    (void)state;
    machine_file("/sys/class/net/eth0/speed", "-1\n");
    host_network_read(scratch_folder, "eth0", &network);
    assert_int_equal(network.speed_bits_per_s, 0);
    assert_string_equal(network.driver, "");
    host_network_read(scratch_folder, "", &network);
    assert_string_equal(network.interface, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(the_interface_to_this_machine_itself_is_the_loopback, machine_new),
        cmocka_unit_test_setup(what_is_no_address_has_no_interface, machine_new),
        cmocka_unit_test_setup(driver_speed_and_mtu_are_the_kernel_s, machine_new),
        cmocka_unit_test_setup(an_interface_may_not_know_its_speed, machine_new),
    };
    return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
