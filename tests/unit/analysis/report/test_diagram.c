/* The diagram of a deployment: what it says, and when it is drawn, by a dot that is a script. */
#include "cm.h"

#include "made_run.h"
#include "made_text.h"

#include "diagram.h"
#include "run_deployment.h"
#include "text_out.h"

#include <unistd.h>

static struct err e;
static char reason[400];

static char *diagram_of(const struct deployment *d)
{
    struct text_out text;
    assert_true(text_out_begin(&text));
    diagram_write(text.file, d);
    return text_out_end(&text);
}

static size_t count(const char *text, const char *what)
{
    size_t n = 0;
    while ((text = strstr(text, what))) {
        n++;
        text++;
    }
    return n;
}

static void twelve_instances_are_shown(void **state)
{
    static const struct {
        size_t n;
        const char *more;
    } cases[] = {
        { 0, "no instance" }, { 1, NULL }, { 12, NULL }, { 13, "and 1 more" }, { 1012, "and 1 000 more" }
    };
    struct deployment_cluster clusters[] = { { .name = "a", .count = 3, .zone = "z" },
                                             { .name = "b", .count = 4 } };
    static struct deployment_instance instances[1013];
    (void)state;
    for (size_t i = 0; i < N_OF(cases); i++) {
        struct deployment d = {
            .clusters = clusters, .n_clusters = 2, .instances = instances, .n_instances = cases[i].n + 1
        };
        instances[0] = (struct deployment_instance){ "other", "b" };
        for (size_t k = 0; k < cases[i].n; k++)
            instances[k + 1] = (struct deployment_instance){ "i-x", "a" };
        char *text = diagram_of(&d);
        assert_int_equal(count(text, ">i-x&"), cases[i].n < 12 ? cases[i].n : 12);
        assert_int_equal(count(text, ">other&"), 1);
        assert_int_equal(count(text, " more&"), cases[i].n > 12);
        assert_int_equal(count(text, "no instance"), cases[i].n == 0);
        if (cases[i].more)
            assert_says(text, cases[i].more);
        assert_says(text, ">3 x instance&");
        assert_int_equal(count(text, ">z&"), 1);
        assert_says(text, "group1 -> instances1;");
        free(text);
    }
}

static void rules_lead_to_their_groups(void **state)
{
    struct deployment_cluster clusters[] = { { .name = "a" }, { .name = "b" } };
    struct deployment_share shares[] = { { "b", 1 }, { "a", 3 } };
    struct deployment_rule rules[] = { { 5, json_pack("[s, s]", "/a", "/a/*"), "a" },
                                       { 9, json_pack("[s]", "/b"), "b" } };
    struct deployment d = { .clusters = clusters,
                            .n_clusters = 2,
                            .rules = rules,
                            .n_rules = 2,
                            .shares = shares,
                            .n_shares = 2,
                            .balancer = "application",
                            .protocol = "HTTP",
                            .port = 80,
                            .algorithm = "least_outstanding_requests" };
    (void)state;
    char *text = diagram_of(&d);
    assert_says(text, "Application Load Balancer");
    assert_says(text, "listener HTTP:80&");
    assert_says(text, ">least_outstanding_requests&");
    assert_says(text, "rule 5");
    assert_int_equal(count(text, ">/a&"), 1);
    assert_int_equal(count(text, ">?&"), 0);
    assert_says(text, "listener0 -> rule1;\n  rule1 -> group1;");
    assert_says(text, "default0 -> group1 [label=\"weight 1\"];\n  default0 -> group0 [label=\"weight 3\"];");
    free(text);
    d.n_shares = 1;
    d.balancer = "haproxy";
    d.algorithm = "round_robin";
    text = diagram_of(&d);
    assert_says(text, "listener0 -> default0;\n  default0 -> group1;");
    assert_says(text, "HAProxy");
    assert_says(text, ">round robin&");
    free(text);
    d.n_shares = 0;
    rules[1].cluster = "gone"; /* its group is not drawn */
    d.balancer = "alb";
    text = diagram_of(&d);
    assert_says_not(text, "default");
    assert_says(text, "rule1 -> group2;");
    assert_says(text, "Application Load Balancer");
    free(text);
    d.balancer = "nginx";
    text = diagram_of(&d);
    assert_says(text, "<b>nginx</b>");
    free(text);
    json_decref((json_t *)rules[0].paths);
    json_decref((json_t *)rules[1].paths);
}

/* "dot -TFORMAT -o TO FROM" in whatever order appends its format to TO. */
static void install(const char *draws)
{
    char path[300], script[400];
    snprintf(script, sizeof script,
             "#!/bin/sh\nwhile [ $# -gt 0 ]; do case $1 in -T*) format=${1#-T} ;; -o) shift; to=$1 ;; -o*) "
             "to=${1#-o} ;; esac; "
             "shift; done\n%s\n",
             draws);
    made_file(scratch_folder, "dot", script);
    snprintf(path, sizeof path, "%s/dot", scratch_folder);
    assert_int_equal(chmod(path, 0755), 0);
    assert_int_equal(setenv("PATH", scratch_folder, 1), 0);
}

static int draw(const struct deployment *d, const char *folder)
{
    reason[0] = '\0';
    return diagram_draw(d, folder, reason, sizeof reason, &e);
}

static void it_is_drawn_when_it_changed_or_is_missing(void **state)
{
    struct deployment_cluster cluster = { .name = "a" };
    const struct deployment d = { .clusters = &cluster, .n_clusters = 1 };
    (void)state;
    install("echo $format >>\"$to\"; echo drawn >>\"$0.log\"");
    assert_int_equal(draw(&d, scratch_folder), 0);
    assert_int_equal(draw(&d, scratch_folder), 0); /* as it was */
    char *text = scratch_read(scratch_path("diagram.svg"), NULL);
    assert_string_equal(text, "svg\n");
    free(text);
    made_remove(scratch_folder, "diagram.pdf");
    assert_int_equal(draw(&d, scratch_folder), 0);
    text = scratch_read(scratch_path("diagram.pdf"), NULL);
    assert_string_equal(text, "pdf\n");
    free(text);
    cluster.name = "b"; /* as long as it was */
    assert_int_equal(draw(&d, scratch_folder), 0);
    text = scratch_read(scratch_path("diagram.dot"), NULL);
    assert_says(text, "<b>b</b>");
    free(text);
    text = scratch_read(scratch_path("dot.log"), NULL);
    assert_int_equal(made_lines(text, "drawn"), 2 + 1 + 2); /* both, the one that was missing, both */
    free(text);
    cluster.name = "longer";
    assert_int_equal(draw(&d, scratch_folder), 0);
    text = scratch_read(scratch_path("diagram.svg"), NULL);
    assert_true(text[strlen(text) - 1] == '\n' && strstr(text, "svg"));
    free(text);
    text = scratch_read(scratch_path("diagram.dot"), NULL);
    assert_says(text, "longer");
    free(text);
}

static void a_dot_that_fails_or_is_missing_is_noted(void **state)
{
    struct deployment_cluster cluster = { .name = "c" };
    const struct deployment d = { .clusters = &cluster, .n_clusters = 1 };
    (void)state;
    install("exit 3");
    assert_int_equal(draw(&d, scratch_folder), 1);
    assert_says(reason, "dot failed");
    assert_int_not_equal(access(scratch_path("diagram.svg"), F_OK), 0);
    setenv("PATH", "/nowhere", 1);
    cluster.name = "d";
    assert_int_equal(draw(&d, scratch_folder), 1);
    assert_says(reason, "dot");
    assert_int_equal(draw(&d, "/nowhere/at/all"), -1);
    assert_says(e.text, "/nowhere/at/all");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(twelve_instances_are_shown),
        cmocka_unit_test(rules_lead_to_their_groups),
        cmocka_unit_test(it_is_drawn_when_it_changed_or_is_missing),
        cmocka_unit_test(a_dot_that_fails_or_is_missing_is_noted),
    };
    return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
