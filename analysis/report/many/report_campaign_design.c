#include "report_campaign.h"

#include "caption_campaign.h"
#include "comparison.h"

#include <math.h>
#include <string.h>

static void design_pairs(FILE *out, const struct comparison *c, const struct comparison_pair *pair)
{
    const char *a = pair->a.label, *b = pair->b.label;
    if (strcmp(pair->order, "side") == 0)
        fprintf(out, "Each pair is one run that sent the loads of %s and of %s side by side%s%s%s.", a, b,
                c->n_controls > 0 ? "; each control is one that sent that of " : "",
                c->n_controls > 0 ? a : "", c->n_controls > 0 ? " twice" : "");
    else
        fprintf(out,
                "Each pair is one run of %s and one of %s with the same schedule, one after the other in an "
                "order drawn at "
                "random%s%s%s.",
                a, b, c->n_controls > 0 ? "; each control pair is " : "", c->n_controls > 0 ? a : "",
                c->n_controls > 0 ? " twice" : "");
}

/* Nothing where both arms spoke HTTP/1.1. */
static void design_protocols(FILE *out, const struct comparison_pair *pair)
{
    const struct sample *a = &pair->a, *b = &pair->b;
    if (strcmp(a->protocol, b->protocol) != 0)
        fprintf(out, " %s was sent over %s, %s over %s.", a->label, a->protocol, b->label, b->protocol);
    else if (strcmp(a->protocol, "HTTP/1.1") != 0)
        fprintf(out, " Both were sent over %s.", a->protocol);
}

static void design_end(FILE *out, const struct comparison *c)
{
    if (c->n_looks > 0)
        fprintf(out,
                " Pairs were added until the interval of the ratio was at most %.3g %% wide. It was looked "
                "at %u time%s; "
                "so that it still covers 95 %%, it has the quantiles of %.3g %%.",
                100 * c->width, c->n_looks, c->n_looks == 1 ? "" : "s", 100 * c->confidence);
    else
        fputs(" The number of pairs was fixed in advance.", out);
}

void report_campaign_design(FILE *out, const struct comparison *c)
{
    const struct comparison_pair *pair = comparison_first(c);
    if (!pair)
        return;
    if (*c->urls[0] && *c->urls[1])
        fprintf(out, "%s is %s, %s is %s. ", pair->a.label, c->urls[0], pair->b.label, c->urls[1]);
    design_pairs(out, c, pair);
    design_protocols(out, pair);
    fprintf(out, " %s was declared in advance as what decides; differences up to %.3g %% count as equal.",
            sample_value_name(c->primary), 100 * c->margin);
    design_end(out, c);
    fputs(pair->a.headline == METRIC_RESPONSE
              ? " Times are response times, from when a request was due to its answer. "
              : " Times are service times, from sending a request to its answer. ",
          out);
    caption_campaign(out, c);
}

double report_campaign_limit_s(const struct comparison *c)
{
    const struct comparison_pair *pair = comparison_first(c);
    return pair ? pair->a.goodput.limit_s : NAN;
}
