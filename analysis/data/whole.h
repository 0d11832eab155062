/* Whether the files of a run folder hold all that its run.json counted. A copy that was broken off, a disk
 * that was full, a file that lost its last lines: none of them must be read as the whole. */
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

/* Looks at all files; files that are missing altogether are the business of who wants them. */
void whole_look(struct whole *whole, const struct dataset *data);
/* What the file lacks; NULL: nothing speaks against it. */
const char *whole_lacks(const struct dataset *data, const char *file);
/* -1 and a sentence when hist.hlog lacks times: whatever rests on it would not be of the run. */
int whole_times(const struct dataset *data, struct err *e);
/* Says all of it, a line each: "loadgen analysis: FOLDER: health.csv ends with ...". */
void whole_say(FILE *out, const struct dataset *data);

#endif
