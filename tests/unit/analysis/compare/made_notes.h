/* The notes of a comparison of pairs that are given as numbers. */
#ifndef MADE_NOTES_H
#define MADE_NOTES_H

#include "cm.h"

#include "comparison.h"
#include "note_list.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define RUNS_MOST 9

static struct comparison_pair pairs[RUNS_MOST];
static struct comparison c;

static inline struct sample sample(const char *label)
{
    struct sample s = { .attempts_n = 1000, .ok_n = 1000, .n_instances = 2, .headline = METRIC_RESPONSE };
    for (int i = 0; i < N_SAMPLE_VALUES; i++)
        s.value[i] = 1e6;
    snprintf(s.label, sizeof s.label, "%s", label);
    snprintf(s.run_id, sizeof s.run_id, "run-%s", label);
    snprintf(s.load, sizeof s.load, "closed: 10 requests");
    return s;
}

static inline void compare(size_t n_pairs, size_t n_controls)
{
    c = (struct comparison){ .pairs = pairs,
                             .n_pairs = n_pairs,
                             .n_controls = n_controls,
                             .primary = SAMPLE_P99,
                             .margin = 0.05,
                             .ks.distance = NAN };
    for (size_t i = 0; i < n_pairs + n_controls; i++) {
        pairs[i] =
            (struct comparison_pair){ .number = (unsigned)i + 1, .is_control = i >= n_pairs, .order = "AB" };
        pairs[i].a = sample("m4");
        pairs[i].b = sample(pairs[i].is_control ? "m4" : "t2");
    }
    for (int i = 0; i < N_SAMPLE_VALUES; i++) {
        c.within[i] = (struct run_interval){ .value = NAN, .lo = NAN, .hi = NAN };
        c.results[i] =
            (struct decide_result){ .n_pairs = n_pairs, .ratio = { 2, 1.8, 2.25 }, .order.p = NAN };
    }
}

/* The number of notes without those on spread and generator, which are always there, and whether one of all
 * is this;
 * "" looks for none. */
static inline size_t notes_with(const char *wanted, size_t *n)
{
    struct note_list notes = comparison_notes(&c);
    const char *heading = "";
    size_t found = 0;
    *n = 0;
    for (size_t i = 0; i < notes.n; i++) {
        heading = *notes.rows[i].heading ? notes.rows[i].heading : heading;
        *n += strcmp(heading, "spread") != 0 && strcmp(heading, "loadgen") != 0;
        found += strcmp(notes.rows[i].text, wanted) == 0;
    }
    if (*wanted && !found)
        for (size_t i = 0; i < notes.n; i++)
            print_error("  %s: %s\n", notes.rows[i].heading, notes.rows[i].text);
    note_list_fini(&notes);
    return found;
}

#define check_note(wanted)                                                                                   \
    do {                                                                                                     \
        size_t n_;                                                                                           \
        if (notes_with((wanted), &n_) != 1)                                                                  \
            fail_msg("no note '%s'", (wanted));                                                              \
    } while (0)

#define check_nothing_else(n_wanted)                                                                         \
    do {                                                                                                     \
        size_t n_;                                                                                           \
        notes_with("", &n_);                                                                                 \
        assert_int_equal(n_, (n_wanted));                                                                    \
    } while (0)

#endif
