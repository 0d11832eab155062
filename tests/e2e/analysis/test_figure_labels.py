"""No label of the latency spectrum touches another, however far the spectrum reaches and whatever its series are called."""

import xml.etree.ElementTree as ElementTree

import pytest

from programs import ROOT

SPECTRUM = "kind,cluster,series,style,p_ppm,inv_tail,value_ms,lo_ms,hi_ms,n_beyond,n,note"


def drawn_spectrum(run, folder, n_requests, form, name="cluster1"):
    """The texts of the figure's axis below, as (x, text), and the height of its plot's top, of a run with so many requests."""
    percentiles = [round(1e6 * (1 - 0.5 * 10 ** (-i / 24))) for i in range(138)]
    lines = [["line", name, name, 1, p, 1e6 / (1e6 - p), 1 + i, "", "", 10, n_requests, ""]
             for i, p in enumerate(percentiles) if n_requests * (1e6 - p) / 1e6 >= 10]
    lines += [[*lines[0][:2], name + "2", 2, *lines[0][4:]]]
    folder.mkdir()
    (folder / "data").write_text("\n".join("\t".join(map(str, line)) for line in [SPECTRUM.split(","), *lines]) + "\n")
    (folder / "text").write_text("\x03Title\n\x03Caption\n")
    style = ROOT / "analysis/figures"
    run("gnuplot", "-d", "-c", style / "draw.gp", style, "spectrum", form, "out.svg", cwd=folder)
    svg = "{http://www.w3.org/2000/svg}"
    root = ElementTree.parse(folder / "out.svg").getroot()
    placed = [(*map(float, group.get("transform")[len("translate("):].split(")")[0].split(",")), group.find(f"{svg}text").text.strip())
              for group in root.iter(f"{svg}g") if group.get("transform") and group.find(f"{svg}text") is not None]
    below = max(y for x, y, text in placed if text == "50")
    return [(x, text) for x, y, text in sorted(placed) if y == below], float(root.get("width")), placed


def width_px(number):
    """DejaVu Sans at 13 pixels."""
    return 13 * (0.636 * len(number) - 0.318 * number.count("."))


@pytest.mark.parametrize("form", ["svg", "web"])
def test_percentiles_below_the_spectrum_do_not_touch(run, tmp_path, form):
    labelled = set()
    for n_requests in (40, 1000, 3000, 20_000, 60_000, 300_000, 1_000_000, 3_000_000, 11_000_000):
        tics, width, _ = drawn_spectrum(run, tmp_path / f"{n_requests}", n_requests, form)
        for (x, text), (x_next, next_text) in zip(tics, tics[1:]):
            assert x + width_px(text) / 2 + 4 < x_next - width_px(next_text) / 2, (n_requests, text, next_text)
        assert tics[-1][0] + width_px(tics[-1][1]) / 2 <= width, (n_requests, tics[-1])
        nines = [text for _, text in tics if text in ("50", "90", "99", "99.9", "99.99", "99.999", "99.9999")]
        assert len(nines) >= 2 or n_requests < 100
        labelled.update(text for _, text in tics)
    assert {"75", "95", "99.5", "99.9999"} <= labelled


def test_a_key_that_needs_two_rows_has_them(run, tmp_path):
    for name, n_rows in (("m4", 1), ("checkout-old (4 x m4.large)", 2)):
        _, _, placed = drawn_spectrum(run, tmp_path / name, 1000, "web", name)
        key = [y for x, y, text in placed if text.startswith(name)]
        assert len(set(key)) == n_rows
        assert max(key) < min(y for x, y, text in placed if text.replace(".", "").isdigit() and y not in key) + 10
