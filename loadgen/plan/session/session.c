#include "session.h"

#include <stdlib.h>

static void pieces_fini(struct plan_piece *pieces, size_t n)
{
    for (size_t i = 0; pieces && i < n; i++)
        free(pieces[i].text);
    free(pieces);
}

static void json_fini(struct session_json_expected *json, size_t n)
{
    for (size_t i = 0; json && i < n; i++) {
        free(json[i].path);
        free(json[i].cause);
        pieces_fini(json[i].pieces, json[i].n_pieces);
    }
    free(json);
}

static void texts_fini(struct session_text_expected *texts, size_t n)
{
    for (size_t i = 0; texts && i < n; i++) {
        free(texts[i].text);
        free(texts[i].cause);
    }
    free(texts);
}

static void captures_fini(struct session_capture *captures, size_t n)
{
    for (size_t i = 0; captures && i < n; i++) {
        free(captures[i].place);
        free(captures[i].otherwise);
        free(captures[i].cause);
    }
    free(captures);
}

static void step_fini(struct session_step *step)
{
    plan_request_fini(&step->request);
    plan_expect_fini(&step->expect);
    json_fini(step->json, step->n_json);
    json_fini(step->until.json, step->until.n_json);
    texts_fini(step->texts, step->n_texts);
    captures_fini(step->captures, step->n_captures);
}

void session_fini(struct plan_session *session)
{
    for (size_t i = 0; session->steps && i < session->n_steps; i++)
        step_fini(&session->steps[i]);
    for (size_t i = 0; session->variables && i < session->n_variables; i++)
        free(session->variables[i]);
    free(session->steps);
    free(session->variables);
    pieces_fini(session->renew.seconds, session->renew.n_seconds);
    *session = (struct plan_session){ 0 };
}
