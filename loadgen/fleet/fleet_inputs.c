#include "fleet_inputs.h"

#include "wire.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { MESSAGE_BYTES_MOST = 1 << 30, WORDS_MOST = 1 << 20, FILES_MOST = 1 << 16 };

static int out_of_memory(struct err *e)
{
    return err_set(e, ERR_FAILED, "out of memory for the files of the run");
}

static int add_word(struct fleet_inputs *in, char *word, struct err *e)
{
    char **larger = realloc(in->words, (in->n_words + 2) * sizeof *larger);
    if (larger)
        in->words = larger;
    if (!larger || !word) {
        free(word);
        return out_of_memory(e);
    }
    in->words[in->n_words++] = word;
    in->words[in->n_words] = NULL;
    return 0;
}

int fleet_inputs_init(struct fleet_inputs *in, char *const words[], size_t n_words, struct err *e)
{
    *in = (struct fleet_inputs){ .words = calloc(1, sizeof *in->words) };
    if (!in->words)
        return out_of_memory(e);
    for (size_t i = 0; i < n_words; i++)
        if (add_word(in, strdup(words[i]), e))
            return -1;
    return 0;
}

void fleet_inputs_fini(struct fleet_inputs *in)
{
    for (size_t i = 0; i < in->n_words; i++)
        free(in->words[i]);
    free(in->words);
    input_files_fini(&in->files);
    *in = (struct fleet_inputs){ 0 };
}

/* --- packing: numbers of eight bytes, and bytes after their number --- */

static size_t packed_bytes(const struct fleet_inputs *in)
{
    size_t n = 3 * sizeof(uint64_t);
    for (size_t i = 0; i < in->n_words; i++)
        n += sizeof(uint64_t) + strlen(in->words[i]);
    for (size_t i = 0; i < in->files.n; i++) {
        const struct input_file *f = &in->files.list[i];
        n += 3 * sizeof(uint64_t) + strlen(f->path) + (f->word ? strlen(f->word) : 0) + f->length_bytes;
    }
    return n;
}

static unsigned char *put_number(unsigned char *to, uint64_t number)
{
    memcpy(to, &number, sizeof number);
    return to + sizeof number;
}

static unsigned char *put_bytes(unsigned char *to, const char *bytes, size_t n)
{
    to = put_number(to, n);
    if (n > 0)
        memcpy(to, bytes, n);
    return to + n;
}

static unsigned char *put_text(unsigned char *to, const char *text)
{
    return put_bytes(to, text, strlen(text));
}

int fleet_inputs_pack(const struct fleet_inputs *in, unsigned char **bytes, size_t *n_bytes, struct err *e)
{
    *n_bytes = packed_bytes(in);
    if (*n_bytes > MESSAGE_BYTES_MOST)
        return err_set(e, ERR_INPUT, "the files of the run have %zu MiB; a fleet can send %d", *n_bytes >> 20,
                       MESSAGE_BYTES_MOST >> 20);
    unsigned char *p = *bytes = malloc(*n_bytes);
    if (!p)
        return out_of_memory(e);
    p = put_number(p, in->seed);
    p = put_number(p, in->n_words);
    for (size_t i = 0; i < in->n_words; i++)
        p = put_text(p, in->words[i]);
    p = put_number(p, in->files.n);
    for (size_t i = 0; i < in->files.n; i++) {
        const struct input_file *f = &in->files.list[i];
        p = put_text(p, f->path);
        p = put_text(p, f->word ? f->word : "");
        p = put_bytes(p, f->bytes, f->length_bytes);
    }
    return 0;
}

/* --- unpacking --- */

struct packed {
    const unsigned char *at;
    size_t n_left;
    bool is_broken;
};

static uint64_t take_number(struct packed *p, uint64_t most)
{
    uint64_t number = 0;
    p->is_broken |= p->n_left < sizeof number;
    if (p->is_broken)
        return 0;
    memcpy(&number, p->at, sizeof number);
    p->at += sizeof number;
    p->n_left -= sizeof number;
    p->is_broken |= number > most;
    return p->is_broken ? 0 : number;
}

/* A copy with a NUL behind it; NULL where the message is broken or memory is short. */
static char *take_bytes(struct packed *p, size_t *n)
{
    *n = (size_t)take_number(p, p->n_left);
    p->is_broken |= *n > p->n_left;
    char *copy = p->is_broken ? NULL : malloc(*n + 1);
    if (!copy)
        return NULL;
    memcpy(copy, p->at, *n);
    copy[*n] = '\0';
    p->at += *n;
    p->n_left -= *n;
    return copy;
}

static int take_file(struct fleet_inputs *in, struct packed *p, struct err *e)
{
    size_t n, length;
    char *path = take_bytes(p, &n);
    char *word = take_bytes(p, &n);
    char *bytes = take_bytes(p, &length);
    int status = -1;
    if (path && word && bytes)
        status = input_files_add(&in->files, path, bytes, length, e);
    else
        free(bytes);
    if (status == 0 && *word) {
        in->files.list[in->files.n - 1].word = word;
        word = NULL;
    }
    free(path);
    free(word);
    return status;
}

static int unpack(struct fleet_inputs *in, struct packed *p, struct err *e)
{
    size_t n;
    in->seed = take_number(p, UINT64_MAX);
    for (uint64_t left = take_number(p, WORDS_MOST); left > 0 && !p->is_broken; left--)
        if (add_word(in, take_bytes(p, &n), e))
            return -1;
    for (uint64_t left = take_number(p, FILES_MOST); left > 0 && !p->is_broken; left--)
        if (take_file(in, p, e))
            return -1;
    return 0;
}

int fleet_inputs_unpack(struct fleet_inputs *in, const unsigned char *bytes, size_t n_bytes, struct err *e)
{
    struct packed p = { .at = bytes, .n_left = n_bytes };
    if (fleet_inputs_init(in, NULL, 0, e))
        return -1;
    out_of_memory(e);
    const int status = unpack(in, &p, e);
    in->files.is_complete = true;
    if (p.is_broken || (status == 0 && p.n_left > 0))
        return err_set(e, ERR_FAILED, "the message with the files of the run is broken");
    return status;
}

/* --- the broadcast --- */

/* Rank 0's message: the inputs, or a byte that says which kind of mistake there is instead. */
static int make_message(const struct fleet_inputs *in, enum err_kind *mistake, unsigned char **bytes,
                        size_t *n_bytes, struct err *e)
{
    int status = 0;
    if (*mistake == ERR_NONE && fleet_inputs_pack(in, bytes, n_bytes, e)) {
        *mistake = e->kind;
        status = -1;
    }
    if (*mistake == ERR_NONE)
        return 0;
    free(*bytes);
    *bytes = malloc(1);
    *n_bytes = 1;
    if (!*bytes)
        return out_of_memory(e);
    **bytes = (unsigned char)*mistake;
    return status;
}

static int read_message(struct fleet_inputs *in, const unsigned char *bytes, size_t n_bytes, struct err *e)
{
    if (n_bytes == 1)
        return err_set(e, *bytes == ERR_INPUT ? ERR_INPUT : ERR_FAILED, "the first generator cannot begin");
    return fleet_inputs_unpack(in, bytes, n_bytes, e);
}

int fleet_inputs_share(struct fleet_inputs *in, enum err_kind mistake, struct wire *w,
                       const struct wire_patience *patience, struct err *e)
{
    unsigned char *bytes = NULL;
    size_t n_bytes = 0;
    struct err unsent;
    int status = w->rank == 0 ? make_message(in, &mistake, &bytes, &n_bytes, e) : 0;
    if (w->rank == 0 && !bytes)
        return -1;
    if (wire_broadcast(w, WIRE_INPUT, &bytes, &n_bytes, patience, &unsent) && status == 0) {
        *e = unsent;
        status = -1;
    } else if (w->rank > 0 && status == 0)
        status = read_message(in, bytes, n_bytes, e);
    free(bytes);
    return status;
}
