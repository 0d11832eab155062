#include "summary.h"

#include "derived_answers.h"
#include "err.h"
#include "table.h"
#include "units.h"

#include <inttypes.h>

enum { SHOWN_MOST = 12 };

/* How even the counts are; unknown when there were more ids than are kept. */
static const char *evenness(const struct derived_answers *a, char *out, size_t out_bytes)
{
    char n[UNITS_TEXT_BYTES];
    if (a->n_unkept > 0) {
        snprintf(out, out_bytes, "%s more answers are in none: there are more ids than are kept",
                 units_count_text(a->n_unkept, n));
        return out;
    }
    return balance_words(balance_answer(&a->balance));
}

/* "625 625 625 625", or "40 instances, 12 to 15 each". */
static const char *counts_text(const struct derived_answers *a, char *out, size_t out_bytes)
{
    uint64_t least = UINT64_MAX, most = 0;
    size_t used = 0;
    for (size_t i = 0; i < a->n_instances; i++) {
        least = a->counts[i] < least ? a->counts[i] : least;
        most = a->counts[i] > most ? a->counts[i] : most;
        if (i < SHOWN_MOST)
            used += (size_t)snprintf(out + used, out_bytes - used, i > 0 ? " %" PRIu64 : "%" PRIu64,
                                     a->counts[i]);
    }
    if (a->n_instances > SHOWN_MOST)
        snprintf(out, out_bytes, "%zu instances, %" PRIu64 " to %" PRIu64 " each", a->n_instances, least,
                 most);
    return a->n_instances > 0 ? out : "no answer named one";
}

static void add_cluster(void *payload, const struct derived_answers *answers)
{
    struct table *t = payload;
    char counts[SHOWN_MOST * 24], words[128];
    if (!answers->captures_instance)
        return;
    table_cell(t, "%s", t->n_cells == 0 ? "instances" : "");
    table_cell(t, "%s", answers->cluster->name);
    table_cell(t, "%s", counts_text(answers, counts, sizeof counts));
    table_cell(t, "%s", evenness(answers, words, sizeof words));
}

int summary_instances(const struct summary *s, FILE *out)
{
    struct table t = { 0 };
    struct err ignored; /* memory is short, or nothing */
    table_column(&t, TABLE_LEFT, 2);
    table_column(&t, TABLE_LEFT, 3);
    table_column(&t, TABLE_LEFT, 2);
    table_column(&t, TABLE_LEFT, 4);
    int status = derived_answers(s->run, add_cluster, &t, &ignored);
    status |= table_print(&t, out);
    table_fini(&t);
    return status;
}
