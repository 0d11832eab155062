/* What stands under the numbers of a comparison: what a sceptic would say first, how much noise there is, and
 * what is missing. Screen, page and LaTeX each show them in their own way. */
#ifndef COMPARISON_NOTES_H
#define COMPARISON_NOTES_H

#include <stdbool.h>
#include <stddef.h>

struct comparison;

struct comparison_note {
    const char *heading; /* "" when it is that of the note before */
    char *text;          /* owned */
};

struct comparison_notes {
    struct comparison_note *rows; /* owned */
    size_t n;
    const char *heading; /* set before the first note that stands under it */
    bool is_short;       /* there was no memory for all of them */
};

/* All notes of a comparison, in their order; a look at `is_short` tells whether they are whole. Freed by
 * comparison_notes_fini. */
struct comparison_notes comparison_notes(const struct comparison *c);
void comparison_notes_fini(struct comparison_notes *notes);

/* Adds a note. */
__attribute__((format(printf, 2, 3))) void comparison_notes_say(struct comparison_notes *notes,
                                                                const char *format, ...);

#endif
