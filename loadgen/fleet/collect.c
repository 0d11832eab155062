#include "collect.h"

#include "clock.h"
#include "err.h"
#include "files.h"
#include "fleet.h"
#include "folder_pieces.h"
#include "share_folder.h"
#include "units.h"
#include "wire.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define SILENCE_MOST_NS (60 * NS_PER_S)
#define HOLD_EVERY_NS   NS_PER_S

/* What rank 0 asks for, a byte each. */
enum ask { ASK_SEND = 's', ASK_WAIT = 'w', ASK_REMOVE = 'r', ASK_KEEP = 'k' };

/* --- rank 0 --- */

/* A lost rank may only have been suspended: it is asked, too. */
static void ask(struct fleet *f, uint32_t rank, enum ask what)
{
    const char byte = (char)what;
    struct err ignored; /* a dead rank is not reached */
    wire_send(f->wire, rank, WIRE_FOLDER, &byte, 1, &ignored);
}

static void ask_others(struct fleet *f, enum ask what)
{
    for (uint32_t i = 1; i < f->wire->n_ranks; i++)
        ask(f, i, what);
}

void collect_hold(struct fleet *f)
{
    const uint64_t now_ns = clock_monotonic_ns();
    if (now_ns < f->held_ns + HOLD_EVERY_NS)
        return;
    f->held_ns = now_ns;
    ask_others(f, ASK_WAIT);
}

static void print_failure(const struct fleet *f, uint32_t rank, const char *text, size_t n_bytes)
{
    char name[FLEET_NAME_BYTES];
    struct err safe;
    err_set(&safe, ERR_FAILED, "host %s: %.*s", fleet_name(f, rank, name), (int)n_bytes, text);
    fprintf(stderr, "loadgen-fleet: %s\n", safe.text);
}

/* Waits for a message while the others are kept waiting. -1: the rank is lost, perhaps only now. */
static int await_from(struct fleet *f, uint32_t tag, uint32_t rank, struct wire_message *m)
{
    const uint64_t until_ns = clock_monotonic_ns() + SILENCE_MOST_NS;
    while (!f->is_lost[rank] && !wire_receive_of(f->wire, tag, rank, m)) {
        if (clock_monotonic_ns() > until_ns)
            fleet_lose(f, rank);
        collect_hold(f);
        nanosleep(&(struct timespec){ .tv_nsec = NS_PER_MS }, NULL);
    }
    return f->is_lost[rank] ? -1 : 0;
}

/* The rank says that its folder is written. */
static void await_written(struct fleet *f, uint32_t rank)
{
    struct wire_message m;
    if (await_from(f, WIRE_RESULT, rank, &m))
        return;
    if (m.n_bytes > 0)
        print_failure(f, rank, (const char *)m.bytes, m.n_bytes);
    wire_message_fini(&m);
}

/* -1 when this machine cannot keep it; a rank that falls silent is lost. After a failure the rest is taken
 * off the wire all the same, since the rank waits while it cannot send. */
static int bring(struct fleet *f, uint32_t rank, const char *path, struct err *e)
{
    struct folder_taking taking;
    struct wire_message m;
    struct err ignored;
    int status = 0;
    bool is_last = false;
    if (folder_taking_init(&taking, path, e))
        return -1;
    ask(f, rank, ASK_SEND);
    while (!is_last && await_from(f, WIRE_FOLDER, rank, &m) == 0) {
        is_last = folder_pieces_is_last(m.bytes, m.n_bytes);
        if (status == 0 && folder_taking_piece(&taking, m.bytes, m.n_bytes, e) < 0)
            status = -1;
        wire_message_fini(&m);
    }
    folder_taking_fini(&taking);
    if (f->is_lost[rank]) /* merge refuses a folder that lacks its run.json */
        files_remove_tree(path, &ignored);
    return status;
}

int collect_shares(struct fleet *f, const char *shares, struct err *e)
{
    char path[PATH_MAX], name[FLEET_NAME_BYTES];
    for (uint32_t i = 1; i < f->wire->n_ranks; i++)
        await_written(f, i);
    for (uint32_t i = 1; i < f->wire->n_ranks; i++)
        if (!f->is_lost[i] && access(share_folder_of(shares, i, path), F_OK) != 0 && bring(f, i, path, e))
            return err_prefix(e, "the results of host %s", fleet_name(f, i, name));
    return 0;
}

void collect_release(struct fleet *f, const char *shares, bool keeps)
{
    ask_others(f, keeps ? ASK_KEEP : ASK_REMOVE);
    for (uint32_t i = 0; i < f->wire->n_ranks && !keeps; i++)
        share_folder_remove(shares, i);
}

/* --- the others --- */

/* What rank 0 asks for; its silence means to keep the share. */
static enum ask await_ask(struct fleet *f)
{
    const struct wire_patience limit = { .until_ns = clock_monotonic_ns() + SILENCE_MOST_NS };
    struct wire_message m;
    struct err silent;
    if (f->is_root_lost || wire_await(f->wire, WIRE_FOLDER, 0, &limit, &m, &silent)) {
        fleet_lose_root(f);
        return ASK_KEEP;
    }
    const enum ask asked = m.n_bytes == 1 ? (enum ask)m.bytes[0] : ASK_KEEP;
    wire_message_fini(&m);
    return asked;
}

void collect_follow(struct fleet *f, const char *shares, const struct err *failure)
{
    char path[PATH_MAX], host[FLEET_HOST_BYTES] = "";
    struct err ignored;
    enum ask asked;
    const size_t n_bytes = failure->kind == ERR_NONE ? 0 : strlen(failure->text);
    share_folder_of(shares, f->wire->rank, path);
    wire_send(f->wire, 0, WIRE_RESULT, failure->text, n_bytes, &ignored);
    while ((asked = await_ask(f)) == ASK_WAIT || asked == ASK_SEND)
        if (asked == ASK_SEND)
            folder_pieces_send(path, f->wire, 0, WIRE_FOLDER);
    if (asked == ASK_REMOVE)
        share_folder_remove(shares, f->wire->rank);
    if (!f->is_root_lost)
        return;
    gethostname(host, sizeof host - 1);
    fprintf(stderr, "loadgen-fleet: rank 0 is lost; share %u is kept on host %s in %s\n", f->wire->rank + 1,
            host, path);
}
