#include "aws_generator.h"

#include "aws_call.h"
#include "aws_owner.h"
#include "aws_up.h"
#include "child.h"
#include "clock.h"
#include "deployment.h"
#include "ec2_groups.h"
#include "err.h"
#include "generator.h"
#include "provider.h"
#include "settings.h"
#include "status_lines.h"
#include "units.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SSH_PORT = 22, REFUSALS_MOST = 12 };

/* Reads the package from its input. apt's own user reads it, too. The first boot refreshes the lists. */
static const char install_script[] =
    "set -e\n"
    "dir=$(mktemp -d)\n"
    "trap 'rm -rf \"$dir\"' EXIT\n"
    "chmod 755 \"$dir\"\n"
    "cat >\"$dir/loadgen.deb\"\n"
    "if command -v cloud-init >/dev/null; then cloud-init status --wait >/dev/null || true; fi\n"
    "sudo -n env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300 install --reinstall "
    "--allow-downgrades \"$dir/loadgen.deb\" >/dev/null\n"
    "loadgen --version >/dev/null\n";

/* --- before anything is created --- */

static int check_key(const char *path, struct err *e)
{
    struct stat about;
    if (stat(path, &about) < 0 || access(path, R_OK) < 0)
        return err_errno(e, ERR_INPUT, "--ssh-key: cannot read %s", path);
    if (about.st_mode & 077)
        return err_set(e, ERR_INPUT,
                       "--ssh-key: others can read %s, and ssh refuses such a key: `chmod 600` it", path);
    return 0;
}

static int check_ssh(struct err *e)
{
    static const char *const version[] = { "ssh", "-V", NULL };
    char said[CHILD_SAID_BYTES];
    if (child_run(version, "/", said) == CHILD_DONE)
        return 0;
    return err_set(e, ERR_FAILED,
                   "a generator is used over ssh, which cannot be run: %s; install openssh-client", said);
}

/* Absolute paths, so that runs started in other folders find them. */
static int record_paths(struct aws_up *up, struct err *e)
{
    const char *path = up->session.context->path;
    const char *key = up->session.context->settings->ssh_key;
    struct deployment_generator *g = &up->session.deployment->generator;
    char folder[PATH_MAX];
    char whole[PATH_MAX];
    const char *slash = strrchr(path, '/');
    snprintf(folder, sizeof folder, "%.*s", slash ? (int)(slash - path) + 1 : 1, slash ? path : ".");
    if (!realpath(folder, whole))
        return err_errno(e, ERR_FAILED, "cannot find the folder %s", folder);
    const int length = snprintf(g->host_keys_file, sizeof g->host_keys_file,
                                "%s/%s" GENERATOR_HOST_KEYS_ENDING, whole, slash ? slash + 1 : path);
    if (length < 0 || (size_t)length >= sizeof g->host_keys_file)
        return err_set(e, ERR_INPUT, "the path %s is too long", path);
    if (!key)
        return 0;
    if (check_key(key, e))
        return -1;
    if (!realpath(key, whole) || strlen(whole) >= sizeof g->ssh_key)
        return err_errno(e, ERR_INPUT, "--ssh-key: cannot use %s", key);
    memcpy(g->ssh_key, whole, strlen(whole) + 1);
    return 0;
}

static int check_remote(const struct deployment *d, struct err *e)
{
    struct remote r = generator_remote(d);
    r.name = "generator"; /* neither is known yet */
    r.address = "generator";
    return remote_check(&r, e);
}

static int read_package(struct aws_up *up, struct err *e)
{
    const struct aws_session *s = &up->session;
    const char *given = s->context->settings->package;
    if (given)
        return loadgen_package_read(&up->package, given, s->config.ca_bundle, e);
    if (*s->deployment->generator.package)
        return 0;
    return err_set(e, ERR_INPUT,
                   "%s has a generator, on which loadgen is installed: name its package with --package "
                   "FILE or --package URL (`make deb` builds one)",
                   s->deployment->topology);
}

int aws_generator_check_options(const struct aws_up *up, struct err *e)
{
    const struct settings *settings = up->session.context->settings;
    const struct deployment *d = up->session.deployment;
    if (!*d->generator.instance_type)
        return settings->package || settings->ssh_key
                   ? err_set(e, ERR_INPUT, "--%s is for a generator, and the topology %s has none",
                             settings->package ? "package" : "ssh-key", d->topology)
                   : 0;
    if (!*up->plan.key_pair)
        return err_set(
            e, ERR_INPUT,
            "%s has a generator, which is used over ssh: name a key pair with --key, or 'key_pair' "
            "in the topology file",
            d->topology);
    return 0;
}

int aws_generator_check(struct aws_up *up, struct err *e)
{
    const struct deployment *d = up->session.deployment;
    if (aws_generator_check_options(up, e))
        return -1;
    if (!*d->generator.instance_type)
        return 0;
    return check_ssh(e) || record_paths(up, e) || check_remote(d, e) || read_package(up, e) ? -1 : 0;
}

/* --- once it runs --- */

/* The generator reaches the load balancer from its public address. An internal one has to be open to a block
 * of the VPC's addresses anyway. */
static int open_balancer(struct aws_up *up, struct err *e)
{
    struct aws_session *s = &up->session;
    const struct topology *t = s->context->topology;
    struct ec2_rule rule = { .port = s->deployment->listener.port };
    if (t->scheme == TOPOLOGY_INTERNAL)
        return 0;
    for (size_t i = 0; i < t->n_ingress; i++)
        if (t->ingress[i].port == rule.port && t->ingress[i].source == TOPOLOGY_FROM_ANYWHERE)
            return 0;
    snprintf(rule.cidr, sizeof rule.cidr, "%.40s/32", s->deployment->generator.address);
    const struct aws_tags tags = aws_owner_tags(s, "balancer", 0);
    if (ec2_groups_open(&s->client, &tags, up->balancer_group_id, &rule, 1, e) == 0 ||
        aws_failure_is(&s->client.failure, "InvalidPermission.Duplicate"))
        return 0;
    return -1;
}

static void show(struct aws_up *up, const char *state, const char *detail)
{
    status_lines_set(up->session.lines, "generator", 0, 0, state, clock_monotonic_ns(), "%s", detail);
}

/* A machine that boots refuses connections, and for some seconds every key. */
static int wait_for_ssh(struct aws_up *up, const struct remote *r, struct err *e)
{
    static const char *const nothing[] = { "true", NULL };
    struct aws_wait wait = { .delay_ns = 5 * NS_PER_S, .n_most = 60 };
    char said[CHILD_SAID_BYTES];
    unsigned n_refused = 0;
    int code;
    while (remote_run(r, nothing, -1, -1, &code, said) != CHILD_DONE) {
        const bool is_refused = strstr(said, "Permission denied") != NULL;
        if (strstr(said, "Host key verification failed"))
            return err_set(e, ERR_FAILED,
                           "the generator %s shows another host key than the one in %s: something stands "
                           "between here and it, or it was replaced",
                           r->address, r->host_keys_file);
        n_refused += is_refused;
        if (n_refused >= REFUSALS_MOST)
            return err_set(
                e, ERR_FAILED,
                "the generator %s refuses the login of %s (%s): name the private key of the key pair "
                "%s with --ssh-key FILE",
                r->address, r->user, said, up->plan.key_pair);
        show(up, "waiting for ssh", said);
        if (aws_session_wait(&up->session, &wait, "the generator's first answer over ssh", e) < 0)
            return wait.n < wait.n_most
                       ? -1
                       : err_set(e, ERR_FAILED, "ssh to the generator %s: %s", r->address, said);
    }
    return 0;
}

/* A descriptor to read the package from; -1 when that fails. */
static int open_package(const struct loadgen_package *p)
{
    const int fd = memfd_create("package", MFD_CLOEXEC);
    for (size_t done = 0; fd >= 0 && done < p->n_bytes;) {
        const ssize_t n = write(fd, p->bytes + done, p->n_bytes - done);
        if (n <= 0) {
            close(fd);
            return -1;
        }
        done += (size_t)n;
    }
    if (fd >= 0)
        lseek(fd, 0, SEEK_SET);
    return fd;
}

static int install(struct aws_up *up, const struct remote *r, struct err *e)
{
    static const char *const command[] = { "sh", "-c", install_script, NULL };
    char said[CHILD_SAID_BYTES];
    int code;
    const int package = open_package(&up->package);
    if (package < 0)
        return err_errno(e, ERR_FAILED, "cannot keep the package in memory");
    const enum child_end end = remote_run(r, command, package, -1, &code, said);
    close(package);
    if (end == CHILD_DONE)
        return 0;
    if (*up->session.client.stop)
        return err_set(e, ERR_FAILED, "interrupted");
    return err_set(e, ERR_FAILED,
                   "cannot install %s on the generator: %s; the log of its first boot is "
                   "/var/log/cloud-init-output.log",
                   up->package.name, said);
}

int aws_up_generator(struct aws_up *up, struct err *e)
{
    struct deployment_generator *g = &up->session.deployment->generator;
    const struct loadgen_package *p = &up->package;
    char wanted[sizeof g->package];
    if (!*g->instance_type)
        return 0;
    g->port = SSH_PORT;
    const struct remote r = generator_remote(up->session.deployment);
    snprintf(wanted, sizeof wanted, "%s, SHA-256 %s", p->name, p->sha256);
    if (open_balancer(up, e) || remote_check(&r, e) || wait_for_ssh(up, &r, e))
        return -1;
    if (p->bytes && strcmp(g->package, wanted) != 0) {
        show(up, "installing", wanted);
        if (install(up, &r, e))
            return -1;
        memcpy(g->package, wanted, sizeof wanted);
    }
    show(up, "ready", g->package);
    return aws_session_save(&up->session, e);
}
