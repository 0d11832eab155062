#include "local_needs.h"

#include "child.h"
#include "err.h"
#include "process.h"

#include <unistd.h>

/* The system's own first: distribution packages of Flask and waitress belong to it. */
const char *local_python(void)
{
    static const char of_the_system[] = "/usr/bin/python3";
    return access(of_the_system, X_OK) == 0 ? of_the_system : "python3";
}

static int check_flask(struct err *e)
{
    const char *const argv[] = { local_python(), "-B", "-c", "import flask, waitress", NULL };
    char said[CHILD_SAID_BYTES];
    if (child_run(argv, "/", said) == CHILD_DONE)
        return 0;
    return err_set(e, ERR_FAILED,
                   "--app flask needs Python with Flask and waitress; install python3-flask and "
                   "python3-waitress (%.200s: %.300s)",
                   argv[0], said);
}

int local_check_needs(enum settings_app app, struct err *e)
{
    const char *const argv[] = { "haproxy", "-v", NULL };
    char said[CHILD_SAID_BYTES];
    process_extend_path();
    switch (child_run(argv, "/", said)) {
    case CHILD_MISSING:
        return err_set(e, ERR_FAILED,
                       "HAProxy, the lab's load balancer, is not installed or not on PATH; install haproxy");
    case CHILD_FAILED:
        return err_set(e, ERR_FAILED, "HAProxy, the lab's load balancer, does not run: %.300s", said);
    case CHILD_DONE:
        break;
    }
    return app == SETTINGS_FLASK ? check_flask(e) : 0;
}
