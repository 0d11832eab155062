/* References resolved against http://a/b/c/d;p?q: the examples of RFC 3986 section 5.4. */
#include "cm.h"
#include "reference.h"

#include <string.h>

static struct span span_of(const char *text)
{
    return (struct span){ text, strlen(text) };
}

static void resolves(const char *base, const char *text, const char *expected)
{
    char out[256];
    struct target_writer w = { .bytes = out, .room = sizeof out };
    const struct reference r = reference_of(span_of(text));
    const struct reference b = reference_of_target(span_of(base));
    reference_resolve(&r, &b, &w);
    assert_int_equal(w.n, strlen(expected));
    assert_memory_equal(out, expected, w.n);
}

static void the_examples_of_the_rfc_hold(void **state)
{
    static const char *const examples[][2] = {
        { "g", "/b/c/g" },
        { "./g", "/b/c/g" },
        { "g/", "/b/c/g/" },
        { "/g", "/g" },
        { "//g", "/" },
        { "?y", "/b/c/d;p?y" },
        { "g?y", "/b/c/g?y" },
        { "#s", "/b/c/d;p?q" },
        { "g#s", "/b/c/g" },
        { "g?y#s", "/b/c/g?y" },
        { ";x", "/b/c/;x" },
        { "g;x", "/b/c/g;x" },
        { "", "/b/c/d;p?q" },
        { ".", "/b/c/" },
        { "./", "/b/c/" },
        { "..", "/b/" },
        { "../", "/b/" },
        { "../g", "/b/g" },
        { "../..", "/" },
        { "../../", "/" },
        { "../../g", "/g" },
        { "../../../g", "/g" },
        { "../../../../g", "/g" },
        { "/./g", "/g" },
        { "/../g", "/g" },
        { "g.", "/b/c/g." },
        { ".g", "/b/c/.g" },
        { "g..", "/b/c/g.." },
        { "..g", "/b/c/..g" },
        { "./../g", "/b/g" },
        { "./g/.", "/b/c/g/" },
        { "g/./h", "/b/c/g/h" },
        { "g/../h", "/b/c/h" },
        { "g;x=1/./y", "/b/c/g;x=1/y" },
        { "g;x=1/../y", "/b/c/y" },
        { "g?y/./x", "/b/c/g?y/./x" },
        { "g?y/../x", "/b/c/g?y/../x" },
        { "http://a/b?c", "/b?c" },
    };
    (void)state;
    for (size_t i = 0; i < N_OF(examples); i++)
        resolves("/b/c/d;p?q", examples[i][0], examples[i][1]);
}

static void a_base_without_a_directory_or_with_two_slashes_is_a_path(void **state)
{
    (void)state;
    resolves("/", "orders/17", "/orders/17");
    resolves("//x/y", "z", "//x/z");
    resolves("/a?b", "?", "/a?");
    resolves("/a?b=/c/", "d", "/d");
}

static void blanks_and_bytes_beyond_ascii_are_encoded(void **state)
{
    (void)state;
    resolves("/", "/caf\xc3\xa9 au lait?q=\xff", "/caf%C3%A9%20au%20lait?q=%FF");
}

static void a_target_that_does_not_fit_is_noticed(void **state)
{
    char out[4];
    struct target_writer w = { .bytes = out, .room = sizeof out };
    const struct reference base = reference_of_target(span_of("/"));
    const struct reference r = reference_of(span_of("/abcd"));
    (void)state;
    reference_resolve(&r, &base, &w);
    assert_true(w.is_full);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_examples_of_the_rfc_hold),
        cmocka_unit_test(a_base_without_a_directory_or_with_two_slashes_is_a_path),
        cmocka_unit_test(blanks_and_bytes_beyond_ascii_are_encoded),
        cmocka_unit_test(a_target_that_does_not_fit_is_noticed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
