/* A list of notes under headings, which screen, page and LaTeX each show in their own way. */
#ifndef NOTE_LIST_H
#define NOTE_LIST_H

#include <stdbool.h>
#include <stddef.h>

struct note {
    const char *heading; /* "" when it is that of the note before */
    char *text;          /* owned */
};

struct note_list {
    struct note *rows; /* owned */
    size_t n;
    const char *heading; /* set by the caller before the first note under it */
    bool is_short;       /* notes are missing: out of memory */
};

__attribute__((format(printf, 2, 3))) void note_list_add(struct note_list *notes, const char *format, ...);
void note_list_fini(struct note_list *notes);

#endif
