/* The live account of `up` and `down` on stderr: one row per kind of resource with its count, state and what
 * is waited for. On a terminal the rows are rewritten in place; elsewhere a row is a line, printed when it
 * changes. */
#ifndef PROVISION_PROGRESS_H
#define PROVISION_PROGRESS_H

#include "live_block.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum provision_progress_mode { PROVISION_PROGRESS_AUTO, PROVISION_PROGRESS_PLAIN, PROVISION_PROGRESS_NONE };
extern const char *const progress_modes[];

enum { PROVISION_PROGRESS_ROWS_MOST = 12, PROVISION_PROGRESS_TEXT_BYTES = 256 };

struct provision_progress_row {
    const char *label;    /* borrowed; "instances" */
    unsigned done, total; /* shown as 7/9 when total > 0 */
    char state[32];       /* "running" */
    char detail[PROVISION_PROGRESS_TEXT_BYTES];
    bool changed;        /* since it was printed as a line */
    uint64_t printed_ns; /* when it last was */
};

struct provision_progress {
    FILE *out;
    enum provision_progress_mode mode;
    bool is_live; /* a terminal */
    struct live_block block;
    uint64_t started_ns;
    struct provision_progress_row rows[PROVISION_PROGRESS_ROWS_MOST];
    unsigned n_rows;
};

void provision_progress_init(struct provision_progress *p, FILE *out, enum provision_progress_mode mode,
                             uint64_t now_ns);
/* Prints a line above the rows. */
void provision_progress_say(struct provision_progress *p, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* Sets the row `label` (a new label is a new row) and draws. total 0: no count is shown. */
void provision_progress_set(struct provision_progress *p, const char *label, unsigned done, unsigned total,
                            const char *state, uint64_t now_ns, const char *detail_format, ...)
    __attribute__((format(printf, 7, 8)));
/* Moves the clock on while nothing else changes; only a terminal shows it. */
void provision_progress_tick(struct provision_progress *p, uint64_t now_ns);
/* Leaves the rows on the screen as they are. */
void provision_progress_end(struct provision_progress *p);

#endif
