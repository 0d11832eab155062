/* Scenario files: whatever is accepted is a plan whose schedule goes forward and whose requests are whole
 * messages; whatever is refused is refused in words that a terminal can show. */
#include "arrivals.h"
#include "err.h"
#include "fuzz.h"
#include "plan.h"
#include "request.h"
#include "scenario.h"
#include "session.h"

#include <string.h>

enum { ARRIVALS_LOOKED_AT = 200, REQUESTS_LOOKED_AT = 3, ROOM_BYTES_MOST = 1 << 20 };

static void check_sentence(const struct err *e)
{
    FUZZ_HOLDS(e->kind == ERR_INPUT);
    FUZZ_HOLDS(*e->text != '\0');
    for (const char *p = e->text; *p; p++)
        FUZZ_HOLDS((unsigned char)*p >= ' ' || *p == '\n' || *p == '\t');
}

/* A request line, header lines, an empty line; then as many bytes as Content-Length says. */
static void check_message(const char *message, size_t length)
{
    const char *end = memmem(message, length, "\r\n\r\n", 4);
    FUZZ_HOLDS(end != NULL);
    const char *line = memmem(message, length, "\r\n", 2);
    FUZZ_HOLDS(line - message > 11 && memcmp(line - 9, " HTTP/1.1", 9) == 0);
    size_t n_body = 0;
    while (line < end) {
        const char *begin = line + 2;
        line = memmem(begin, length - (size_t)(begin - message), "\r\n", 2);
        FUZZ_HOLDS(memchr(begin, ':', (size_t)(line - begin)) != NULL);
        FUZZ_HOLDS(memchr(begin, '\n', (size_t)(line - begin)) == NULL);
        FUZZ_HOLDS(memchr(begin, '\0', (size_t)(line - begin)) == NULL);
        if (line - begin > 16 && memcmp(begin, "Content-Length: ", 16) == 0)
            n_body = strtoul(begin + 16, NULL, 10);
    }
    FUZZ_HOLDS(message + length == end + 4 + n_body);
}

static void check_pieces(const struct plan_stream *s, const struct plan_piece *pieces, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        FUZZ_HOLDS(pieces[i].kind != PLAN_PIECE_VARIABLE || pieces[i].index < s->session->n_variables);
        FUZZ_HOLDS(pieces[i].kind != PLAN_PIECE_FEED || pieces[i].feed < s->n_feeds);
    }
}

static void check_step(const struct plan_stream *s, const struct session_step *step)
{
    FUZZ_HOLDS(step->name[0] && step->n_times > 0 && step->chance > 0 && step->chance <= 1);
    FUZZ_HOLDS(step->row < s->n_rows && step->redirect_row < s->n_rows);
    check_pieces(s, step->request.pieces, step->request.n_pieces);
    for (size_t i = 0; i < step->n_json; i++)
        check_pieces(s, step->json[i].pieces, step->json[i].n_pieces);
    for (size_t i = 0; i < step->n_captures; i++)
        FUZZ_HOLDS(step->captures[i].variable < s->session->n_variables && step->captures[i].cause);
}

static void check_session(const struct plan_stream *s)
{
    const struct plan_session *session = s->session;
    FUZZ_HOLDS(session->n_begin + session->n_end < session->n_steps &&
               session->n_steps <= SESSION_STEPS_MOST);
    FUZZ_HOLDS(session->n_variables <= SESSION_VARIABLES_MOST && session->n_lasting <= session->n_variables);
    for (size_t i = 0; i < session->n_steps; i++)
        check_step(s, &session->steps[i]);
}

static void check_requests(const struct plan *plan, const struct plan_stream *s)
{
    if (s->session) {
        check_session(s);
        return;
    }
    FUZZ_HOLDS(s->n_requests > 0);
    for (uint64_t seq = 0; seq < REQUESTS_LOOKED_AT; seq++) {
        const struct plan_request *r = request_pick(plan, s, seq);
        if (r->bytes_most > ROOM_BYTES_MOST)
            continue;
        char *room = malloc(r->bytes_most);
        const size_t length = request_render(plan, s, r, seq, room, r->bytes_most);
        FUZZ_HOLDS(length > 0 && length <= r->bytes_most);
        check_message(room, length);
        free(room);
    }
}

static void check_schedule(const struct plan *plan, const struct plan_stream *s)
{
    struct arrivals a;
    uint64_t due_ns, index;
    uint64_t before_ns = 0;
    uint32_t phase;
    const struct division all = { .n_connections = 1, .n_sharers = 1 };
    arrivals_init(&a, s, plan->seed, 0, &all);
    for (uint64_t i = 0; i < ARRIVALS_LOOKED_AT && arrivals_next(&a, &due_ns, &index, &phase); i++) {
        FUZZ_HOLDS(index < i + POISSON_BLOCK_MOST && index + POISSON_BLOCK_MOST > i && due_ns >= before_ns &&
                   phase < s->n_phases);
        FUZZ_HOLDS(due_ns >= arrivals_phase_start_ns(s, phase) &&
                   due_ns <= arrivals_phase_start_ns(s, phase + 1));
        before_ns = due_ns;
    }
}

static void check_plan(const struct plan *plan)
{
    size_t n_phases = 0;
    FUZZ_HOLDS(plan->n_streams > 0 && plan->n_streams <= PLAN_STREAMS_MOST && plan->n_threads > 0);
    for (size_t i = 0; i < plan->n_streams; i++) {
        const struct plan_stream *s = &plan->streams[i];
        FUZZ_HOLDS(s->first_phase_index == n_phases && s->n_phases > 0);
        FUZZ_HOLDS(plan_find_cluster(plan, s->cluster) < plan->n_clusters);
        FUZZ_HOLDS((s->model == PLAN_CLOSED) == (s->n_users > 0) && s->n_connections > 0);
        FUZZ_HOLDS(s->model == PLAN_OPEN ||
                   s->n_users == s->n_connections * (plan_is_http2(plan, s) ? s->in_flight_most : 1));
        n_phases += s->n_phases;
        if (s->recording) /* see fuzz_recording */
            continue;
        check_requests(plan, s);
        check_schedule(plan, s);
    }
    FUZZ_HOLDS(n_phases == plan->n_phases);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t length_bytes)
{
    static const struct scenario_overrides overrides = { .target_url = "http://h/base",
                                                         .has_seed = true,
                                                         .seed = 1 };
    struct plan plan;
    struct err e = { ERR_NONE, "" };
    if (scenario_parse(&plan, "fuzz/s.yaml", (const char *)data, length_bytes, &overrides, &e))
        check_sentence(&e);
    else
        check_plan(&plan);
    plan_fini(&plan);
    return 0;
}
