"""A gnuplot that does not draw: what it takes to draw is spared where a test does not look at the pictures (test_figures.py does)."""

import shutil

STUB = """#!/bin/sh
# -d -c SCRIPT FOLDER NAME FORMAT OUT, as analysis/figures/draw.gp says
case " {formats} " in *" $6 "*) ;; *) exec {gnuplot} "$@" ;; esac
echo '<svg xmlns="http://www.w3.org/2000/svg" width="600" height="400" viewBox="0 0 600 400"></svg>' >"$7"
if [ "$6" = tex ]; then echo empty >"${{7%.tex}}.pdf"; fi
"""


def path_without(folder, *formats):
    """A PATH for programs that draw: none of these formats is drawn, its files hold next to nothing."""
    tools = folder / "undrawn"
    tools.mkdir()
    stub = tools / "gnuplot"
    stub.write_text(STUB.format(formats=" ".join(formats), gnuplot=shutil.which("gnuplot")))
    stub.chmod(0o755)
    return f"{tools}:/usr/local/bin:/usr/bin:/bin"
