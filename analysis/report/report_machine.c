#include "report_machine.h"

#include "dataset.h"
#include "report_model.h"
#include "units.h"

#include <jansson.h>

#include <math.h>
#include <stdarg.h>
#include <string.h>

/* Appends to a text of REPORT_MACHINE_BYTES, with `before` between two parts; what does not fit is cut. */
static void __attribute__((format(printf, 3, 4))) add(char *text, const char *before, const char *format, ...)
{
    size_t used = strlen(text);
    va_list arguments;
    if (used > 0)
        used += (size_t)snprintf(text + used, REPORT_MACHINE_BYTES - used, "%s", before);
    if (used >= REPORT_MACHINE_BYTES)
        return;
    va_start(arguments, format);
    vsnprintf(text + used, REPORT_MACHINE_BYTES - used, format, arguments);
    va_end(arguments);
}

static const char *text_at(const json_t *object, const char *key)
{
    return json_string_value(json_object_get(object, key));
}

/* NAN when there is none. */
static double real_at(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    return json_is_number(value) ? json_number_value(value) : NAN;
}

static void add_text(char *text, const json_t *object, const char *key, const char *before)
{
    const char *value = text_at(object, key);
    if (value)
        add(text, ", ", "%s%s", before, value);
}

static void machine(const json_t *host, char *text)
{
    const json_t *is_virtual = json_object_get(host, "is_virtual");
    add_text(text, host, "machine", "");
    if (json_is_boolean(is_virtual))
        add(text, ", ", "%s", json_is_true(is_virtual) ? "virtual" : "not virtual");
    add_text(text, host, "architecture", "");
}

static void processor(const json_t *host, char *text)
{
    const double n = real_at(host, "cpus");
    const char *cpu = text_at(host, "cpu");
    if (isfinite(n))
        add(text, ", ", "%.0f CPUs%s%s", n, cpu ? " of " : "", cpu ? cpu : "");
    const char *smt = text_at(host, "smt");
    if (smt)
        add(text, ", ", "%s%s", strcmp(smt, "notsupported") == 0 ? "no SMT" : "SMT ",
            strcmp(smt, "notsupported") == 0 ? "" : smt);
}

static void frequency(const json_t *host, char *text)
{
    const double hz = real_at(host, "frequency_max_hz");
    add_text(text, host, "governor", "governor ");
    add_text(text, host, "frequency_driver", "driver ");
    if (isfinite(hz))
        add(text, ", ", "at most %.2f GHz", hz / 1e9);
}

static void memory(const json_t *host, char *text)
{
    char bytes[UNITS_TEXT_BYTES];
    const double n = real_at(host, "memory_bytes");
    if (isfinite(n))
        add(text, "", "%s", units_bytes_text((uint64_t)n, bytes));
}

static void load(const json_t *host, char *text)
{
    const double one = real_at(host, "load_1m"), five = real_at(host, "load_5m"),
                 fifteen = real_at(host, "load_15m");
    if (isfinite(one) && isfinite(five) && isfinite(fifteen))
        add(text, "", "load average %.2f, %.2f, %.2f (1, 5, 15 minutes)", one, five, fifteen);
}

static void kernel(const json_t *host, char *text)
{
    const char *build = text_at(host, "kernel_build"), *release = text_at(host, "kernel");
    if (release)
        add(text, "", "%s%s%s%s", release, build ? " (" : "", build ? build : "", build ? ")" : "");
    add_text(text, host, "clocksource", "clock ");
}

static void parameters(const json_t *host, char *text)
{
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)json_object_get(host, "kernel_parameters"), name, value)
    {
        const char *given = json_string_value(value);
        add(text, " ", "%s%s%s", name, given && *given ? "=" : "", given ? given : "");
    }
}

/* Lists the flaws of one kind: those whose text begins with `beginning`. */
static size_t flaws(const json_t *list, const char *beginning, char *text)
{
    const char *name;
    json_t *value;
    size_t n = 0;
    json_object_foreach((json_t *)list, name, value)
    {
        const char *said = json_string_value(value);
        if (said && strncmp(said, beginning, strlen(beginning)) == 0) {
            add(text, ", ", "%s", name);
            n++;
        }
    }
    return n;
}

static void mitigations(const json_t *host, char *text)
{
    const json_t *list = json_object_get(host, "vulnerabilities");
    char names[REPORT_MACHINE_BYTES] = "", ignored[REPORT_MACHINE_BYTES] = "";
    if (json_object_size(list) == 0)
        return;
    if (flaws(list, "Mitigation", names) > 0)
        add(text, "; ", "mitigated: %.250s", names);
    *names = '\0';
    if (flaws(list, "Vulnerable", names) > 0)
        add(text, "; ", "vulnerable: %.250s", names);
    const size_t n_others = flaws(list, "Not affected", ignored);
    add(text, "; ", "not affected by %zu other%s", n_others, n_others == 1 ? "" : "s");
}

/* Those that most often explain a number; the others are in run.json. */
static void sockets(const json_t *host, char *text)
{
    static const char *const names[] = {
        "net.core.somaxconn",       "net.ipv4.ip_local_port_range",    "net.ipv4.tcp_tw_reuse",
        "net.ipv4.tcp_fin_timeout", "net.ipv4.tcp_congestion_control", "net.ipv4.tcp_max_syn_backlog",
    };
    const json_t *sysctls = json_object_get(host, "sysctls");
    const double files = real_at(host, "descriptor_limit");
    char n[UNITS_TEXT_BYTES];
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (text_at(sysctls, names[i]))
            add(text, ", ", "%s %s", strrchr(names[i], '.') + 1, text_at(sysctls, names[i]));
    if (isfinite(files))
        add(text, ", ", "at most %s open files", units_count_text((uint64_t)files, n));
}

static void network(const json_t *root, char *text)
{
    const json_t *network = json_object_get(root, "network");
    const double speed = real_at(network, "speed_bits_per_s"), mtu = real_at(network, "mtu_bytes"),
                 rtt_us = real_at(network, "rtt_us");
    char rtt[UNITS_TEXT_BYTES];
    add_text(text, network, "interface", "");
    add_text(text, network, "driver", "driver ");
    if (isfinite(speed))
        add(text, ", ", "%.3g Gbit/s", speed / 1e9);
    if (isfinite(mtu))
        add(text, ", ", "MTU %.0f", mtu);
    if (isfinite(rtt_us))
        add(text, ", ", "shortest round trip to the target %s",
            units_duration_text((uint64_t)(rtt_us * 1e3), rtt));
}

/* Before the run, to each address. */
static void round_trips(const json_t *root, char *text)
{
    const json_t *list = json_object_get(root, "round_trips");
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *trip = json_array_get(list, i);
        const double median_us = real_at(trip, "median_us"), min_us = real_at(trip, "min_us");
        char median[UNITS_TEXT_BYTES], min[UNITS_TEXT_BYTES];
        if (text_at(trip, "address") && isfinite(median_us) && isfinite(min_us))
            add(text, ", ", "%s: median %s, shortest %s", text_at(trip, "address"),
                units_time_text((uint64_t)(median_us * 1e3), median),
                units_time_text((uint64_t)(min_us * 1e3), min));
    }
}

static void program(const json_t *root, char *text)
{
    const json_t *tool = json_object_get(root, "tool");
    const char *name;
    json_t *value;
    add_text(text, tool, "version", "loadgen ");
    add_text(text, tool, "commit", "commit ");
    add_text(text, tool, "build", "build ");
    add_text(text, tool, "compiler", "compiler ");
    json_object_foreach((json_t *)json_object_get(root, "versions"), name, value) if (json_is_string(value))
        add(text, ", ", "%s %s", name, json_string_value(value));
}

/* From outside a deployment on AWS, the way there is part of every time. A merged run.json describes the
 * machine of one generator. */
static void load_from(const struct report *report, char *text)
{
    const json_t *root = report->data->run.root, *merged = json_object_get(root, "merged_from");
    const char *provider = text_at(json_object_get(root, "deployment"), "provider");
    const char *generator = text_at(root, "load_from"), *host = text_at(json_array_get(merged, 0), "host");
    if (json_array_size(merged) > 1)
        add(text, "", "%zu generators; this one is %s", json_array_size(merged), host ? host : "the first");
    else if (generator)
        add(text, "", "the deployment's %s", generator);
    else if (provider && strcmp(provider, "aws") == 0)
        add(text, "", "a machine outside the deployment");
}

static void target(const struct report *report, char *text)
{
    const struct deployment *d = &report->deployment;
    if (!report->has_deployment)
        return;
    if (d->balancer)
        add(text, ", ", "%s%s%s", d->balancer, d->balancer_version ? " " : "",
            d->balancer_version ? d->balancer_version : "");
    if (d->image)
        add(text, ", ", "image %s", d->image);
}

static void keep(struct report_machine *machine, const char *name)
{
    struct report_machine_row *row = &machine->rows[machine->n];
    row->name = name;
    machine->n += *row->text != '\0';
}

void report_machine_read(const struct report *report, struct report_machine *out)
{
    static const struct {
        const char *name;
        void (*write)(const json_t *host, char *text);
    } of_host[] = {
        { "machine", machine },        { "processor", processor },         { "frequency", frequency },
        { "memory", memory },          { "before the run", load },         { "kernel", kernel },
        { "booted with", parameters }, { "processor flaws", mitigations }, { "sockets", sockets },
    };
    const json_t *root = report->data->run.root;
    *out = (struct report_machine){ 0 };
    load_from(report, out->rows[0].text);
    keep(out, "load from");
    for (size_t i = 0; i < sizeof of_host / sizeof *of_host; i++) {
        of_host[i].write(json_object_get(root, "host"), out->rows[out->n].text);
        keep(out, of_host[i].name);
    }
    network(root, out->rows[out->n].text);
    keep(out, "network");
    round_trips(root, out->rows[out->n].text);
    keep(out, "round trip before the run");
    program(root, out->rows[out->n].text);
    keep(out, "program");
    target(report, out->rows[out->n].text);
    keep(out, "load balancer");
}
