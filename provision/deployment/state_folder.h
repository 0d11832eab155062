/* The folder of what this user's deployments on this machine share: loadgen under $XDG_STATE_HOME, else under
 * ~/.local/state, else, when that is not writable, loadgen-UID under $TMPDIR or /tmp. */
#ifndef PROVISION_STATE_FOLDER_H
#define PROVISION_STATE_FOLDER_H

/* The path of a file in it, owned by the caller; makes the folder if missing. NULL when none is writable. */
char *state_folder_file(const char *name);

#endif
