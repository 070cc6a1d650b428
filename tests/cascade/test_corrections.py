"""What a person sets right is taken, kept beside what was read, and counted."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import text

from cascade import corrections, form, provenance, register
from cascade import plan as planning
from cascade.clock import on
from cascade.corrections import Corrections, NamedDuty, parse, read_day, read_duty
from cascade.errors import BadInputError
from cascade.intake import read_text
from cascade.intake.reading import CitationFound
from cascade.matching import AmbiguousCitationError, key
from cascade.naming import Directory
from cascade.plan import Choices, MissingFieldsError, Plan, UnknownIssuerError
from cascade.verify import verify
from models.database import Database
from models.queries import acting, recognising
from models.queries import register as registered
from tests.cli.letters import DIRECTIVE, DISPATCH, letter
from tests.worlds import Office

SECRETARY, DISTRICT = "hang.nt", "vuong.tt"


def planned(db: Database, content: str, wanted: Corrections | None = None) -> Plan:
    """The plan of a letter with corrections."""
    wanted = wanted or Corrections()
    with db.read() as conn:
        made = planning.plan(conn, read_text(content), wanted.fields, "a.txt", wanted.choices)
    return corrections.apply(made, wanted, "a.txt")


def enter(
    db: Database, content: str, wanted: Corrections | None = None, as_: str = SECRETARY
) -> int:
    """Register a letter with corrections; its id."""
    with db.read() as conn:
        who = acting.actor(conn, as_)
    assert who is not None
    made = planned(db, content, wanted)
    return register.enter(db, made, who, on(date(2024, 9, 20)), text=content)


def owed(plan: Plan) -> list[str]:
    """The duties of a plan as a person names them."""
    return [provenance.in_words(plan, duty) for duty in plan.duties]


def accuracy(db: Database) -> dict[str, tuple[int, ...]]:
    """Field → read, right, changed, missed, spurious."""
    with db.read() as conn:
        return {row.field: tuple(row[1:]) for row in recognising.accuracy(conn)}


# -- what can be said ----------------------------------------------------------------------

DUTIES = [
    ("LG-SYT", NamedDuty("LG-SYT")),
    ("LG-SYT@5.a", NamedDuty("LG-SYT", "5.a")),
    (" LG-SYT @ 5.a = 2024-09-30 ", NamedDuty("LG-SYT", "5.a", date(2024, 9, 30))),
    ("LG-SYT=30/9/2024", NamedDuty("LG-SYT", None, date(2024, 9, 30))),
    ("LG-SYT=ngày 30 tháng 9 năm 2024", NamedDuty("LG-SYT", None, date(2024, 9, 30))),
    ("", None),
    ("@5.a", None),
    ("LG-SYT@", None),
    ("LG-SYT=soon", None),
    ("LG-SYT=31/9/2024", None),
]


@pytest.mark.parametrize(("given", "duty"), DUTIES)
def test_a_duty_is_named_by_unit_point_and_date(given: str, duty: NamedDuty | None) -> None:
    assert read_duty(given) == duty


DAYS = [
    ("2024-09-05", date(2024, 9, 5)),
    ("5/9/2024", date(2024, 9, 5)),
    ("05.09.2024", date(2024, 9, 5)),
    ("ngày 05 tháng 9 năm 2024", date(2024, 9, 5)),
    ("Ngày 5 tháng 9, năm 2024", date(2024, 9, 5)),
    ("5/9", None),
    ("30/2/2024", None),
    ("trước 5/9/2024 một ngày", None),
    ("", None),
]


@pytest.mark.parametrize(("given", "day"), DAYS)
def test_a_day_is_read_as_people_write_it(given: str, day: date | None) -> None:
    assert read_day(given) == day


def test_every_correction_that_corrects_nothing_is_told_at_once() -> None:
    with pytest.raises(BadInputError) as told:
        parse(["colour=red", "number=7"], ["@1"], ["LG=soon"], ["12/KH=Lx", "7/UBND=L3"])
    for part in ("'colour=red'", "'@1'", "'LG=soon'", "'12/KH=Lx'", "--duty", "--cites"):
        assert part in str(told.value)
    assert "number=7" not in str(told.value)


def test_corrections_are_taken_as_options_give_them() -> None:
    made = parse(["number= 7 "], ["A=2024-01-02"], ["B@1"], ["07/UBND-NN=L3", "1 /x=none"])
    assert made.fields == {"number": "7"}
    assert (made.add, made.drop) == (
        (NamedDuty("A", None, date(2024, 1, 2)),),
        (NamedDuty("B", "1"),),
    )
    assert made.cites == {"7/ubnd-nn": 3, "1/x": None}
    assert key("007/UBND-NN") == key("7/ubnd - nn")


# -- duties --------------------------------------------------------------------------------


def test_duties_are_added_dropped_and_dated(filled: Database) -> None:
    before = owed(planned(filled, DIRECTIVE.read_text("utf-8")))
    assert "LG-SYT@5.a=2024-09-19" in before
    wanted = parse(
        duties=["LG-SYT@5.a=2024-09-25", "LG-STN@2", "LG-VL-QLD=1/10/2024"],
        no_duties=["LG-SGT@4", "LG-DK"],
    )
    after = owed(planned(filled, DIRECTIVE.read_text("utf-8"), wanted))
    assert set(before) - set(after) == {
        "LG-SYT@5.a=2024-09-19",
        next(one for one in before if one.startswith("LG-SGT@4")),
        next(one for one in before if one.startswith("LG-DK")),
    }
    assert set(after) - set(before) == {
        "LG-SYT@5.a=2024-09-25",
        "LG-STN@2",
        "LG-VL-QLD=2024-10-01",
    }


FAULTS = [
    pytest.param(["ZZ"], [], "no unit has the code ZZ", id="an unknown unit"),
    pytest.param(["LG-SYT@9"], [], "no point 9; the letter has 1", id="an unknown point"),
    pytest.param([], ["LG-SYT@3"], "LG-SYT@3: the letter lays no such duty", id="none to drop"),
    pytest.param(["LG-SYT@5.a"], [], "lays this duty already", id="one that is there"),
]


@pytest.mark.parametrize(("add", "drop", "part"), FAULTS)
def test_a_duty_that_fits_nothing_is_told(
    small: Database, add: list[str], drop: list[str], part: str
) -> None:
    content = DIRECTIVE.read_text("utf-8")
    with pytest.raises(BadInputError, match=part):
        planned(small, content, parse(duties=[*add, "LG-STN@2"], no_duties=drop))
    with pytest.raises(BadInputError) as told:
        planned(small, content, parse(duties=["YY", "LG-SYT@77", *add], no_duties=drop))
    assert [p for p in ("code YY", "point 77", part) if p not in str(told.value)] == []


# -- what is kept --------------------------------------------------------------------------


def test_what_was_read_and_what_was_kept_stand_side_by_side(filled: Database) -> None:
    content = DIRECTIVE.read_text("utf-8")
    wanted = parse(
        ["subject=Phòng, chống bão", "urgency=", "signer=Trần Đình Lượng"],
        duties=["LG-SYT@5.a=2024-09-25", "LG-STN@2=2024-10-05"],
        no_duties=["LG-SGT@4"],
    )
    letter_id = enter(filled, content, wanted)
    with filled.read() as conn:
        rows = recognising.recognised(conn, letter_id)
        kept = registered.whole(conn, letter_id)
    assert kept is not None
    assert (kept["subject"], kept["urgency"]) == ("Phòng, chống bão", None)
    by_field: dict[str, list[dict[str, Any]]] = {}
    for one in rows:
        by_field.setdefault(str(one["field"]), []).append(one)
    (number,) = by_field["number"]
    assert (number["read"], number["kept"]) == ("3158", "3158")
    assert content[number["span_start"] : number["span_end"]] == "3158"
    assert by_field["urgency"][0]["kept"] is None
    assert len(by_field["addressee"]) == 7
    for row in by_field["addressee"]:
        assert content[row["span_start"] : row["span_end"]].rstrip(".;") == row["read"]
        assert row["kept"] == row["read"]
    figures = accuracy(filled)
    duties = len(planned(filled, content).duties)
    assert figures["subject"] == (1, 0, 1, 0, 0)
    assert figures["urgency"] == (1, 0, 0, 0, 1)
    assert figures["signer"] == (1, 0, 1, 0, 0)
    assert figures["number"] == (1, 1, 0, 0, 0)
    assert figures["duty unit"] == (duties, duties - 1, 0, 1, 1)
    assert figures["duty due"][2:] == (1, 1, 1)
    with filled.read() as conn:
        assert verify(conn) == []


def test_nothing_is_kept_of_a_letter_that_is_refused(filled: Database) -> None:
    enter(filled, letter("7"))
    counts = {table: _count(filled, table) for table in ("recognition", "fingerprint", "letter")}
    with pytest.raises(BadInputError, match="on file already"):
        enter(filled, letter("07"))  # zeros before a number do not make another letter
    assert {table: _count(filled, table) for table in counts} == counts


def test_a_number_a_person_gave_counts_as_missed(small: Database) -> None:
    content = letter("7").replace("Số: 7/UBND-NN\n", "")
    with pytest.raises(MissingFieldsError) as told:
        planned(small, content)
    assert told.value.fields == ("number", "symbol")
    enter(small, content, parse(["number=7", "symbol=UBND-NN"]))
    enter(small, letter("8"))  # noise: read whole
    assert accuracy(small)["number"] == (1, 1, 0, 1, 0)
    assert accuracy(small)["date"] == (2, 2, 0, 0, 0)


def test_letters_entered_by_hand_say_nothing_about_the_reader(office: Office) -> None:
    office.letter("P", owe=["A"])
    assert accuracy(office.db) == {}


# -- where it was found --------------------------------------------------------------------


def test_each_value_is_shown_with_its_line_and_words(small: Database) -> None:
    content = DISPATCH.read_text("utf-8")
    made = planned(small, content, parse(["signer=Nguyễn Văn A"]))
    shown = {one.field: one for one in provenance.values(made, content)}
    line = next(i for i, said in enumerate(content.splitlines(), 1) if "Số:" in said)
    assert (shown["number"].line, shown["number"].confidence) == (line, 0.98)
    assert "Số: [" in shown["number"].words
    assert (shown["signer"].line, shown["signer"].confidence) == (None, None)
    assert "[3158/UBND-NN" in shown["implements"].words or "3158" in shown["implements"].words
    assert all(len(one.words) < 130 for one in shown.values())
    assert provenance.missing(made) == []


PLACES = [
    ("một\nhai ba bốn\nnăm", "ba", 2, "hai [ba] bốn"),
    ("a" * 60 + " X " + "b" * 60, "X", 1, "…" + "a" * 23 + " [X] " + "b" * 23 + "…"),
    ("đầu\ncuối", "cuối", 2, "[cuối]"),
]


@pytest.mark.parametrize(("content", "value", "line", "words"), PLACES)
def test_the_words_around_a_value_are_shortened(
    content: str, value: str, line: int, words: str
) -> None:
    at = content.index(value)
    assert provenance.where(content, at, at + len(value)) == (line, words)


# -- the form ------------------------------------------------------------------------------


def test_a_form_that_was_only_saved_changes_nothing(small: Database) -> None:
    made = planned(small, DIRECTIVE.read_text("utf-8"))
    read = form.read(form.write(made), made, Corrections())
    assert read.fields == {}
    assert corrections.apply(made, read).duties == made.duties


def test_a_form_sets_head_and_duties_right(small: Database) -> None:
    made = planned(small, DIRECTIVE.read_text("utf-8"))
    edited = form.write(made).replace("number: 3158", "number: 3159").replace("urgency: KHẨN", "")
    edited = edited.replace("date: 2024-09-09", "date: 8/9/2024")
    edited = edited.replace("duty: LG-SYT@5.a=2024-09-19\n", "duty: LG-SYT@5.a = 2024-09-22\n")
    read = form.read(edited, made, Corrections(cites={"x": 1}))
    assert read.fields == {"number": "3159", "date": "2024-09-08", "urgency": ""}
    assert read.cites == {"x": 1}
    after = planned(small, DIRECTIVE.read_text("utf-8"), read)
    assert (after.number, after.dated, after.beside("urgency")) == ("3159", date(2024, 9, 8), None)
    assert "LG-SYT@5.a=2024-09-22" in owed(after)
    assert len(after.duties) == len(made.duties)


def test_every_fault_of_a_form_is_told_at_once(small: Database) -> None:
    made = planned(small, DIRECTIVE.read_text("utf-8"))
    edited = form.write(made).replace("number: 3158", "number:").replace("symbol:", "colour:")
    edited = edited.replace("date: 2024-09-09", "date: 31/9/2024").replace(
        "issuer: LG", "issuer: X"
    )
    edited += "duty: ZZ@1\nduty: LG-SYT@88\nduty: @\nnonsense\nkind: hai lần\n"
    with pytest.raises(BadInputError) as told:
        form.read(edited, made, Corrections())
    parts = (
        "number is needed",
        "no field 'colour'",
        "symbol is needed",
        "'31/9/2024' is not a date",
        "code X on",
        "code ZZ",
        "no point 88",
        "'@' is no CODE@POINT=DATE",
        "no field 'nonsense'",
        "kind stands there twice",
    )
    assert [part for part in parts if part not in str(told.value)] == []


# -- which unit is meant -------------------------------------------------------------------

NEAR = [  # printed, seen from, code or none
    ("Sở Y tế", "LG", "LG-SYT"),
    ("Sở Y tế", "LG-TL", "LG-SYT"),
    ("Phòng Nông nghiệp và Phát triển nông thôn", "LG-TL", "LG-TL-PNN"),
    ("Phòng Nông nghiệp và Phát triển nông thôn", "LG-TL-TT", "LG-TL-PNN"),
    ("Phòng Nông nghiệp và Phát triển nông thôn", "LG", None),  # four districts have one
    ("Phòng Nônq nghiệp và Phát triển nông thôn", "LG-TL", "LG-TL-PNN"),  # one letter misread
    ("Sở Giao thông vận tái", "LG", "LG-SGT"),
    ("Sở Giao thông vận tảl", "LG", "LG-SGT"),
    ("Sở Y lế", "LG", None),  # too short to be sure
    ("Tổ dân phố số 1 phường Bến Đò", "LG-VL-BD", "LG-VL-BD-T1"),
    ("Tổ dân phố số 3 phường Bến Đò", "LG-VL-BD", None),  # another number is another unit
    ("UBND xã An Phong", "LG-AT", "LG-AT-AP"),
    ("UBND xã An Phông", "LG-AT", "LG-AT-AP"),
    ("UBND xã An Phươg", "LG-AT", None),
    ("Sở Ngoại vụ Sao Hỏa", "LG", None),
]


@pytest.mark.parametrize(("printed", "near", "code"), NEAR)
def test_a_name_is_taken_for_a_unit_only_when_that_is_sure(
    small: Database, printed: str, near: str, code: str | None
) -> None:
    with small.read() as conn:
        directory = Directory(conn, date(2024, 9, 10))
        found = directory.find(printed, directory.coded(near))
    codes = [directory.units[unit_id].code for unit_id in found.unit_ids]
    assert codes == ([code] if code else [])
    if found.is_ambiguous:
        assert {one.score for one in found.candidates} == {100}
        assert len(found.candidates) > 1


def test_an_unsure_name_comes_with_its_candidates_and_their_scores(small: Database) -> None:
    with small.read() as conn:
        directory = Directory(conn, date(2024, 9, 10))
        found = directory.find("Sở Y lế", directory.coded("LG"))
    first = found.candidates[0]
    assert (first.code, 80 <= first.score < 95) == ("LG-SYT", True)
    assert [one.score for one in found.candidates] == sorted(
        (one.score for one in found.candidates), reverse=True
    )


def test_a_picked_unit_is_taken_and_kept_as_changed(small: Database) -> None:
    content = letter("7", to="Sở Y lế")
    assert [name.printed for name in planned(small, content).unknown] == ["Sở Y lế"] * 2
    with small.read() as conn:
        unit = Directory(conn, date(2024, 9, 10)).coded("LG-SYT")
    assert unit is not None
    enter(small, content, Corrections(units={"Sở Y lế": unit}))
    assert accuracy(small)["addressee"] == (1, 0, 1, 0, 0)
    assert accuracy(small)["duty unit"] == (1, 1, 0, 0, 0)


def test_an_issuer_that_is_no_unit_comes_with_its_candidates(small: Database) -> None:
    with pytest.raises(UnknownIssuerError) as told:
        planned(small, letter("7", body="TỈNH LAM GLANG"))
    assert told.value.named.candidates[0].code == "LG"
    picked = {told.value.named.printed: told.value.named.candidates[0].unit_id}
    made = planned(small, letter("7", body="TỈNH LAM GLANG"), Corrections(units=picked))
    assert made.codes[made.issuer_id] == "LG"


# -- which letter is meant -----------------------------------------------------------------


def citing(reference: str, day: str = "", by: str = "Ủy ban nhân dân tỉnh") -> str:
    """A district's letter that implements another."""
    dated = f" ngày {day}" if day else ""
    return letter(
        "20",
        day=20,
        body="HUYỆN THẠCH LĨNH",
        to="Phòng Nông nghiệp và Phát triển nông thôn",
        text=f"Thực hiện Công văn số {reference}{dated} của {by} về việc kiểm tra thuốc dự phòng, "
        "Ủy ban nhân dân huyện yêu cầu:",
    )


CITED = [  # reference, day, by → the letter on file, or none, or those between which to choose
    pytest.param("7/UBND-NN", "03/9/2024", "Ủy ban nhân dân tỉnh", 1, id="the whole identity"),
    pytest.param("07/UBND-NN", "03/9/2024", "Ủy ban nhân dân tỉnh", 1, id="a zero before"),
    pytest.param("7/UBND-NN", "04/9/2024", "Ủy ban nhân dân tỉnh", 2, id="the other day"),
    pytest.param("7/UBND-NN", "05/9/2024", "Ủy ban nhân dân tỉnh", None, id="no such day"),
    pytest.param("7/UBND-NN", "", "Ủy ban nhân dân tỉnh", (1, 2), id="without its date"),
    pytest.param("8/UBND-NN", "", "Ủy ban nhân dân tỉnh", 3, id="one of that number by then"),
    pytest.param("7/UBND-NN", "03/9/2024", "Ủy ban nhân dân huyện An Trạch", 5, id="another body"),
    pytest.param("9/UBND-NN", "", "Ủy ban nhân dân tỉnh", None, id="none of that number"),
]


@pytest.mark.parametrize(("reference", "day", "by", "meant"), CITED)
def test_a_citation_means_a_letter_by_its_whole_identity(
    small: Database, reference: str, day: str, by: str, meant: int | tuple[int, ...] | None
) -> None:
    for number, of in (("7", 3), ("7", 4), ("8", 5), ("8", 25)):
        enter(small, letter(number, day=of))
    enter(
        small,
        letter(
            "7",
            day=3,
            body="HUYỆN AN TRẠCH",
            to="Phòng Nông nghiệp và Phát triển nông thôn",
        ),
        as_="tue.tq",
    )
    (cited,) = planned(small, citing(reference, day, by)).citations
    assert isinstance(cited.found, CitationFound)
    if isinstance(meant, tuple):
        assert tuple(fit.letter.id for fit in cited.candidates) == meant
        assert cited.on_file is None
    else:
        assert (cited.on_file.id if cited.on_file else None) == meant
        assert cited.candidates == ()


def test_an_ambiguous_citation_is_settled_by_a_person(filled: Database) -> None:
    for day in (3, 4):
        enter(filled, letter("7", day=day))
    made = planned(filled, citing("7/UBND-NN"))
    told = str(AmbiguousCitationError(made.ambiguous, "c.txt"))
    assert "L1 công văn 7/UBND-NN (03/09/2024)" in told
    assert "--cites 7/UBND-NN=L1" in told
    settled = planned(filled, citing("7/UBND-NN"), parse(cites=["7/UBND-NN=L2"]))
    assert [c.on_file.id for c in settled.citations if c.on_file] == [2]
    none = parse(cites=["7/UBND-NN=none"])
    assert planned(filled, citing("7/UBND-NN"), none).ambiguous == ()
    enter(filled, citing("7/UBND-NN"), none, DISTRICT)
    assert _count(filled, "letter") == 4  # with a stub of its own


def test_a_choice_that_is_no_letter_of_that_number_is_a_stub(small: Database) -> None:
    enter(small, letter("7", day=3))
    wanted = Choices(cites={key("7/UBND-NN"): 99})
    with small.read() as conn:
        made = planning.plan(conn, read_text(citing("7/UBND-NN")), {}, "c.txt", wanted)
    assert made.citations[0].on_file is None


def _count(db: Database, table: str) -> int:
    with db.read() as conn:
        return int(conn.execute(text(f"SELECT count(*) FROM {table}")).scalar_one())
