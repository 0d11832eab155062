/* The live account of `up` and `down` on stderr: one row per kind of resource with its count, state and what
 * is waited for. On a terminal the rows are rewritten in place; elsewhere a row is a line, printed when it
 * changes. */
#ifndef PROVISION_PROGRESS_H
#define PROVISION_PROGRESS_H

#include "live_block.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum progress_mode { PROGRESS_AUTO, PROGRESS_PLAIN, PROGRESS_NONE };
extern const char *const progress_modes[];

enum { PROGRESS_ROWS_MOST = 12, PROGRESS_TEXT_BYTES = 256 };

struct progress_row {
    const char *label;    /* borrowed; "instances" */
    unsigned done, total; /* shown as 7/9 when total > 0 */
    char state[32];       /* "running" */
    char detail[PROGRESS_TEXT_BYTES];
    bool changed;        /* since it was printed as a line */
    uint64_t printed_ns; /* when it last was */
};

struct progress {
    FILE *out;
    enum progress_mode mode;
    bool is_live; /* a terminal */
    struct live_block block;
    uint64_t started_ns;
    struct progress_row rows[PROGRESS_ROWS_MOST];
    unsigned n_rows;
};

void progress_init(struct progress *p, FILE *out, enum progress_mode mode, uint64_t now_ns);
/* Prints a line above the rows. */
void progress_say(struct progress *p, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Sets the row `label` (a new label is a new row) and draws. total 0: no count is shown. */
void progress_set(struct progress *p, const char *label, unsigned done, unsigned total, const char *state,
                  uint64_t now_ns, const char *detail_format, ...) __attribute__((format(printf, 7, 8)));
/* Moves the clock on while nothing else changes; only a terminal shows it. */
void progress_tick(struct progress *p, uint64_t now_ns);
/* Leaves the rows on the screen as they are. */
void progress_end(struct progress *p);

#endif
