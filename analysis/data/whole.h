/* Whether the files of a run folder hold all that its run.json counted. An incomplete copy, a full disk or
 * lost lines must not pass for the whole. */
#ifndef WHOLE_H
#define WHOLE_H

#include <stddef.h>
#include <stdio.h>

struct dataset;
struct err;

enum { WHOLE_NOTES_MOST = 12, WHOLE_TEXT_BYTES = 400 };

struct whole_note {
    const char *file;            /* "health.csv" */
    char text[WHOLE_TEXT_BYTES]; /* "health.csv ends with second 4 of 20" */
};

struct whole {
    struct whole_note notes[WHOLE_NOTES_MOST];
    size_t n;
};

/* Checks all files; missing ones are reported where they are needed. */
void whole_look(struct whole *whole, const struct dataset *data);
/* What the file lacks; NULL: nothing is known to be missing. */
const char *whole_lacks(const struct dataset *data, const char *file);
/* -1 when hist.hlog lacks times: whatever is computed from it would be wrong. */
int whole_times(const struct dataset *data, struct err *e);
/* Prints all notes, a line each: "loadgen analysis: FOLDER: health.csv ends with ...". */
void whole_print(FILE *out, const struct dataset *data);

#endif
