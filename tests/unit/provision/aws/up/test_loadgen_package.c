#include "err.h"
#include "loadgen_package.h"
#include "scratch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#define PACKAGE "!<arch>\ndebian-binary   "
#define HASH    "#sha256=0000000000000000000000000000000000000000000000000000000000000000"

static void is_refused(const char *given, const char *why)
{
    struct loadgen_package p;
    struct err e;
    assert_int_equal(loadgen_package_read(&p, given, NULL, &e), -1);
    loadgen_package_fini(&p);
    if (!strstr(e.text, why))
        fail_msg("'%s' lacks '%s'", e.text, why);
    assert_null(strstr(e.text, "SECRET"));
}

static void a_file_has_its_name_and_hash(void **state)
{
    struct loadgen_package p;
    struct err e;
    (void)state;
    assert_int_equal(loadgen_package_read(&p, scratch_write("a@b.deb", PACKAGE, strlen(PACKAGE)), NULL, &e),
                     0);
    assert_int_equal(p.n_bytes, strlen(PACKAGE));
    assert_string_equal(p.name, "loadgen.deb");
    assert_int_equal(strlen(p.sha256), 64);
    loadgen_package_fini(&p);
}

static void what_is_no_package_is_refused_by_its_path(void **state)
{
    (void)state;
    is_refused(scratch_write("no@package", "!<arch>\n", 8), "no@package is no Debian package");
    is_refused(scratch_write("empty", "", 0), "is no Debian package");
}

/* Nothing listens on port 1 of this machine. */
static void no_message_shows_the_secrets_of_a_url(void **state)
{
    (void)state;
    is_refused("http://SECRET:SECRET@127.0.0.1:1/a.deb?sig=SECRET" HASH, "http://...@127.0.0.1:1/a.deb...: ");
    is_refused("https://127.0.0.1:1/a.deb?sig=SECRET", "https://127.0.0.1:1/a.deb...: ");
    is_refused("https://u:x#SECRET@127.0.0.1:1/a.deb", "a URL may end in #sha256= and 64 digits");
    is_refused("https://u:SECRET/SECRET@127.0.0.1:1/a.deb", "https://...@127.0.0.1:1/a.deb: ");
    is_refused("http://u:SECRET@127.0.0.1:1/a.deb", "add #sha256=HASH to the URL");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_has_its_name_and_hash),
        cmocka_unit_test(what_is_no_package_is_refused_by_its_path),
        cmocka_unit_test(no_message_shows_the_secrets_of_a_url),
    };
    return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
