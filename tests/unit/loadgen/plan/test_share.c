#include "share.h"

#include "cm.h"
#include "err.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const variables[] = {
    "OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE", "PMI_RANK",      "PMI_SIZE",
    "SLURM_PROCID",         "SLURM_STEP_NUM_TASKS", "SLURM_STEP_ID", "SLURM_NTASKS",
    "JOB_COMPLETION_INDEX"
};

static int forget(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_OF(variables); i++)
        unsetenv(variables[i]);
    return 0;
}

/* "NAME=VALUE NAME=VALUE" becomes the environment. */
static void set(const char *text)
{
    char copy[256];
    char *rest = copy;
    forget(NULL);
    snprintf(copy, sizeof copy, "%s", text);
    for (char *word; (word = strsep(&rest, " ")) != NULL && *word;) {
        char *value = strchr(word, '=');
        *value = '\0';
        setenv(word, value + 1, 1);
    }
}

static void check(const char *text, uint32_t index, uint32_t count, const char *from)
{
    struct share s;
    struct err e;
    const char *source;
    if (share_parse(&s, &source, text, &e))
        fail_msg("%s: %s", text, e.text);
    assert_int_equal(s.index, index);
    assert_int_equal(s.count, count);
    assert_string_equal(source, from);
}

static void refuses(const char *text, const char *sentence)
{
    struct share s;
    struct err e;
    const char *source;
    assert_int_equal(share_parse(&s, &source, text, &e), -1);
    assert_string_equal(e.text, sentence);
    assert_int_equal(e.kind, ERR_INPUT);
}

static void people_count_shares_from_1(void **state)
{
    char text[SHARE_TEXT_BYTES];
    (void)state;
    check("1/1", 0, 1, "given");
    check("3/8", 2, 8, "given");
    check("100000/100000", 99999, 100000, "given");
    assert_string_equal(share_text(&(struct share){ 2, 8 }, text), "3/8");
    assert_string_equal(share_text(&(struct share){ 0 }, text), "1/1");
}

static void anything_else_is_refused(void **state)
{
    static const char *const wrong[] = {
        "",       "3",     "/8",    "3/",   "0/8",
        "9/8",    "3/8/8", "+3/8",  "3/ 8", "-1/8",
        "3/8 ",   "Auto",  "auto/", "a/8",  "auto/x",
        "1e1/20", "3.0/8", "x",     "1/-1", "18446744073709551617/4294967297"
    };
    char sentence[256];
    (void)state;
    for (size_t i = 0; i < N_OF(wrong); i++) {
        snprintf(sentence, sizeof sentence,
                 "--shard must be I/N, share I of N counted from 1, such as 3/8, or auto or auto/N, not '%s'",
                 wrong[i]);
        refuses(wrong[i], sentence);
    }
    refuses("1/0", "--shard 1/0: the number of shares must be from 1 to 100000");
    refuses("auto/0", "--shard auto/0: the number of shares must be from 1 to 100000");
    refuses("1/100001", "--shard 1/100001: the number of shares must be from 1 to 100000");
}

static void auto_takes_the_first_launcher_that_gives_both_numbers(void **state)
{
    (void)state;
    set("OMPI_COMM_WORLD_RANK=2 OMPI_COMM_WORLD_SIZE=4");
    check("auto", 2, 4, "openmpi");
    check("auto/4", 2, 4, "openmpi");
    set("PMI_RANK=0 PMI_SIZE=3");
    check("auto", 0, 3, "pmi");
    set("SLURM_PROCID=5 SLURM_STEP_NUM_TASKS=6 SLURM_STEP_ID=0");
    check("auto", 5, 6, "slurm");
    set("OMPI_COMM_WORLD_RANK=1 PMI_RANK=0 PMI_SIZE=3 SLURM_PROCID=5 SLURM_STEP_NUM_TASKS=6 SLURM_STEP_ID=0");
    check("auto", 0, 3, "pmi");
    set("JOB_COMPLETION_INDEX=7");
    check("auto/8", 7, 8, "kubernetes");
}

/* Its variables look like those of a task. */
static void a_batch_script_is_no_task(void **state)
{
    (void)state;
    set("SLURM_PROCID=0 SLURM_NTASKS=6");
    refuses("auto", "--shard auto: no launcher tells a share; write --shard I/N");
    set("SLURM_PROCID=0 SLURM_STEP_NUM_TASKS=6");
    refuses("auto", "--shard auto: no launcher tells a share; write --shard I/N");
}

static void auto_is_never_a_guess(void **state)
{
    (void)state;
    forget(NULL);
    refuses("auto", "--shard auto: no launcher tells a share; write --shard I/N");
    refuses("auto/8", "--shard auto/8: no launcher tells a share; write --shard I/N");
    set("PMI_RANK=zero PMI_SIZE=3");
    refuses("auto", "--shard auto: no launcher tells a share; write --shard I/N");
    set("JOB_COMPLETION_INDEX=2");
    refuses(
        "auto",
        "--shard auto: Kubernetes gives only the index; write --shard auto/N, N being the job's completions");
    set("JOB_COMPLETION_INDEX=8");
    refuses("auto/8", "--shard auto/8: JOB_COMPLETION_INDEX is 8, but 8 shares are numbered up to 7");
    set("OMPI_COMM_WORLD_RANK=2 OMPI_COMM_WORLD_SIZE=4");
    refuses("auto/8", "--shard auto/8: the launcher started 4 tasks (OMPI_COMM_WORLD_SIZE)");
    set("PMI_RANK=0 PMI_SIZE=0");
    refuses("auto", "--shard auto: the number of shares must be from 1 to 100000");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(people_count_shares_from_1),
        cmocka_unit_test(anything_else_is_refused),
        cmocka_unit_test_setup_teardown(auto_takes_the_first_launcher_that_gives_both_numbers, forget,
                                        forget),
        cmocka_unit_test_setup_teardown(a_batch_script_is_no_task, forget, forget),
        cmocka_unit_test_setup_teardown(auto_is_never_a_guess, forget, forget),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
