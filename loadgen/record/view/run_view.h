/* The live display of a run, of this process or of a fleet: adds up its seconds, and knows how far it is. */
#ifndef RECORD_RUN_VIEW_H
#define RECORD_RUN_VIEW_H

#include "progress.h"
#include "progress_course.h"
#include "share.h"

#include <stdbool.h>
#include <stdint.h>

struct hist;
struct phase_clock;
struct plan;
struct stats;

enum { RUN_VIEW_TEXT_BYTES = 256 };

/* Each stream as of the last second added. */
struct run_view {
    const struct plan *plan;          /* borrowed */
    struct share share;               /* what is shown of it; the plan's own unless the owner sets another */
    const struct phase_clock *phases; /* borrowed */
    struct progress display;
    struct progress_stream *streams; /* owned; [streams] */
    struct progress_stream sum;
    char place[RUN_VIEW_TEXT_BYTES];
    /* The generator, filled by the owner. */
    double cpu_pct;
    bool has_lag;
    uint64_t lag_p99_ns;
    char generators[RUN_VIEW_TEXT_BYTES]; /* replaces the three above; "": a single generator */
};

/* The run at a moment. */
struct run_so_far {
    const struct stats *stats; /* the sum of all seconds */
    uint64_t t0_ns, now_ns;    /* monotonic */
    const char *trouble;       /* why results are being lost; NULL: none are */
};

/* -1 when memory is short. */
int run_view_init(struct run_view *v, const struct plan *plan, const struct phase_clock *phases,
                  enum progress_mode mode);
/* Removes the display from the screen. Harmless on a zeroed one. */
void run_view_fini(struct run_view *v);
/* Takes in a second that lasted `length_ns`. */
void run_view_add(struct run_view *v, const struct stats *second, uint64_t length_ns,
                  struct hist *const scratch[2]);
/* Adds only the counts, for a part of a second that was taken in before. */
void run_view_count(struct run_view *v, const struct stats *second);
/* How far a stream has got, and when it will end. */
struct progress_course run_view_course(const struct run_view *v, const struct run_so_far *run, size_t stream);
void run_view_show(struct run_view *v, const struct run_so_far *run);

#endif
