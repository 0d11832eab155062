/* What a recorder wrote, read back row by row, and a small run to read. */
#ifndef TEST_RECORDED_ROWS_H
#define TEST_RECORDED_ROWS_H

#include "recorded.h"

#include "csv.h"

static inline int recorded_setup(void **state)
{
    static struct recorded x;
    recorded_init(&x);
    recorded_start(&x);
    *state = &x;
    return 0;
}

static inline int recorded_teardown(void **state)
{
    recorded_fini(*state);
    return 0;
}

/* Opens a file of the run folder. */
static inline void open_rows(struct recorded *x, struct csv_reader *rows, const char *name)
{
    char path[256];
    snprintf(path, sizeof path, "%s/%s", x->folder, name);
    if (csv_open(rows, path, &x->e))
        fail_msg("%s", x->e.text);
}

static inline const char *cell(struct recorded *x, const struct csv_reader *rows, const char *column)
{
    const int i = csv_column(rows, column, &x->e);
    if (i < 0)
        fail_msg("%s", x->e.text);
    return rows->fields[i];
}

/* The row of a second and a stream; fails when there is none. The caller calls csv_reader_fini. */
static inline void find_row(struct recorded *x, struct csv_reader *rows, const char *t_s, const char *stream)
{
    open_rows(x, rows, "intervals.csv");
    while (csv_next(rows, &x->e) == 1)
        if (strcmp(cell(x, rows, "t_s"), t_s) == 0 && strcmp(cell(x, rows, "stream"), stream) == 0)
            return;
    fail_msg("no row for second %s of %s", t_s, stream);
}

/* The sum of a column over all rows; empty cells are 0. */
static inline uint64_t column_sum(struct recorded *x, const char *file, const char *column)
{
    struct csv_reader rows;
    uint64_t sum = 0;
    open_rows(x, &rows, file);
    const int i = csv_column(&rows, column, &x->e);
    while (csv_next(&rows, &x->e) == 1) {
        uint64_t value;
        assert_int_equal(csv_get_u64(&rows, i, 0, &value, &x->e), 0);
        sum += value;
    }
    csv_reader_fini(&rows);
    return sum;
}

static inline uint64_t total(const json_t *run, const char *key)
{
    return (uint64_t)json_integer_value(json_object_get(json_object_get(run, "totals"), key));
}

static inline void finish(struct recorded *x, uint64_t end_ms)
{
    if (recorder_finish(x->recorder, RECORDER_DONE, at_ms(end_ms), &x->e) < 0)
        fail_msg("%s", x->e.text);
}

/* A run of 3.5 s: two threads, both streams, one error of each kind. */
static inline void small_run(struct recorded *x)
{
    phase_lasts(x, CLOSED_P1, 0, 1500);
    phase_lasts(x, CLOSED_PAUSE, 1500, 2500);
    phase_lasts(x, CLOSED_P3, 2500, 3500);
    phase_lasts(x, OPEN_WARM, 0, 1000);
    phase_lasts(x, OPEN_MAIN, 1000, 3000);
    for (uint64_t s = 0; s < 3; s++) {
        closed_ok(x, 0, s < 2 ? CLOSED_P1 : CLOSED_P3, "i-a", 10, 2000);
        open_ok(x, s == 0 ? OPEN_WARM : OPEN_MAIN, 10, 50, 3000);
        hand_over(x, 0, s * 1000, (s + 1) * 1000);
        closed_ok(x, 1, s < 2 ? CLOSED_P1 : CLOSED_P3, "i-b", 5, 4000);
        failed(x, CLOSED, CLOSED_P1, OUTCOME_TIMEOUT, "no answer within 10 s");
        failed(x, OPEN, OPEN_MAIN, OUTCOME_DROPPED, "queue full");
        hand_over(x, 1, s * 1000, (s + 1) * 1000);
        recorder_tick(x->recorder, at_ms((s + 1) * 1000 + 10));
    }
    closed_ok(x, 0, CLOSED_P3, "i-b", 7, 2000);
    hand_over_last(x, 0, 3000, 3500);
    hand_over_last(x, 1, 3000, 3400);
    finish(x, 3500);
}

#endif
