#include "aws_cost.h"

#include "aws_left.h"
#include "clock.h"
#include "deployment.h"
#include "ec2_instances.h"
#include "expiry.h"
#include "units.h"

#include <string.h>

#define HOUR_NS     (3600 * NS_PER_S)
#define WARN_NS     (4 * HOUR_NS)
#define SHUTDOWN_NS (300 * NS_PER_S) /* from the expiry to the last instance's end, amply */

static uint64_t age_ns(const struct deployment *d, uint64_t until_ns)
{
    uint64_t created_ns;
    return clock_utc_parse(d->created_utc, &created_ns) == 0 && created_ns < until_ns ? until_ns - created_ns
                                                                                      : 0;
}

/* At most: as if all of it had come up at once, and the instances had run until now or the expiry. */
static double usd_so_far(const struct deployment *d, uint64_t realtime_ns)
{
    const double balancer = aws_left_balancer_usd_per_hour(d);
    const uint64_t expires_ns = expiry_ns(d);
    const uint64_t ended_ns = expires_ns && expires_ns < realtime_ns ? expires_ns : realtime_ns;
    return (balancer * (double)age_ns(d, realtime_ns) +
            (d->price_usd_per_hour - balancer) * (double)age_ns(d, ended_ns)) /
           (double)HOUR_NS;
}

static void print_expiry(const struct deployment *d, uint64_t age, uint64_t realtime_ns, FILE *out)
{
    char span[UNITS_TEXT_BYTES];
    const uint64_t expires_ns = expiry_ns(d);
    if (expires_ns > realtime_ns)
        fprintf(out, "in %s, at %s: the instances end by themselves, the load balancer does not\n",
                units_duration_text(expires_ns - realtime_ns, span), d->expires_utc);
    else if (expires_ns)
        fprintf(out, "at %s, %s ago: `loadgen provision down` removes what is left\n", d->expires_utc,
                units_duration_text(realtime_ns - expires_ns, span));
    else
        fprintf(out, "never%s\n",
                age < WARN_NS ? ""
                              : ", and it has been up for hours: `loadgen provision down` ends the cost");
}

void aws_cost_print_recorded(const struct deployment *d, uint64_t realtime_ns, FILE *out)
{
    char age[UNITS_TEXT_BYTES];
    const uint64_t age_now_ns = age_ns(d, realtime_ns);
    fprintf(out, "  age             %s, since %s\n", units_duration_text(age_now_ns, age), d->created_utc);
    const bool has_expired = expiry_ns(d) && expiry_ns(d) < realtime_ns;
    fprintf(out,
            "  cost            at most %.2f USD so far, about %.2f USD per hour (prices of %s, without "
            "traffic)\n",
            usd_so_far(d, realtime_ns),
            has_expired ? aws_left_balancer_usd_per_hour(d) : d->price_usd_per_hour, d->prices_as_of);
    fputs("  expires         ", out);
    print_expiry(d, age_now_ns, realtime_ns, out);
}

void aws_cost_print_now(const struct deployment *d, const struct ec2_instance_list *instances,
                        bool has_balancer, uint64_t realtime_ns, FILE *out)
{
    size_t n = 0;
    double usd_per_hour = has_balancer ? aws_left_balancer_usd_per_hour(d) : 0;
    for (size_t i = 0; i < instances->n; i++)
        if (ec2_instance_is_alive(&instances->items[i]) &&
            strcmp(instances->items[i].state, "stopped") != 0) {
            n++;
            usd_per_hour += instances->items[i].tags.usd_per_hour;
        }
    fprintf(out, "  costs now       about %.2f USD per hour: %zu instance%s and %s load balancer\n",
            usd_per_hour, n, n == 1 ? "" : "s", has_balancer ? "the" : "no");
    if (n > 0 && expiry_ns(d) && realtime_ns > expiry_ns(d) + SHUTDOWN_NS)
        fputs("                  the instances should have ended: run `loadgen provision down`\n", out);
}
