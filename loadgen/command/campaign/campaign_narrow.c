/* The campaign that ends once the interval is narrow enough. */
#include "campaign.h"
#include "campaign_compare.h"
#include "campaign_course.h"
#include "campaign_options.h"
#include "clock.h"
#include "err.h"
#include "exit_code.h"

#include <stdio.h>

static void report_width(const struct campaign_compare_width *width, size_t n_pairs, double wanted)
{
    if (width->is_known)
        fprintf(stderr, "  the interval is %.1f %% wide after %zu pairs, wider than the %.1f %% asked for\n",
                100 * width->relative, n_pairs, 100 * wanted);
    else
        fprintf(stderr, "  %zu pairs give no interval, nor would more: the comparison says why\n", n_pairs);
}

/* Each look is saved before it is taken: the comparison widens the interval because of it. */
static int look(struct campaign_course *x, struct campaign_compare_width *width, struct err *e)
{
    const size_t n_added = campaign_count(x->c, CAMPAIGN_AB) - x->o->n_pairs;
    x->c->n_looks = (uint32_t)(1 + n_added / CAMPAIGN_WIDTH_STEP); /* resuming adds none */
    return campaign_save(x->c, x->folder, e) ||
                   campaign_compare_read_width(x->folder, x->c->primary, width, e)
               ? -1
               : 0;
}

static bool is_used_up(const struct campaign_course *x, size_t n_pairs, uint64_t start_ns)
{
    const uint64_t budget_ns = x->o->budget_ns;
    return n_pairs + CAMPAIGN_WIDTH_STEP > x->o->n_most ||
           (budget_ns > 0 && clock_monotonic_ns() - start_ns >= budget_ns);
}

int campaign_course_narrow(struct campaign_course *x, uint64_t start_ns, struct err *e)
{
    struct campaign *c = x->c;
    struct campaign_compare_width width;
    while (look(x, &width, e) == 0) {
        const size_t n = campaign_count(c, CAMPAIGN_AB);
        if (width.is_known && width.relative <= c->width)
            return EXIT_CODE_DONE;
        if (!width.is_known || is_used_up(x, n, start_ns)) {
            report_width(&width, n, c->width);
            return EXIT_CODE_DONE;
        }
        const size_t from = c->n_pairs;
        if (campaign_draw(c, CAMPAIGN_WIDTH_STEP, 0))
            return err_set(e, ERR_FAILED, "out of memory for the campaign");
        if (campaign_save(c, x->folder, e))
            return -1;
        const int code = campaign_course_make(x, from, e);
        if (code != EXIT_CODE_DONE)
            return code;
    }
    return -1;
}
