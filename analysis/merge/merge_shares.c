#include "merge_shares.h"

#include "err.h"
#include "merge_state.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { NAMED_MOST = 12, TEXT_BYTES = 320 };

/* Generators that are stopped together end within this time of each other. */
static const double TOGETHER_S = 1.5;

static int check_one(const struct merge *m, size_t i, struct err *e)
{
    const struct merge_run *first = &m->runs[0], *run = &m->runs[i];
    if ((first->share.count > 0) != (run->share.count > 0)) {
        const bool first_is_share = first->share.count > 0;
        return err_set(e, ERR_INPUT, "%s holds a share of a run and %s a whole one",
                       first_is_share ? first->folder : run->folder,
                       first_is_share ? run->folder : first->folder);
    }
    if (first->share.count != run->share.count)
        return err_set(e, ERR_INPUT, "%s is one of %u shares and %s one of %u: they are not of the same run",
                       first->folder, first->share.count, run->folder, run->share.count);
    for (size_t k = 0; run->share.count > 0 && k < i; k++)
        if (m->runs[k].share.index == run->share.index)
            return err_set(e, ERR_INPUT,
                           "share %u of %u is given twice, %s and %s: its requests would count twice",
                           run->share.index, run->share.count, m->runs[k].folder, run->folder);
    return 0;
}

int merge_shares_check(const struct merge *m, struct err *e)
{
    for (size_t i = 1; i < m->n_runs; i++)
        if (check_one(m, i, e))
            return -1;
    return 0;
}

static double end_s(const struct merge_run *run)
{
    return (double)run->shift_ns / 1e9 + run->duration_s;
}

static double last_end_s(const struct merge *m)
{
    double last_s = 0;
    for (size_t i = 0; i < m->n_runs; i++)
        last_s = fmax(last_s, end_s(&m->runs[i]));
    return last_s;
}

/* One that was stopped together with all others sent what it should. */
static bool is_incomplete(const struct merge_run *run, double last_s)
{
    if (merge_run_is_killed(run) || strcmp(run->end, "failed") == 0)
        return true;
    return strcmp(run->end, "done") != 0 && last_s - end_s(run) > TOGETHER_S;
}

/* The run of that share; NULL: it is missing. */
static const struct merge_run *find_share(const struct merge *m, uint32_t index)
{
    for (size_t i = 0; i < m->n_runs; i++)
        if (m->runs[i].share.index == index)
            return &m->runs[i];
    return NULL;
}

/* One of which less than half of the generators ran. */
static bool is_other_version(const struct merge *m, const struct merge_run *run)
{
    size_t n_same = 0;
    for (size_t i = 0; i < m->n_runs; i++)
        n_same += strcmp(m->runs[i].version, run->version) == 0;
    return 2 * n_same < m->n_runs ||
           (2 * n_same == m->n_runs && strcmp(m->runs[0].version, run->version) != 0);
}

struct lacking {
    size_t n_missing, n_incomplete, n_other;
    const char *other_version;
    double sent_pct;
};

static struct lacking look(const struct merge *m)
{
    struct lacking l = { .n_missing = m->runs[0].share.count - m->n_runs };
    const double last_s = last_end_s(m);
    double sent = 0;
    for (size_t i = 0; i < m->n_runs; i++) {
        const bool is_short = is_incomplete(&m->runs[i], last_s);
        sent += is_short && last_s > 0 ? end_s(&m->runs[i]) / last_s : 1;
        l.n_incomplete += is_short;
        if (is_other_version(m, &m->runs[i])) {
            l.n_other++;
            l.other_version = m->runs[i].version;
        }
    }
    l.sent_pct = 100 * sent / m->runs[0].share.count;
    return l;
}

static bool is_invalid(const struct merge *m, const struct lacking *l)
{
    return l->n_other > 0 || l->n_missing + l->n_incomplete > m->n_allowed;
}

struct text {
    char *at, *end;
};

__attribute__((format(printf, 2, 3))) static void put(struct text *t, const char *format, ...)
{
    va_list values;
    va_start(values, format);
    const int length = vsnprintf(t->at, (size_t)(t->end - t->at), format, values);
    va_end(values);
    t->at += length < t->end - t->at ? length : t->end - t->at - 1;
}

enum which { MISSING, INCOMPLETE, OTHER };

static bool is_meant(const struct merge *m, enum which which, uint32_t index, double last_s)
{
    const struct merge_run *run = find_share(m, index);
    return which == MISSING      ? !run
           : !run                ? false
           : which == INCOMPLETE ? is_incomplete(run, last_s)
                                 : is_other_version(m, run);
}

/* "shares 2, 3 and 7 of 8", with the hosts of up to NAMED_MOST that are there. */
static void put_list(struct text *t, const struct merge *m, enum which which, size_t n)
{
    const double last_s = last_end_s(m);
    const uint32_t count = m->runs[0].share.count;
    const size_t n_named = n > NAMED_MOST ? NAMED_MOST - 1 : n;
    put(t, n == 1 ? "share " : "shares ");
    size_t n_put = 0;
    for (uint32_t i = 1; i <= count && n_put < n_named; i++) {
        if (!is_meant(m, which, i, last_s))
            continue;
        n_put++;
        put(t, "%s%u", n_put == 1 ? "" : n_put == n ? " and " : ", ", i);
    }
    if (n_named < n)
        put(t, " and %zu more", n - n_named);
    put(t, " of %u", count);
}

/* "shares 2 and 7 of 8 are missing; share 3 of 8 ended early" */
static void describe(const struct merge *m, const struct lacking *l, char *out, size_t out_bytes)
{
    struct text t = { out, out + out_bytes };
    *out = '\0';
    if (l->n_missing > 0) {
        put_list(&t, m, MISSING, l->n_missing);
        put(&t, l->n_missing == 1 ? " is missing" : " are missing");
    }
    if (l->n_incomplete > 0) {
        put(&t, "%s", *out ? "; " : "");
        put_list(&t, m, INCOMPLETE, l->n_incomplete);
        put(&t, " ended early");
    }
    if (l->n_other > 0) {
        put(&t, "%s", *out ? "; " : "");
        put_list(&t, m, OTHER, l->n_other);
        put(&t, " ran loadgen %s, unlike the others", l->other_version);
    }
}

void merge_shares_sentence(const struct merge *m, char *out, size_t out_bytes)
{
    char which[TEXT_BYTES];
    *out = '\0';
    if (!merge_is_of_shares(m))
        return;
    const struct lacking l = look(m);
    describe(m, &l, which, sizeof which);
    if (*which)
        snprintf(out, out_bytes, "%s: %.3g %% of the load was sent", which, l.sent_pct);
}

bool merge_shares_are_invalid(const struct merge *m)
{
    if (!merge_is_of_shares(m))
        return false;
    const struct lacking l = look(m);
    return is_invalid(m, &l);
}

json_t *merge_shares_rule(const struct merge *m)
{
    char which[TEXT_BYTES], what[TEXT_BYTES + 40], advice[160] = "";
    const struct lacking l = look(m);
    const size_t n_lacking = l.n_missing + l.n_incomplete;
    const uint32_t count = m->runs[0].share.count;
    const double least_pct = m->n_allowed < count ? 100 * (double)(count - m->n_allowed) / (double)count : 0;
    describe(m, &l, which, sizeof which);
    snprintf(what, sizeof what, "%s%sload that was sent", which, *which ? "; " : "");
    if (n_lacking > m->n_allowed)
        snprintf(advice, sizeof advice,
                 "The target bore less than the whole load; --allow-missing %zu accepts that.", n_lacking);
    else if (n_lacking > 0)
        snprintf(advice, sizeof advice, "The target bore less than the whole load.");
    else if (l.n_other > 0)
        snprintf(advice, sizeof advice, "Versions may plan the same scenario differently: use one.");
    return json_pack("{s:s, s:s, s:s, s:f, s:f, s:f, s:s, s:s, s:s}", "rule", MERGE_SHARES_RULE, "scope",
                     "run", "level",
                     is_invalid(m, &l) ? "INVALID"
                     : *which          ? "WARN"
                                       : "OK",
                     "value", l.sent_pct, "warn", 100.0, "invalid", least_pct, "unit", "%", "what", what,
                     "advice", advice);
}

json_t *merge_shares_json(const struct merge *m)
{
    const double last_s = last_end_s(m);
    const uint32_t count = m->runs[0].share.count;
    json_t *lists[] = { json_array(), json_array() };
    int is_short = 0;
    for (uint32_t i = 1; i <= count; i++)
        for (int which = MISSING; which <= INCOMPLETE; which++)
            if (is_meant(m, (enum which)which, i, last_s))
                is_short |= json_array_append_new(lists[which], json_integer(i));
    json_t *shares = json_pack("{s:i, s:o, s:o}", "count", (int)count, "missing", lists[MISSING],
                               "incomplete", lists[INCOMPLETE]);
    if (!is_short)
        return shares;
    json_decref(shares);
    return NULL;
}
