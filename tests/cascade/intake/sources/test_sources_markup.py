"""What is left out of a long XML part changes nothing of what is read in it."""

from __future__ import annotations

import pytest

from cascade.errors import UnreadableLetterError
from cascade.intake.sources.markup import local, parse

OPEN = '<w:styles xmlns:w="urn:w">'
UNREAD = ("tblPr",)


def names(inside: str) -> list[str]:
    part = f"{OPEN}{inside}</w:styles>".encode()
    return [local(element) for element in parse(part, "a.docx", unread=UNREAD).iter()][1:]


@pytest.mark.parametrize(
    ("inside", "left"),
    [
        ("<w:a/><w:tblPr><w:b/></w:tblPr><w:c/>", ["a", "c"]),
        ('<w:tblPr w:x="1"><w:b/></w:tblPr><w:c/><w:tblPr\n></w:tblPr>', ["c"]),
        # An empty one, and one of a longer name, hide nothing behind them.
        ("<w:tblPr/><w:c/><w:tblPr><w:b/></w:tblPr>", ["tblPr", "c"]),
        ("<w:tblPrEx><w:c/></w:tblPrEx><w:tblPr></w:tblPr>", ["tblPrEx", "c"]),
        # Where a tag may be none, or stands in another, the whole part is read.
        ("<!-- <w:tblPr> --><w:c/><!-- </w:tblPr> -->", ["c"]),
        ("<?x <w:tblPr>?><?x?><w:c/><?x </w:tblPr>?>", ["c"]),
        ("<w:tblPr><w:tblPr/><w:tblPr></w:tblPr><w:c/></w:tblPr>", ["tblPr"] * 3 + ["c"]),
        ('<w:a w:x="&lt;w:tblPr>"/><w:c/>', ["a", "c"]),
    ],
)
def test_what_stands_beside_an_element_left_out(inside: str, left: list[str]) -> None:
    assert names(inside) == left


@pytest.mark.parametrize("inside", ["<w:tblPr>", "<w:tblPr", "<w:tblPr/><w:a>", "</w:tblPr>"])
def test_broken_xml_stays_broken(inside: str) -> None:
    with pytest.raises(UnreadableLetterError, match="broken"):
        names(inside)


def test_many_empty_elements_cost_no_square() -> None:
    many = 200_000
    assert len(names("<w:tblPr/>" * many + "<w:tblPr></w:tblPr>")) == many
