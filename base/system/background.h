/* Threads that give way to those that keep time. */
#ifndef BASE_BACKGROUND_H
#define BASE_BACKGROUND_H

/* Gives the calling thread ordinary scheduling and at least this niceness, even if the program was started at
 * real-time priority. Does nothing if the system does not allow it. */
void background_enter(int niceness);

#endif
