"""Shared by the tests of `loadgen sweep`: a scenario of one stream, whose rate the sweep sets."""


def scenario(folder, url, cluster=""):
    path = folder / "one.yaml"
    path.write_text(f"""
name: one
target: {url}
streams:
  - {{ name: one, {cluster} request: {{ path: /cluster1 }}, arrivals: constant, connections: 64, phases: [ {{ rate: 10/s, duration: 1s }} ] }}
""")
    return path
