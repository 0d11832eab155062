"""Headless Chromium, where it is installed. A page says what a test wants to know by a script that the test puts into it."""

import html
import json
import re
import shutil
import subprocess

import pytest

from programs import RUN_S

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
needs_browser = pytest.mark.skipif(not CHROMIUM, reason="chromium is not installed")

# What that script does with its `text`: said_by() finds it in the page, or in the one that frames it.
TO_BODY = "document.body.setAttribute('data-said', text)"
TO_PARENT = "parent.postMessage(text, '*')"


def framed(page, width):
    """A page that shows another one so wide: headless windows have a least width of their own."""
    return ("<!DOCTYPE html><html><head><title>frame</title></head><body>"
            "<script>addEventListener('message', e => document.body.setAttribute('data-said', e.data))</script>"
            f"<iframe src='{page}' width={width} height=740 frameborder=0></iframe></body></html>")


def browse(programs, tmp_path, url, *options):
    """What headless Chromium prints about a page; nothing may appear on its console."""
    profile = tmp_path / "profile"
    argv = [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
            "--disable-component-update", "--disable-sync", "--enable-logging=stderr", "--v=0", f"--user-data-dir={profile}", *options, url]
    done = subprocess.run(argv, capture_output=True, text=True, errors="replace", timeout=RUN_S, check=False, env=programs.env)
    shutil.rmtree(profile, ignore_errors=True)
    assert done.returncode == 0, done.stderr
    assert "CONSOLE" not in done.stderr, [line for line in done.stderr.splitlines() if "CONSOLE" in line]
    return done.stdout


def said_by(dom):
    return json.loads(html.unescape(re.search(r'data-said="([^"]*)"', dom).group(1)))
