"""The digest: one mail a day to a person, of duties of units, in plain text.

Mail leaves the house: it names letter, point, unit and due date, and nothing that they say.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from models.queries.digests import ReminderRow
from workflows.labels import Lang, Words
from workflows.reference import reference
from workflows.reminding import Kind

LISTED = 40  # duties named in one mail


class Mail(NamedTuple):
    """What the outbox keeps of a mail."""

    subject: str
    text: str


def compose(
    name: str, rows: Sequence[ReminderRow], today: date, lang: Lang, home: str = ""
) -> Mail:
    """The digest of a person: what is to be done, the most urgent first.

    `home` is where the pages are, such as https://cascade.example.vn; links begin with it.
    """
    ordered = sorted(rows, key=lambda row: (row.due or date.max, row.step_id))
    lines = [_GREETING.say(lang).format(name=name), "", _BEGIN.say(lang).format(day=_day(today))]
    for words, some in _groups(ordered[:LISTED], today):
        lines += ["", words.say(lang), *(_line(row, lang, home) for row in some)]
    if (left := len(ordered) - LISTED) > 0:
        lines += ["", _MORE.say(lang).format(count=left)]
    if home:
        lines += ["", _ALL.say(lang), f"  {home}/inbox"]
    lines += ["", _END.say(lang)]
    return Mail(_SUBJECT.say(lang).format(day=_day(today)), "\n".join(lines) + "\n")


def _groups(rows: Sequence[ReminderRow], today: date) -> list[tuple[Words, list[ReminderRow]]]:
    """Rows under what is said of them, by dates and today; empty groups are left out."""
    made: dict[str, list[ReminderRow]] = {name: [] for name in _HEADS}
    for row in rows:
        made[_group(row, today)].append(row)
    return [(_HEADS[name], some) for name, some in made.items() if some]


def _group(row: ReminderRow, today: date) -> str:
    if row.kind in (Kind.UNACKNOWLEDGED, Kind.IDLE):
        return row.kind
    if row.due is None or row.due > today:
        return "soon"
    return "today" if row.due == today else "late"


def _line(row: ReminderRow, lang: Lang, home: str) -> str:
    point = _POINT.say(lang).format(no=row.point) if row.point else ""
    due = _DUE.say(lang).format(day=_day(row.due)) if row.due else _NO_DUE.say(lang)
    told = f"- {row.unit}: {point}{reference(row.number, row.symbol)}; {due}"
    return f"{told}\n  {home}/steps/{row.step_id}" if home else told


def _day(day: date | None) -> str:
    return day.strftime("%d/%m/%Y") if day else ""


_SUBJECT = Words("Cascade: việc cần làm của đơn vị, ngày {day}", "Cascade: work of the unit, {day}")
_GREETING = Words("Kính gửi {name},", "{name},")
_BEGIN = Words(
    "Cascade nhắc các việc sau, tính đến ngày {day}:",
    "Cascade reminds you of the following, as of {day}:",
)
_HEADS = {
    "late": Words("Quá hạn", "Overdue"),
    "today": Words("Đến hạn hôm nay", "Due today"),
    "soon": Words("Sắp đến hạn", "Due soon"),
    Kind.UNACKNOWLEDGED: Words("Chưa tiếp nhận", "Not acknowledged yet"),
    Kind.IDLE: Words("Lâu chưa có tiến triển", "No progress for some time"),
}
_POINT = Words("điểm {no}, ", "point {no}, ")
_DUE = Words("hạn {day}", "due {day}")
_NO_DUE = Words("không có hạn", "no due date")
_MORE = Words("Còn {count} việc nữa trong danh sách.", "The list holds {count} more.")
_ALL = Words("Xem tất cả việc của đơn vị:", "All that the unit has to do:")
_END = Words(
    "Thư tự động, mỗi ngày làm việc nhiều nhất một thư. Địa chỉ nhận thư đặt ở trang "
    "“Thư nhắc việc và lịch” của tài khoản.",
    "Sent by itself, at most once a working day. Your account's page “Reminders and calendar” "
    "says where it goes.",
)
