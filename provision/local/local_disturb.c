/* Fault injection: kill, stall or revive an instance, reload HAProxy. */
#include "deployment.h"
#include "err.h"
#include "haproxy.h"
#include "local.h"
#include "local_start.h"
#include "local_state.h"
#include "local_wait.h"
#include "process.h"
#include "provider.h"
#include "units.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

#define PATIENCE_NS (10 * NS_PER_S)

/* The only instance whose id begins with `text`. */
static const struct deployment_instance *find_instance(const struct deployment *d, const char *text,
                                                       struct err *e)
{
    const struct deployment_instance *found = NULL;
    for (size_t i = 0; i < d->n_instances; i++) {
        const struct deployment_instance *n = &d->instances[i];
        if (strncmp(n->id, text, strlen(text)) != 0)
            continue;
        if (found) {
            err_set(e, ERR_INPUT, "'%.64s' may be %s or %s: give more of the id", text, found->id, n->id);
            return NULL;
        }
        found = n;
    }
    if (!found)
        err_set(e, ERR_INPUT, "there is no instance '%.64s': `loadgen provision status` lists them", text);
    return found;
}

static int refused(const struct deployment_instance *n, const char *what, struct err *e)
{
    return err_set(e, ERR_FAILED, "%s cannot be %s: the system refuses", n->id, what);
}

static int report(const struct deployment_instance *n, const char *what)
{
    printf("%s of %s %s\n", n->id, n->cluster, what);
    return 0;
}

static int kill_instance(const struct deployment_instance *n, const struct process *p, struct err *e)
{
    if (!process_is_alive(p))
        return report(n, "has ended already");
    return process_kill(p, PATIENCE_NS) ? refused(n, "killed", e) : report(n, "was killed");
}

static int stall_instance(const struct deployment_instance *n, const struct process *p, struct err *e)
{
    if (!process_is_alive(p))
        return err_set(e, ERR_INPUT, "%s has ended: `loadgen provision revive %s` starts it again", n->id,
                       n->id);
    if (process_is_stopped(p))
        return report(n, "stands still already");
    return process_signal(p, SIGSTOP) ? refused(n, "stopped", e) : report(n, "stands still");
}

static int revive_instance(struct provider_context *c, const struct deployment_instance *n,
                           const struct process *p, struct err *e)
{
    if (process_is_stopped(p))
        return process_signal(p, SIGCONT) ? refused(n, "continued", e) : report(n, "goes on");
    if (process_is_alive(p))
        return report(n, "runs already");
    if (local_restart_instance(c, n, e) || local_wait_instance(c, n, e))
        return -1;
    return report(n, "was started again");
}

static int reload(struct provider_context *c, struct err *e)
{
    char socket_path[LOCAL_PATH_BYTES];
    char states_path[LOCAL_PATH_BYTES];
    struct process p;
    local_path(c->deployment, LOCAL_BALANCER_SOCKET, socket_path);
    local_path(c->deployment, LOCAL_SERVER_STATES, states_path);
    const long old = haproxy_worker(socket_path);
    if (!local_find_process(c->deployment, "balancer", NULL, &p) || !process_is_alive(&p))
        return err_set(e, ERR_INPUT, "HAProxy has ended: take the lab down and bring it up again");
    if (haproxy_save_states(socket_path, states_path, e))
        return -1;
    if (process_signal(&p, SIGUSR2))
        return err_set(e, ERR_FAILED, "HAProxy cannot be told to reload: the system refuses");
    if (local_wait_worker(c, old, e))
        return -1;
    puts("HAProxy was reloaded: a new worker takes what comes, the old one ends what it has");
    return 0;
}

int local_disturb(struct provider_context *c, enum provider_disturbance what, const char *instance,
                  struct err *e)
{
    struct process p = { 0 };
    if (what == PROVIDER_RELOAD)
        return reload(c, e);
    const struct deployment_instance *n = find_instance(c->deployment, instance, e);
    if (!n)
        return -1;
    local_find_process(c->deployment, "instance", n->id, &p); /* none: it has ended */
    switch (what) {
    case PROVIDER_KILL:
        return kill_instance(n, &p, e);
    case PROVIDER_STALL:
        return stall_instance(n, &p, e);
    case PROVIDER_REVIVE:
    case PROVIDER_RELOAD:
        break;
    }
    return revive_instance(c, n, &p, e);
}
