/* One emulated instance: an HTTP/1.1 server on 127.0.0.1 that answers like the deployed app, as fast as a
 * machine of its type would, and misbehaves on request. One thread, one libuv loop. */
#ifndef PROVISION_EMULATOR_H
#define PROVISION_EMULATOR_H

struct emulator;
struct emulator_settings;
struct err;

/* Listens and sets *port. `settings` is borrowed until emulator_fini, which may be called after -1 too. */
int emulator_init(struct emulator *m, const struct emulator_settings *settings, unsigned *port,
                  struct err *e);
/* Serves until SIGINT, SIGTERM or SIGHUP; those that were ignored at the start stay ignored. */
void emulator_run(struct emulator *m);
void emulator_fini(struct emulator *m);

#endif
