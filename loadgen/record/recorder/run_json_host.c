#include "run_json_host.h"

#include "host_network.h"
#include "json_tree.h"
#include "names.h"
#include "recorder.h"
#include "stats.h"
#include "version.h"

void run_json_host_read(const char *root, struct run_json_host *host)
{
    host_facts_read(root, &host->facts);
    host_kernel_vulnerabilities(root, &host->vulnerabilities);
    host_kernel_parameters(root, &host->parameters);
    host_kernel_sysctls(root, &host->sysctls);
}

static json_t *count_or_null(uint64_t count)
{
    return count > 0 ? json_tree_count(count) : json_null();
}

static json_t *rows_json(const struct host_kernel_rows *rows)
{
    json_t *object = json_object();
    for (size_t i = 0; i < rows->n; i++)
        json_tree_set(&object, rows->rows[i].name, json_tree_text(rows->rows[i].value));
    return object;
}

static json_t *virtual_json(int is_virtual)
{
    return is_virtual < 0 ? json_null() : json_boolean(is_virtual);
}

json_t *run_json_host(const struct run_json_host *host)
{
    const struct host_facts *f = &host->facts;
    json_t *object = json_object();
    json_tree_set(&object, "name", json_tree_text_or_null(f->name));
    json_tree_set(&object, "machine", json_tree_text_or_null(f->machine));
    json_tree_set(&object, "is_virtual", virtual_json(f->is_virtual));
    json_tree_set(&object, "architecture", json_tree_text_or_null(f->architecture));
    json_tree_set(&object, "cpu", json_tree_text_or_null(f->cpu));
    json_tree_set(&object, "cpus", json_tree_count(f->n_cpus));
    json_tree_set(&object, "smt", json_tree_text_or_null(f->smt));
    json_tree_set(&object, "governor", json_tree_text_or_null(f->governor));
    json_tree_set(&object, "frequency_driver", json_tree_text_or_null(f->frequency_driver));
    json_tree_set(&object, "frequency_max_hz", count_or_null(f->frequency_max_hz));
    json_tree_set(&object, "memory_bytes", count_or_null(f->memory_bytes));
    json_tree_set(&object, "load_1m", json_tree_real(f->load_1m));
    json_tree_set(&object, "load_5m", json_tree_real(f->load_5m));
    json_tree_set(&object, "load_15m", json_tree_real(f->load_15m));
    json_tree_set(&object, "kernel", json_tree_text_or_null(f->kernel));
    json_tree_set(&object, "kernel_build", json_tree_text_or_null(f->kernel_build));
    json_tree_set(&object, "clocksource", json_tree_text_or_null(f->clocksource));
    json_tree_set(&object, "descriptor_limit", json_tree_count(f->descriptor_limit));
    json_tree_set(&object, "vulnerabilities", rows_json(&host->vulnerabilities));
    json_tree_set(&object, "kernel_parameters", rows_json(&host->parameters));
    json_tree_set(&object, "sysctls", rows_json(&host->sysctls));
    return object;
}

/* 0 unknown. */
static uint64_t shortest_round_trip_ns(const struct stats *run)
{
    uint64_t least = 0;
    for (uint32_t i = 0; i < run->n_remotes; i++)
        for (uint32_t s = 0; s < run->n_streams; s++)
            least = stats_shorter_ns(least, stats_remote_known(run, s, i).rtt_ns);
    return least;
}

json_t *run_json_network(const struct stats *run, const struct names *remotes)
{
    const char *remote = remotes->n > 0 ? names_text(remotes, 0) : "";
    const uint64_t rtt_ns = shortest_round_trip_ns(run);
    char interface[HOST_NETWORK_NAME_BYTES];
    struct host_network network;
    json_t *object = json_object();
    host_network_interface(remote, interface);
    host_network_read("", interface, &network);
    json_tree_set(&object, "remote", json_tree_text_or_null(remote));
    json_tree_set(&object, "interface", json_tree_text_or_null(network.interface));
    json_tree_set(&object, "driver", json_tree_text_or_null(network.driver));
    json_tree_set(&object, "speed_bits_per_s", count_or_null(network.speed_bits_per_s));
    json_tree_set(&object, "mtu_bytes", count_or_null(network.mtu_bytes));
    json_tree_set(&object, "rtt_us", rtt_ns > 0 ? json_real((double)rtt_ns / 1e3) : json_null());
    return object;
}

json_t *run_json_tool(const struct build *build)
{
    static const struct build unknown = { "", "", "" };
    const struct build *b = build ? build : &unknown;
    json_t *object = json_object();
    json_tree_set(&object, "name", json_string("loadgen"));
    json_tree_set(&object, "version", json_string(LOADGEN_VERSION));
    json_tree_set(&object, "commit", json_tree_text_or_null(b->commit));
    json_tree_set(&object, "compiler", json_tree_text_or_null(b->compiler));
    json_tree_set(&object, "build", json_tree_text_or_null(b->kind));
    return object;
}
