/* What the files of a connection share among each other and with nobody else: conn.c (life and events),
 * conn_connect.c (opening), conn_send.c (requests out), conn_receive.c (responses in) and conn_end.c (the end
 * of both). */
#ifndef ENGINE_CONN_PARTS_H
#define ENGINE_CONN_PARTS_H

#include "conn.h"

/* The poller watches the socket from now on. -1 with errno when it cannot. */
int conn_watch(struct conn *c);
/* There is more to do than one turn of the loop should take: goes on with the next. */
void conn_go_on_later(struct conn *c);
/* Takes the oldest request out of the ring. */
void conn_pop_flight(struct conn *c, struct flight *out);
/* True: it has carried as many requests as a connection of its stream may. */
bool conn_is_used_up(const struct conn *c);
/* True: the name's addresses have changed, and this connection belongs to another one now. */
bool conn_is_withdrawn(struct conn *c);

/* What the poller says of the socket. */
void conn_on_events(struct conn *c, uint32_t events);

/* conn_connect.c: connect() has an answer; the handshake can go on. */
void conn_finish_connect(struct conn *c, uint64_t now_ns);
void conn_shake_hands(struct conn *c, uint64_t now_ns);
/* conn_send.c: writes what is left of the current request; true when all is out. */
bool conn_flush(struct conn *c);
/* conn_receive.c: reads what there is; returns the time of the last read. */
uint64_t conn_read(struct conn *c);
/* The request at the ring's head is the one whose answer comes next. */
void conn_await_head(struct conn *c);
/* conn_end.c: the request at the ring's head ends, and the connection with it. */
void conn_end_head(struct conn *c, enum outcome outcome, const char *cause, uint64_t now_ns);
/* The peer ended the connection, or it broke: the request at the ring's head ends as `outcome`, or is sent
 * again. */
void conn_end_broken(struct conn *c, enum outcome outcome, const char *cause, uint64_t now_ns);

#endif
