#include "account.h"
#include "exchange.h"
#include "plan.h"
#include "redirect.h"
#include "shard.h"
#include "stats.h"
#include "user.h"

/* Hands the course what a request ended with. */
static void take(struct shard *s, struct user *u, struct course_answer *answer, enum outcome *outcome,
                 const char **cause)
{
    struct course_verdict verdict;
    answer->outcome = *outcome;
    answer->cause = *cause;
    course_take(&u->course, &s->users->course, answer, &verdict);
    *outcome = verdict.outcome;
    *cause = verdict.cause;
}

void user_unsendable(struct shard *s, struct user *u, enum outcome *outcome, const char **cause,
                     uint64_t now_ns)
{
    struct course_answer answer = { .done_ns = now_ns };
    take(s, u, &answer, outcome, cause);
}

/* Whether the course may follow the answer to another place. */
static bool find_location(struct shard *s, struct user *u, struct course_answer *answer)
{
    const struct users_here *here = s->users->here;
    if (u->course.hop.n >= course_step(&u->course, &s->users->course)->n_follow ||
        !redirect_is_status(answer->status))
        return false;
    const char *location = answer_location(&u->answer, &answer->location_bytes);
    if (!location || user_render(s, u))
        return false;
    answer->location = location;
    answer->request = here->values.request.bytes;
    answer->request_bytes = here->rendered_bytes;
    return true;
}

struct reader {
    const struct shard *s;
    const struct user *u;
};

static const char *text_of(void *payload, const struct plan_piece *pieces, size_t n_pieces, size_t *n_bytes)
{
    const struct reader *r = payload;
    return values_text(user_values(r->u), r->s->stream, &r->s->users->here->values, pieces, n_pieces,
                       n_bytes);
}

/* Judges the answer and keeps what is captured of it. Returns the cause of a failure; NULL: all is well. */
static const char *judge(struct shard *s, struct user *u, struct course_answer *answer)
{
    const struct session_step *step = course_step(&u->course, &s->users->course);
    struct reader reader = { s, u };
    struct answer_result result;
    if (step->n_captures + step->n_json + step->n_texts + step->until.n_json == 0)
        return u->answer.cause;
    if (answer_finish(&u->answer, answer->status, text_of, &reader, &result) != OUTCOME_OK)
        return result.cause;
    for (size_t i = 0; i < result.n_values; i++) {
        const struct answer_value *value = &result.values[i];
        const char *cause =
            values_set(user_values(u), s->stream, value->variable, value->text, value->n_bytes);
        if (cause)
            return cause;
    }
    answer->until_cause = result.until_cause;
    return NULL;
}

static void find_life(struct shard *s, struct user *u, struct course_answer *answer)
{
    const struct session_renew *renew = &s->stream->session->renew;
    answer->life = values_text(user_values(u), s->stream, &s->users->here->values, renew->seconds,
                               renew->n_seconds, &answer->life_bytes);
}

static void count(struct shard *s, const char *cause)
{
    struct users_here *here = s->users->here;
    struct stats_sessions *sessions = &s->counts->sessions;
    sessions->n_cookies_dropped += here->answers.n_foreign - here->n_foreign;
    here->n_foreign = here->answers.n_foreign;
    sessions->n_pool_full += cause == buffers_full;
}

void user_answered(struct conn *c, const struct exchange *x, enum outcome *outcome, const char **cause,
                   uint64_t now_ns)
{
    struct shard *s = c->shard;
    struct user *u = shard_user(s, c);
    struct course_answer answer = { .status = exchange_status(x), .done_ns = now_ns };
    const bool is_followed =
        outcome_is_answer(*outcome) && u->course.hop.n < SESSION_FOLLOW_MOST && find_location(s, u, &answer);
    if (*outcome == OUTCOME_OK && !is_followed) {
        *cause = judge(s, u, &answer);
        *outcome = *cause ? OUTCOME_EXPECT : OUTCOME_OK;
    }
    if (*outcome == OUTCOME_OK && course_wants_life(&u->course, &s->users->course))
        find_life(s, u, &answer);
    count(s, *cause);
    take(s, u, &answer, outcome, cause);
    answer_drop(&u->answer);
}
