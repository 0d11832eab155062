/* The status of `up` and `down` on stderr: one line per kind of resource with its count, state and what it
 * waits for. A terminal shows the lines in place; elsewhere a line is printed when it changes. */
#ifndef PROVISION_STATUS_LINES_H
#define PROVISION_STATUS_LINES_H

#include "live_block.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum status_lines_mode { STATUS_LINES_AUTO, STATUS_LINES_PLAIN, STATUS_LINES_NONE };
extern const char *const status_lines_modes[];

enum { STATUS_LINES_MOST = 12, STATUS_LINES_TEXT_BYTES = 256 };

struct status_line {
    const char *label;    /* borrowed; "instances" */
    unsigned done, total; /* shown as 7/9 when total > 0 */
    char state[32];       /* "running" */
    char detail[STATUS_LINES_TEXT_BYTES];
    bool changed;        /* since it was printed as a line */
    uint64_t printed_ns; /* when it last was */
};

struct status_lines {
    FILE *out;
    enum status_lines_mode mode;
    bool is_live; /* a terminal */
    struct live_block block;
    uint64_t started_ns;
    struct status_line rows[STATUS_LINES_MOST];
    unsigned n_rows;
};

void status_lines_init(struct status_lines *p, FILE *out, enum status_lines_mode mode, uint64_t now_ns);
/* Prints a message above the lines. */
void status_lines_print(struct status_lines *p, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* Sets the line `label`, which is added when it is new, and draws. total 0: no count is shown. */
void status_lines_set(struct status_lines *p, const char *label, unsigned done, unsigned total,
                      const char *state, uint64_t now_ns, const char *detail_format, ...)
    __attribute__((format(printf, 7, 8)));
/* Redraws the elapsed time; does nothing unless on a terminal. */
void status_lines_tick(struct status_lines *p, uint64_t now_ns);
/* Leaves the lines on the screen. */
void status_lines_end(struct status_lines *p);

#endif
