#include "request_log.h"

#include "cm.h"
#include "names.h"
#include "scratch.h"
#include "small_plan.h"
#include "zstd_file.h"

#include <unistd.h>
#include <zstd.h>

enum { N_ROWS = 3000, T0_NS = 1000 };

struct logged {
    struct names instances, remotes;
    const struct names *instance_tables[1], *remote_tables[1];
    struct request_log_params params;
    struct request_log *log;
};

static void begin_with_room(struct logged *x, enum request_log_form form, const char *folder,
                            uint64_t room_bytes)
{
    struct err e;
    assert_int_equal(names_init(&x->instances, 16), 0);
    assert_int_equal(names_init(&x->remotes, 16), 0);
    x->instance_tables[0] = &x->instances;
    x->remote_tables[0] = &x->remotes;
    x->params = (struct request_log_params){ .plan = &small_plan,
                                             .folder = folder,
                                             .form = form,
                                             .room_bytes = room_bytes,
                                             .n_threads = 1,
                                             .instances = x->instance_tables,
                                             .remotes = x->remote_tables };
    x->log = request_log_new(&x->params, &e);
    if (!x->log)
        fail_msg("%s", e.text);
}

static void begin(struct logged *x, enum request_log_form form, const char *folder)
{
    begin_with_room(x, form, folder, 0);
}

static void end(struct logged *x)
{
    request_log_free(x->log);
    names_fini(&x->instances);
    names_fini(&x->remotes);
}

static void put_rows(struct logged *x, uint64_t n)
{
    struct request_log_ring *ring = request_log_ring_of(x->log, 0);
    for (uint64_t i = 0; i < n; i++)
        request_log_put(ring, &(struct stats_sample){ .seq = i,
                                                      .sent_ns = T0_NS + i,
                                                      .done_ns = T0_NS + i + 5,
                                                      .stream = CLOSED,
                                                      .remote = STATS_REMOTES_MOST,
                                                      .status = 200 });
}

/* Every row once, in order. */
static void check_rows(const char *text)
{
    static const char header[] = "why,stream,step,cluster,phase,seq,";
    assert_memory_equal(text, header, sizeof header - 1);
    for (uint64_t i = 0; i < N_ROWS; i++) {
        char want[128];
        text = strchr(text, '\n');
        assert_non_null(text);
        text++;
        const int n = snprintf(want, sizeof want, "all,burst,,cluster1,p1,%d,,,,%d,,%d,,0,0,200,ok,,\n",
                               (int)i, (int)i, (int)i + 5);
        assert_memory_equal(text, want, (size_t)n);
    }
    assert_null(strchr(strchr(text, '\n') + 1, '\n'));
}

static void finish_whole(struct logged *x)
{
    struct err e;
    struct request_log_counts counts;
    if (request_log_finish(x->log, &counts, &e))
        fail_msg("%s", e.text);
    assert_int_equal(counts.n_rows, N_ROWS);
    assert_int_equal(counts.n_dropped + counts.n_unwritten, 0);
}

static void every_request_becomes_a_row(void **state)
{
    struct logged x;
    struct err e;
    char *text;
    size_t length;
    (void)state;
    begin(&x, REQUEST_LOG_CSV, scratch_folder);
    assert_int_equal(request_log_start(x.log, T0_NS, &e), 0);
    put_rows(&x, N_ROWS);
    finish_whole(&x);
    assert_int_equal(files_read(scratch_path("requests.csv"), 1 << 24, &text, &length, &e), 0);
    check_rows(text);
    free(text);
    end(&x);
}

static void zstd_holds_the_same_rows(void **state)
{
    struct logged x;
    struct err e;
    char *packed;
    size_t length;
    (void)state;
    begin(&x, REQUEST_LOG_ZSTD, scratch_folder);
    assert_int_equal(request_log_start(x.log, T0_NS, &e), 0);
    put_rows(&x, N_ROWS);
    finish_whole(&x);
    assert_int_equal(files_read(scratch_path("requests.csv.zst"), 1 << 24, &packed, &length, &e), 0);
    char *text = malloc(1 << 20);
    const size_t n = ZSTD_decompress(text, (1 << 20) - 1, packed, length);
    assert_false(ZSTD_isError(n));
    assert_true(length < n / 4);
    text[n] = '\0';
    check_rows(text);
    free(text);
    free(packed);
    end(&x);
}

/* As in a run that was killed. */
static void what_was_flushed_can_be_read_before_the_frame_ends(void **state)
{
    char out[64];
    char *packed;
    size_t length;
    struct err e;
    (void)state;
    FILE *file = zstd_file_create(scratch_path("flushed.zst"));
    assert_non_null(file);
    fputs("a row\n", file);
    assert_int_equal(fflush(file), 0);
    fputs("in memory\n", file);
    assert_int_equal(files_read(scratch_path("flushed.zst"), 1 << 20, &packed, &length, &e), 0);
    ZSTD_DCtx *context = ZSTD_createDCtx();
    ZSTD_inBuffer from = { packed, length, 0 };
    ZSTD_outBuffer to = { out, sizeof out, 0 };
    assert_false(ZSTD_isError(ZSTD_decompressStream(context, &to, &from)));
    assert_int_equal(to.pos, 6);
    assert_memory_equal(out, "a row\n", 6);
    ZSTD_freeDCtx(context);
    free(packed);
    assert_int_equal(fclose(file), 0);
}

static void a_full_ring_drops_and_counts(void **state)
{
    struct logged x;
    struct err e;
    struct request_log_counts counts;
    (void)state;
    begin(&x, REQUEST_LOG_CSV, scratch_folder);
    put_rows(&x, REQUEST_LOG_RING_ROWS + 7); /* before the writer starts */
    assert_int_equal(request_log_start(x.log, T0_NS, &e), 0);
    assert_int_equal(request_log_finish(x.log, &counts, &e), 0);
    assert_int_equal(counts.n_rows, REQUEST_LOG_RING_ROWS);
    assert_int_equal(counts.n_dropped, 7);
    assert_int_equal(counts.n_unwritten, 0);
    end(&x);
}

static void a_full_disk_is_told_and_the_rest_is_counted(void **state)
{
    struct logged x;
    struct err e;
    struct request_log_counts counts;
    char folder[128];
    (void)state;
    snprintf(folder, sizeof folder, "%s", scratch_path("full"));
    assert_int_equal(files_make_folders(folder, &e), 0);
    assert_int_equal(symlink("/dev/full", scratch_path("full/requests.csv")), 0);
    begin(&x, REQUEST_LOG_CSV, folder);
    assert_int_equal(request_log_start(x.log, T0_NS, &e), 0);
    put_rows(&x, REQUEST_LOG_RING_ROWS);
    assert_int_equal(request_log_finish(x.log, &counts, &e), -1);
    assert_non_null(strstr(e.text, "requests.csv: No space left on device"));
    assert_int_equal(counts.n_rows + counts.n_unwritten, REQUEST_LOG_RING_ROWS);
    assert_int_equal(counts.n_dropped, 0); /* the disk was full, not slow */
    assert_true(counts.n_unwritten > 0);
    end(&x);
}

static void a_disk_without_room_for_the_rest_ends_the_log(void **state)
{
    struct logged x;
    struct err e;
    struct request_log_counts counts;
    (void)state;
    begin_with_room(&x, REQUEST_LOG_CSV, scratch_folder, UINT64_MAX / 2);
    assert_int_equal(request_log_check(x.log, &e), 0);
    put_rows(&x, N_ROWS);
    assert_int_equal(request_log_finish(x.log, &counts, &e), -1);
    assert_non_null(strstr(e.text, "requests.csv ends early: the disk is full but for the"));
    assert_int_equal(counts.n_rows, 0);
    assert_int_equal(counts.n_dropped, 0);
    assert_int_equal(counts.n_unwritten, N_ROWS);
    end(&x);
}

static void rows_are_kept_where_no_thread_could_be_started(void **state)
{
    struct logged x;
    (void)state;
    begin(&x, REQUEST_LOG_CSV, scratch_folder);
    put_rows(&x, N_ROWS); /* as if request_log_start had failed */
    finish_whole(&x);
    end(&x);
}

static void every_thread_has_a_ring(void **state)
{
    struct logged x;
    struct err e;
    struct request_log_counts counts;
    char *text;
    size_t length;
    unsigned n = 0;
    (void)state;
    begin(&x, REQUEST_LOG_CSV, scratch_folder);
    request_log_free(x.log);
    const struct names *instances[2] = { &x.instances, &x.instances };
    const struct names *remotes[2] = { &x.remotes, &x.remotes };
    x.params.n_threads = 2;
    x.params.instances = instances;
    x.params.remotes = remotes;
    x.log = request_log_new(&x.params, &e);
    assert_non_null(x.log);
    for (uint32_t t = 0; t < 2; t++)
        for (uint64_t i = 0; i < 300; i++) /* more than a batch */
            request_log_put(request_log_ring_of(x.log, t),
                            &(struct stats_sample){
                                .seq = 1000 * t + i, .stream = CLOSED, .remote = STATS_REMOTES_MOST });
    request_log_ring_of(x.log, 0)->n_dropped = 2;
    request_log_ring_of(x.log, 1)->n_dropped = 3;
    assert_int_equal(request_log_finish(x.log, &counts, &e), 0);
    assert_int_equal(counts.n_rows, 600);
    assert_int_equal(counts.n_dropped, 5);
    assert_int_equal(files_read(scratch_path("requests.csv"), 1 << 24, &text, &length, &e), 0);
    for (const char *p = text; (p = strchr(p, '\n')) != NULL; p++)
        n++;
    assert_int_equal(n, 601);
    assert_non_null(strstr(text, ",p1,299,"));
    assert_non_null(strstr(text, ",p1,1000,"));
    assert_non_null(strstr(text, ",p1,1299,"));
    free(text);
    end(&x);
}

/* A ring emptied by the writer takes as many again. */
static void a_ring_goes_round(void **state)
{
    struct logged x;
    struct err e;
    struct request_log_counts counts;
    (void)state;
    begin(&x, REQUEST_LOG_CSV, scratch_folder);
    struct request_log_ring *ring = request_log_ring_of(x.log, 0);
    put_rows(&x, REQUEST_LOG_RING_ROWS);
    atomic_store(&ring->n_taken, 10); /* as the writer would */
    put_rows(&x, 11);
    assert_int_equal(ring->n_dropped, 1);
    assert_int_equal(ring->n_put, REQUEST_LOG_RING_ROWS + 10);
    assert_int_equal(ring->rows[9].seq, 9);
    assert_int_equal(request_log_finish(x.log, &counts, &e), 0);
    assert_int_equal(counts.n_rows, REQUEST_LOG_RING_ROWS);
    end(&x);
}

static void a_log_needs_its_folder(void **state)
{
    static const enum request_log_form forms[] = { REQUEST_LOG_CSV, REQUEST_LOG_ZSTD };
    (void)state;
    for (size_t i = 0; i < N_OF(forms); i++) {
        struct logged x;
        struct err e;
        begin(&x, forms[i], scratch_folder);
        x.params.folder = "/nonexistent";
        assert_null(request_log_new(&x.params, &e));
        assert_string_equal(
            e.text, i == 0 ? "cannot create /nonexistent/requests.csv: No such file or directory"
                           : "cannot create /nonexistent/requests.csv.zst: No such file or directory");
        end(&x);
    }
}

/* What zstd buffers until the end is lost too, and reported. */
static void a_full_disk_is_told_of_a_compressed_log(void **state)
{
    static const uint64_t n_rows[] = { 1, REQUEST_LOG_RING_ROWS };
    (void)state;
    for (size_t i = 0; i < N_OF(n_rows); i++) {
        struct logged x;
        struct err e;
        struct request_log_counts counts;
        char folder[128];
        snprintf(folder, sizeof folder, "%s", scratch_path("full-zstd"));
        assert_int_equal(files_make_folders(folder, &e), 0);
        unlink(scratch_path("full-zstd/requests.csv.zst"));
        assert_int_equal(symlink("/dev/full", scratch_path("full-zstd/requests.csv.zst")), 0);
        begin(&x, REQUEST_LOG_ZSTD, folder);
        put_rows(&x, n_rows[i]);
        assert_int_equal(request_log_finish(x.log, &counts, &e), -1);
        assert_non_null(strstr(e.text, "requests.csv.zst: No space left on device"));
        assert_int_equal(counts.n_rows + counts.n_unwritten, n_rows[i]);
        end(&x);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_request_becomes_a_row),
        cmocka_unit_test(zstd_holds_the_same_rows),
        cmocka_unit_test(what_was_flushed_can_be_read_before_the_frame_ends),
        cmocka_unit_test(a_full_ring_drops_and_counts),
        cmocka_unit_test(a_disk_without_room_for_the_rest_ends_the_log),
        cmocka_unit_test(rows_are_kept_where_no_thread_could_be_started),
        cmocka_unit_test(a_full_disk_is_told_and_the_rest_is_counted),
        cmocka_unit_test(every_thread_has_a_ring),
        cmocka_unit_test(a_ring_goes_round),
        cmocka_unit_test(a_log_needs_its_folder),
        cmocka_unit_test(a_full_disk_is_told_of_a_compressed_log),
    };
    return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
