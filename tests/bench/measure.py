"""One program, pinned to a core, measured from outside: processor time from wait4, peak memory from /proc."""

import os
import pathlib
import resource
import subprocess
import threading
import time
from collections import namedtuple

Cost = namedtuple("Cost", "exit_code stdout stderr wall_s user_s sys_s rss_peak_bytes")


def peak_rss_bytes(pid):
    try:
        for line in pathlib.Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    except OSError:
        pass
    return 0


def run_pinned(argv, core, folder, limit_s, env=None, urgent=False):
    """Runs to the end, at most `limit_s` seconds, with all descriptors that the system allows; `urgent`: at real-time priority. Its own
    peak memory is sampled while it runs, because what wait4 reports includes the memory of the process that forked it."""
    def prepare():
        os.sched_setaffinity(0, {core})
        if urgent:
            os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))
        hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))

    argv = [str(argument) for argument in argv]
    out, err = folder / "stdout", folder / "stderr"
    with open(out, "wb") as stdout, open(err, "wb") as stderr:
        started = time.monotonic()
        process = subprocess.Popen(argv, cwd=folder, env=env, stdin=subprocess.DEVNULL, stdout=stdout, stderr=stderr, preexec_fn=prepare)
        ended = threading.Event()
        peaks = [0]

        def sample():
            if urgent:
                os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(2))  # of this thread
            while not ended.wait(0.05):
                peaks.append(peak_rss_bytes(process.pid))
                if time.monotonic() > started + limit_s:
                    process.kill()

        sampler = threading.Thread(target=sample)
        sampler.start()
        _, status, usage = os.wait4(process.pid, 0)
        wall_s = time.monotonic() - started
        ended.set()
        sampler.join()
        process.returncode = os.waitstatus_to_exitcode(status)
    return Cost(process.returncode, out.read_text(errors="replace"), err.read_text(errors="replace"), wall_s, usage.ru_utime,
                usage.ru_stime, max(peaks))
