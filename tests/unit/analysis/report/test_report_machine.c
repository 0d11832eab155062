/* What the reports list about the machine that made the load. */
#include "cm.h"

#include "dataset.h"
#include "report_machine.h"
#include "report_model.h"

#include <jansson.h>
#include <string.h>

static struct report_machine read_machine(const char *run_json, const struct deployment *deployment)
{
    struct dataset data = { .run = { .root = json_loads(run_json, 0, NULL) } };
    struct report report = { .data = &data, .has_deployment = deployment != NULL };
    struct report_machine machine;
    if (deployment)
        report.deployment = *deployment;
    report_machine_read(&report, &machine);
    json_decref(data.run.root);
    return machine;
}

static void each_fact_that_is_known_is_a_row(void **state)
{
    static const char run[] =
        "{ \"tool\": { \"name\": \"loadgen\", \"version\": \"0.1.0\", \"commit\": \"abc+\", \"compiler\": "
        "\"GNU 12\", "
        "\"build\": \"Release\" }, \"versions\": { \"libuv\": \"1.44.2\", \"zlib\": \"1.2\" },"
        "\"host\": { \"machine\": \"Amazon EC2 m5.large\", \"is_virtual\": true, \"architecture\": "
        "\"x86_64\", "
        "\"cpu\": \"Xeon\", \"cpus\": 2, \"smt\": \"on\", \"governor\": \"performance\", "
        "\"frequency_driver\": null, "
        "\"frequency_max_hz\": 3500000000, \"memory_bytes\": 8589934592, \"load_1m\": 0.5, \"load_5m\": "
        "0.25, "
        "\"load_15m\": 0.1, \"kernel\": \"6.1.0\", \"kernel_build\": \"#1 SMP\", \"clocksource\": \"tsc\", "
        "\"descriptor_limit\": 1024, \"vulnerabilities\": { \"mds\": \"Vulnerable; SMT vulnerable\", "
        "\"l1tf\": \"Not affected\", \"spectre_v1\": \"Mitigation: x\", \"spectre_v2\": \"Mitigation: y\" }, "
        "\"kernel_parameters\": { \"mitigations\": \"off\", \"nosmt\": \"\" }, "
        "\"sysctls\": { \"net.core.somaxconn\": \"4096\", \"net.ipv4.tcp_tw_reuse\": \"2\" } },"
        "\"network\": { \"remote\": \"10.0.0.1\", \"interface\": \"ens5\", \"driver\": \"ena\", "
        "\"speed_bits_per_s\": 10000000000, \"mtu_bytes\": 9001, \"rtt_us\": 412.0 } }";
    static const char *const wanted[][2] = {
        { "machine", "Amazon EC2 m5.large, virtual, x86_64" },
        { "processor", "2 CPUs of Xeon, SMT on" },
        { "frequency", "governor performance, at most 3.50 GHz" },
        { "memory", "8.00 GiB" },
        { "before the run", "load average 0.50, 0.25, 0.10 (1, 5, 15 minutes)" },
        { "kernel", "6.1.0 (#1 SMP), clock tsc" },
        { "booted with", "mitigations=off nosmt" },
        { "processor flaws", "mitigated: spectre_v1, spectre_v2; vulnerable: mds; not affected by 1 other" },
        { "sockets", "somaxconn 4096, tcp_tw_reuse 2, at most 1 024 open files" },
        { "network", "ens5, driver ena, 10 Gbit/s, MTU 9001, shortest round trip to the target 412 us" },
        { "program", "loadgen 0.1.0, commit abc+, build Release, compiler GNU 12, libuv 1.44.2, zlib 1.2" },
        { "load balancer", "haproxy 2.6.12, image ami-1" },
    };
    const struct deployment deployment = { .balancer = "haproxy",
                                           .balancer_version = "2.6.12",
                                           .image = "ami-1" };
    (void)state;
    const struct report_machine machine = read_machine(run, &deployment);
    assert_int_equal(machine.n, N_OF(wanted));
    for (size_t i = 0; i < N_OF(wanted); i++) {
        assert_string_equal(machine.rows[i].name, wanted[i][0]);
        assert_string_equal(machine.rows[i].text, wanted[i][1]);
    }
}

static void a_run_that_names_nothing_has_no_row(void **state)
{
    (void)state;
    assert_int_equal(read_machine("{}", NULL).n, 0);
    assert_int_equal(read_machine("{ \"host\": { \"cpus\": null, \"memory_bytes\": \"much\" } }", NULL).n, 0);
}

static void a_text_that_is_too_long_is_cut(void **state)
{
    char run[3 * REPORT_MACHINE_BYTES + 200] = "{ \"host\": { \"kernel_parameters\": { \"isolcpus\": \"";
    (void)state;
    memset(run + strlen(run), '1', (size_t)2 * REPORT_MACHINE_BYTES);
    strcat(run, "\", \"nosmt\": \"\" } } }");
    const struct report_machine machine = read_machine(run, NULL);
    assert_int_equal(machine.n, 1);
    assert_int_equal(strlen(machine.rows[0].text), REPORT_MACHINE_BYTES - 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_fact_that_is_known_is_a_row),
        cmocka_unit_test(a_run_that_names_nothing_has_no_row),
        cmocka_unit_test(a_text_that_is_too_long_is_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
