"""Starts programs so that none outlives its test and every sanitizer report is seen.

Whatever a test starts carries a mark of that test in its environment, and so does whatever that starts in turn. After the test the
mark finds those that are still there, daemons included, by process id.
"""

import contextlib
import os
import pathlib
import random
import resource
import signal
import socket
import subprocess
import time

ROOT = pathlib.Path(__file__).resolve().parents[3]
BIN = pathlib.Path(os.environ.get("LOADGEN_BIN", ROOT / "build/release/bin"))
MARK = "LOADGEN_TEST_MARK"
URGENT_PRIORITY = 10  # of real time
PATIENCE_S = 60  # for what should happen soon, even on a busy machine
RUN_S = 200      # for a program to end, with sanitizers on a busy machine


class SanitizerError(Exception):
    """Not an AssertionError, so that the test is not tried again (tests/CMakeLists.txt)."""


def wait_until(condition, what, timeout_s=PATIENCE_S):
    """Polls until `condition()` is true and returns its value; fails with `what` if it never is."""
    end = time.monotonic() + timeout_s
    while True:
        value = condition()
        if value:
            return value
        assert time.monotonic() < end, f"waited {timeout_s} s for {what}"
        time.sleep(0.01)


def free_port():
    """A port of 127.0.0.1 that was free a moment ago and is outside the range of ephemeral ports."""
    while True:
        port = random.randrange(20000, 32000)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue  # in use
            return port


@contextlib.contextmanager
def dead_port():
    """A port of 127.0.0.1 that refuses connections: bound, so that no one else can listen on it."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


def accepts(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def processes_marked(mark):
    """{pid: command line} of the living processes that carry the mark."""
    wanted = f"{MARK}={mark}".encode()
    found = {}
    for folder in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            if wanted not in (folder / "environ").read_bytes().split(b"\0"):
                continue
            if (folder / "stat").read_text().rpartition(")")[2].split()[0] == "Z":
                continue
            found[int(folder.name)] = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue  # it has ended, or belongs to another user
    return found


class Running:
    """A program in the background. Its output goes to files, so that it never blocks on a pipe."""

    def __init__(self, argv, env, cwd, output, before_exec):
        self.stdout_path = output.with_suffix(".out")
        self.stderr_path = output.with_suffix(".err")
        with open(self.stdout_path, "wb") as out, open(self.stderr_path, "wb") as err:
            self.process = subprocess.Popen(argv, env=env, cwd=cwd, stdin=subprocess.DEVNULL, stdout=out, stderr=err,
                                            start_new_session=True, preexec_fn=before_exec)
        self.pid = self.process.pid

    @property
    def stdout(self):
        return self.stdout_path.read_text(errors="replace")

    @property
    def stderr(self):
        return self.stderr_path.read_text(errors="replace")

    def first_line(self, timeout_s=PATIENCE_S):
        """The first whole line of stdout, which our servers print when they listen."""
        wait_until(lambda: "\n" in self.stdout or self.process.poll() is not None, "a first line", timeout_s)
        assert "\n" in self.stdout, f"it ended with {self.process.returncode}: {self.stderr}"
        return self.stdout.split("\n", 1)[0]

    def send_signal(self, number):
        self.process.send_signal(number)

    def wait(self, timeout_s=RUN_S):
        return self.process.wait(timeout_s)

    def stop(self, number=signal.SIGTERM, timeout_s=PATIENCE_S):
        """Ends it and returns its exit code; harmless when it has ended."""
        if self.process.poll() is None:
            self.process.send_signal(number)
            try:
                self.process.wait(timeout_s)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        return self.process.returncode


class Programs:
    """Runs our programs and others in the test's folder. While `urgent`, at real-time priority where the system allows it:
    tests of times measure our programs, not their neighbours on the machine."""

    def __init__(self, folder, mark):
        self.folder = folder
        self.mark = mark
        self.started = []
        self.urgent = False
        self.reports = folder / "sanitizer"
        self.reports.mkdir()
        options = f"log_path={self.reports}/report:print_stacktrace=1"
        inherited = {name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL")}
        self.env = {**inherited, MARK: mark, "NO_COLOR": "1", "PATH": os.environ["PATH"] + ":/usr/local/sbin:/usr/sbin:/sbin"}
        for sanitizer in ("ASAN", "UBSAN", "LSAN", "TSAN"):
            self.env[f"{sanitizer}_OPTIONS"] = options
        self.env["TSAN_OPTIONS"] += f":print_suppressions=0:suppressions={pathlib.Path(__file__).with_name('tsan.supp')}"

    def argv(self, program, *arguments):
        path = BIN / program
        return [str(path if path.exists() else program), *map(str, arguments)]

    def _before_exec(self, limits):
        def prepare():
            for name, value in (limits or {}).items():
                resource.setrlimit(getattr(resource, f"RLIMIT_{name}"), (value, value))
            if self.urgent:
                with contextlib.suppress(PermissionError):
                    os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(URGENT_PRIORITY))
        return prepare if limits or self.urgent else None

    def run(self, program, *arguments, expect=0, timeout_s=RUN_S, env=None, cwd=None, limits=None):
        """Runs to the end. `expect` is the exit code, a tuple of them, or None for any; `limits` are like {"NOFILE": 64}."""
        argv = self.argv(program, *arguments)
        done = subprocess.run(argv, env={**self.env, **(env or {})}, cwd=cwd or self.folder, stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, errors="replace", timeout=timeout_s, check=False,
                              preexec_fn=self._before_exec(limits))
        if self.sanitizer_reports():
            raise SanitizerError(f"{' '.join(argv)}\n{self.sanitizer_reports()}")
        allowed = expect if isinstance(expect, tuple) else (expect,)
        assert expect is None or done.returncode in allowed, \
            f"{' '.join(argv)}\nexit code {done.returncode}, not {expect}\n{done.stdout}\n{done.stderr}"
        return done

    def start(self, program, *arguments, env=None, cwd=None, limits=None):
        """Starts in the background; ended after the test if still running."""
        output = self.folder / f"started-{len(self.started)}-{pathlib.Path(program).name}"
        running = Running(self.argv(program, *arguments), {**self.env, **(env or {})}, cwd or self.folder, output, self._before_exec(limits))
        self.started.append(running)
        return running

    def sanitizer_reports(self):
        return "\n".join(path.read_text(errors="replace") for path in sorted(self.reports.iterdir()))

    def end_all(self):
        """Ends what is running and returns what the test should not have left: daemons and sanitizer reports."""
        for running in reversed(self.started):
            running.stop()
        left = processes_marked(self.mark)
        for pid in left:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        wait_until(lambda: not processes_marked(self.mark), "killed processes to be gone")
        return [f"process {pid} was left: {command}" for pid, command in left.items()] + \
            [text for text in [self.sanitizer_reports()] if text]
