"""What a DOCX says about a run or paragraph by name: styles, each resting on another."""

from __future__ import annotations

from dataclasses import dataclass, replace
from xml.etree.ElementTree import Element

from cascade.intake.sources.limits import STYLE_CHAIN
from cascade.intake.sources.markup import attribute, child, children

_NO = {"0", "false", "off", "none"}


@dataclass(frozen=True, slots=True)
class Look:
    """What matters of formatting; None where nothing is said. Distances in twips."""

    font: str | None = None
    caps: bool | None = None
    hidden: bool | None = None
    num_id: str | None = None
    level: int | None = None
    before: int | None = None
    after: int | None = None

    def over(self, other: Look) -> Look:
        """This look where it says something, the other one elsewhere."""
        given = {f: v for f in Look.__slots__ if (v := getattr(self, f)) is not None}
        return replace(other, **given) if given else other


_NOTHING = Look()


class Styles:
    """The named styles of a document and its defaults."""

    def __init__(self, root: Element | None) -> None:
        defaults = child(root, "docDefaults")
        self._base = look_of(
            child(defaults, "rPrDefault", "rPr"), child(defaults, "pPrDefault", "pPr")
        )
        self._styles: dict[str, Element] = {}
        self._known: dict[str, Look] = {}
        self._default = ""
        for style in children(root, "style"):
            name = attribute(style, "styleId") or ""
            self._styles[name] = style
            if attribute(style, "type") == "paragraph" and is_on(style, "default"):
                self._default = name

    def paragraph(self, properties: Element | None) -> Look:
        """The look of a paragraph: its own, over its style's, over the defaults."""
        style = attribute(child(properties, "pStyle"), "val") or self._default
        return look_of(None, properties).over(self._named(style)).over(self._base)

    def run(self, properties: Element | None, paragraph: Look) -> Look:
        """The look of a run in a paragraph."""
        style = attribute(child(properties, "rStyle"), "val")
        own = look_of(properties, None)
        return own.over(self._named(style)).over(paragraph) if style else own.over(paragraph)

    def _named(self, name: str) -> Look:
        if name not in self._known:
            chain: list[Element] = []
            asked = name
            # Styles that rest on one another in a circle end here too.
            while (style := self._styles.get(name)) is not None and len(chain) < STYLE_CHAIN:
                chain.append(style)
                name = attribute(child(style, "basedOn"), "val") or ""
            look = Look()
            for style in reversed(chain):
                look = look_of(child(style, "rPr"), child(style, "pPr")).over(look)
            self._known[asked] = look
            return look
        return self._known[name]


def look_of(run: Element | None, paragraph: Element | None) -> Look:
    """The look that run and paragraph properties state themselves."""
    if run is None and paragraph is None:
        return _NOTHING
    fonts = child(run, "rFonts")
    numbers = child(paragraph, "numPr")
    spacing = child(paragraph, "spacing")
    return Look(
        font=attribute(fonts, "hAnsi") or attribute(fonts, "ascii") or attribute(fonts, "cs"),
        caps=_toggle(run, "caps"),
        hidden=_toggle(run, "vanish"),
        num_id=attribute(child(numbers, "numId"), "val"),
        level=whole(attribute(child(numbers, "ilvl"), "val")),
        before=whole(attribute(spacing, "before")),
        after=whole(attribute(spacing, "after")),
    )


def is_on(element: Element | None, name: str) -> bool:
    """Whether an on-off attribute is there and on."""
    return (attribute(element, name) or "0").lower() not in _NO


def whole(text: str | None) -> int | None:
    """A whole number of sane size, or None."""
    text = (text or "").strip()
    return int(text) if text.lstrip("-").isdecimal() and len(text) < 8 else None


def _toggle(run: Element | None, name: str) -> bool | None:
    element = child(run, name)
    if element is None:
        return None
    return (attribute(element, "val") or "1").lower() not in _NO
