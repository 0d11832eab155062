#include "values.h"

#include "draw.h"
#include "feed_row.h"
#include "plan.h"

#include <stdlib.h>
#include <string.h>

enum { ROOM_BYTES_LEAST = 64 };

int values_shared_init(struct values_shared *shared, const struct plan *plan, uint32_t thread)
{
    *shared = (struct values_shared){ .plan = plan };
    if (plan->n_feeds == 0)
        return 0;
    shared->lends = calloc(plan->n_feeds, sizeof *shared->lends);
    if (!shared->lends)
        return -1;
    for (size_t i = 0; i < plan->n_feeds; i++)
        if (plan->feeds[i]->order == PLAN_LEND && lend_init(&shared->lends[i], plan, plan->feeds[i], thread))
            return -1;
    return 0;
}

void values_shared_fini(struct values_shared *shared)
{
    for (size_t i = 0; shared->lends && i < shared->plan->n_feeds; i++)
        lend_fini(&shared->lends[i]);
    free(shared->lends);
    free(shared->request.bytes);
    free(shared->text.bytes);
    free(shared->cookies.bytes);
    *shared = (struct values_shared){ 0 };
}

size_t values_bytes(const struct plan_stream *stream)
{
    const size_t n = sizeof(struct values) + stream->session->n_variables * sizeof(struct render_variable) +
                     stream->n_feeds * sizeof(uint32_t);
    return (n + sizeof(void *) - 1) / sizeof(void *) * sizeof(void *);
}

/* Of the stream's feeds; LEND_NONE: none is taken. */
static uint32_t *rows_of(const struct values *v, const struct plan_stream *stream)
{
    return (uint32_t *)(void *)((char *)(uintptr_t)v + sizeof *v +
                                stream->session->n_variables * sizeof(struct render_variable));
}

void values_init(struct values *v, const struct plan_stream *stream)
{
    *v = (struct values){ 0 };
    for (size_t i = 0; i < stream->session->n_variables; i++)
        v->variables[i] = (struct render_variable){ .at = RENDER_UNSET };
    for (size_t i = 0; i < stream->n_feeds; i++)
        rows_of(v, stream)[i] = LEND_NONE;
}

void values_fini(struct values *v)
{
    free(v->bytes);
    v->bytes = NULL;
}

/* --- feed rows --- */

static void give_rows(struct values *v, const struct plan_stream *stream, struct values_shared *shared,
                      enum plan_take take)
{
    uint32_t *rows = rows_of(v, stream);
    for (size_t i = 0; i < stream->n_feeds; i++) {
        const struct plan_feed *feed = stream->feeds[i];
        if (feed->take != take || rows[i] == LEND_NONE)
            continue;
        if (feed->order == PLAN_LEND)
            lend_give(&shared->lends[feed->number], rows[i]);
        rows[i] = LEND_NONE;
    }
}

static enum values_taken take_row(const struct plan_stream *stream, struct values_shared *shared,
                                  const struct plan_feed *feed, uint64_t number, uint32_t *row)
{
    if (feed->order == PLAN_LEND) {
        *row = lend_take(&shared->lends[feed->number]);
        return *row == LEND_NONE ? VALUES_WAIT : VALUES_TAKEN;
    }
    if (number >= feed_end(feed))
        return feed->at_end == PLAN_STOP ? VALUES_STOP : VALUES_FAIL;
    *row = (uint32_t)feed_row(shared->plan, stream, feed, number);
    return VALUES_TAKEN;
}

/* All or none, so that two sessions never wait for each other's. */
static enum values_taken take_rows(struct values *v, const struct plan_stream *stream,
                                   struct values_shared *shared, enum plan_take take, uint64_t number)
{
    uint32_t *rows = rows_of(v, stream);
    give_rows(v, stream, shared, take);
    for (size_t i = 0; i < stream->n_feeds; i++) {
        if (stream->feeds[i]->take != take)
            continue;
        const enum values_taken taken = take_row(stream, shared, stream->feeds[i], number, &rows[i]);
        if (taken != VALUES_TAKEN) {
            give_rows(v, stream, shared, take);
            return taken;
        }
    }
    return VALUES_TAKEN;
}

const struct plan_feed *values_ended_feed(const struct values *v, const struct plan_stream *stream,
                                          const struct values_shared *shared, enum plan_take take)
{
    for (size_t i = 0; i < stream->n_feeds; i++) {
        const struct plan_feed *feed = stream->feeds[i];
        const uint64_t number = take == PLAN_TAKE_USER ? v->user : v->pass;
        const bool is_ended =
            feed->order == PLAN_LEND ? shared->lends[feed->number].n_free == 0 : number >= feed_end(feed);
        if (feed->take == take && is_ended)
            return feed;
    }
    return NULL;
}

enum values_taken values_begin_user(struct values *v, const struct plan_stream *stream,
                                    struct values_shared *shared, uint64_t user)
{
    v->user = user;
    return stream->n_feeds ? take_rows(v, stream, shared, PLAN_TAKE_USER, user) : VALUES_TAKEN;
}

enum values_taken values_begin_pass(struct values *v, const struct plan_stream *stream,
                                    struct values_shared *shared, uint64_t pass)
{
    v->pass = pass;
    return stream->n_feeds ? take_rows(v, stream, shared, PLAN_TAKE_PASS, pass) : VALUES_TAKEN;
}

/* --- variables --- */

/* Closes the gap that the variable leaves, so that the block holds nothing but values. */
static void forget(struct values *v, const struct plan_session *session, uint32_t variable)
{
    const struct render_variable gone = v->variables[variable];
    if (gone.at == RENDER_UNSET)
        return;
    const uint32_t end = gone.at + gone.n_bytes;
    memmove(v->bytes + gone.at, v->bytes + end, v->n_bytes - end);
    v->n_bytes -= gone.n_bytes;
    v->variables[variable] = (struct render_variable){ .at = RENDER_UNSET };
    for (size_t i = 0; i < session->n_variables; i++)
        if (v->variables[i].at != RENDER_UNSET && v->variables[i].at >= end)
            v->variables[i].at -= gone.n_bytes;
}

void values_end_pass(struct values *v, const struct plan_stream *stream, struct values_shared *shared)
{
    const struct plan_session *session = stream->session;
    for (size_t i = session->n_variables; i-- > session->n_lasting;)
        forget(v, session, (uint32_t)i);
    give_rows(v, stream, shared, PLAN_TAKE_PASS);
}

void values_end_user(struct values *v, const struct plan_stream *stream, struct values_shared *shared)
{
    for (size_t i = 0; i < stream->session->n_variables; i++)
        v->variables[i] = (struct render_variable){ .at = RENDER_UNSET };
    v->n_bytes = 0;
    give_rows(v, stream, shared, PLAN_TAKE_PASS);
    give_rows(v, stream, shared, PLAN_TAKE_USER);
}

static bool make_room(struct values *v, size_t n_bytes)
{
    size_t larger = v->room_bytes ? v->room_bytes : ROOM_BYTES_LEAST;
    if (n_bytes <= v->room_bytes)
        return true;
    while (larger < n_bytes)
        larger *= 2;
    char *bytes = realloc(v->bytes, larger);
    if (!bytes)
        return false;
    v->bytes = bytes;
    v->room_bytes = (uint32_t)larger;
    return true;
}

const char *values_set(struct values *v, const struct plan_stream *stream, uint32_t variable,
                       const char *bytes, size_t n_bytes)
{
    struct render_variable *slot = &v->variables[variable];
    const size_t kept = v->n_bytes - (slot->at == RENDER_UNSET ? 0 : slot->n_bytes);
    if (n_bytes > SESSION_VALUE_BYTES_MOST)
        return "a captured value is longer than 16 KiB";
    if (kept + n_bytes > SESSION_USER_BYTES_MOST)
        return "the captured values of a user are longer than 64 KiB";
    if (!make_room(v, kept + n_bytes + 1)) /* an empty value has a place, too */
        return "out of memory";
    if (slot->at == RENDER_UNSET || slot->n_bytes != n_bytes) {
        forget(v, stream->session, variable);
        *slot = (struct render_variable){ .at = v->n_bytes, .n_bytes = (uint32_t)n_bytes };
        v->n_bytes += (uint32_t)n_bytes;
    }
    if (n_bytes > 0)
        memcpy(v->bytes + slot->at, bytes, n_bytes);
    return NULL;
}

const char *values_get(const struct values *v, uint32_t variable, size_t *n_bytes)
{
    const struct render_variable *slot = &v->variables[variable];
    *n_bytes = slot->n_bytes;
    return slot->at == RENDER_UNSET ? NULL : v->bytes + slot->at;
}

/* --- messages and texts --- */

static struct render_source source_of(const struct values *v, const struct plan_stream *stream,
                                      const struct values_shared *shared)
{
    return (struct render_source){
        .plan = shared->plan,
        .stream = stream,
        .counter = v->pass,
        .user = v->user,
        .rows = rows_of(v, stream),
        .variables = v->variables,
        .values = v->bytes,
    };
}

const char *values_request(const struct values *v, const struct plan_stream *stream,
                           struct values_shared *shared, uint32_t step, uint32_t repeat, size_t *length)
{
    const struct plan *plan = shared->plan;
    struct render_source source = source_of(v, stream, shared);
    source.draw_seed = draw_bits(draw_stream_key(plan->seed, (uint32_t)(stream - plan->streams)), v->pass,
                                 step, repeat, DRAW_VALUE);
    return render_message(&source, &stream->session->steps[step].request, &shared->request, length);
}

char *values_make_gap(struct values_shared *shared, size_t *length, size_t n_bytes)
{
    struct render_room *room = &shared->request;
    if (!render_reserve(room, *length + n_bytes))
        return NULL;
    char *gap = memchr(room->bytes, '\n', *length);
    gap = gap ? gap + 1 : room->bytes + *length;
    memmove(gap + n_bytes, gap, *length - (size_t)(gap - room->bytes));
    *length += n_bytes;
    return gap;
}

const char *values_text(const struct values *v, const struct plan_stream *stream,
                        struct values_shared *shared, const struct plan_piece *pieces, size_t n_pieces,
                        size_t *length)
{
    struct render_source source = source_of(v, stream, shared);
    size_t used = 0;
    if (!render_reserve(&shared->text, 1) || render_pieces(&source, pieces, n_pieces, &shared->text, &used))
        return NULL;
    *length = used;
    return shared->text.bytes;
}
