/* An HTTP/2 server that does anything: both kinds of http2.h get the same requests and the same frames, cut
 * into pieces for http2_frames, and must come to the same ends. Each byte of the input is an order, followed
 * by what it needs; see do_next. */
#include "fuzz.h"
#include "loadgen/http2_side.h"
#include "plan.h"

#include <string.h>

struct input {
    const uint8_t *at, *end;
};

static unsigned take(struct input *in)
{
    return in->at < in->end ? *in->at++ : 0;
}

struct pair {
    struct side a, b;
    struct sieve sieve;
    size_t step; /* of b's pieces */
    bool is_used_up;
    bool has_parted; /* the kinds differ, as they may, and can be compared no more */
};

static bool is_of_open_stream(const struct pair *p, const uint8_t *head)
{
    for (int i = 0; i < STREAMS; i++)
        if (p->a.is_open[i] && p->a.streams[i].id == head[8])
            return true;
    return false;
}

/* Of streams that have ended, nghttp2 looks neither at the padding of DATA nor at the length of a header
 * block; and when SETTINGS make a stream's window too large it only resets that stream (RFC 9113
 * section 6.9.2 wants more). Of a setting that stands twice in a frame it looks at the last value only, while
 * each is to be processed (section 6.5.3). */
static bool is_lenient(const struct pair *p)
{
    const uint8_t *head = p->sieve.head;
    if (head[3] == DATA)
        return head[4] & PADDED && !is_of_open_stream(p, head);
    if (head[3] == HEADERS || head[3] == CONTINUATION)
        return strcmp(p->b.h->cause, "headers longer than 256 KiB") == 0 && !is_of_open_stream(p, head);
    return head[3] == SETTINGS && (strcmp(p->b.h->cause, "a window grew beyond 2^31-1") == 0 ||
                                   (sieve_length(&p->sieve) > SETTING_BYTES &&
                                    strncmp(p->b.h->cause, "SETTINGS with", strlen("SETTINGS with")) == 0));
}

/* Behind an interim response nghttp2 looks at data, but not at a DATA frame that has none, which no more may
 * stand there (RFC 9113 section 8.1). */
static bool is_empty_data(const struct pair *p)
{
    const uint8_t *head = p->sieve.head;
    if (head[3] != DATA || !(sieve_length(&p->sieve) == 0 || head[4] & PADDED))
        return false;
    for (int i = 0; i < STREAMS; i++)
        if (p->a.is_open[i] && !p->b.is_open[i] && p->b.ends[i].end == HTTP2_MALFORMED &&
            p->b.streams[i].has_interim)
            return true;
    return false;
}

/* Nothing can be compared any more. When a connection has no future, nghttp2 does not look at what follows.
 */
static bool is_over(const struct pair *p)
{
    if (p->a.status != 0)
        return false;
    return p->has_parted || (p->a.h->is_going_away && p->a.h->n_open == 0) ||
           (p->b.status != 0 && is_lenient(p));
}

/* Explains a difference. */
static void describe(const struct side *s)
{
    fprintf(stderr, "%s: %s; %u open, %u held up\n", s->h->kind->name, s->h->cause ? s->h->cause : "goes on",
            s->h->n_open, s->h->n_held_up);
    for (int i = 0; i < STREAMS; i++)
        if (s->ends[i].n > 0)
            fprintf(stderr, "  %d: end %u is %d, code %u, status %u, %llu bytes, outcome %d, %s\n", i,
                    s->ends[i].n, (int)s->ends[i].end, s->ends[i].code, s->ends[i].status,
                    (unsigned long long)s->ends[i].body_bytes, (int)s->ends[i].outcome,
                    s->streams[i].exchange.response.cause ? s->streams[i].exchange.response.cause : "");
}

static bool is_same_end(const struct last_end *a, const struct last_end *b)
{
    return a->n == b->n && a->end == b->end && a->code == b->code && a->status == b->status &&
           a->body_bytes == b->body_bytes && a->outcome == b->outcome;
}

static bool is_malformed_since(const struct last_end *a, const struct last_end *b)
{
    return a->end == HTTP2_MALFORMED && a->n == b->n + 1;
}

/* The connection broke within a frame or header block in which one kind had already found a malformed
 * response. */
static bool is_cut_short(const struct pair *p, int i)
{
    const struct last_end *a = &p->a.ends[i], *b = &p->b.ends[i];
    return p->a.status != 0 && (is_malformed_since(a, b) || is_malformed_since(b, a));
}

static void same(const struct pair *p, bool is_same)
{
    if (!is_same) {
        describe(&p->a);
        describe(&p->b);
    }
    FUZZ_HOLDS(is_same);
}

static void check_same(const struct pair *p)
{
    const struct http2 *a = p->a.h, *b = p->b.h;
    if (is_over(p))
        return;
    same(p, p->a.status == p->b.status);
    for (int i = 0; i < STREAMS; i++)
        same(p, is_same_end(&p->a.ends[i], &p->b.ends[i]) || is_cut_short(p, i));
    if (p->a.status != 0)
        return;
    same(p, a->n_open == b->n_open);
    same(p, a->n_peer_most == b->n_peer_most && a->has_settings == b->has_settings);
    same(p, a->is_going_away == b->is_going_away);
    same(p, a->n_goaways == b->n_goaways && a->goaway_code == b->goaway_code);
    same(p, a->is_used_up == b->is_used_up && a->n_held_up == b->n_held_up);
}

static void arrive(struct pair *p, const uint8_t *bytes, size_t n)
{
    static uint8_t data[FRAMES_MOST_BYTES];
    memcpy(data, bytes, n);
    sieve_pass(&p->sieve, data, n);
    side_feed(&p->a, data, n, n);
    side_feed(&p->b, data, n, p->step);
    if (!sieve_is_between(&p->sieve))
        return;
    p->has_parted |= is_empty_data(p);
    check_same(p);
}

/* Ends the frame and the header block that have begun, so that both kinds have to judge them. */
static void arrive_rest(struct pair *p)
{
    static const uint8_t zeros[16384];
    struct sieve *s = &p->sieve;
    const uint8_t end[] = {
        0, 0, 0, CONTINUATION, END_HEADERS, s->head[5], s->head[6], s->head[7], s->head[8]
    };
    if (s->n_head == sizeof s->head && sieve_length(s) <= sizeof zeros)
        arrive(p, zeros, sieve_length(s) - s->at);
    if (s->is_block && s->n_head == 0)
        arrive(p, end, sizeof end);
}

/* A frame with a head that fits: type, flags, stream, and as many bytes as the next one says. */
static void frame(struct pair *p, struct input *in)
{
    uint8_t bytes[9 + 255];
    const unsigned type = take(in), flags = take(in), id = take(in);
    size_t n = take(in);
    const size_t left = (size_t)(in->end - in->at);
    n = n < left ? n : left;
    memcpy(bytes,
           (const uint8_t[]){ 0, 0, (uint8_t)n, (uint8_t)(type % 12), (uint8_t)flags, 0, 0, 0, (uint8_t)id },
           9);
    memcpy(bytes + 9, in->at, n);
    in->at += n;
    arrive(p, bytes, 9 + n);
}

/* A body of up to 16 KiB for a stream. */
static void data_frame(struct pair *p, struct input *in)
{
    static uint8_t bytes[9 + 16384];
    const unsigned id = take(in), flags = take(in) & 1;
    const size_t n = take(in) * 64u;
    memcpy(bytes,
           (const uint8_t[]){ 0, (uint8_t)(n >> 8), (uint8_t)n, 0, (uint8_t)flags, 0, 0, 0, (uint8_t)id }, 9);
    arrive(p, bytes, 9 + n);
}

/* A number that is near one that matters. */
static void number_frame(struct pair *p, struct input *in)
{
    static const uint32_t numbers[] = { 0, 1, 100, 16384, 65535, 0x7fffffff, 0x80000000, 0xffffffff };
    const unsigned type = take(in) % 4, id = take(in);
    const uint32_t value = numbers[take(in) % 8] + take(in) - 128;
    const uint8_t v[] = { (uint8_t)(value >> 24), (uint8_t)(value >> 16), (uint8_t)(value >> 8),
                          (uint8_t)value };
    const uint8_t window[] = { 0, 0, 4, 8, 0, 0, 0, 0, (uint8_t)id, v[0], v[1], v[2], v[3] };
    const uint8_t reset[] = { 0, 0, 4, 3, 0, 0, 0, 0, (uint8_t)id, v[0], v[1], v[2], v[3] };
    const uint8_t setting[] = { 0, 0, 6, 4, 0, 0, 0, 0, 0, 0, (uint8_t)(id % 10), v[0], v[1], v[2], v[3] };
    const uint8_t goaway[] = { 0, 0, 8, 7, 0, 0, 0, 0, 0, v[0], v[1], v[2], v[3], 0, 0, 0, (uint8_t)id };
    if (type == 0)
        arrive(p, window, sizeof window);
    else if (type == 1)
        arrive(p, reset, sizeof reset);
    else if (type == 2)
        arrive(p, setting, sizeof setting);
    else
        arrive(p, goaway, sizeof goaway);
}

static void raw_bytes(struct pair *p, struct input *in)
{
    size_t n = take(in);
    const size_t left = (size_t)(in->end - in->at);
    n = n < left ? n : left;
    arrive(p, in->at, n);
    in->at += n;
}

/* At most one body waits at a time: which of several goes first is each kind's own. */
static void request(struct pair *p, struct input *in)
{
    static char body[4096];
    const unsigned how = take(in);
    const size_t body_bytes = p->a.h->n_held_up > 0 ? 0 : (how >> 1) * 32u;
    if (http2_room(p->a.h, STREAMS) == 0 || p->is_used_up || !sieve_is_between(&p->sieve))
        return;
    for (int i = 0; i < STREAMS; i++)
        if (!p->a.is_open[i]) {
            side_submit(&p->a, i, how & 1, body, body_bytes);
            side_submit(&p->b, i, how & 1, body, body_bytes);
            FUZZ_HOLDS(p->a.streams[i].id == p->b.streams[i].id);
            p->is_used_up = p->a.streams[i].id == IDS_MOST;
            check_same(p);
            return;
        }
}

static void cancel(struct pair *p, unsigned i)
{
    if (!p->a.is_open[i] || !sieve_is_between(&p->sieve))
        return;
    p->a.is_open[i] = p->b.is_open[i] = false;
    p->a.h->kind->cancel(p->a.h, &p->a.streams[i]);
    p->b.h->kind->cancel(p->b.h, &p->b.streams[i]);
    check_same(p);
}

static void do_next(struct pair *p, struct input *in)
{
    switch (take(in) % 8) {
    case 0:
    case 1:
        request(p, in);
        break;
    case 2:
    case 3:
        frame(p, in);
        break;
    case 4:
        data_frame(p, in);
        break;
    case 5:
        number_frame(p, in);
        break;
    case 6:
        raw_bytes(p, in);
        break;
    default:
        cancel(p, take(in) % STREAMS);
        break;
    }
    side_write_all(&p->a);
    side_write_all(&p->b);
}

static struct plan_expect expectation(void)
{
    static char any[] = "x-any", foo[] = "x-foo", bar[] = "bar";
    static struct plan_header headers[] = { { any, NULL }, { foo, bar } };
    struct plan_expect x = { .headers = headers, .n_headers = 2 };
    memset(x.status_ok, 0xff, sizeof x.status_ok);
    return x;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t length_bytes)
{
    static const uint8_t settings[] = { 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 4, 1, 0, 0, 0, 0 };
    const struct plan_expect x = expectation();
    struct input in = { data, data + length_bytes };
    static struct pair p;
    static struct reader reader_of_a, reader_of_b;
    const unsigned how = take(&in);
    sieve_begin(&p.sieve, how % 2);
    side_begin(&p.a, &http2_session, &x, &reader_of_a, &p.sieve);
    side_begin(&p.b, &http2_frames, &x, &reader_of_b, &p.sieve);
    p.b.prepared = how % 3 > 0 ? side_prepare() : NULL;
    p.b.mixes = how % 3 == 2;
    p.is_used_up = p.has_parted = false;
    p.step = 1 + how / 4;
    if (how % 2)
        arrive(&p, settings, sizeof settings); /* what every server sends first */
    while (in.at < in.end && p.a.status == 0 && p.b.status == 0 && !is_over(&p))
        do_next(&p, &in);
    arrive_rest(&p);
    side_write_all(&p.a);
    side_write_all(&p.b);
    side_finish(&p.a);
    side_finish(&p.b);
    return 0;
}
