#include "recording_rows.h"

#include "recording.h"

#include <stdalign.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { BLOCK_BYTES = 32 * 1024, SPARE_MOST = 16 };

struct recording_block {
    struct recording_block *after; /* among the spare ones */
    size_t used_bytes, n_bytes;
    uint32_t n_rows; /* that have not ended */
    alignas(16) char bytes[];
};

/* What is written into the place of a request, from left to right. */
struct writing {
    char *to;
};

static void put(struct writing *w, const char *text, size_t length_bytes)
{
    memcpy(w->to, text, length_bytes);
    w->to += length_bytes;
}

static void put_text(struct writing *w, const char *text)
{
    put(w, text, strlen(text));
}

static bool is_word(const struct recording_text *text, const char *word)
{
    return text->length_bytes == strlen(word) && memcmp(text->text, word, text->length_bytes) == 0;
}

/* As request.c: these methods send a length even without a body. */
static bool has_length(const struct recording_text *method)
{
    return is_word(method, "POST") || is_word(method, "PUT") || is_word(method, "PATCH");
}

static const char length_line[] = "Content-Length: 0\r\n";
static const char close_line[] = "Connection: close\r\n";
static const char version[] = " HTTP/1.1\r\n";

/* The most bytes that a request and its method take. */
static size_t text_bytes(const struct recording *r, const struct recording_part *part,
                         const struct recording_line *line)
{
    size_t sum = 2 * line->method.length_bytes + strlen(r->base_path) + line->path.length_bytes +
                 strlen(r->host_line) + strlen(r->agent_line) + strlen(r->head) + sizeof version +
                 sizeof length_line + sizeof close_line + 8;
    for (size_t i = 0; i < part->columns.n_headers; i++)
        sum += strlen(part->columns.headers[i].name) +
               line->cells.list[part->columns.headers[i].cell].length_bytes + 4;
    return sum;
}

/* The line's own headers; `*has_host` and `*has_agent` say whether these are among them. */
static void put_headers(struct writing *w, const struct recording_part *part,
                        const struct recording_line *line, bool *has_host, bool *has_agent)
{
    for (size_t i = 0; i < part->columns.n_headers; i++) {
        const struct recording_header_column *h = &part->columns.headers[i];
        const struct recording_text *value = &line->cells.list[h->cell];
        if (h->is_unused || value->length_bytes == 0)
            continue;
        *has_host = *has_host || strcasecmp(h->name, "host") == 0;
        *has_agent = *has_agent || strcasecmp(h->name, "user-agent") == 0;
        put_text(w, h->name);
        put(w, ": ", 2);
        put(w, value->text, value->length_bytes);
        put(w, "\r\n", 2);
    }
}

static void put_message(struct writing *w, const struct recording *r, const struct recording_part *part,
                        const struct recording_line *line)
{
    bool has_host = false, has_agent = false;
    put(w, line->method.text, line->method.length_bytes);
    put(w, " ", 1);
    put_text(w, r->base_path);
    put(w, line->path.text, line->path.length_bytes);
    put(w, version, sizeof version - 1);
    put_headers(w, part, line, &has_host, &has_agent);
    if (!has_host)
        put_text(w, r->host_line);
    if (!has_agent)
        put_text(w, r->agent_line);
    put_text(w, r->head);
    if (has_length(&line->method))
        put(w, length_line, sizeof length_line - 1);
    if (r->closes)
        put(w, close_line, sizeof close_line - 1);
    put(w, "\r\n", 2);
}

/* A block whose requests have all ended; a long request gets one of its own size. */
static struct recording_block *new_block(struct recording_rows *rows, size_t bytes)
{
    struct recording_block *block = rows->spare;
    if (block && bytes <= block->n_bytes) {
        rows->spare = block->after;
        rows->n_spare--;
    } else {
        const size_t n_bytes = bytes > BLOCK_BYTES ? bytes : BLOCK_BYTES;
        block = malloc(sizeof *block + n_bytes);
        if (block)
            block->n_bytes = n_bytes;
    }
    if (block) {
        block->used_bytes = 0;
        block->n_rows = 0;
    }
    return block;
}

static void put_back(struct recording_rows *rows, struct recording_block *block)
{
    if (block->n_bytes > BLOCK_BYTES || rows->n_spare == SPARE_MOST) {
        free(block);
        return;
    }
    block->after = rows->spare;
    rows->spare = block;
    rows->n_spare++;
}

static struct recording_row *take_place(struct recording_rows *rows, size_t bytes)
{
    struct recording_block *block = rows->filling;
    if (!block || block->n_bytes - block->used_bytes < bytes) {
        if (block && block->n_rows == 0)
            put_back(rows, block);
        block = rows->filling = new_block(rows, bytes);
        if (!block)
            return NULL;
    }
    struct recording_row *row = (struct recording_row *)(void *)(block->bytes + block->used_bytes);
    block->used_bytes += bytes;
    block->n_rows++;
    row->block = block;
    return row;
}

struct recording_row *recording_rows_add(struct recording_rows *rows, const struct recording *r,
                                         const struct recording_part *part, const struct recording_line *line)
{
    const size_t bytes = (sizeof(struct recording_row) + text_bytes(r, part, line) + 15) / 16 * 16;
    struct recording_row *row = take_place(rows, bytes);
    if (!row)
        return NULL;
    struct writing w = { row->text };
    put(&w, line->method.text, line->method.length_bytes);
    put(&w, "", 1);
    char *const message = w.to;
    put_message(&w, r, part, line);
    row->took_ns = line->took_ns;
    row->row = r->names.n > 0 ? recording_row(&r->names, &line->row) : 0;
    row->piece = (struct plan_piece){ .kind = PLAN_PIECE_LITERAL,
                                      .text = message,
                                      .length_bytes = (size_t)(w.to - message) };
    row->request = (struct plan_request){ .method = row->text,
                                          .pieces = &row->piece,
                                          .n_pieces = 1,
                                          .length_at_piece = SIZE_MAX,
                                          .body_at_piece = 1,
                                          .weight = 1,
                                          .is_head = is_word(&line->method, "HEAD") };
    return row;
}

void recording_rows_release(struct recording_rows *rows, struct recording_row *row)
{
    struct recording_block *block = row->block;
    if (--block->n_rows > 0)
        return;
    if (block == rows->filling)
        block->used_bytes = 0;
    else
        put_back(rows, block);
}

void recording_rows_fini(struct recording_rows *rows)
{
    if (rows->filling && rows->filling->n_rows == 0)
        free(rows->filling);
    while (rows->spare) {
        struct recording_block *block = rows->spare;
        rows->spare = block->after;
        free(block);
    }
    *rows = (struct recording_rows){ 0 };
}
