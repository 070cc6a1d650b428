"""XML into a tree of plain local names, with nothing fetched, declared or expanded."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from xml.etree.ElementTree import Element, ParseError, TreeBuilder, XMLParser
from xml.parsers import expat

from cascade.errors import UnreadableLetterError
from cascade.intake.sources.limits import PROLOG_BYTES

BROKEN = "Open it in Word, save it again as DOCX, and import that file."
_BITE = 512


def parse(data: bytes, name: str, *, unread: tuple[str, ...] = ()) -> Element:
    """Parse one XML part; a document type (the door of entity attacks) is refused.

    Elements named in `unread` may be left out: most of a long part's time goes into its tree.
    """
    _refuse_doctype(data, name)
    if unread:
        with suppress(ParseError):
            return _tree(_without(data, unread))
    try:
        return _tree(data)
    except ParseError as wrong:
        raise _broken(str(wrong), name) from wrong


def local(element: Element) -> str:
    """An element's name without its namespace: both generations of Word's format read alike."""
    return element.tag.rpartition("}")[2]


def attribute(element: Element | None, name: str) -> str | None:
    """An attribute by its local name."""
    if element is None:
        return None
    for key, value in element.attrib.items():
        if key.rpartition("}")[2] == name:
            return value
    return None


def child(element: Element | None, *path: str) -> Element | None:
    """The first descendant along a path of local names."""
    for name in path:
        element = (
            next((e for e in element if local(e) == name), None) if element is not None else None
        )
    return element


def children(element: Element | None, name: str) -> Iterator[Element]:
    """The children of one local name."""
    return (e for e in element if local(e) == name) if element is not None else iter(())


def _tree(data: bytes) -> Element:
    parser = XMLParser(target=TreeBuilder())
    parser.feed(data)
    return parser.close()


def _without(data: bytes, unread: tuple[str, ...]) -> bytes:
    """The XML without some elements; all of it where their tags may be text or stand in another."""
    if b"!" in data or data.count(b"?") > 2:
        return data  # more than a declaration: comments, sections or instructions
    for name in unread:
        begin, end = f"<w:{name}".encode(), f"</w:{name}>".encode()
        first, *others = data.split(begin)
        kept = [first]
        for part in others:
            behind = part.find(end)
            empty = part[: part.find(b">")].endswith(b"/")
            if empty or part[:1] not in b"> \t\r\n":
                kept += [begin, part]
            elif behind < 0:
                return data
            else:
                kept.append(part[behind + len(end) :])
        data = b"".join(kept)
    return data


class _RootReachedError(Exception):
    """The prolog is over."""


def _refuse_doctype(data: bytes, name: str) -> None:
    """Expand nothing before knowing: a document type can only stand before the root element."""
    parser = expat.ParserCreate()
    refused = UnreadableLetterError(
        "this is no ordinary letter: its XML declares a document type", where=name, remedy=BROKEN
    )

    def doctype(*_: object) -> None:
        raise refused

    def root(*_: object) -> None:
        raise _RootReachedError

    parser.StartDoctypeDeclHandler = doctype
    parser.StartElementHandler = root
    try:
        # In small bites, as expat goes on to the end of a bite before it reports the handler's no.
        for at in range(0, min(len(data) + 1, PROLOG_BYTES), _BITE):
            parser.Parse(data[at : at + _BITE], at + _BITE > len(data))
    except _RootReachedError:
        return
    except expat.ExpatError as wrong:
        raise _broken(str(wrong), name) from wrong
    raise _broken("its XML does not begin", name)


def _broken(why: str, name: str) -> UnreadableLetterError:
    return UnreadableLetterError(f"the document is broken: {why}", where=name, remedy=BROKEN)
