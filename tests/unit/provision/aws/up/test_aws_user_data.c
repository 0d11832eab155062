#include "base64.h"
#include "ec2_instances.h"
#include "err.h"
#include "user_data.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void the_app_is_put_in_with_its_indentation(void **state)
{
    char *text = NULL;
    struct err e;
    (void)state;
    assert_int_equal(
        user_data_fill("#cloud-config\nfiles:\n  - content: |\n      @APP@\n  - run @PATH@ and @PATH@\n",
                       "import x\n\nif 1:\n    print('@PATH@')\n", "/c1", 0, &text, &e),
        0);
    assert_string_equal(
        text,
        "#cloud-config\nfiles:\n  - content: |\n      import x\n\n      if 1:\n          print('@PATH@')\n"
        "  - run /c1 and /c1\n");
    free(text);
}

static void the_line_of_the_expiry_is_there_only_with_one(void **state)
{
    static const char template[] = "a: @PATH@\nb: @EXPIRY@\nc: 1\n";
    char *without = NULL;
    char *with = NULL;
    struct err e;
    (void)state;
    assert_int_equal(user_data_fill(template, "", "/c1", 0, &without, &e), 0);
    assert_int_equal(user_data_fill(template, "", "/c1", 1764424800, &with, &e), 0);
    assert_string_equal(without, "a: /c1\nc: 1\n");
    assert_string_equal(with, "a: /c1\nb: 1764424800\nc: 1\n");
    free(without);
    free(with);
}

static void the_shipped_files_render_below_the_limit(void **state)
{
    char *encoded = NULL;
    struct err e;
    (void)state;
    if (user_data_render("/cluster1", 1764424800, &encoded, &e) < 0)
        fail_msg("%s", e.text);
    char *text = calloc(strlen(encoded) + 1, 1);
    size_t length;
    assert_non_null(text);
    assert_int_equal(base64_decode(encoded, strlen(encoded), (uint8_t *)text, &length), 0);
    assert_true(length <= EC2_USER_DATA_BYTES_MOST);
    assert_int_equal(strncmp(text, "#cloud-config\n", 14), 0);
    assert_non_null(strstr(text, "app.py --path /cluster1 --port 80\n"));
    assert_non_null(strstr(text, "left=$((1764424800 - "));
    free(text);
    free(encoded);
}

/* LOADGEN_DATA_DIR points to an app that is too large. */
static void what_ec2_would_refuse_is_refused_before(void **state)
{
    char folder[] = "/tmp/test_aws_user_data.XXXXXX";
    char path[128];
    char *encoded = NULL;
    struct err e;
    (void)state;
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "mkdir -p %s/provision/app", folder);
    assert_int_equal(system(path), 0); /* NOLINT: a literal and a name of mkdtemp's */
    snprintf(path, sizeof path, "%s/provision/app/user-data.yaml", folder);
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    fputs("#cloud-config\n@APP@\n", f);
    fclose(f);
    snprintf(path, sizeof path, "%s/provision/app/app.py", folder);
    f = fopen(path, "w");
    assert_non_null(f);
    for (int i = 0; i < 17 * 1024; i++)
        putc('#', f);
    fclose(f);
    setenv("LOADGEN_DATA_DIR", folder, 1);
    assert_int_equal(user_data_render("/cluster1", 0, &encoded, &e), -1);
    assert_non_null(strstr(e.text, "EC2 takes 16384"));
    unsetenv("LOADGEN_DATA_DIR");
    snprintf(path, sizeof path, "rm -r %s", folder);
    assert_int_equal(system(path), 0); /* NOLINT */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_app_is_put_in_with_its_indentation),
        cmocka_unit_test(the_line_of_the_expiry_is_there_only_with_one),
        cmocka_unit_test(the_shipped_files_render_below_the_limit),
        cmocka_unit_test(what_ec2_would_refuse_is_refused_before),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
