#include "wire_mpi.h"

#include "err.h"
#include "wire.h"

#include <limits.h>
#include <mpi.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* For MPI_Finalize, which took 0.05 s with a dead rank where the launcher tolerates one. */
enum { PATIENCE_S = 3, WHOLE_PATIENCE_S = 30 };

/* A message on its way out or in. */
struct passage {
    MPI_Request request;
    struct wire_message message;
    struct passage *next;
};

struct wire_mpi {
    struct wire wire;
    struct passage *out;           /* in any order */
    struct passage *in, **in_last; /* in the order of arrival */
    size_t n_out_bytes;
};

static void passage_free(struct passage *p)
{
    wire_message_fini(&p->message);
    free(p);
}

static struct passage *passage_new(size_t n_bytes)
{
    struct passage *p = calloc(1, sizeof *p);
    if (!p)
        return NULL;
    p->message.n_bytes = n_bytes;
    p->message.bytes = n_bytes > 0 ? malloc(n_bytes) : NULL;
    if (n_bytes == 0 || p->message.bytes)
        return p;
    free(p);
    return NULL;
}

/* With an error too: the message is lost. */
static bool is_complete(struct passage *p, bool *is_lost)
{
    int done = 0;
    *is_lost = MPI_Test(&p->request, &done, MPI_STATUS_IGNORE) != MPI_SUCCESS;
    return done || *is_lost;
}

static void drop_sent(struct wire_mpi *w)
{
    bool is_lost;
    for (struct passage **link = &w->out; *link;) {
        struct passage *p = *link;
        if (!is_complete(p, &is_lost)) {
            link = &p->next;
            continue;
        }
        *link = p->next;
        w->n_out_bytes -= p->message.n_bytes;
        passage_free(p);
    }
}

static int mpi_send(struct wire *wire, uint32_t to, uint32_t tag, const void *bytes, size_t n_bytes,
                    struct err *e)
{
    struct wire_mpi *w = (struct wire_mpi *)wire;
    bool is_lost;
    if (n_bytes > INT_MAX)
        return err_set(e, ERR_FAILED, "a message of %zu bytes is too long for MPI", n_bytes);
    struct passage *p = passage_new(n_bytes);
    if (!p)
        return err_set(e, ERR_FAILED, "out of memory for a message to rank %u", to);
    if (n_bytes > 0)
        memcpy(p->message.bytes, bytes, n_bytes);
    if (MPI_Isend(p->message.bytes, (int)n_bytes, MPI_BYTE, (int)to, (int)tag, MPI_COMM_WORLD, &p->request) !=
        MPI_SUCCESS) {
        passage_free(p);
        return err_set(e, ERR_FAILED, "MPI cannot send to rank %u", to);
    }
    if (is_complete(p, &is_lost)) { /* as most short ones are: MPI has a copy */
        passage_free(p);
        return 0;
    }
    p->next = w->out;
    w->out = p;
    w->n_out_bytes += n_bytes;
    return 0;
}

/* Begins to receive all messages that have been announced. Receiving one may take a while, and its sender may
 * die meanwhile: nothing waits for it. */
static void begin_receiving(struct wire_mpi *w)
{
    for (;;) {
        MPI_Message handle;
        MPI_Status status;
        int found = 0;
        int n_bytes = 0;
        if (MPI_Improbe(MPI_ANY_SOURCE, MPI_ANY_TAG, MPI_COMM_WORLD, &found, &handle, &status) !=
                MPI_SUCCESS ||
            !found)
            return;
        MPI_Get_count(&status, MPI_BYTE, &n_bytes);
        struct passage *p = passage_new((size_t)n_bytes);
        if (!p)
            MPI_Abort(MPI_COMM_WORLD, 1); /* a message that was taken cannot be put back */
        p->message.from = (uint32_t)status.MPI_SOURCE;
        p->message.tag = (uint32_t)status.MPI_TAG;
        if (MPI_Imrecv(p->message.bytes, n_bytes, MPI_BYTE, &handle, &p->request) != MPI_SUCCESS) {
            passage_free(p);
            continue;
        }
        *w->in_last = p;
        w->in_last = &p->next;
    }
}

/* An earlier message of the same rank is still arriving. */
static bool is_behind(const struct passage *first, const struct passage *p)
{
    for (; first != p; first = first->next)
        if (first->message.from == p->message.from)
            return true;
    return false;
}

static bool mpi_receive(struct wire *wire, struct wire_message *m)
{
    struct wire_mpi *w = (struct wire_mpi *)wire;
    drop_sent(w);
    begin_receiving(w);
    for (struct passage **link = &w->in; *link;) {
        struct passage *p = *link;
        bool is_lost;
        if (is_behind(w->in, p) || !is_complete(p, &is_lost)) {
            link = &p->next;
            continue;
        }
        *link = p->next;
        if (!p->next)
            w->in_last = link;
        if (!is_lost) {
            *m = p->message;
            free(p);
            return true;
        }
        passage_free(p);
    }
    return false;
}

static size_t mpi_unsent_bytes(struct wire *wire)
{
    struct wire_mpi *w = (struct wire_mpi *)wire;
    drop_sent(w);
    return w->n_out_bytes;
}

static void free_all(struct passage *p)
{
    while (p) {
        struct passage *next = p->next;
        passage_free(p);
        p = next;
    }
}

static void mpi_free(struct wire *wire)
{
    struct wire_mpi *w = (struct wire_mpi *)wire;
    free_all(w->out);
    free_all(w->in);
    free(w);
}

static const struct wire_kind mpi_kind = {
    .send = mpi_send,
    .receive = mpi_receive,
    .unsent_bytes = mpi_unsent_bytes,
    .free = mpi_free,
};

struct wire *wire_mpi_new(int *argc, char ***argv, struct err *e)
{
    int level = 0;
    int rank = 0;
    int n_ranks = 0;
    struct wire_mpi *w = calloc(1, sizeof *w);
    if (!w) {
        err_set(e, ERR_FAILED, "out of memory at the start");
        return NULL;
    }
    if (MPI_Init_thread(argc, argv, MPI_THREAD_FUNNELED, &level) != MPI_SUCCESS ||
        level < MPI_THREAD_FUNNELED) {
        err_set(e, ERR_FAILED, "this MPI cannot serve a program with threads (MPI_THREAD_FUNNELED)");
        free(w);
        return NULL;
    }
    w->in_last = &w->in;
    MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN);
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    MPI_Comm_size(MPI_COMM_WORLD, &n_ranks);
    w->wire = (struct wire){ .kind = &mpi_kind, .rank = (uint32_t)rank, .n_ranks = (uint32_t)n_ranks };
    return &w->wire;
}

/* The last resort of wire_mpi_end. */
struct patience {
    unsigned s;
    int code;
};

static void *end_later(void *payload)
{
    const struct patience *patience = payload;
    sleep(patience->s);
    _exit(patience->code);
}

void wire_mpi_end(struct wire *wire, bool is_whole, int code)
{
    struct wire_mpi *w = (struct wire_mpi *)wire;
    struct patience patience = { is_whole ? WHOLE_PATIENCE_S : PATIENCE_S, code };
    pthread_t thread;
    if (pthread_create(&thread, NULL, end_later, &patience) != 0)
        _exit(code);
    while (w->out && is_whole) /* to a lost rank they may never leave */
        drop_sent(w);
    MPI_Finalize();
    pthread_cancel(thread);
    pthread_join(thread, NULL);
}
