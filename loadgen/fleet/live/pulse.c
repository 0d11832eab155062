/* A message: version, CPU in tenths of a percent, lag, number of bytes and text of the trouble; from rank 0
 * then every rank that is away. */
#include "pulse.h"

#include "err.h"
#include "pack.h"
#include "units.h"
#include "wire.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EVERY_NS  NS_PER_S
#define SHOWN_NS  (2 * NS_PER_S) /* a silence that is worth a word */
#define LOST_NS   (3 * NS_PER_S)
#define ABSENT_NS (500 * NS_PER_MS) /* turns come every few milliseconds */
enum { VERSION = 1, CPU_STEPS = 10, MOMENTS = 256 };

int pulse_init(struct pulse *p, struct wire *wire, struct err *e)
{
    *p = (struct pulse){ .wire = wire, .ranks = calloc(wire->n_ranks, sizeof *p->ranks) };
    return p->ranks ? 0 : err_set(e, ERR_FAILED, "out of memory for %u generators", wire->n_ranks);
}

void pulse_fini(struct pulse *p)
{
    free(p->ranks);
    *p = (struct pulse){ 0 };
}

/* Rank 0 listens to all, the others to rank 0. */
static bool is_heard(const struct pulse *p, uint32_t rank)
{
    return rank != p->wire->rank && (p->wire->rank == 0 || rank == 0);
}

void pulse_begin(struct pulse *p, uint64_t t0_ns)
{
    for (uint32_t i = 0; i < p->wire->n_ranks; i++)
        if (p->ranks[i].heard_ns < t0_ns)
            p->ranks[i].heard_ns = t0_ns;
    p->next_ns = t0_ns + EVERY_NS / MOMENTS * (p->wire->rank % MOMENTS); /* not all at once */
    p->has_begun = true;
}

bool pulse_is_due(const struct pulse *p, uint64_t now_ns)
{
    return p->has_begun && now_ns >= p->next_ns;
}

static void send_all(struct pulse *p)
{
    struct pack out = { 0 };
    struct err e;
    const size_t n_text = strlen(p->self.trouble);
    const uint32_t n_ranks = p->wire->n_ranks;
    pack_number(&out, VERSION);
    pack_number(&out, p->self.cpu_pct > 0 ? (uint64_t)(p->self.cpu_pct * CPU_STEPS) : 0);
    pack_number(&out, p->self.lag_p99_ns);
    pack_number(&out, n_text);
    pack_bytes(&out, p->self.trouble, n_text);
    for (uint32_t i = 0; p->wire->rank == 0 && i < n_ranks; i++)
        if (p->ranks[i].is_away)
            pack_number(&out, i);
    /* One that cannot be sent is as one that is lost on the way: the next follows. */
    for (uint32_t i = 0; i < n_ranks; i++)
        if (is_heard(p, i) && !p->ranks[i].is_away && !out.is_short)
            wire_send(p->wire, i, WIRE_PULSE, out.bytes, out.n, &e);
    pack_fini(&out);
}

/* This rank may have stood still while the others' pulses came. */
static void excuse_absence(struct pulse *p, uint64_t now_ns)
{
    const uint64_t absent_ns = now_ns > p->last_turn_ns ? now_ns - p->last_turn_ns : 0;
    for (uint32_t i = 0; p->last_turn_ns > 0 && absent_ns > ABSENT_NS && i < p->wire->n_ranks; i++)
        if (p->ranks[i].heard_ns < now_ns)
            p->ranks[i].heard_ns = now_ns;
    p->last_turn_ns = now_ns;
}

uint64_t pulse_silence_ns(const struct pulse *p, uint32_t rank, uint64_t now_ns)
{
    return is_heard(p, rank) && p->has_begun && now_ns > p->ranks[rank].heard_ns
               ? now_ns - p->ranks[rank].heard_ns
               : 0;
}

void pulse_turn(struct pulse *p, uint64_t now_ns)
{
    if (!p->has_begun)
        return;
    excuse_absence(p, now_ns);
    for (uint32_t i = 0; i < p->wire->n_ranks; i++) {
        const uint64_t silence_ns = pulse_silence_ns(p, i, now_ns);
        if (silence_ns > p->ranks[i].longest_silence_ns)
            p->ranks[i].longest_silence_ns = silence_ns;
        if (is_heard(p, i))
            p->ranks[i].is_away = silence_ns > LOST_NS;
        p->ranks[i].is_lost |= is_heard(p, i) && p->ranks[i].is_away;
    }
    if (!pulse_is_due(p, now_ns))
        return;
    p->ranks[p->wire->rank].state = p->self;
    send_all(p);
    while (p->next_ns <= now_ns)
        p->next_ns += EVERY_NS;
}

/* Rank 0's list of ranks that are. */
static void take_away(struct pulse *p, struct unpack *in)
{
    for (uint32_t i = 1; i < p->wire->n_ranks; i++)
        p->ranks[i].is_away = false;
    while (in->at < in->end) {
        const uint32_t rank = (uint32_t)unpack_within(in, p->wire->n_ranks - 1);
        p->ranks[rank].is_away |= rank > 0;
    }
}

void pulse_message(struct pulse *p, const struct wire_message *m, uint64_t now_ns)
{
    struct unpack in = { m->bytes, m->bytes + m->n_bytes, m->n_bytes == 0 };
    struct pulse_state state = { 0 };
    if (in.is_bad || unpack_number(&in) != VERSION)
        return;
    state.cpu_pct = (double)unpack_number(&in) / CPU_STEPS;
    state.lag_p99_ns = unpack_number(&in);
    const size_t n_text = unpack_within(&in, sizeof state.trouble - 1);
    const uint8_t *text = unpack_bytes(&in, n_text);
    if (!text || in.is_bad)
        return;
    memcpy(state.trouble, text, n_text);
    p->ranks[m->from].state = state;
    p->ranks[m->from].heard_ns = now_ns;
    if (m->from == 0)
        take_away(p, &in);
}

/* --- for people --- */

static bool has_news(const struct pulse *p, uint32_t rank, uint64_t now_ns)
{
    const struct pulse_rank *r = &p->ranks[rank];
    return r->is_lost || *r->state.trouble || pulse_silence_ns(p, rank, now_ns) > SHOWN_NS;
}

static void put_news(const struct pulse *p, uint32_t rank, const char *host, uint64_t now_ns, FILE *out)
{
    const struct pulse_rank *r = &p->ranks[rank];
    char silence[UNITS_TEXT_BYTES];
    if (r->is_away)
        fprintf(out, "; %s is lost", host);
    else if (r->is_lost)
        fprintf(out, "; %s was silent for %s", host, units_duration_text(r->longest_silence_ns, silence));
    else if (*r->state.trouble)
        fprintf(out, "; %s %s", host, r->state.trouble);
    else
        fprintf(out, "; %s has been silent for %s", host,
                units_duration_text(pulse_silence_ns(p, rank, now_ns), silence));
}

/* The first, and how many more there are. */
static void put_all_news(const struct pulse *p, const char *const *hosts, uint64_t now_ns, FILE *out)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < p->wire->n_ranks; i++)
        if (has_news(p, i, now_ns) && n++ == 0)
            put_news(p, i, hosts[i], now_ns, out);
    if (n > 1)
        fprintf(out, ", and %u more", n - 1);
}

void pulse_text(const struct pulse *p, const char *const *hosts, uint32_t n_told, uint64_t now_ns, char *out,
                size_t out_bytes)
{
    FILE *f = fmemopen(out, out_bytes, "w");
    const uint32_t n_ranks = p->wire->n_ranks;
    char lag[UNITS_TEXT_BYTES];
    double cpu_pct = 0;
    uint64_t lag_ns = 0;
    *out = '\0';
    if (!f)
        return;
    for (uint32_t i = 0; i < n_ranks; i++) {
        const struct pulse_state *s = &p->ranks[i].state;
        cpu_pct = s->cpu_pct > cpu_pct ? s->cpu_pct : cpu_pct;
        lag_ns = s->lag_p99_ns > lag_ns ? s->lag_p99_ns : lag_ns;
    }
    fprintf(f, "%u generator%s", n_ranks, n_ranks == 1 ? "" : "s");
    if (n_told < n_ranks)
        fprintf(f, ", %u told", n_told);
    fprintf(f, ": at most %.0f %% CPU", cpu_pct);
    if (lag_ns > 0)
        fprintf(f, ", lag p99 %s", units_duration_text(lag_ns, lag));
    put_all_news(p, hosts, now_ns, f);
    fclose(f);
    out[out_bytes - 1] = '\0';
}
