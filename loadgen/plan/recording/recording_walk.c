#include "recording_walk.h"

#include "err.h"

int recording_walk_begin(struct recording_walk *w, const struct recording *recording,
                         const struct recording_part *part, struct err *e)
{
    *w = (struct recording_walk){ .recording = recording, .part = part };
    if (recording_lines_open(&w->lines, part->path, part->from_bytes))
        return err_errno(e, ERR_INPUT, "cannot open %s", part->name);
    return 0;
}

void recording_walk_end(struct recording_walk *w)
{
    recording_lines_close(&w->lines);
}

/* Whether the line is as it was when the plan was made, as far as the walk relies on it. */
static bool read_line(const struct recording_walk *w, struct recording_line *line, char *text, size_t length)
{
    const struct recording_names *names = &w->recording->names;
    return !recording_line_read(line, &w->part->columns, text, length) && line->due_ns >= w->part->from_ns &&
           line->due_ns <= w->part->last_ns &&
           (names->n == 0 || recording_row(names, &line->row) != UINT32_MAX);
}

struct recording_row *recording_walk_to(struct recording_walk *w, struct recording_rows *rows, uint64_t index,
                                        uint64_t *due_ns)
{
    struct recording_line line;
    size_t length;
    char *text = NULL;
    if (!w->wrong && recording_lines_skip(&w->lines, index - w->index))
        text = recording_lines_next(&w->lines, &length);
    if (!text) {
        w->wrong = "the file of recorded requests cannot be read, or is shorter than it was";
        return NULL;
    }
    w->index = index + 1;
    if (!read_line(w, &line, text, length)) {
        w->wrong = "the file of recorded requests has changed since the run was planned";
        return NULL;
    }
    *due_ns = recording_due_ns(w->part, line.due_ns);
    struct recording_row *row = recording_rows_add(rows, w->recording, w->part, &line);
    w->wrong = row ? NULL : "out of memory for recorded requests";
    recording_lines_read_ahead(&w->lines);
    return row;
}
