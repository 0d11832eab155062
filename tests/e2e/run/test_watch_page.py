"""The live page as a browser shows it: of a run while it goes on, on a phone, and of hostile names."""
# ctest: early

import json
import re

import pytest

import watched
from browser import TO_BODY, TO_PARENT, browse, framed, needs_browser, said_by

pytestmark = needs_browser

SCENARIO = """
name: two
target: {url}
timeout: 1s
streams:
  - name: first-stream-with-a-name-of-32-x
    cluster: cluster1
    request: /cluster1
    arrivals: poisson
    phases: [ {{ name: warm, rate: 50/s, duration: 1s, warmup: true }}, {{ name: low, rate: 50/s, duration: 1s }}, {{ pause: 1s }}, {{ rate: 100/s, duration: 1s }} ]
  - {{ name: second, cluster: cluster2, request: "/cluster1?delay_ms=3", users: 2, phases: [ {{ duration: 4s }} ] }}
"""

PROBE = """<script>
window.addEventListener('load', () => setTimeout(() => {
  const said = { width: document.documentElement.scrollWidth, window: innerWidth, title: document.title,
    state: document.getElementById('state').textContent, notice: document.getElementById('notice').textContent,
    fetched: performance.getEntriesByType('resource').map(entry => entry.name).filter(name => !name.startsWith('data:')),
    charts: [...document.querySelectorAll('figure')].filter(figure => !figure.hidden && figure.querySelectorAll('svg path, svg rect').length > 0).length,
    claims: document.querySelectorAll('#claims tr').length, streams: document.querySelectorAll('#streams tr').length,
    earlier: document.querySelectorAll('#earlier tr').length,
    images: document.querySelectorAll('img, b b, script').length, paper: getComputedStyle(document.body).backgroundColor,
    text: document.body.innerText };
  const text = JSON.stringify(said);
  %s;
}, 300));
</script>"""
REPLAY = """<script>
class EventSource extends EventTarget {
  constructor() {
    super();
    setTimeout(() => {
      for (const [id, name, data] of %s) {
        const event = new MessageEvent(name, { data: JSON.stringify(data), lastEventId: id });
        this.dispatchEvent(event);
      }
    }, 10);
  }
  close() {}
}
</script>"""


def dom_of(programs, tmp_path, url, *options):
    """The page's document when its scripts have run."""
    return browse(programs, tmp_path, url, "--virtual-time-budget=5000", "--dump-dom", *options)


@pytest.fixture(name="recorded")
def fixture_recorded(start, emulator, tmp_path):
    """The page of a run with failures, and all its events."""
    scenario = tmp_path / "two.yaml"
    scenario.write_text(SCENARIO.format(url=emulator("--fail-ratio", "0.05").url))
    running = start("loadgen", "run", scenario, "--serve", 0, "--progress", "none")
    url = watched.address(running, "page")
    page = watched.fetch(url)[0]
    events = list(watched.Events(url))
    assert running.wait() in (0, 4)
    return page, events


@pytest.fixture(name="shown")
def fixture_shown(programs, tmp_path):
    """shown(PAGE, EVENTS, OPTION...) is what the page says of itself after the events, `width` pixels wide."""
    def show(page, events, *options, width=None):
        replay = REPLAY % json.dumps(events).replace("<", "\\u003c")
        probe = PROBE % (TO_PARENT if width else TO_BODY)
        (tmp_path / "page.html").write_text(page.replace("<style", replay + "<style", 1).replace("</html>", probe + "</html>"))
        if width:
            (tmp_path / "frame.html").write_text(framed("page.html", width))
        return said_by(dom_of(programs, tmp_path, (tmp_path / ("frame.html" if width else "page.html")).as_uri(), *options))
    return show


def test_a_browser_follows_a_run_and_asks_for_nothing_else(programs, start, emulator, tmp_path):
    """Virtual time stands still until the server has ended the stream of events."""
    running = start("loadgen", "run", f"{emulator().url}/cluster1", "-d", "3s", "--serve", 0, "--progress", "none")
    dom = dom_of(programs, tmp_path, watched.address(running, "page"))
    assert running.wait() in (0, 4)
    assert '<span id="state" class="state done" role="status">done</span>' in dom and "serves this page no more" in dom
    assert len(re.findall(r"<path d=", dom)) >= 4


def test_an_ended_run_shows_its_result_and_charts(recorded, shown):
    said = shown(*recorded)
    assert (said["state"], said["title"]) == ("done", "done: two")
    assert said["fetched"] == [] and said["charts"] == 7
    assert (said["claims"], said["streams"], said["earlier"]) == (3, 3, 1), "rows with their heads"
    assert "status_5xx" in said["text"] and "NaN" not in said["text"] and "undefined" not in said["text"]


def test_a_running_load_has_no_result_yet(recorded, shown):
    page, events = recorded
    said = shown(page, [event for event in events if event[1] != "end"][:3])
    assert (said["state"], said["claims"]) == ("running", 0)
    assert "in flight" in said["text"] and "NaN" not in said["text"] and "undefined" not in said["text"]


@pytest.mark.parametrize("part", ["running", "done"])
def test_on_a_phone_nothing_scrolls_sideways(recorded, shown, part):
    page, events = recorded
    said = shown(page, events if part == "done" else [event for event in events if event[1] != "end"], "--window-size=800,900", width=360)
    assert (said["window"], said["state"]) == (360, part)
    assert said["width"] <= 360


def test_it_turns_dark_with_the_browser(recorded, shown):
    assert shown(*recorded, "--blink-settings=preferredColorScheme=0")["paper"] == "rgb(18, 20, 24)"
    assert shown(*recorded, "--blink-settings=preferredColorScheme=1")["paper"] == "rgb(255, 255, 255)"


def test_earlier_runs_are_listed_and_what_comes_twice_is_shown_once(recorded, shown):
    page, events = recorded
    again = [(f"x-{len(events) + i + 1}", name, data) for i, (_, name, data) in enumerate(events)]
    said = shown(page, [*events, *again])
    assert (said["state"], said["earlier"], said["claims"]) == ("done", 3, 3)
    assert shown(page, [*events, *again, *events, *again])["earlier"] == 3


def test_names_from_outside_are_text(recorded, shown):
    page, events = recorded
    hostile = "<img src=x onerror=alert(1)><b><b>"
    changed = json.loads(json.dumps(events).replace("cluster1", hostile).replace("second\"", hostile + "\"").replace("warm\"", hostile + "\""))
    changed = [(id_, "second" if name == hostile else name, data) for id_, name, data in changed]
    changed[0][2].update(url=hostile, name=hostile, place=hostile, id=hostile)
    clean = shown(page, events)
    said = shown(page, changed)
    assert said["images"] == clean["images"] and hostile in said["text"]
    assert said["charts"] == clean["charts"]
