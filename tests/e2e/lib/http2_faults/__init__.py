"""Servers that break the rules of HTTP/2, or follow them in an unusual way: a few lines each, and how the requests to them must end."""

from . import broken, downloads, ended, late, malformed, repeated, unusual, uploads
from .case import BODY, CASES

__all__ = ["BODY", "CASES", "broken", "downloads", "ended", "late", "malformed", "repeated", "unusual", "uploads"]
