#include "render.h"

#include "base64.h"
#include "clock.h"
#include "escape.h"
#include "feed_row.h"

#include <stdlib.h>
#include <string.h>

enum {
    MADE_BYTES = 40, /* the longest of {counter}, {random}, {uuid}, {now}, {user} */
    NUMBER_BYTES = 20,
    ROOM_BYTES_LEAST = 4096,
};

/* NULL bytes: a variable that is not set, or of a feed that no row is taken of. */
struct value {
    const char *bytes;
    size_t n_bytes;
};

static size_t write_decimal(uint64_t value, char *out)
{
    char digits[NUMBER_BYTES];
    size_t n = 0;
    do
        digits[n++] = (char)('0' + value % 10);
    while (value /= 10);
    for (size_t i = 0; i < n; i++)
        out[i] = digits[n - 1 - i];
    return n;
}

static void write_hex(uint64_t value, unsigned n_digits, char *out)
{
    for (unsigned i = n_digits; i-- > 0; value >>= 4)
        out[i] = "0123456789abcdef"[value & 15];
}

static uint64_t draw(struct render_source *s)
{
    if (!s->has_drawn)
        random_init(&s->random, s->draw_seed, s->draw_number);
    s->has_drawn = true;
    return random_u64(&s->random);
}

/* RFC 9562, version 4, variant 10. */
static size_t write_uuid(struct render_source *s, char *out)
{
    const uint64_t a = draw(s);
    const uint64_t b = draw(s);
    write_hex(a >> 32, 8, out);
    write_hex(a >> 16, 4, out + 9);
    write_hex((a & 0xFFF) | 0x4000, 4, out + 14);
    write_hex((b >> 48 & 0x3FFF) | 0x8000, 4, out + 19);
    write_hex(b, 12, out + 24);
    out[8] = out[13] = out[18] = out[23] = '-';
    return 36;
}

static const char *instance_of(const struct render_source *s)
{
    const size_t i = plan_find_cluster(s->plan, s->stream->cluster);
    if (i >= s->plan->n_clusters || s->plan->clusters[i].n_instances == 0)
        return "";
    return s->plan->clusters[i].instances[s->counter % s->plan->clusters[i].n_instances];
}

/* NULL: there is none. */
static struct value text_value(const char *text)
{
    return (struct value){ text, text ? strlen(text) : 0 };
}

static struct value cell_of(const struct render_source *s, const struct plan_piece *p)
{
    const struct plan_feed *feed = s->stream->feeds[p->feed];
    const size_t row = s->rows ? s->rows[p->feed] : feed_row(s->plan, s->stream, feed, s->walk);
    return text_value(row < feed->n_rows ? feed->cells[row * feed->n_columns + p->index] : NULL);
}

static struct value variable_of(const struct render_source *s, const struct plan_piece *p)
{
    const struct render_variable *v = &s->variables[p->index];
    struct value value = { 0 };
    if (v->at != RENDER_UNSET)
        value = (struct value){ s->values + v->at, v->n_bytes };
    return value;
}

/* The value before it is escaped; made ones are written into `made`. */
static struct value value_of(struct render_source *s, const struct plan_piece *p, char *made)
{
    switch (p->kind) {
    case PLAN_PIECE_LITERAL:
    case PLAN_PIECE_SECRET:
        return (struct value){ p->text, p->length_bytes };
    case PLAN_PIECE_VARIABLE:
        return variable_of(s, p);
    case PLAN_PIECE_FEED:
        return cell_of(s, p);
    case PLAN_PIECE_INSTANCE:
        return text_value(instance_of(s));
    case PLAN_PIECE_COUNTER:
        return (struct value){ made, write_decimal(s->counter, made) };
    case PLAN_PIECE_USER:
        return (struct value){ made, write_decimal(s->user, made) };
    case PLAN_PIECE_NOW:
        return (struct value){ made, write_decimal(clock_realtime_ns() / 1000000, made) };
    case PLAN_PIECE_RANDOM:
        write_hex(draw(s), 16, made);
        return (struct value){ made, 16 };
    case PLAN_PIECE_UUID:
        return (struct value){ made, write_uuid(s, made) };
    case PLAN_PIECE_BASE64:
        break;
    }
    return (struct value){ 0 };
}

static bool grow(struct render_room *room, size_t n_bytes)
{
    size_t larger = room->n_bytes < ROOM_BYTES_LEAST ? ROOM_BYTES_LEAST : room->n_bytes;
    while (larger < n_bytes)
        larger *= 2;
    char *bytes = realloc(room->bytes, larger);
    if (!bytes)
        return false;
    room->bytes = bytes;
    room->n_bytes = larger;
    return true;
}

bool render_reserve(struct render_room *room, size_t n_bytes)
{
    return room->is_fixed || n_bytes <= room->n_bytes || grow(room, n_bytes);
}

static const char *misfit(enum plan_place place)
{
    return place == PLAN_IN_HEADER ? "a value in a header holds a line end or NUL"
           : place == PLAN_AT_PATH
               ? "a value that is a path is none: it must begin with / and be visible ASCII"
               : "a raw value in a path holds a blank, a #, or what is not visible ASCII";
}

/* Writes a value that is not literal. With a filter its output stands behind the room for the escaped one. */
static const char *write_value(const struct plan_piece *p, struct value v, struct render_room *room,
                               size_t *used)
{
    const size_t filtered_most = p->filter ? escape_bytes_most(p->filter, v.n_bytes) : 0;
    const size_t most = escape_bytes_most(p->escape, p->filter ? filtered_most : v.n_bytes);
    if (!v.bytes)
        return "a value of the request is not set";
    if (!render_reserve(room, *used + most + filtered_most))
        return "out of memory";
    char *out = room->bytes + *used;
    if (p->filter)
        v = (struct value){ out + most, escape_write(p->filter, v.bytes, v.n_bytes, out + most) };
    if (p->escape == PLAN_NUMBER && !escape_is_scalar(v.bytes, v.n_bytes))
        return "a value is no JSON number, true, false or null";
    const size_t n = escape_write(p->escape, v.bytes, v.n_bytes, out);
    if (escape_may_break(p->escape, p->place) && !escape_fits(p->place, out, n))
        return misfit(p->place);
    *used += n;
    return NULL;
}

/* The bytes behind `begin` become their Base64. */
static const char *encode(struct render_room *room, size_t begin, size_t *used)
{
    const size_t n_bytes = *used - begin;
    const size_t n_text = base64_text_bytes(n_bytes);
    if (!render_reserve(room, *used + n_text))
        return "out of memory";
    char *text = room->bytes + begin;
    memmove(text + n_text, text, n_bytes);
    base64_encode((const uint8_t *)text + n_text, n_bytes, text);
    *used = begin + n_text;
    return NULL;
}

const char *render_pieces(struct render_source *source, const struct plan_piece *pieces, size_t n_pieces,
                          struct render_room *room, size_t *used)
{
    char made[MADE_BYTES];
    for (size_t i = 0; i < n_pieces; i++) {
        const struct plan_piece *p = &pieces[i];
        if (p->kind <= PLAN_PIECE_SECRET) {
            if (!render_reserve(room, *used + p->length_bytes))
                return "out of memory";
            if (p->length_bytes > 0)
                memcpy(room->bytes + *used, p->text, p->length_bytes);
            *used += p->length_bytes;
            continue;
        }
        const size_t begin = *used;
        const char *cause = p->kind == PLAN_PIECE_BASE64
                                ? render_pieces(source, p + 1, p->index, room, used)
                                : write_value(p, value_of(source, p, made), room, used);
        if (!cause && p->kind == PLAN_PIECE_BASE64) {
            cause = encode(room, begin, used);
            i += p->index;
        }
        if (cause)
            return cause;
    }
    return NULL;
}

/* The body stands where the longest number would end; once its length is known the number is put in front of
 * the rest of the head, which closes up to it. */
static size_t put_length(char *out, size_t number_at, size_t used, size_t body_bytes)
{
    const size_t rest_at = number_at + NUMBER_BYTES;
    const size_t n = write_decimal(body_bytes, out + number_at);
    memmove(out + number_at + n, out + rest_at, used - rest_at);
    return used - (NUMBER_BYTES - n);
}

const char *render_message(struct render_source *source, const struct plan_request *request,
                           struct render_room *room, size_t *length)
{
    const size_t at = request->length_at_piece;
    size_t used = 0;
    if (at == SIZE_MAX) {
        const char *cause = render_pieces(source, request->pieces, request->n_pieces, room, &used);
        *length = used;
        return cause;
    }
    const char *cause = render_pieces(source, request->pieces, at, room, &used);
    const size_t number_at = used;
    used += NUMBER_BYTES;
    if (!cause && !render_reserve(room, used))
        cause = "out of memory";
    if (!cause)
        cause = render_pieces(source, request->pieces + at, request->body_at_piece - at, room, &used);
    const size_t body_at = used;
    if (!cause)
        cause = render_pieces(source, request->pieces + request->body_at_piece,
                              request->n_pieces - request->body_at_piece, room, &used);
    if (!cause)
        *length = put_length(room->bytes, number_at, used, used - body_at);
    return cause;
}

static size_t cells_bytes_most(const struct plan_piece *p, const struct plan_feed *feed)
{
    size_t most = 0;
    for (size_t row = 0; row < feed->n_rows; row++) {
        const char *cell = feed->cells[row * feed->n_columns + p->index];
        const size_t n = strlen(cell);
        const size_t filtered = p->filter ? escape_bytes_most(p->filter, n) : 0;
        const size_t sum = filtered + (p->filter ? escape_bytes_most(p->escape, filtered)
                                                 : escape_bytes(p->escape, cell, n));
        most = sum > most ? sum : most;
    }
    return most;
}

size_t render_bytes_most(const struct plan_piece *p, const struct plan_stream *stream)
{
    switch (p->kind) {
    case PLAN_PIECE_LITERAL:
    case PLAN_PIECE_SECRET:
        return p->length_bytes;
    case PLAN_PIECE_FEED:
        return cells_bytes_most(p, stream->feeds[p->feed]);
    case PLAN_PIECE_VARIABLE:
        return 0; /* of sessions only, whose room grows */
    case PLAN_PIECE_BASE64: {
        size_t sum = 0;
        for (uint32_t i = 1; i <= p->index; i++)
            sum += render_bytes_most(p + i, stream);
        return base64_text_bytes(sum);
    }
    default:
        break;
    }
    const size_t n = p->kind == PLAN_PIECE_INSTANCE ? PLAN_INSTANCE_BYTES : MADE_BYTES;
    const size_t filtered = p->filter ? escape_bytes_most(p->filter, n) : 0;
    return filtered + escape_bytes_most(p->escape, p->filter ? filtered : n);
}
