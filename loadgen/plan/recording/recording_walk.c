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

/* A file that was changed must not make the walk leave what was checked. */
static const char *check(const struct recording_walk *w, const struct recording_line *line)
{
    const struct recording_names *names = &w->recording->names;
    if (line->due_ns < w->part->from_ns || line->due_ns > w->part->last_ns)
        return "the file of recorded requests has changed";
    if (names->n > 0 && recording_row(names, &line->row) == UINT32_MAX)
        return "the file of recorded requests has changed";
    return NULL;
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
    w->wrong = recording_line_read(&line, &w->part->columns, text, length);
    if (!w->wrong)
        w->wrong = check(w, &line);
    if (w->wrong)
        return NULL;
    *due_ns = recording_due_ns(w->part, line.due_ns);
    struct recording_row *row = recording_rows_add(rows, w->recording, w->part, &line);
    w->wrong = row ? NULL : "out of memory for recorded requests";
    recording_lines_read_ahead(&w->lines);
    return row;
}
