#include "summary.h"

#include "derived_answers.h"
#include "err.h"
#include "units.h"

#include <inttypes.h>
#include <string.h>

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
    if (a->n_instances == 0)
        snprintf(out, out_bytes, "no answer named one");
    if (a->n_instances > SHOWN_MOST)
        snprintf(out, out_bytes, "%zu instances, %" PRIu64 " to %" PRIu64 " each", a->n_instances, least,
                 most);
    return out;
}

struct printing {
    const struct summary *s;
    FILE *out;
    int name_width, counts_width; /* of the widest */
    bool is_measuring, has_some;
};

static const char *name_of(const struct derived_cluster *cluster)
{
    return cluster->label ? cluster->label : cluster->name;
}

static int larger(int a, int b)
{
    return a > b ? a : b;
}

static void print_cluster(void *payload, const struct derived_answers *answers)
{
    struct printing *p = payload;
    char counts[SHOWN_MOST * 24], words[128];
    if (!answers->captures_instance)
        return;
    counts_text(answers, counts, sizeof counts);
    const int width = (int)strlen(counts);
    const char *name = name_of(answers->cluster);
    if (p->is_measuring) {
        p->name_width = larger(p->name_width, (int)strlen(name));
        p->counts_width = larger(p->counts_width, width);
        return;
    }
    const char *even = evenness(answers, words, sizeof words);
    summary_line(p->s, p->out, p->has_some ? "" : "instances", "%-*s  %s%*s%s", p->name_width, name, counts,
                 *even ? p->counts_width - width + 3 : 0, "", even);
    p->has_some = true;
}

int summary_instances(const struct summary *s, FILE *out)
{
    struct printing p = { .s = s, .out = out, .is_measuring = true };
    struct err ignored; /* memory is short, or nothing */
    if (derived_answers(s->run, print_cluster, &p, &ignored))
        return -1;
    p.is_measuring = false;
    return derived_answers(s->run, print_cluster, &p, &ignored);
}
