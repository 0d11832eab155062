#include "remote.h"

#include "cm.h"
#include "err.h"
#include "scratch.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct remote there = { .name = "i-0123",
                                     .user = "ubuntu",
                                     .address = "203.0.113.7",
                                     .port = 22,
                                     .key_file = "/home/a/50 %.pem",
                                     .host_keys_file = "/home/a/the results/keys" };

static bool has(char *const words[], const char *word)
{
    for (size_t i = 0; words[i]; i++)
        if (strcmp(words[i], word) == 0)
            return true;
    return false;
}

static void it_asks_nothing_and_pins_the_host_key_under_a_name(void **state)
{
    static const char *const command[] = { "true", NULL };
    (void)state;
    char **words = remote_words(&there, command);
    assert_non_null(words);
    assert_string_equal(words[0], "ssh");
    assert_true(has(words, "BatchMode=yes"));
    assert_true(has(words, "StrictHostKeyChecking=accept-new"));
    assert_true(has(words, "HostKeyAlias=i-0123"));
    assert_true(has(words, "UserKnownHostsFile=\"/home/a/the results/keys\""));
    assert_true(has(words, "/home/a/50 %%.pem"));
    assert_true(has(words, "ubuntu@203.0.113.7"));
    assert_true(has(words, "'true'"));
    remote_words_free(words);
}

/* A program named ssh that passes its last word to a shell, as sshd does. */
static void shell_instead_of_ssh(void)
{
    static const char script[] = "#!/bin/sh\nfor last; do :; done\nexec /bin/sh -c \"$last\"\n";
    char path[400];
    const char *program = scratch_write("ssh", script, strlen(script));
    assert_int_equal(chmod(program, 0755), 0);
    snprintf(path, sizeof path, "%s:/usr/bin:/bin", scratch_folder);
    assert_int_equal(setenv("PATH", path, 1), 0);
}

static void the_remote_shell_takes_words_as_they_are(void **state)
{
    static const char *const command[] = { "printf", "%s|", "a b", "$(id)", "it's", "`id`",
                                           ";",      "",    "\n",  "*",     NULL };
    char said[CHILD_SAID_BYTES];
    int code;
    (void)state;
    shell_instead_of_ssh();
    const int out = open(scratch_path("out"), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    assert_int_equal(remote_run(&there, command, -1, out, &code, said), CHILD_DONE);
    close(out);
    char *text = scratch_read(scratch_path("out"), NULL);
    assert_string_equal(text, "a b|$(id)|it's|`id`|;||\n|*|");
    free(text);
}

static void input_and_the_exit_code_pass(void **state)
{
    static const char *const command[] = { "sh", "-c", "read word; echo got $word >&2; exit 7", NULL };
    char said[CHILD_SAID_BYTES];
    int code;
    (void)state;
    shell_instead_of_ssh();
    const int in = open(scratch_write("in", "it\n", 3), O_RDONLY | O_CLOEXEC);
    assert_int_equal(remote_run(&there, command, in, -1, &code, said), CHILD_FAILED);
    close(in);
    assert_int_equal(code, 7);
    assert_string_equal(said, "got it");
}

static void what_ssh_would_take_for_something_else_is_refused(void **state)
{
    struct err e;
    struct remote r = there;
    (void)state;
    assert_int_equal(remote_check(&r, &e), 0);
    r.user = "-oProxyCommand=id";
    assert_int_equal(remote_check(&r, &e), -1);
    r = there;
    r.address = "-oProxyCommand=id";
    assert_int_equal(remote_check(&r, &e), -1);
    r.address = "a b";
    assert_int_equal(remote_check(&r, &e), -1);
    r = there;
    r.name = "";
    assert_int_equal(remote_check(&r, &e), -1);
    r = there;
    r.host_keys_file = "/tmp/${HOME}/keys";
    assert_int_equal(remote_check(&r, &e), -1);
    r = there;
    r.key_file = "/tmp/\"keys";
    assert_int_equal(remote_check(&r, &e), -1);
    assert_int_equal(e.kind, ERR_INPUT);
}

static void a_person_can_copy_the_command(void **state)
{
    char *text;
    size_t length;
    struct remote r = there;
    (void)state;
    r.port = 2222;
    FILE *out = open_memstream(&text, &length);
    remote_write_command(&r, out);
    fclose(out);
    assert_string_equal(text, "ssh -o StrictHostKeyChecking=accept-new -o "
                              "'UserKnownHostsFile=\"/home/a/the results/keys\"' -o HostKeyAlias=i-0123 -o "
                              "IdentitiesOnly=yes -i '/home/a/50 %%.pem' -p 2222 ubuntu@203.0.113.7");
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_asks_nothing_and_pins_the_host_key_under_a_name),
        cmocka_unit_test(the_remote_shell_takes_words_as_they_are),
        cmocka_unit_test(input_and_the_exit_code_pass),
        cmocka_unit_test(what_ssh_would_take_for_something_else_is_refused),
        cmocka_unit_test(a_person_can_copy_the_command),
    };
    return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
