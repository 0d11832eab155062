#include "deployment.h"

#include "err.h"
#include "files.h"
#include "lock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

struct folder {
    char path[64];
    char file[96];
};

static int make_folder(void **state)
{
    struct folder *f = calloc(1, sizeof *f);
    if (!f)
        return -1;
    snprintf(f->path, sizeof f->path, "/tmp/test_deployment.XXXXXX");
    if (!mkdtemp(f->path))
        return -1;
    snprintf(f->file, sizeof f->file, "%s/deployment.json", f->path);
    *state = f;
    return 0;
}

static int remove_folder(void **state)
{
    struct folder *f = *state;
    struct err e;
    const int status = files_remove_tree(f->path, &e);
    free(f);
    return status;
}

static void init_shipped(struct deployment *d)
{
    struct topology t;
    struct err e;
    if (topology_load(&t, SOURCE_DIR "/provision/topologies/m4x5-t2x4.yaml", TOPOLOGY_RULES_AWS, &e) ||
        deployment_init(d, &t, "local", "emulator", UINT64_C(1795299004000000000), &e))
        fail_msg("%s", e.text);
}

static void a_deployment_is_healthy_when_all_of_it_is(void **state)
{
    struct deployment d;
    struct err e;
    (void)state;
    init_shipped(&d);
    assert_int_equal(deployment_check(&d, true, 0, &e), -1);
    assert_string_equal(e.text, "m4x5-t2x4 is not up, but creating");
    d.state = DEPLOYMENT_UP;
    for (int i = 0; i < 3; i++)
        assert_int_equal(
            deployment_add_instance(&d, &(struct deployment_instance){ .cluster = "cluster1" }, &e), 0);
    assert_int_equal(deployment_check(&d, true, 3, &e), 0);
    assert_int_equal(deployment_check(&d, false, 3, &e), -1);
    assert_string_equal(e.text, "the load balancer of m4x5-t2x4 is not running");
    assert_int_equal(deployment_check(&d, true, 1, &e), -1);
    assert_string_equal(e.text, "healthy instances of m4x5-t2x4: 1 of 3");
    assert_int_equal(e.kind, ERR_FAILED);
    deployment_fini(&d);
}

static void assert_instance(const struct deployment_instance *found, const struct deployment_instance *saved)
{
    assert_string_equal(found->id, saved->id);
    assert_string_equal(found->cluster, saved->cluster);
    assert_string_equal(found->instance_type, saved->instance_type);
    assert_string_equal(found->zone, saved->zone);
    assert_string_equal(found->address, saved->address);
    assert_int_equal(found->port, saved->port);
}

static void assert_listener(const struct topology_listener *found, const struct topology_listener *saved)
{
    assert_int_equal(found->protocol, TOPOLOGY_HTTPS);
    assert_string_equal(found->certificate, saved->certificate);
    assert_string_equal(found->server_name, saved->server_name);
    assert_int_equal(found->n_defaults, 2);
    assert_int_equal(found->defaults[1].cluster, 1);
}

static const struct deployment_instance known_instance = { .id = "i-0123456789abcdef0",
                                                           .cluster = "cluster2",
                                                           .instance_type = "t2.large",
                                                           .zone = "us-east-1",
                                                           .address = "127.0.0.1",
                                                           .port = 40001 };

/* The shipped topology, up, with one instance and one process. */
static void init_up(struct deployment *d)
{
    struct err e;
    init_shipped(d);
    d->state = DEPLOYMENT_UP;
    d->emulated = true;
    d->price_usd_per_hour = 0.9387;
    snprintf(d->expires_utc, sizeof d->expires_utc, "2026-11-22T02:10:04Z");
    snprintf(d->url, sizeof d->url, "http://127.0.0.1:4711");
    snprintf(d->balancer.kind, sizeof d->balancer.kind, "haproxy");
    d->listener.protocol = TOPOLOGY_HTTPS;
    snprintf(d->listener.certificate, sizeof d->listener.certificate, "arn:aws:acm:r:1:certificate/c");
    snprintf(d->listener.server_name, sizeof d->listener.server_name, "bench.example.org");
    assert_int_equal(deployment_add_instance(d, &known_instance, &e), 0);
    struct deployment_resource *r = deployment_add_resource(d, "process", "instance", "4711", &e);
    assert_non_null(r);
    assert_int_equal(deployment_resource_set(r, "started_ticks", "18446744073709551615", &e), 0);
    assert_int_equal(deployment_resource_set(&d->asked, "clusters.cluster1.zone", "us-east-1b", &e), 0);
    assert_int_equal(deployment_resource_set(&d->asked, "--key", "", &e), 0);
}

static void what_is_saved_is_loaded(void **state)
{
    const struct folder *f = *state;
    struct deployment d;
    struct deployment back;
    struct err e;
    struct stat about;

    init_up(&d);
    if (deployment_save(&d, f->file, &e))
        fail_msg("%s", e.text);
    assert_int_equal(stat(f->file, &about), 0);
    assert_int_equal(about.st_mode & 0777, 0600);

    if (deployment_load(&back, f->file, &e) != 1)
        fail_msg("%s", e.text);
    assert_string_equal(back.run_id, d.run_id);
    assert_int_equal(strlen(back.run_id), 8);
    assert_string_equal(back.created_utc, "2026-11-21T22:10:04Z");
    assert_string_equal(back.expires_utc, d.expires_utc);
    assert_string_equal(back.topology, "m4x5-t2x4");
    assert_int_equal(back.asked.n_members, 2);
    assert_string_equal(deployment_resource_get(&back.asked, "clusters.cluster1.zone"), "us-east-1b");
    assert_string_equal(deployment_resource_get(&back.asked, "--key"), "");
    assert_string_equal(back.url, d.url);
    assert_string_equal(back.account, "");
    assert_string_equal(back.balancer.kind, "haproxy");
    assert_string_equal(back.balancer.name, d.balancer.name);
    assert_true(back.emulated);
    assert_int_equal(back.state, DEPLOYMENT_UP);
    assert_true(back.price_usd_per_hour > 0.93869 && back.price_usd_per_hour < 0.93871);
    assert_int_equal(back.n_clusters, 2);
    assert_int_equal(back.clusters[1].is.count, 4);
    assert_listener(&back.listener, &d.listener);
    assert_int_equal(back.n_instances, 1);
    assert_instance(&back.instances[0], &known_instance);
    const struct deployment_resource *r2 = deployment_find_resource(&back, "process", "instance");
    assert_non_null(r2);
    assert_string_equal(deployment_resource_get(r2, "started_ticks"), "18446744073709551615");
    assert_null(deployment_resource_get(r2, "token"));
    deployment_fini(&d);
    deployment_fini(&back);
}

static void a_generator_is_read_back_as_it_was_written(void **state)
{
    const struct folder *f = *state;
    struct deployment d;
    struct deployment back;
    struct err e;
    init_shipped(&d);
    d.generator = (struct deployment_generator){ .id = "i-0123",
                                                 .instance_type = "m4.large",
                                                 .zone = "us-east-1b",
                                                 .address = "203.0.113.7",
                                                 .port = 22,
                                                 .user = "ubuntu",
                                                 .host_keys_file = "/tmp/host keys",
                                                 .package = "loadgen_1_amd64.deb" };
    assert_int_equal(deployment_save(&d, f->file, &e), 0);
    assert_int_equal(deployment_load(&back, f->file, &e), 1);
    assert_memory_equal(&back.generator, &d.generator, sizeof d.generator);
    deployment_fini(&d);
    deployment_fini(&back);
}

static void a_missing_file_is_no_deployment_and_no_error(void **state)
{
    const struct folder *f = *state;
    struct deployment d;
    struct err e;
    assert_int_equal(deployment_load(&d, f->file, &e), 0);
    assert_int_equal(d.n_resources, 0);
}

static void a_pipe_is_refused_and_not_waited_for(void **state)
{
    const struct folder *f = *state;
    struct deployment d;
    struct err e;
    assert_int_equal(mkfifo(f->file, 0600), 0);
    assert_int_equal(deployment_load(&d, f->file, &e), -1);
    assert_int_equal(e.kind, ERR_INPUT);
    assert_non_null(strstr(e.text, f->file));
}

static void a_broken_file_is_refused_with_its_name(void **state)
{
    static const struct {
        const char *text;
        const char *message;
    } cases[] = {
        { "", "this is not JSON" },
        { "{ \"schema_version\": 1", "this is not JSON" },
        { "[]", "'schema_version' must be 1" },
        { "{ \"schema_version\": 2 }", "'schema_version' must be 1" },
        { "{ \"schema_version\": 1 }", "'provider' must be a text" },
        { "{ \"schema_version\": 1, \"provider\": 7 }", "'provider' must be a text" },
    };
    const struct folder *f = *state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct deployment d;
        struct err e;
        char file[128];
        snprintf(file, sizeof file, "%s/broken.json", f->path);
        assert_int_equal(files_write(file, cases[i].text, strlen(cases[i].text), 0600, &e), 0);
        assert_int_equal(deployment_load(&d, file, &e), -1);
        assert_int_equal(e.kind, ERR_INPUT);
        assert_non_null(strstr(e.text, file));
        if (!strstr(e.text, cases[i].message))
            fail_msg("%s gave: %s", cases[i].text, e.text);
    }
}

static void members_of_a_resource_are_set_replaced_and_removed(void **state)
{
    struct deployment d;
    struct err e;
    (void)state;
    init_shipped(&d);
    struct deployment_resource *first = deployment_add_resource(&d, "instance", NULL, NULL, &e);
    assert_int_equal(deployment_resource_set(first, "token", "a", &e), 0);
    assert_int_equal(deployment_resource_set(first, "token", "b", &e), 0);
    assert_string_equal(deployment_resource_get(first, "token"), "b");
    assert_int_equal(deployment_resource_set(first, "token", NULL, &e), 0);
    assert_null(deployment_resource_get(first, "token"));
    assert_non_null(deployment_add_resource(&d, "instance", "second", "id", &e));
    deployment_remove_resource(&d, deployment_find_resource(&d, "instance", NULL));
    assert_int_equal(d.n_resources, 1);
    assert_string_equal(deployment_resource_get(&d.resources[0], "role"), "second");
    assert_null(deployment_find_resource(&d, "instance", "first"));
    deployment_fini(&d);
}

static void a_lock_makes_its_folder_is_held_by_one_and_leaves_no_file(void **state)
{
    const struct folder *f = *state;
    struct lock first;
    struct lock second;
    struct err e;
    char file[96];
    char lock_file[128];
    char holder[64];

    snprintf(file, sizeof file, "%s/deeper/deployment.json", f->path);
    snprintf(lock_file, sizeof lock_file, "%s.lock", file);
    snprintf(holder, sizeof holder, "process id %ld ", (long)getpid());
    assert_int_equal(lock_take(&first, file, &e), 0);
    assert_int_equal(lock_take(&second, file, &e), -1);
    assert_non_null(strstr(e.text, holder));
    lock_release(&second);
    assert_int_equal(access(lock_file, F_OK), 0);
    lock_release(&first);
    assert_int_equal(access(lock_file, F_OK), -1);
    assert_int_equal(lock_take(&second, file, &e), 0);
    lock_release(&second);
}

static void an_account_s_region_is_held_by_one_whatever_the_deployment(void **state)
{
    const struct folder *f = *state;
    struct lock first;
    struct lock second;
    struct lock elsewhere;
    struct err e;
    char file[128];

    snprintf(file, sizeof file, "%s/loadgen/aws-123412349012-us-east-1.lock", f->path);
    assert_int_equal(setenv("XDG_STATE_HOME", f->path, 1), 0);
    assert_int_equal(lock_take_account(&first, "123412349012", "us-east-1", &e), 0);
    assert_int_equal(access(file, F_OK), 0);
    assert_int_equal(lock_take_account(&second, "123412349012", "us-east-1", &e), 1);
    assert_non_null(strstr(e.text, "the instances of account 123412349012 in us-east-1"));
    assert_int_equal(lock_take_account(&elsewhere, "123412349012", "us-west-2", &e), 0);
    lock_release(&elsewhere);
    lock_release(&first);
    assert_int_equal(access(file, F_OK), -1);
}

static void the_lock_of_an_account_is_in_a_folder_that_can_be_written(void **state)
{
    const struct folder *f = *state;
    struct lock lock;
    struct err e;
    char file[160];

    snprintf(file, sizeof file, "%s/loadgen-%lu/aws-1-us-east-1.lock", f->path, (unsigned long)getuid());
    assert_int_equal(setenv("XDG_STATE_HOME", "/proc/none", 1), 0);
    assert_int_equal(setenv("HOME", "/proc/none", 1), 0);
    assert_int_equal(setenv("TMPDIR", f->path, 1), 0);
    assert_int_equal(lock_take_account(&lock, "1", "us-east-1", &e), 0);
    assert_int_equal(access(file, F_OK), 0);
    lock_release(&lock);
}

/* A path that came back otherwise would be a resource that `down` does not find. */
static void what_json_cannot_hold_is_refused_before_anything_is_made(void **state)
{
    const struct folder *f = *state;
    struct deployment d;
    struct err e;
    struct stat about;
    init_shipped(&d);
    struct deployment_resource *r = deployment_add_resource(&d, "folder", NULL, NULL, &e);
    assert_non_null(r);
    assert_int_equal(deployment_resource_set(r, "path", "/tmp/o\xE9t", &e), 0);
    assert_int_equal(deployment_save(&d, f->file, &e), -1);
    assert_int_equal(e.kind, ERR_INPUT);
    assert_string_equal(e.text, "/tmp/o?t is not UTF-8, which a deployment file must be");
    assert_int_not_equal(stat(f->file, &about), 0);
    deployment_remove_resource(&d, r);
    d.generator = (struct deployment_generator){ .instance_type = "m4.large", .ssh_key = "/k\xE9y" };
    assert_int_equal(deployment_save(&d, f->file, &e), -1);
    assert_string_equal(e.text, "/k?y is not UTF-8, which a deployment file must be");
    d.generator = (struct deployment_generator){ .instance_type = "m4.large", .host_keys_file = "/\xE9" };
    assert_int_equal(deployment_save(&d, f->file, &e), -1);
    assert_string_equal(e.text, "/? is not UTF-8, which a deployment file must be");
    deployment_fini(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_deployment_is_healthy_when_all_of_it_is),
        cmocka_unit_test_setup_teardown(what_is_saved_is_loaded, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(a_generator_is_read_back_as_it_was_written, make_folder,
                                        remove_folder),
        cmocka_unit_test_setup_teardown(a_missing_file_is_no_deployment_and_no_error, make_folder,
                                        remove_folder),
        cmocka_unit_test_setup_teardown(a_pipe_is_refused_and_not_waited_for, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(a_broken_file_is_refused_with_its_name, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(what_json_cannot_hold_is_refused_before_anything_is_made, make_folder,
                                        remove_folder),
        cmocka_unit_test(members_of_a_resource_are_set_replaced_and_removed),
        cmocka_unit_test_setup_teardown(a_lock_makes_its_folder_is_held_by_one_and_leaves_no_file,
                                        make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(an_account_s_region_is_held_by_one_whatever_the_deployment,
                                        make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(the_lock_of_an_account_is_in_a_folder_that_can_be_written,
                                        make_folder, remove_folder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
