"""Measures how late one processor wakes a sleeper, in a program of its own so that the test's work does not delay it.

`witness.py CPU` says that it is there, sleeps for 2 ms again and again on that processor until its stdin is closed, and prints how late
it was woken: `P99_S LONGEST_S`.
"""

import os
import select
import sys
import time

STEP_S = 0.002


def main():
    os.sched_setaffinity(0, {int(sys.argv[1])})
    late_s = []
    print("here", flush=True)
    while True:
        due_s = time.monotonic() + STEP_S
        if select.select([sys.stdin], [], [], STEP_S)[0]:
            break
        late_s.append(time.monotonic() - due_s)
    late_s.sort()
    print(*((late_s[len(late_s) * 99 // 100], late_s[-1]) if late_s else (0, 0)))


if __name__ == "__main__":
    main()
