#include "status_lines.h"

#include "term.h"
#include "text_out.h"
#include "units.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#define LINE_EVERY_NS (10 * NS_PER_S)

const char *const status_lines_modes[] = { "auto", "plain", "none", NULL };

void status_lines_init(struct status_lines *p, FILE *out, enum status_lines_mode mode, uint64_t now_ns)
{
    *p = (struct status_lines){ .out = out, .block.out = out, .mode = mode, .started_ns = now_ns };
    p->is_live = mode == STATUS_LINES_AUTO && term_look(out).live;
}

static void row_text(const struct status_line *row, char *out, size_t out_bytes)
{
    char count[32] = "";
    if (row->total > 0)
        snprintf(count, sizeof count, "%u/%u", row->done, row->total);
    snprintf(out, out_bytes, "  %-16s %6s  %-10s  %s", row->label, count, row->state, row->detail);
    for (size_t end = strlen(out); end > 0 && out[end - 1] == ' '; end--)
        out[end - 1] = '\0';
}

static void write_rows(const struct status_lines *p, int width, uint64_t now_ns, FILE *out)
{
    char text[STATUS_LINES_TEXT_BYTES + 96];
    const uint64_t s = (now_ns - p->started_ns) / NS_PER_S;
    for (unsigned i = 0; i < p->n_rows; i++) {
        row_text(&p->rows[i], text, sizeof text);
        const bool last = i + 1 == p->n_rows;
        const int room = width > 8 ? width - 1 - (last ? 7 : 0) : 1;
        if (last)
            fprintf(out, "%-*.*s  %02" PRIu64 ":%02" PRIu64 "\n", room < 78 ? room : 78, room, text, s / 60,
                    s % 60);
        else
            fprintf(out, "%.*s\n", room, text);
    }
}

static void draw_live(struct status_lines *p, uint64_t now_ns)
{
    const int width = term_look(p->out).width;
    struct text_out rows;
    if (text_out_begin(&rows))
        write_rows(p, width, now_ns, rows.file);
    char *text = text_out_end(&rows);
    if (text)
        live_block_show(&p->block, text, width);
    free(text);
}

/* A log gets the outcome, and an update now and then during a wait. */
static void draw_plain(struct status_lines *p, struct status_line *row, uint64_t now_ns)
{
    char text[STATUS_LINES_TEXT_BYTES + 96];
    if (!row->changed || (row->done < row->total && now_ns - row->printed_ns < LINE_EVERY_NS))
        return;
    row->changed = false;
    row->printed_ns = now_ns;
    row_text(row, text, sizeof text);
    fprintf(p->out, "%s\n", text + 2);
    fflush(p->out);
}

void status_lines_print(struct status_lines *p, const char *format, ...)
{
    va_list args;
    if (p->mode == STATUS_LINES_NONE)
        return;
    live_block_clear(&p->block, term_look(p->out).width);
    va_start(args, format);
    vfprintf(p->out, format, args);
    va_end(args);
    putc('\n', p->out);
    fflush(p->out);
}

static struct status_line *row_of(struct status_lines *p, const char *label, uint64_t now_ns)
{
    for (unsigned i = 0; i < p->n_rows; i++)
        if (strcmp(p->rows[i].label, label) == 0)
            return &p->rows[i];
    struct status_line *row = &p->rows[p->n_rows < STATUS_LINES_MOST ? p->n_rows++ : STATUS_LINES_MOST - 1];
    *row = (struct status_line){ .label = label, .changed = true, .printed_ns = now_ns };
    return row;
}

void status_lines_set(struct status_lines *p, const char *label, unsigned done, unsigned total,
                      const char *state, uint64_t now_ns, const char *detail_format, ...)
{
    struct status_line *row = row_of(p, label, now_ns);
    struct status_line next = {
        .label = row->label, .done = done, .total = total, .printed_ns = row->printed_ns
    };
    va_list args;

    snprintf(next.state, sizeof next.state, "%s", state);
    va_start(args, detail_format);
    vsnprintf(next.detail, sizeof next.detail, detail_format, args);
    va_end(args);
    /* A log gets no line for a new detail alone. */
    next.changed =
        row->changed || row->done != done || row->total != total || strcmp(row->state, next.state) != 0;
    *row = next;
    if (p->mode == STATUS_LINES_NONE)
        return;
    if (p->is_live)
        draw_live(p, now_ns);
    else
        draw_plain(p, row, now_ns);
}

void status_lines_tick(struct status_lines *p, uint64_t now_ns)
{
    if (p->n_rows > 0 && p->is_live && p->mode != STATUS_LINES_NONE)
        draw_live(p, now_ns);
}

void status_lines_end(struct status_lines *p)
{
    live_block_leave(&p->block);
}
