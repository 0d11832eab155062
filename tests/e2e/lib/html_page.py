"""A page as a parser sees it."""

import html.parser

VOID = {"meta", "link", "br", "hr", "img", "input", "wbr"}


class Page(html.parser.HTMLParser):
    """Tags that are closed as they were opened; ids, links, and whatever could fetch something."""

    def __init__(self, text):
        super().__init__()
        self.open, self.ids, self.links, self.fetches, self.headings, self.text = [], [], [], [], [], []
        self.feed(text)
        self.close()
        assert self.open == [], f"not closed: {self.open}"

    def handle_starttag(self, tag, attrs):
        self.handle_startendtag(tag, attrs)
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        given = dict(attrs)
        assert len(given) == len(attrs), f"{tag} has an attribute twice"
        self.ids += [given["id"]] if "id" in given else []
        self.links += [given["href"]] if tag == "a" and "href" in given else []
        self.fetches += [(tag, name, value) for name, value in attrs
                         if name in ("src", "srcset", "data", "poster", "action") or (name in ("href", "xlink:href") and tag != "a")]
        assert tag not in ("script", "iframe", "object", "embed", "form"), tag
        assert not [name for name in given if name.startswith("on")], given

    def handle_endtag(self, tag):
        assert self.open and self.open.pop() == tag, f"</{tag}> closes something else"

    def handle_data(self, data):
        if self.open and self.open[-1] in ("h1", "h2"):
            self.headings.append(data)
        if "style" not in self.open:
            self.text.append(data)

    @property
    def words(self):
        return " ".join("".join(self.text).split())

    @property
    def spaced(self):
        """The same with cells of tables apart."""
        return " ".join(" ".join(self.text).split())
