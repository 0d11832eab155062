/* Room on the disk that is set aside while a run goes on, so that a disk that fills up meanwhile still takes
 * what tells how the run ended. It is a file without a name: whatever ends the program gives it back. */
#ifndef RECORD_ROOM_H
#define RECORD_ROOM_H

#include <stdbool.h>
#include <stdint.h>

struct err;

struct room {
    bool is_taken;
    int fd;
};

/* Sets `n_bytes` aside on the disk of `folder`. -1 and a sentence when they are not to be had. Where the file
 * system cannot set room aside, there is none, and that is no error. */
int room_take(struct room *room, const char *folder, uint64_t n_bytes, struct err *e);
/* Gives it back. Harmless on a zeroed one. */
void room_give(struct room *room);

#endif
