#include "csv.h"
#include "derived.h"
#include "derived_answers.h"

static void put_answers(struct csv_writer *w, const struct derived_answers *answers, const char *instance,
                        uint64_t n, uint64_t n_ok)
{
    csv_text(w, answers->cluster->name);
    csv_text(w, instance);
    csv_u64(w, n);
    csv_u64(w, n_ok);
    csv_u64(w, n - n_ok);
}

static void put_times(struct csv_writer *w, const struct derived_instance *row)
{
    if (row->n_ok > 0) {
        csv_us(w, row->p50_ns);
        csv_us(w, row->p99_ns);
    } else {
        csv_empty(w);
        csv_empty(w);
    }
}

static void put_test(struct csv_writer *w, const struct balance *b)
{
    csv_real(w, b->chi2);
    csv_real(w, b->df);
    csv_real(w, b->p_uneven);
    csv_real(w, b->p_even);
    csv_end_row(w);
}

static void write_cluster(void *payload, const struct derived_answers *answers)
{
    struct csv_writer *w = payload;
    const struct balance *b = &answers->balance;
    for (size_t i = 0; i < answers->n_instances; i++) {
        const struct derived_instance *row = &answers->instances[i];
        put_answers(w, answers, row->name, row->n, row->n_ok);
        csv_real(w, b->expected);
        csv_real(w, ((double)row->n - b->expected) / b->sd);
        csv_real(w, b->half_width > b->expected ? 0 : b->expected - b->half_width);
        csv_real(w, b->expected + b->half_width);
        put_times(w, row);
        put_test(w, b);
    }
    if (answers->n_unnamed == 0 || (answers->n_instances == 0 && !answers->captures_instance))
        return;
    put_answers(w, answers, "", answers->n_unnamed, answers->n_ok_unnamed);
    for (int i = 0; i < 6; i++)
        csv_empty(w);
    put_test(w, b);
}

int derived_instances(const struct derived_run *run, struct csv_writer *w, struct err *e)
{
    return derived_answers(run, write_cluster, w, e);
}
