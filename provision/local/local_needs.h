/* What the lab runs that is not ours: HAProxy, and Python with Flask. */
#ifndef PROVISION_LOCAL_NEEDS_H
#define PROVISION_LOCAL_NEEDS_H

#include "settings.h"

struct err;

/* -1, with the packages to install, when something that this app needs is missing. */
int local_check_needs(enum settings_app app, struct err *e);

/* The Python that runs the Flask app. */
const char *local_python(void);

#endif
