#include "err.h"
#include "hist.h"
#include "hlog.h"

#include "cm.h"
#include "layout_bins.h"
#include "same_hist.h"
#include "scratch.h"

static const char HEADER[] =
    "#[Histogram log format version 1.3]\n#[StartTime: 1441812279.474 (seconds since epoch), date]\n";
static const char LINE[] = "Tag=a,0.127,1.007,2.769,HISTFAAAAB542pNpmSzMwMDAxAABzFCaEUoz2X+AMIKZAEARAtM=\n";

static struct hist *hist_of(uint64_t first_ns, uint64_t step_ns, unsigned n)
{
    struct hist *h = hist_new();
    for (unsigned i = 0; i < n; i++)
        hist_add(h, first_ns + i * step_ns);
    return h;
}

static const char *write_text(const char *name, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
static const char *write_text(const char *name, const char *format, ...)
{
    char text[4096];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    return scratch_write(name, text, strlen(text));
}

static void a_written_log_reads_back(void **state)
{
    struct hist *first = hist_of(2310000, 1000, 500);
    struct hist *second = hist_of(1, 1, 1);
    struct hist *none = hist_new();
    struct hist *sum = hist_new();
    struct hlog_writer w;
    struct hlog_reader r;
    struct hlog_line line;
    struct err e;
    (void)state;

    const char *path = scratch_path("round.hlog");
    assert_int_equal(hlog_create(&w, path, UINT64_C(1795299004123456789), &e), 0);
    hlog_write(&w, "service.s.c.p1.ok.all", 0, 1000000000, first);
    hlog_write(&w, "service.s.c.p1.ok.i-1", 1000000000, 999600000, none);
    hlog_write(&w, "", 1999600000, 400000, second);
    assert_int_equal(hlog_close(&w, &e), 0);
    assert_int_equal(hlog_close(&w, &e), 0);

    assert_int_equal(hlog_open(&r, path, &e), 0);
    assert_int_equal(r.start_realtime_ns, UINT64_C(1795299004123000000));
    assert_int_equal(hlog_next(&r, &line, &e), 1);
    assert_string_equal(line.tag, "service.s.c.p1.ok.all");
    assert_int_equal(line.start_ns, 0);
    assert_int_equal(line.length_ns, 1000000000);
    assert_int_equal(hlog_decode(&r, sum, &e), 0);
    assert_same_counts(sum, first);
    assert_int_equal(hlog_next(&r, &line, &e), 1);
    assert_string_equal(line.tag, "");
    assert_int_equal(line.start_ns, 2000000000);
    assert_int_equal(line.length_ns, 0);
    assert_int_equal(hlog_decode(&r, sum, &e), 0);
    assert_int_equal(sum->n, 501);
    assert_int_equal(hlog_next(&r, &line, &e), 0);
    assert_false(r.truncated);
    assert_int_equal(r.line_number, 5);
    hlog_reader_fini(&r);
    hlog_reader_fini(&r);
    hist_free(first);
    hist_free(second);
    hist_free(none);
    hist_free(sum);
}

/* A reader goes from one log to another and back. */
static void a_paused_log_goes_on_with_the_line_where_it_was(void **state)
{
    static const char *const tags[] = { "a", "b", "c" };
    char path[128], other[128];
    struct hlog_reader r = { 0 };
    struct hlog_line line;
    struct hlog_place place = { 0 };
    struct err e;
    (void)state;
    strcpy(path, write_text("paused.hlog", "%s%sTag=b%s\nTag=c%s", HEADER, LINE, LINE + 5, LINE + 5));
    strcpy(other, write_text("other.hlog", "%s%s", HEADER, LINE));
    for (int i = 0; i < 3; i++) {
        assert_int_equal(hlog_resume(&r, path, place, &e), 0);
        assert_int_equal(hlog_next(&r, &line, &e), 1);
        assert_string_equal(line.tag, tags[i]);
        assert_int_equal(hlog_next(&r, &line, &e), i < 2); /* it is read again next time */
        place = hlog_pause(&r);
        assert_int_equal(place.line_number, i < 2 ? 4 + i + (i > 0) : 6);
        assert_int_equal(hlog_resume(&r, other, (struct hlog_place){ 0 }, &e), 0);
        hlog_pause(&r);
    }
    assert_int_equal(hlog_resume(&r, scratch_path("missing.hlog"), place, &e), -1);
    hlog_reader_fini(&r);
}

static void header_and_lines_have_the_format_of_version_1_3(void **state)
{
    static const char right[] =
        "#[Histogram log format version 1.3]\n"
        "#[StartTime: 1795299004.000 (seconds since epoch), 2026-11-21T22:10:04Z]\n"
        "\"StartTimestamp\",\"Interval_Length\",\"Interval_Max\",\"Interval_Compressed_Histogram\"\n"
        "Tag=service.s.c.p1.ok.all,12.000,0.500,2.314,HISTFAAA";
    struct hist *h = hist_of(2313999, 0, 1);
    struct hlog_writer w;
    struct err e;
    (void)state;
    const char *path = scratch_path("format.hlog");
    assert_int_equal(hlog_create(&w, path, UINT64_C(1795299004000000000), &e), 0);
    hlog_write(&w, "service.s.c.p1.ok.all", UINT64_C(12000000000), 500000000, h);
    assert_int_equal(hlog_flush(&w, &e), 0);
    char *text = scratch_read(path, NULL);
    assert_memory_equal(text, right, sizeof right - 1);
    assert_int_equal(text[strlen(text) - 1], '\n');
    assert_int_equal(hlog_close(&w, &e), 0);
    free(text);
    hist_free(h);
}

static void a_published_log_decodes_to_its_published_total(void **state)
{
    /* From HdrHistogram's tests: 32 290 values, those with tag A equal to those without. */
    struct hlog_reader r;
    struct hlog_line line;
    struct hlog_bins bins;
    struct err e;
    uint64_t n[2] = { 0, 0 };
    uint64_t max[2] = { 0, 0 };
    unsigned n_lines = 0;
    int more;
    (void)state;
    assert_int_equal(hlog_open(&r, TESTS_DIR "/data/hlog/tagged-Log.logV2.hlog", &e), 0);
    assert_int_equal(r.start_realtime_ns, UINT64_C(1441812279474000000));
    while ((more = hlog_next(&r, &line, &e)) == 1) {
        const int tagged = strcmp(line.tag, "A") == 0;
        uint32_t index = 0;
        uint64_t count = 0;
        assert_true(tagged || *line.tag == '\0');
        assert_int_equal(hlog_unpack(r.decoder, r.packed, r.packed_bytes, &bins, &e), 0);
        while (next_bin(&bins, &index, &count)) {
            n[tagged] += count;
            const uint64_t top = layout_highest(&bins.layout, index);
            max[tagged] = top > max[tagged] ? top : max[tagged];
        }
        n_lines++;
    }
    assert_int_equal(more, 0);
    assert_false(r.truncated);
    assert_int_equal(n_lines, 42);
    assert_int_equal(n[0] + n[1], 32290);
    assert_int_equal(n[0], n[1]);
    assert_int_equal(max[0], 1551892479);
    assert_int_equal(max[0], max[1]);
    hlog_reader_fini(&r);
}

static void a_log_cut_anywhere_gives_its_whole_lines(void **state)
{
    struct hist *h = hist_of(1000, 77, 300);
    struct hlog_writer w;
    struct err e;
    char *text;
    size_t length;
    (void)state;
    const char *path = scratch_path("cut.hlog");
    assert_int_equal(hlog_create(&w, path, 0, &e), 0);
    for (unsigned i = 0; i < 3; i++)
        hlog_write(&w, "t", i * UINT64_C(1000000000), 1000000000, h);
    assert_int_equal(hlog_close(&w, &e), 0);
    text = scratch_read(path, &length);
    const size_t header_bytes = (size_t)(strstr(text, "Tag=") - text);
    const size_t one_bytes = (length - header_bytes) / 3;
    for (size_t cut = header_bytes; cut <= length; cut++) {
        struct hlog_reader r;
        struct hlog_line line;
        unsigned n_lines = 0;
        int more;
        scratch_write("cut2.hlog", text, cut);
        assert_int_equal(hlog_open(&r, scratch_path("cut2.hlog"), &e), 0);
        while ((more = hlog_next(&r, &line, &e)) == 1)
            n_lines++;
        assert_int_equal(more, 0);
        const size_t rest = (cut - header_bytes) % one_bytes;
        const bool only_line_end_missing = rest == one_bytes - 1;
        assert_int_equal(n_lines, (cut - header_bytes) / one_bytes + only_line_end_missing);
        assert_int_equal(r.truncated, rest != 0 && !only_line_end_missing);
        hlog_reader_fini(&r);
        /* With an end, only whole lines before it. */
        assert_int_equal(hlog_open(&r, scratch_path("cut2.hlog"), &e), 0);
        r.end_ns = UINT64_C(2000000000);
        for (n_lines = 0; (more = hlog_next(&r, &line, &e)) == 1;)
            n_lines++;
        const size_t n_whole = (cut - header_bytes) / one_bytes;
        assert_int_equal(n_lines, n_whole < 2 ? n_whole : 2);
        assert_int_equal(more, 0);
        assert_false(r.truncated);
        hlog_reader_fini(&r);
    }
    free(text);
    hist_free(h);
}

static void foreign_lines_are_read(void **state)
{
    static const char *const around[][3] = {
        { "", "", "" },
        { "", "\n# a comment in the middle\n", "" },
        { "\n", "", "\n\n" },
        { "", "\"StartTimestamp\"\r\n", "" },
    };
    (void)state;
    for (size_t i = 0; i < N_OF(around); i++) {
        struct hlog_reader r;
        struct hlog_line line;
        struct err e;
        const char *path =
            write_text("foreign.hlog", "%s%s%s%s%s", around[i][0], HEADER, around[i][1], LINE, around[i][2]);
        assert_int_equal(hlog_open(&r, path, &e), 0);
        assert_int_equal(hlog_next(&r, &line, &e), 1);
        assert_string_equal(line.tag, "a");
        assert_int_equal(line.start_ns, 127000000);
        assert_int_equal(hlog_next(&r, &line, &e), 0);
        hlog_reader_fini(&r);
    }
}

static void a_broken_line_is_named(void **state)
{
    static const char *const lines[] = { "Tag=a",
                                         "Tag=a,",
                                         "hello,1.0,1.0,HIST",
                                         "-1,1.0,1.0,HIST",
                                         "1.0,1.0,1.0",
                                         "1.0,,1.0,HIST",
                                         "nan,1.0,1.0,HIST",
                                         "1e3,1.0,1.0,HIST",
                                         "99999999999999999999,1.0,1.0,HIST" };
    struct hlog_reader r;
    struct hlog_line line;
    struct err e;
    char right[256];
    (void)state;
    snprintf(right, sizeof right,
             "%s:4: a line must be [Tag=<tag>,]<start_s>,<length_s>,<max_ms>,<histogram>",
             scratch_path("broken.hlog"));
    for (size_t i = 0; i < N_OF(lines); i++) {
        const char *path = write_text("broken.hlog", "%s%s%s\n", HEADER, LINE, lines[i]);
        assert_int_equal(hlog_open(&r, path, &e), 0);
        assert_int_equal(hlog_next(&r, &line, &e), 1);
        assert_int_equal(hlog_next(&r, &line, &e), -1);
        assert_string_equal(e.text, right);
        hlog_reader_fini(&r);
    }
}

static void a_broken_histogram_names_its_line(void **state)
{
    struct hist *h = hist_new();
    struct hlog_reader r;
    struct hlog_line line;
    struct err e;
    char right[256];
    (void)state;
    const char *path = write_text("bad.hlog", "%s1.0,1.0,1.0,HISTFAAAzzzz\n%s", HEADER, LINE);
    assert_int_equal(hlog_open(&r, path, &e), 0);
    assert_int_equal(hlog_next(&r, &line, &e), 1);
    assert_int_equal(hlog_decode(&r, h, &e), -1);
    snprintf(right, sizeof right, "%s:3: the histogram is broken: it is cut short", scratch_path("bad.hlog"));
    assert_string_equal(e.text, right);
    assert_int_equal(hlog_next(&r, &line, &e), 1); /* its lines can be skipped and read past */
    hlog_reader_fini(&r);
    hist_free(h);
}

static void what_is_no_log_is_refused(void **state)
{
    static const char *const texts[] = { "", "t_s,stream\n1,2\n", "#[StartTime: 1.0]\n",
                                         "# hello\n1.0,1.0,1.0,HIST\n" };
    struct hlog_reader r;
    struct err e;
    (void)state;
    for (size_t i = 0; i < N_OF(texts); i++) {
        assert_int_equal(hlog_open(&r, write_text("no.hlog", "%s", texts[i]), &e), -1);
        assert_int_equal(e.kind, ERR_INPUT);
        assert_non_null(strstr(e.text, "is not a HdrHistogram log"));
    }
    assert_int_equal(
        hlog_open(&r, write_text("no.hlog", "%s", "#[Histogram log format version 1.3]\n#[StartTime: x]\n"),
                  &e),
        -1);
    assert_non_null(strstr(e.text, "no.hlog:2: StartTime must be seconds since 1970"));
    assert_int_equal(hlog_open(&r, scratch_path("missing.hlog"), &e), -1);
    assert_non_null(strstr(e.text, "No such file"));
    assert_int_equal(hlog_open(&r, scratch_folder, &e), -1);
    assert_non_null(strstr(e.text, "directory"));
}

static void a_full_disk_is_an_error(void **state)
{
    struct hlog_writer w;
    struct err e;
    (void)state;
    assert_int_equal(hlog_create(&w, scratch_path("no/such/folder.hlog"), 0, &e), -1);
    assert_int_equal(hlog_create(&w, "/dev/full", 0, &e), -1);
    assert_non_null(strstr(e.text, "cannot write /dev/full: No space left"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_written_log_reads_back),
        cmocka_unit_test(a_paused_log_goes_on_with_the_line_where_it_was),
        cmocka_unit_test(header_and_lines_have_the_format_of_version_1_3),
        cmocka_unit_test(a_published_log_decodes_to_its_published_total),
        cmocka_unit_test(a_log_cut_anywhere_gives_its_whole_lines),
        cmocka_unit_test(foreign_lines_are_read),
        cmocka_unit_test(a_broken_line_is_named),
        cmocka_unit_test(a_broken_histogram_names_its_line),
        cmocka_unit_test(what_is_no_log_is_refused),
        cmocka_unit_test(a_full_disk_is_an_error),
    };
    return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
