/* Threads that may wait beside one that must not. */
#ifndef BASE_BACKGROUND_H
#define BASE_BACKGROUND_H

/* Makes the calling thread an ordinary one and at least this nice, even when the program was started at
 * real-time priority: there it would not give way to the threads that keep time. Does nothing where the
 * system does not allow it. */
void background_enter(int niceness);

#endif
