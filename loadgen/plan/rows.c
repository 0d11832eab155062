#include "rows.h"

#include "plan.h"
#include "recording.h"
#include "session.h"

#include <stdio.h>
#include <stdlib.h>

static size_t n_following(const struct plan_session *session)
{
    size_t n = 0;
    for (size_t i = 0; i < session->n_steps; i++)
        n += session->steps[i].n_follow > 0;
    return n;
}

static uint32_t add(struct plan_stream *stream, enum plan_row_kind kind, const char *name, const char *suffix)
{
    struct plan_row *row = &stream->rows[stream->n_rows];
    row->kind = kind;
    snprintf(row->name, sizeof row->name, "%s%s", name, suffix);
    return (uint32_t)stream->n_rows++;
}

static int make_recorded(struct plan_stream *stream, struct err *e)
{
    const struct recording_names *names = &stream->recording->names;
    if (names->n == 0)
        return 0;
    free(stream->rows);
    stream->n_rows = 0;
    stream->rows = calloc(names->n, sizeof *stream->rows);
    if (!stream->rows)
        return plan_out_of_memory(e);
    for (uint32_t i = 0; i < names->n; i++)
        add(stream, PLAN_ROW_REQUESTS, names->list[i], "");
    return 0;
}

int rows_make(struct plan_stream *stream, struct err *e)
{
    struct plan_session *session = stream->session;
    if (stream->recording)
        return make_recorded(stream, e);
    if (!session)
        return 0;
    free(stream->rows);
    stream->rows = calloc(session->n_steps + n_following(session) + 1, sizeof *stream->rows);
    if (!stream->rows)
        return plan_out_of_memory(e);
    stream->n_rows = 0;
    for (size_t i = 0; i < session->n_steps; i++) {
        struct session_step *step = &session->steps[i];
        step->row = step->redirect_row = add(stream, PLAN_ROW_REQUESTS, step->name, "");
    }
    for (size_t i = 0; i < session->n_steps; i++)
        if (session->steps[i].n_follow > 0)
            session->steps[i].redirect_row =
                add(stream, PLAN_ROW_REDIRECT, session->steps[i].name, ROWS_REDIRECT_SUFFIX);
    add(stream, PLAN_ROW_SESSION, ROWS_SESSION, "");
    return 0;
}
