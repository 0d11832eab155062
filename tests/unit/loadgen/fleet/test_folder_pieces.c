#include "folder_pieces.h"

#include "err.h"
#include "files.h"
#include "share_folder.h"
#include "sim_wire.h"

#include "cm.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BIG_BYTES = 2500000 };

static char root[64];

static int make_root(void **state)
{
    (void)state;
    snprintf(root, sizeof root, "/tmp/loadgen-unit-XXXXXX");
    return mkdtemp(root) ? 0 : -1;
}

static int remove_root(void **state)
{
    struct err e;
    (void)state;
    return files_remove_tree(root, &e);
}

static const char *in_root(const char *name)
{
    static char paths[4][PATH_MAX];
    static unsigned next;
    char *path = paths[next++ % 4];
    snprintf(path, PATH_MAX, "%s/%s", root, name);
    return path;
}

static void write_file(const char *path, const char *bytes, size_t n)
{
    struct err e;
    if (files_write(path, bytes, n, 0644, &e))
        fail_msg("%s", e.text);
}

static void assert_file(const char *path, const char *bytes, size_t n)
{
    char *data;
    size_t length;
    struct err e;
    if (files_read(path, 1 << 24, &data, &length, &e))
        fail_msg("%s", e.text);
    assert_int_equal(length, n);
    assert_memory_equal(data, bytes, n);
    free(data);
}

/* Takes all pieces that rank 0 was sent; what folder_taking_piece said last. */
static int take_all(struct sim_net *net, struct folder_taking *t, struct err *e)
{
    struct wire_message m;
    int more = 1;
    while (more > 0 && wire_receive(sim_net_wire(net, 0), &m)) {
        assert_true(m.n_bytes <= (1 << 20) + 1);
        more = folder_taking_piece(t, m.bytes, m.n_bytes, e);
        assert_int_equal(folder_pieces_is_last(m.bytes, m.n_bytes), more <= 0);
        wire_message_fini(&m);
    }
    folder_taking_fini(t);
    return more;
}

static void a_folder_arrives_as_it_was(void **state)
{
    struct sim_net net;
    struct folder_taking t;
    struct err e;
    char *big = malloc(BIG_BYTES);
    (void)state;
    for (size_t i = 0; i < BIG_BYTES; i++)
        big[i] = (char)(i * 7 + i / 251);
    assert_int_equal(mkdir(in_root("from"), 0755), 0);
    write_file(in_root("from/run.json"), "{}\n", 3);
    write_file(in_root("from/empty.csv"), "", 0);
    write_file(in_root("from/requests.csv.zst"), big, BIG_BYTES);
    assert_int_equal(symlink("/etc/hostname", in_root("from/link")), 0);
    sim_net_init(&net, 2);
    folder_pieces_send(in_root("from"), sim_net_wire(&net, 1), 0, WIRE_FOLDER);
    assert_int_equal(folder_taking_init(&t, in_root("to"), &e), 0);
    assert_int_equal(take_all(&net, &t, &e), 0);
    assert_file(in_root("to/run.json"), "{}\n", 3);
    assert_file(in_root("to/empty.csv"), "", 0);
    assert_file(in_root("to/requests.csv.zst"), big, BIG_BYTES);
    assert_int_not_equal(access(in_root("to/link"), F_OK), 0);
    sim_net_fini(&net);
    free(big);
}

static void what_cannot_be_read_there_is_said_here(void **state)
{
    struct sim_net net;
    struct folder_taking t;
    struct err e;
    (void)state;
    sim_net_init(&net, 2);
    folder_pieces_send(in_root("none"), sim_net_wire(&net, 1), 0, WIRE_FOLDER);
    assert_int_equal(folder_taking_init(&t, in_root("to"), &e), 0);
    assert_int_equal(take_all(&net, &t, &e), -1);
    assert_non_null(strstr(e.text, "none: No such file or directory"));
    sim_net_fini(&net);
}

static void nothing_is_written_outside_of_the_folder(void **state)
{
    static const char *const pieces[] = { "f../out", "f/tmp/out", "f..", "f.hidden", "f",
                                          "fa/b",    "dbytes",    "x",   "" };
    struct folder_taking t;
    struct err e;
    (void)state;
    assert_int_equal(folder_taking_init(&t, in_root("to"), &e), 0);
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++)
        assert_int_equal(folder_taking_piece(&t, (const unsigned char *)pieces[i], strlen(pieces[i]), &e),
                         -1);
    assert_int_equal(folder_taking_piece(&t, (const unsigned char *)"fa\0b", 4, &e), -1);
    folder_taking_fini(&t);
    assert_int_equal(rmdir(in_root("to")), 0);
}

static void a_folder_that_exists_is_not_taken_over(void **state)
{
    struct folder_taking t;
    struct err e;
    (void)state;
    assert_int_equal(folder_taking_init(&t, root, &e), -1);
}

static void shares_of_a_run_have_one_folder_of_a_new_name(void **state)
{
    char all[PATH_MAX], other[PATH_MAX], share[PATH_MAX];
    struct err e;
    struct stat about;
    (void)state;
    assert_int_equal(share_folder_name(in_root("a/b"), "tp1", all, &e), 0);
    assert_int_equal(share_folder_name(in_root("a/b"), "tp1", other, &e), 0);
    assert_string_not_equal(all, other);
    assert_int_equal(strncmp(all, in_root("a/b/loadgen-"), strlen(in_root("a/b/loadgen-"))), 0);
    assert_int_equal(share_folder_make(all, &e), 0);
    assert_int_equal(share_folder_make(all, &e), 0); /* by another rank */
    assert_int_equal(stat(all, &about), 0);
    assert_int_equal(about.st_mode & 0777, 0700);
    assert_int_equal(mkdir(share_folder_of(all, 0, share), 0755), 0);
    assert_int_equal(mkdir(share_folder_of(all, 1, share), 0755), 0);
    share_folder_remove(all, 0);
    assert_int_equal(access(all, F_OK), 0);
    share_folder_remove(all, 1);
    assert_int_not_equal(access(all, F_OK), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_folder_arrives_as_it_was, make_root, remove_root),
        cmocka_unit_test_setup_teardown(what_cannot_be_read_there_is_said_here, make_root, remove_root),
        cmocka_unit_test_setup_teardown(nothing_is_written_outside_of_the_folder, make_root, remove_root),
        cmocka_unit_test_setup_teardown(a_folder_that_exists_is_not_taken_over, make_root, remove_root),
        cmocka_unit_test_setup_teardown(shares_of_a_run_have_one_folder_of_a_new_name, make_root,
                                        remove_root),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
