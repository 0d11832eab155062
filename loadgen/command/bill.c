#include "bill.h"

#include "clock.h"
#include "deployed.h"
#include "err.h"
#include "term.h"
#include "units.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* For connecting, the last answers and other machines' clocks; the second for runs without a known end. */
#define MARGIN_NS       (60 * NS_PER_S)
#define MARGIN_LEAST_NS (600 * NS_PER_S)

static void write_down_command(char *out, size_t out_bytes, const char *file)
{
    FILE *f = fmemopen(out, out_bytes, "w");
    *out = '\0';
    if (!f)
        return;
    fputs("loadgen provision down", f);
    if (strcmp(file, DEPLOYED_DEFAULT_FILE) != 0) {
        fputs(" --deployment ", f);
        term_word(f, file);
    }
    fclose(f);
}

void bill_init(struct bill *b, const struct plan *plan)
{
    const struct plan_deployment *d = &plan->deployment;
    /* A run on the generator leaves the cost to the program that started it, whose path of the file holds. */
    const bool is_ours = d->present && !getenv(PLAN_ON_GENERATOR_VARIABLE);
    *b = (struct bill){ .usd_per_hour = is_ours ? d->usd_per_hour : 0,
                        .expires_ns = d->present ? d->expires_ns : 0 };
    snprintf(b->topology, sizeof b->topology, "%s", d->topology ? d->topology : "the deployment");
    write_down_command(b->down, sizeof b->down, d->file ? d->file : DEPLOYED_DEFAULT_FILE);
}

int bill_check(const struct bill *b, const char *what, struct plan_length length, uint64_t realtime_ns,
               struct err *e)
{
    char takes[UNITS_TEXT_BYTES];
    char left[UNITS_TEXT_BYTES];
    char at[CLOCK_UTC_TEXT_BYTES];
    const uint64_t margin_ns = length.is_least ? MARGIN_LEAST_NS : MARGIN_NS;
    if (!b->expires_ns)
        return 0;
    clock_utc_text(b->expires_ns, at);
    if (realtime_ns >= b->expires_ns)
        return err_set(
            e, ERR_INPUT,
            "the instances of %s ended by themselves at %s (up --expire): take it down with `%s`, then "
            "bring it up again",
            b->topology, at, b->down);
    const uint64_t left_ns = b->expires_ns - realtime_ns;
    if (left_ns > margin_ns && length.ns < left_ns - margin_ns)
        return 0;
    return err_set(
        e, ERR_INPUT,
        "%s takes %s%s, but the instances of %s end by themselves in %s, at %s (up --expire): make it "
        "shorter, or take the deployment down with `%s` and bring it up with a longer --expire",
        what, length.is_least ? "more than " : "", units_duration_text(length.ns, takes), b->topology,
        units_duration_text(left_ns, left), at, b->down);
}

static void write_line(const struct bill *b, char *out, size_t out_bytes)
{
    char at[CLOCK_UTC_TEXT_BYTES];
    if (b->expires_ns && clock_realtime_ns() >= b->expires_ns)
        snprintf(out, out_bytes, "the load balancer of %s did not end and costs money until `%s` ends that",
                 b->topology, b->down);
    else if (b->expires_ns)
        snprintf(out, out_bytes,
                 "%s is still up and costs about %.2f USD an hour: `%s` ends that; without it the instances "
                 "end by themselves at %s, the load balancer never",
                 b->topology, b->usd_per_hour, b->down, clock_utc_text(b->expires_ns, at));
    else
        snprintf(out, out_bytes, "%s is still up and costs about %.2f USD an hour until `%s` ends that",
                 b->topology, b->usd_per_hour, b->down);
}

void bill_add(const struct bill *b, struct err *e)
{
    char line[sizeof b->down + 256];
    if (!(b->usd_per_hour > 0))
        return;
    write_line(b, line, sizeof line);
    err_append(e, "%s", line);
}

void bill_print(const struct bill *b, FILE *out)
{
    char line[sizeof b->down + 256];
    if (!(b->usd_per_hour > 0))
        return;
    write_line(b, line, sizeof line);
    fprintf(out, "%s\n", line);
}
