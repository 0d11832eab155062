/* Private to the files of a connection's HTTP/2: mux.c (life), mux_slot.c (slots and their lists), mux_send.c
 * (requests out), mux_receive.c (responses in), mux_end.c (the end of the connection), mux_time_out.c,
 * mux_refused.c, mux_think.c, mux_heir.c (users move on), mux_count.c (statistics). */
#ifndef ENGINE_MUX_PARTS_H
#define ENGINE_MUX_PARTS_H

#include "conn_parts.h"
#include "http2.h"
#include "mux.h"
#include "muxes.h"
#include "plan.h"
#include "shard.h"

enum {
    MUX_CANCELS_MOST = 100, /* then the connection ends: to a server, mass resets look like an attack */
};

/* A request from when it is taken up until it ends. */
struct mux_slot {
    struct http2_stream stream; /* first: a stream is its slot */
    struct flight flight;
    struct mux_list *list;           /* that it is in; NULL: it is free */
    struct mux_slot *before, *after; /* in that list; `after` also among the free ones */
    uint64_t deadline_ns;
    uint64_t written_ns; /* on this connection */
    uint64_t again_ns;   /* refused: when it is sent again at the latest */
};

/* Slots in order of their deadlines. */
struct mux_list {
    struct mux_slot *first, *last;
    uint32_t n;
};

struct mux {
    struct conn *conn;
    struct http2 *http2;
    char *slots; /* [in_flight_most] of slot_bytes */
    uint32_t slot_bytes;
    uint32_t n_touched;      /* slots that were ever used: memory follows use */
    struct mux_slot *free;   /* of these */
    struct mux_list waiting; /* for a connection, or for room on it */
    struct mux_list refused; /* until there is room or their time comes */
    struct mux_list unsent;  /* submitted in this turn, not written yet */
    struct mux_list open;
    struct loop_unsent unsent_link;
    struct conn *heir, *elder;                  /* see mux_heir.c; NULL: none */
    struct mux *refused_before, *refused_after; /* connections of the shard with refused requests */
    uint64_t heard_ns;                          /* when bytes last arrived */
    uint64_t held_up_ns;   /* until when bodies held up by a window are accounted for; 0: none is */
    uint32_t streams_most; /* at once; less than asked after a refusal */
    uint32_t n_until_more; /* responses until it grows by one */
    uint32_t n_beside;     /* streams that were open when bytes arrived, less those refused since */
    uint32_t n_pauses;     /* of refused requests, since a response arrived */
    uint32_t n_peer_most;  /* streams that the peer allowed when we last looked */
    uint32_t n_counted;    /* of http2's n_open, in muxes.n_open */
    uint32_t n_goaways;    /* counted */
    uint32_t n_cancels;    /* on this connection */
    uint32_t n_fruitless;  /* connections in a row that brought no response */
    uint32_t n_thinking;   /* users */
    bool is_among_refused; /* in the shard's list */
    bool has_goaway_error; /* counted */
    bool has_http2;        /* it is initialized */
    bool has_begun;
    bool has_answered; /* a response has arrived on this connection */
    bool is_draining;  /* takes no more requests */
};

static inline struct muxes *mux_shared(const struct mux *m)
{
    return m->conn->shard->muxes;
}

static inline const struct http2_kind *mux_kind(const struct mux *m)
{
    return m->http2->kind;
}

/* mux_slot.c. A slot that was never used. There must be one. */
struct mux_slot *mux_slot_touch(struct mux *m);
/* Moves it to its place in a list, by deadline. */
void mux_slot_move(struct mux_list *list, struct mux_slot *slot);
/* Has it wait, for room or for the next connection. */
void mux_slot_wait(struct mux *m, struct mux_slot *slot);
/* Until when it may wait. */
void mux_slot_find_deadline(const struct mux *m, struct mux_slot *slot);
/* The earliest deadline of all; UINT64_MAX: none. */
uint64_t mux_deadline_ns(const struct mux *m);

static inline void mux_slot_remove(struct mux_slot *slot)
{
    struct mux_list *list = slot->list;
    if (!list)
        return;
    *(slot->before ? &slot->before->after : &list->first) = slot->after;
    *(slot->after ? &slot->after->before : &list->last) = slot->before;
    list->n--;
    slot->list = NULL;
    slot->before = slot->after = NULL;
}

/* A free slot, in no list. There must be one. */
static inline struct mux_slot *mux_slot_take(struct mux *m)
{
    struct mux_slot *slot = m->free;
    if (__builtin_expect(!slot, 0))
        return mux_slot_touch(m);
    m->free = slot->after;
    slot->after = NULL;
    return slot;
}

/* The request has ended. Takes it out of its list. */
static inline void mux_slot_free(struct mux *m, struct mux_slot *slot)
{
    mux_slot_remove(slot);
    slot->after = m->free;
    m->free = slot;
}

/* There may be something to write at the end of this callback. */
static inline void mux_note_unsent(struct mux *m)
{
    if (!m->unsent_link.is_listed)
        loop_note_unsent(m->conn->shard->loop, &m->unsent_link);
}

/* mux_send.c. Its bytes go out. */
void mux_note_sent(struct mux *m, struct mux_slot *slot, uint64_t now_ns);

/* mux_receive.c. The request ends as `outcome`; its slot is free. */
void mux_end_slot(struct mux *m, struct mux_slot *slot, enum outcome outcome, const char *cause,
                  uint64_t now_ns);
/* Whether the connection ends when nothing is open on it any more. */
bool mux_takes_no_more(struct mux *m);
/* Closes a connection that has nothing open and takes no more. */
void mux_settle(struct mux *m);
/* Requests have ended, or wait on a connection that takes no more: sends those that can be sent, then the
 * shard goes on. */
void mux_go_on(struct mux *m, bool has_ended, uint64_t now_ns);

/* mux_end.c. Ends what is open with the connection, and closes that. `failed`: the request that broke it,
 * which is not repeated; NULL: none. Returns how many requests ended. */
uint32_t mux_lose(struct mux *m, const struct mux_slot *failed, enum outcome outcome, const char *cause,
                  uint64_t now_ns);
/* Whether a request that was written can be sent again. */
bool mux_may_be_repeated(const struct mux_slot *slot);

/* mux_refused.c */
void mux_refuse(struct mux *m, struct mux_slot *slot, uint64_t now_ns);
/* A connection that takes no more will not take refused requests, either. */
void mux_strand_refused(struct mux *m);
/* No refused requests are left on the connection. */
void mux_forget_refused(struct mux *m);
void mux_on_again(struct loop_timer *timer, uint32_t n_most, uint64_t now_ns);

/* mux_heir.c. Users who have a request on the connection or its elders, or think. */
uint32_t mux_n_users(const struct mux *m);

/* mux_count.c. After requests were written, and after bytes have arrived. */
void mux_count_open(struct mux *m);
void mux_count_blocked(struct mux *m, uint64_t now_ns);
void mux_count_new_goaways(struct mux *m);
void mux_count_reset(struct mux *m, uint32_t code);

static inline void mux_count_held_up(struct mux *m, uint64_t now_ns)
{
    if (__builtin_expect(m->held_up_ns > 0 || m->http2->n_held_up > 0, 0))
        mux_count_blocked(m, now_ns);
}

static inline void mux_count_goaways(struct mux *m)
{
    if (__builtin_expect(m->http2->n_goaways != m->n_goaways, 0))
        mux_count_new_goaways(m);
}

#endif
