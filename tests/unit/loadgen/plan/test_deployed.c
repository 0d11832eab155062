/* Deployment files as targets. */
#include "deployed.h"
#include "err.h"
#include "files.h"
#include "plan.h"
#include "scenario.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char sound[] = "{ \"schema_version\": 1, \"provider\": \"local\", \"emulated\": true, "
                            "\"run_id\": \"7f3a19c2\", \"state\": \"up\",\n"
                            "  \"topology\": \"m4x4-t2x5\", \"app\": \"emulator\", \"account\": null, "
                            "\"url\": \"http://127.0.0.1:41873\",\n"
                            "  \"clusters\": [\n"
                            "    { \"name\": \"cluster1\", \"label\": \"m4\", \"path\": \"/cluster1\", "
                            "\"instance_type\": \"m4.large\", \"zone\": \"us-east-1b\" },\n"
                            "    { \"name\": \"cluster2\", \"label\": \"t2\" } ],\n"
                            "  \"instances\": [\n"
                            "    { \"id\": \"i-1\", \"cluster\": \"cluster1\", \"port\": 1 }, { \"id\": "
                            "\"i-2\", \"cluster\": \"cluster2\" },\n"
                            "    { \"id\": \"i-3\", \"cluster\": \"cluster1\" } ],\n"
                            "  \"resources\": [ { \"kind\": \"process\" } ] }\n";

struct folder {
    char path[64], file[96], scenario[96];
};

static void write_text(const char *path, const char *text)
{
    struct err e;
    assert_int_equal(files_write(path, text, strlen(text), 0600, &e), 0);
}

static void make_folder(struct folder *f)
{
    snprintf(f->path, sizeof f->path, "/tmp/loadgen-test-XXXXXX");
    assert_non_null(mkdtemp(f->path));
    snprintf(f->file, sizeof f->file, "%s/deployment.json", f->path);
    snprintf(f->scenario, sizeof f->scenario, "%s/s.yaml", f->path);
}

static void remove_folder(const struct folder *f)
{
    struct err e;
    assert_int_equal(files_remove_tree(f->path, &e), 0);
}

static void the_name_in_the_listeners_certificate_is_the_one_that_is_verified(void **state)
{
    struct folder f;
    struct plan plan = { 0 };
    struct err e;
    (void)state;
    make_folder(&f);
    write_text(f.file, "{ \"schema_version\": 1, \"state\": \"up\", \"url\": \"https://alb.example.com\", "
                       "\"load_balancer\": { \"listener\": { \"server_name\": \"bench.example.org\" } }, "
                       "\"clusters\": [ { \"name\": \"one\" } ] }");
    if (deployed_load(&plan, NULL, f.file, &e))
        fail_msg("%s", e.text);
    assert_string_equal(plan.target.host, "alb.example.com");
    assert_string_equal(plan.target.tls_options.server_name, "bench.example.org");
    assert_null(plan.target.tls_options.ca_file);
    plan_fini(&plan);
    remove_folder(&f);
}

static void a_deployment_gives_url_clusters_and_instances(void **state)
{
    struct folder f;
    struct plan plan = { 0 };
    struct err e;
    (void)state;
    make_folder(&f);
    write_text(f.file, sound);
    assert_int_equal(deployed_load(&plan, NULL, f.file, &e), 0);
    assert_true(plan.deployment.present && plan.deployment.emulated);
    assert_string_equal(plan.deployment.file, f.file);
    assert_string_equal(plan.deployment.provider, "local");
    assert_string_equal(plan.deployment.run_id, "7f3a19c2");
    assert_string_equal(plan.deployment.topology, "m4x4-t2x5");
    assert_string_equal(plan.deployment.app, "emulator");
    assert_string_equal(plan.deployment.json, sound);
    assert_string_equal(plan.target.host, "127.0.0.1");
    assert_int_equal(plan.target.port, 41873);
    assert_int_equal(plan.n_clusters, 2);
    assert_string_equal(plan.clusters[0].label, "m4");
    assert_string_equal(plan.clusters[0].path, "/cluster1");
    assert_string_equal(plan.clusters[0].instance_type, "m4.large");
    assert_string_equal(plan.clusters[0].zone, "us-east-1b");
    assert_null(plan.clusters[1].path);
    assert_int_equal(plan.clusters[0].n_instances, 2);
    assert_string_equal(plan.clusters[0].instances[1], "i-3");
    assert_int_equal(plan.clusters[1].n_instances, 1);
    plan_fini(&plan);
    remove_folder(&f);
}

static void what_is_wrong_with_a_deployment_is_reported(void **state)
{
    static const struct {
        const char *out, *in, *sentence; /* after the file's name */
    } cases[] = {
        { "\"up\"", "\"creating\"",
          ": the deployment is not up but 'creating'; `loadgen provision status` shows more, `loadgen "
          "provision up` brings it "
          "up" },
        { "\"state\"", "\"stat\"", ": 'state' is missing" },
        { "\"url\"", "\"uri\"", ": 'url' is missing" },
        { "version\": 1", "version\": 2",
          ": 'schema_version' must be 1; the file was written by another version" },
        { "http://", "ftp://", ": the URL must begin with http:// or https://, not 'ftp://127.0.0.1:41873'" },
        { "\"clusters\"", "\"cluster\"", ": 'clusters' must be a list of at least one" },
        { "\"cluster2\", \"label\"", "\"cluster1\", \"label\"", ": cluster 'cluster1' is listed twice" },
        { "\"cluster2\", \"label\"", "\"cluster 2\", \"label\"",
          ": a cluster's name must be 1 to 32 of A-Z a-z 0-9 _ -, not 'cluster 2'" },
        { "\"i-2\", \"cluster\": \"cluster2\"", "\"i-2\", \"cluster\": \"cluster3\"",
          ": an instance must have an id and name one of the clusters" },
        { "\"id\": \"i-3\"", "\"id\": \"\"", ": an instance must have an id and name one of the clusters" },
        { "{ \"schema_version\"", "[ \"schema_version\"", ":1:19: error: not JSON: ']' expected near ':'" },
    };
    struct folder f;
    (void)state;
    make_folder(&f);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[2048];
        char told[512];
        struct plan plan = { 0 };
        struct err e;
        const char *at = strstr(sound, cases[i].out);
        assert_non_null(at);
        snprintf(text, sizeof text, "%.*s%s%s", (int)(at - sound), sound, cases[i].in,
                 at + strlen(cases[i].out));
        write_text(f.file, text);
        assert_int_equal(deployed_load(&plan, NULL, f.file, &e), -1);
        plan_fini(&plan);
        snprintf(told, sizeof told, "%s%s", f.file, cases[i].sentence);
        assert_string_equal(e.text, told);
        assert_int_equal(e.kind, ERR_INPUT);
    }
    remove_folder(&f);
}

/* Each stream that sends to it is looked at, and no other. */
static void the_load_balancer_must_speak_the_version_of_each_stream(void **state)
{
    static const struct {
        const char *provider, *url, *http2, *http, *own;
        const char *sentence; /* NULL: taken */
    } cases[] = {
        { "aws", "https://a.example", "true", "2", "", NULL },
        { "aws", "https://a.example", "false", "1.1", "", NULL },
        { "aws", "https://a.example", "false", "2", "",
          "stream 's': the load balancer does not offer HTTP/2" },
        { "aws", "https://a.example", "false", "1.1", "target: { http: 2 }, ",
          "stream 's': the load balancer" },
        { "aws", "https://a.example", "false", "2", "target: { http: 1.1 }, ", NULL },
        { "aws", "https://a.example", "false", "1.1", "target: { url: 'https://b.example', http: 2 }, ",
          NULL },
        { "aws", "http://a.example", "true", "2", "", "speaks HTTP/2 over TLS alone" },
        { "aws", "http://a.example", "true", "2-prior-knowledge", "",
          "stream 's': an Application Load Balancer speaks HTTP/2 over TLS alone" },
        { "aws", "http://a.example", "true", "1.1", "target: { http: 2-prior-knowledge }, ",
          "speaks HTTP/2 over TLS alone" },
        { "local", "http://127.0.0.1:1", "true", "2-prior-knowledge", "", NULL },
    };
    struct folder f;
    (void)state;
    make_folder(&f);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[512];
        struct plan plan;
        struct err e = { .text = "" };
        snprintf(text, sizeof text,
                 "{ \"schema_version\": 1, \"state\": \"up\", \"provider\": \"%s\", \"url\": \"%s\", "
                 "\"load_balancer\": { \"listener\": { \"http2\": %s } }, \"clusters\": [ { \"name\": "
                 "\"one\" } ] }",
                 cases[i].provider, cases[i].url, cases[i].http2);
        write_text(f.file, text);
        snprintf(
            text, sizeof text,
            "target: { url: deployment, http: %s }\nstreams:\n"
            "  - { name: s, %srequest: /, users: 1, phases: [ { requests: 1 } ] }\n"
            "  - { name: t, target: { http: 1.1 }, request: /, users: 1, phases: [ { requests: 1 } ] }\n",
            cases[i].http, cases[i].own);
        const int status = scenario_parse(&plan, f.scenario, text, strlen(text),
                                          &(struct scenario_overrides){ .deployment_file = f.file }, &e);
        if (status != (cases[i].sentence ? -1 : 0) || (status && !strstr(e.text, cases[i].sentence)))
            fail_msg("case %zu: %s", i, e.text);
        plan_fini(&plan);
    }
    remove_folder(&f);
}

static int load_scenario(const struct folder *f, const char *stream, struct plan *plan, bool may_lack,
                         struct err *e)
{
    char text[512];
    snprintf(text, sizeof text,
             "target: deployment\nstreams:\n  - { name: s, %s, phases: [ { requests: 1 } ] }\n", stream);
    return scenario_parse(
        plan, f->scenario, text, strlen(text),
        &(struct scenario_overrides){ .deployment_file = f->file, .may_lack_deployment = may_lack }, e);
}

static void a_scenarios_clusters_must_be_the_deployments(void **state)
{
    struct folder f;
    struct plan plan;
    struct err e;
    (void)state;
    make_folder(&f);
    write_text(f.file, sound);
    assert_int_equal(load_scenario(&f, "cluster: cluster2, request: '/{instance}'", &plan, false, &e), 0);
    assert_int_equal(plan.n_clusters, 2);
    plan_fini(&plan);
    assert_int_equal(load_scenario(&f, "cluster: clustr2, request: /", &plan, false, &e), -1);
    assert_non_null(
        strstr(e.text, ":3:25: error: the deployment has no cluster 'clustr2'; did you mean 'cluster2'?\n"));
    plan_fini(&plan);
    assert_int_equal(load_scenario(&f, "cluster: m5, request: /", &plan, false, &e), -1);
    assert_non_null(
        strstr(e.text, ":3:25: error: the deployment has no cluster 'm5'; it has cluster1, cluster2\n"));
    plan_fini(&plan);
    remove_folder(&f);
}

static void a_connection_of_http_2_ends_before_an_alb_ends_it(void **state)
{
    static const struct {
        const char *provider, *stream;
        uint64_t most;
    } cases[] = {
        { "aws", "request: /", 9900 },
        { "aws", "request: /, requests_per_connection: 20k", 20000 },
        { "aws", "request: /, target: { http: 1.1 }", 0 },
        { "aws", "request: /, target: { url: 'https://other', http: 2 }", 0 },
        { "local", "request: /", 0 },
    };
    struct folder f;
    struct err e;
    (void)state;
    make_folder(&f);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[512];
        struct plan plan;
        snprintf(
            text, sizeof text,
            "{ \"schema_version\": 1, \"state\": \"up\", \"url\": \"https://alb\", \"provider\": \"%s\", "
            "\"clusters\": [ { \"name\": \"target\" } ] }",
            cases[i].provider);
        write_text(f.file, text);
        snprintf(text, sizeof text,
                 "target: { http: 2 }\nstreams:\n  - { name: s, %s, phases: [ { requests: 1 } ] }\n"
                 "  - { name: t, request: /, phases: [ { requests: 1 } ] }\n",
                 cases[i].stream);
        if (scenario_parse(&plan, f.scenario, text, strlen(text),
                           &(struct scenario_overrides){ .deployment_file = f.file }, &e))
            fail_msg("%s", e.text);
        assert_int_equal(plan.streams[0].requests_per_connection, cases[i].most);
        plan_fini(&plan);
    }
    remove_folder(&f);
}

static void without_a_deployment_the_sentence_names_the_command(void **state)
{
    struct folder f;
    struct plan plan;
    struct err e;
    char told[256];
    (void)state;
    make_folder(&f);
    assert_int_equal(load_scenario(&f, "cluster: c, request: /", &plan, false, &e), -1);
    snprintf(told, sizeof told, "there is no deployment: %s does not exist; `loadgen provision up` makes one",
             f.file);
    assert_string_equal(e.text, told);
    assert_int_equal(e.kind, ERR_INPUT);
    plan_fini(&plan);
    /* A scenario can be checked all the same. */
    assert_int_equal(load_scenario(&f, "cluster: c, request: /", &plan, true, &e), 0);
    assert_string_equal(plan.target.url, "a deployment, not there yet");
    plan_fini(&plan);
    remove_folder(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_name_in_the_listeners_certificate_is_the_one_that_is_verified),
        cmocka_unit_test(a_deployment_gives_url_clusters_and_instances),
        cmocka_unit_test(a_connection_of_http_2_ends_before_an_alb_ends_it),
        cmocka_unit_test(what_is_wrong_with_a_deployment_is_reported),
        cmocka_unit_test(the_load_balancer_must_speak_the_version_of_each_stream),
        cmocka_unit_test(a_scenarios_clusters_must_be_the_deployments),
        cmocka_unit_test(without_a_deployment_the_sentence_names_the_command),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
