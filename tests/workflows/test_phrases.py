"""Deadline phrases come to the right day, for the right reason."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cascade.intake.text import fold
from tests.workflows.days import CALENDAR, day, rows
from workflows.calendar import Roll
from workflows.phrases import Customs, Due, find, read, reckon
from workflows.phrases.reasons import REASONS, Reason
from workflows.phrases.recurring import RECURRING, Again, find_again
from workflows.phrases.rules import DUES, Rule, compiled

SIGNED, RECEIVED = "06-10", "06-12"  # a Wednesday, a Friday

# phrase | signed | received | the day it names | in: that day is in time | last day in time | why
# An empty cell is the day above.
CASES = """
    # a day
    trước ngày 15/12/2026 | | | 12-15 | out | 12-14 | excluded
    trước ngày 15-12-2026 | | | 12-15 | out | 12-14 | excluded
    trước ngày 15.12.2026 | | | 12-15 | out | 12-14 | excluded
    TRƯỚC NGÀY 15/12/2026 | | | 12-15 | out | 12-14 | excluded
    Gửi báo cáo trước ngày 15/12/2026 để tổng hợp. | | | 12-15 | out | 12-14 | excluded
    trước ngày 15 tháng 12 năm 2026 | | | 12-15 | out | 12-14 | excluded
    chậm nhất trước ngày 25/6/2026 | | | 06-25 | out | 06-24 | excluded
    trước ngày 01/01/2027 | | | 2027-01-01 | out | 12-31 | excluded
    trước ngày 01/3/2028 | | | 2028-03-01 | out | 2028-02-29 | excluded
    trước ngày 29/02/2028 | | | 2028-02-29 | out | 2028-02-28 | excluded
    trước ngày 20/7 | | | 07-20 | out | 07-19 | stays_off
    trước ngày 03/9/2026 | | | 09-03 | out | 09-02 | stays_off
    xong trước ngày Quốc khánh 02/9/2026 | | | 09-02 | out | 09-01 | stays_off
    trước ngày 20/01 | | | 2027-01-20 | out | 2027-01-19 | year_completed
    trước ngày 05/6 | | | 06-05 | out | 06-04 | year_completed
    trước ngày 20/7 | 2025-12-01 | | 07-20 | out | 07-19 | year_completed
    trước và trong ngày 20/7/2026 | | | 07-20 | in | 07-20 | named
    trước hoặc vào ngày 21/7/2026 | | | 07-21 | in | 07-21 | named
    chậm nhất ngày 30/9/2026 | | | 09-30 | in | 09-30 | named
    chậm nhất 30/9/2026 | | | 09-30 | in | 09-30 | named
    chậm nhất là ngày 15 tháng 7 | | | 07-15 | in | 07-15 | year_completed
    chậm nhất thứ Sáu, ngày 26/6/2026 | | | 06-26 | in | 06-26 | named
    muộn nhất là ngày 15/7/2026 | | | 07-15 | in | 07-15 | named
    không muộn hơn ngày 12/6/2026 | | | 06-12 | in | 06-12 | named
    không quá ngày 01/7/2026 | | | 07-01 | in | 07-01 | named
    hạn cuối là ngày 31/12/2026 | | | 12-31 | in | 12-31 | named
    hạn chót 30/6/2026 | | | 06-30 | in | 06-30 | named
    thời hạn: 15/7/2026 | | | 07-15 | in | 07-15 | named
    đến hết ngày 31/10/2026 | | | 10-31 | in | 10-31 | stays_off
    hết ngày 02/9/2026 | | | 09-02 | in | 09-02 | stays_off
    hết ngày 22/8/2026 | | | 08-22 | in | 08-22 | named
    vào ngày Chủ nhật 13/9/2026 | | | 09-13 | in | 09-13 | stays_off
    trong ngày 15/7/2026 | | | 07-15 | in | 07-15 | named
    từ ngày 10/7/2026 đến hết ngày 14/7/2026 | | | 07-14 | in | 07-14 | named
    15/12/2026 | | | 12-15 | in | 12-15 | named
    ngày 15/12/2026 | | | 12-15 | in | 12-15 | named
    thời hạn hoàn thành: 30/9/2026 | | | 09-30 | in | 09-30 | named
    đến ngày 30/10/2026 | | | 10-30 | in | 10-30 | named
    trước ngày 31/02/2026 | | | - | in | - | no_such_day
    trước ngày 20/7 | - | - | - | in | - | no_year
    # an hour
    trước 16 giờ 00 phút, ngày 05/8/2026 | | | 08-05 | in | 08-05 | until_hour
    trước 16h30 ngày 05/8/2026 | | | 08-05 | in | 08-05 | until_hour
    trước lúc 9 giờ ngày 01/7/2026 | | | 07-01 | in | 07-01 | until_hour
    chậm nhất 17 giờ ngày 20/6/2026 | | | 06-20 | in | 06-20 | stays_off
    trước 10 giờ sáng ngày 05/8/2026 | | | 08-05 | in | 08-05 | until_hour
    trước 24 giờ ngày 30/6/2026 | | | 06-30 | in | 06-30 | named
    trước 0 giờ ngày 01/7/2026 | | | 07-01 | out | 06-30 | at_midnight
    trước 00 giờ 00 phút, ngày 01/7/2026 | | | 07-01 | out | 06-30 | at_midnight
    # a month, a quarter, a year
    trong tháng 6 | | | 06-30 | in | 06-30 | year_completed
    trong tháng 3 | | | 2027-03-31 | in | 2027-03-31 | year_completed
    trong tháng 6/2026 | | | 06-30 | in | 06-30 | last_of_period
    trong cả tháng 7/2026 | | | 07-31 | in | 07-31 | last_of_period
    trong tháng 02/2028 | | | 2028-02-29 | in | 2028-02-29 | last_of_period
    trong tháng 5/2026 | 2026-05-04 | | 05-31 | in | 05-31 | stays_off
    cuối tháng 11/2026 | | | 11-30 | in | 11-30 | last_of_period
    đến hết tháng 10/2026 | | | 10-31 | in | 10-31 | stays_off
    giữa tháng 7/2026 | | | 07-15 | in | 07-15 | middle_of_period
    giữa tháng 8/2026 | | | 08-15 | in | 08-15 | stays_off
    đầu tháng 7/2026 | | | 07-01 | in | 07-01 | first_of_period
    trước tháng 7/2026 | | | 07-01 | out | 06-30 | before_period
    trước tháng 01/2027 | | | 2027-01-01 | out | 12-31 | before_period
    trong tháng 6 | - | - | - | in | - | no_year
    trong quý III năm 2026 | | | 09-30 | in | 09-30 | last_of_period
    trong quý 3/2026 | | | 09-30 | in | 09-30 | last_of_period
    trong quý II | | | 06-30 | in | 06-30 | year_completed
    cuối quý IV/2026 | | | 12-31 | in | 12-31 | last_of_period
    trước quý II/2027 | | | 2027-04-01 | out | 2027-03-31 | before_period
    trước quý III năm 2026 | | | 07-01 | out | 06-30 | before_period
    trong quý I | - | - | - | in | - | no_year
    trong 6 tháng đầu năm 2026 | | | 06-30 | in | 06-30 | last_of_period
    6 tháng cuối năm | | | 12-31 | in | 12-31 | year_completed
    trong năm 2026 | | | 12-31 | in | 12-31 | last_of_period
    đến hết năm 2027 | | | 2027-12-31 | in | 2027-12-31 | last_of_period
    trước năm 2027 | | | 2027-01-01 | out | 12-31 | before_period
    Thời gian thực hiện: tháng 6/2026 | | | 06-30 | in | 06-30 | last_of_period
    Thời gian hoàn thành: Quý II/2026 | | | 06-30 | in | 06-30 | last_of_period
    Tháng 7/2026 | | | 07-31 | in | 07-31 | last_of_period
    Quý III/2026 | | | 09-30 | in | 09-30 | last_of_period
    năm 2026 | | | 12-31 | in | 12-31 | last_of_period
    # so many working days
    kể từ khi nhận được, trong thời hạn 05 ngày làm việc | | | 06-19 | in | 06-19 | from_receipt
    trong thời hạn năm ngày làm việc kể từ ngày nhận | | | 06-19 | in | 06-19 | working_days
    trong vòng mười lăm ngày kể từ ngày ký | | | 06-25 | in | 06-25 | calendar_days
    trong vòng một tuần kể từ ngày ký | | | 06-17 | in | 06-17 | calendar_days
    trong 24h kể từ khi nhận | | | 06-13 | in | 06-13 | hours
    05 ngày làm việc kể từ ngày nhận được văn bản này | | | 06-19 | in | 06-19 | working_days
    05 ngày làm việc kể từ ngày nhận | | 08-28 | 09-09 | in | 09-09 | first_day_not_counted
    05 ngày làm việc kể từ ngày nhận | | 08-20 | 08-26 | in | 08-26 | working_days
    05 ngày làm việc kể từ ngày nhận | | 02-13 | 02-27 | in | 02-27 | working_days
    05 ngày làm việc kể từ ngày nhận | | 04-24 | 05-06 | in | 05-06 | working_days
    05 ngày làm việc kể từ ngày nhận | | 2025-12-31 | 01-09 | in | 01-09 | working_days
    06 ngày làm việc kể từ ngày nhận | | 2025-12-31 | 01-10 | in | 01-10 | working_days
    05 ngày làm việc kể từ ngày nhận | | 06-13 | 06-19 | in | 06-19 | from_receipt
    05 ngày làm việc kể từ ngày nhận | | - | - | in | - | no_receipt
    trong 03 ngày làm việc kể từ ngày tiếp nhận | | 11-20 | 11-26 | in | 11-26 | working_days
    05 (năm) ngày làm việc kể từ ngày nhận được | | | 06-19 | in | 06-19 | working_days
    chậm nhất 05 ngày làm việc kể từ ngày ký | | | 06-17 | in | 06-17 | from_signing
    chậm nhất sau 03 ngày làm việc kể từ ngày nhận được | | | 06-17 | in | 06-17 | from_receipt
    không quá 15 ngày làm việc kể từ ngày ký | | | 07-01 | in | 07-01 | working_days
    02 ngày làm việc kể từ ngày ban hành | | | 06-12 | in | 06-12 | from_signing
    # so many days, weeks, months
    trong vòng 10 ngày, kể từ ngày ký | | | 06-20 | in | 06-22 | rolled_forward
    trong vòng 07 ngày kể từ ngày ký | | | 06-17 | in | 06-17 | calendar_days
    trong 3 ngày kể từ ngày ban hành | | | 06-13 | in | 06-15 | rolled_forward
    trong vòng 10 ngày kể từ ngày nhận được | | | 06-22 | in | 06-22 | from_receipt
    trong thời hạn tối đa 20 ngày kể từ ngày ký | | | 06-30 | in | 06-30 | first_day_not_counted
    trong vòng 10 ngày kể từ ngày 01/7/2026 | | | 07-11 | in | 07-13 | from_day
    trong vòng 80 ngày kể từ ngày ký | | | 08-29 | in | 09-03 | rolled_forward
    trong 02 tuần kể từ ngày ký | | | 06-24 | in | 06-24 | calendar_days
    trong thời hạn 01 tháng kể từ ngày ký | | | 07-10 | in | 07-10 | same_day_of_month
    trong thời hạn 01 tháng kể từ ngày ký | 01-31 | | 02-28 | in | 03-02 | same_day_of_month
    trong vòng 03 tháng kể từ ngày ký | | | 09-10 | in | 09-10 | same_day_of_month
    trong 01 năm kể từ ngày ký | | | 2027-06-10 | in | 2027-06-10 | same_day_of_month
    trong vòng 10 ngày kể từ ngày ký | - | - | - | in | - | no_signing
    trong 30 ngày kể từ ngày ký hợp đồng | | | - | in | - | from_event
    trong thời hạn 10 ngày | | | - | in | - | from_nothing
    # hours, and at once
    trong vòng 24 giờ kể từ khi nhận được văn bản | | | 06-13 | in | 06-13 | hours
    trong vòng 48 giờ kể từ khi nhận được văn bản | | | 06-14 | in | 06-14 | hours
    trong vòng 12 giờ kể từ khi nhận được văn bản | | | 06-13 | in | 06-13 | hours
    trong vòng 08 giờ làm việc kể từ khi nhận được | | | 06-15 | in | 06-15 | working_days
    trong vòng 24 giờ kể từ khi bão tan | | | - | in | - | from_event
    trong vòng 24 giờ | | | - | in | - | from_nothing
    ngay sau khi nhận được Công văn này | | | 06-12 | in | 06-12 | at_once
    ngay sau khi nhận được Công văn này | | 06-13 | 06-13 | in | 06-15 | at_once
    ngay sau khi nhận được Công văn này | | - | - | in | - | no_receipt
    ngay khi nhận được văn bản | | | 06-12 | in | 06-12 | at_once
    ngay sau khi ký | | | 06-10 | in | 06-10 | at_once
    ngay sau khi bão tan | | | - | in | - | from_event
    # what comes again: the first time
    Định kỳ hằng tháng (trước ngày 20) báo cáo | | | 06-20 | out | 06-19 | comes_again
    Định kỳ hằng tháng (trước ngày 20) báo cáo | 06-19 | | 06-20 | out | 06-19 | excluded
    Định kỳ hằng tháng (trước ngày 20) báo cáo | 06-20 | | 07-20 | out | 07-19 | stays_off
    hằng tháng, trước ngày 05 tháng sau | | | 07-05 | out | 07-04 | stays_off
    hằng quý, trước ngày 05 tháng sau | | | 07-05 | out | 07-04 | stays_off
    hằng quý, trước ngày 05 tháng sau | 04-02 | | 04-05 | out | 04-04 | stays_off
    hằng tháng (chậm nhất ngày 31) | | | 06-30 | in | 06-30 | comes_again
    Hằng tháng báo cáo | | | 06-30 | in | 06-30 | last_working_day
    Hằng tháng báo cáo | 05-30 | | 06-30 | in | 06-30 | last_working_day
    Hằng tháng báo cáo | 05-11 | | 05-31 | in | 05-29 | last_working_day
    Hằng quý báo cáo kết quả | | | 06-30 | in | 06-30 | last_working_day
    Hằng quý báo cáo kết quả | 07-01 | | 09-30 | in | 09-30 | last_working_day
    hằng quý chậm nhất ngày 25 của tháng cuối quý | | | 06-25 | in | 06-25 | comes_again
    hằng quý chậm nhất ngày 25 của tháng cuối quý | 06-26 | | 09-25 | in | 09-25 | comes_again
    định kỳ ngày 25 hằng tháng | | | 06-25 | in | 06-25 | comes_again
    vào ngày 30 của tháng cuối quý | | | 06-30 | in | 06-30 | comes_again
    03 tháng một lần | | | 06-30 | in | 06-30 | last_working_day
    Định kỳ 6 tháng, năm và đột xuất báo cáo | | | 06-30 | in | 06-30 | last_working_day
    Định kỳ 6 tháng, năm và đột xuất báo cáo | 07-02 | | 12-31 | in | 12-31 | last_working_day
    hằng năm | | | 12-31 | in | 12-31 | last_working_day
    Hàng tuần gửi số liệu mực nước | | | 06-14 | in | 06-12 | last_working_day
    Hàng tuần gửi số liệu mực nước | 06-13 | | 06-21 | in | 06-19 | last_working_day
    Hàng tuần gửi số liệu mực nước | 02-14 | | 03-01 | in | 02-27 | last_working_day
    mỗi tuần một lần | | | 06-14 | in | 06-12 | last_working_day
    thứ Sáu hằng tuần | | | 06-12 | in | 06-12 | comes_again
    thứ Sáu hằng tuần | 06-13 | | 06-19 | in | 06-19 | comes_again
    trước 16 giờ 00 hằng ngày | | | 06-11 | in | 06-11 | comes_again
    Sau mỗi đợt tiêm | | | - | in | - | after_each
    Hằng quý báo cáo kết quả | - | - | - | in | - | no_signing
"""


def reckoned(phrase: str, signed: str, received: str, customs: Customs | None = None) -> Due:
    """A phrase on the calendar written by hand."""
    signed_on = day(signed or SIGNED)
    said = read(fold(phrase), signed_on)
    assert said is not None, phrase
    on = day(received or RECEIVED)
    return reckon(said, CALENDAR, signed=signed_on, received=on, customs=customs)


@pytest.mark.parametrize(
    ("phrase", "signed", "received", "named", "within", "due", "why"),
    rows(CASES),
)
def test_a_phrase_comes_to_its_day(
    phrase: str, signed: str, received: str, named: str, within: str, due: str, why: str
) -> None:
    made = reckoned(phrase, signed, received)
    assert (made.named, made.inclusive, made.due) == (day(named), within == "in", day(due))
    assert why in made.reasons
    assert made.calendar == "by hand"


# phrase | before includes | roll | roll named | named | due | why
SETTLED = """
    trước ngày 15/12/2026 | yes | forward | none | 12-15 | 12-15 | included_here
    trước ngày 20/7 | no | forward | forward | 07-20 | 07-19 | stays_off
    trước ngày 20/7 | no | forward | back | 07-20 | 07-17 | rolled_back
    trước quý II/2027 | yes | forward | none | 2027-04-01 | 2027-03-31 | before_period
    trước 0 giờ ngày 01/7/2026 | yes | forward | none | 07-01 | 06-30 | at_midnight
    Định kỳ hằng tháng (trước ngày 20) | yes | forward | none | 06-20 | 06-20 | included_here
    đến hết ngày 31/10/2026 | no | forward | forward | 10-31 | 11-02 | rolled_forward
    đến hết ngày 31/10/2026 | no | forward | back | 10-31 | 10-30 | rolled_back
    trong tháng 5/2026 | no | back | none | 05-31 | 05-31 | stays_off
    trong tháng 5/2026 | no | none | back | 05-31 | 05-29 | rolled_back
    trong vòng 10 ngày, kể từ ngày ký | no | back | none | 06-20 | 06-19 | rolled_back
    trong vòng 10 ngày, kể từ ngày ký | no | none | forward | 06-20 | 06-20 | stays_off
    05 ngày làm việc kể từ ngày ký | no | back | back | 06-17 | 06-17 | working_days
"""


@pytest.mark.parametrize(
    ("phrase", "includes", "counted", "of_named", "named", "due", "why"), rows(SETTLED)
)
def test_what_no_law_settles_a_house_settles(
    phrase: str, includes: str, counted: str, of_named: str, named: str, due: str, why: str
) -> None:
    customs = Customs(includes == "yes", Roll(counted), Roll(of_named))
    made = reckoned(phrase, "", "", customs)
    assert (made.named, made.due) == (day(named), day(due))
    assert why in made.reasons


@pytest.mark.parametrize(
    ("phrase", "hour"),
    [
        ("trước 16 giờ 00 phút, ngày 05/8/2026", "16:00"),
        ("trước 16h30 ngày 05/8/2026", "16:30"),
        ("trước ngày 05/8/2026", None),
        ("trước 24 giờ ngày 05/8/2026", None),
        ("trước 27 giờ ngày 05/8/2026", None),
        ("trước 4 giờ chiều ngày 05/8/2026", "16:00"),
        ("trước 16 giờ 30 hằng ngày", "16:30"),
    ],
)
def test_the_hour_is_kept(phrase: str, hour: str | None) -> None:
    made = reckoned(phrase, "", "").hour
    assert (f"{made:%H:%M}" if made else None) == hour


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Kiểm tra đê.",
        "Rà soát 25/30 xã, phường.",
        "theo Nghị quyết ngày 01/7/2025 của",
        "nửa đầu tháng 7",
    ],
)
def test_what_is_no_deadline_is_none(text: str) -> None:
    assert read(fold(text), date(2026, 6, 10)) is None


@pytest.mark.parametrize(
    "text", ["nhiệm vụ trong năm 2026", "đầu tháng 6/2026", "05 ngày làm việc"]
)
def test_in_running_text_less_is_a_deadline_than_by_itself(text: str) -> None:
    assert find(fold(text), date(2026, 6, 10)) == []
    assert find(fold(text), date(2026, 6, 10), alone=True) != []


@pytest.mark.parametrize("rule", [*DUES, *RECURRING], ids=lambda rule: rule.meaning)
def test_a_rule_fits_its_example(rule: Rule | Again) -> None:
    assert compiled(rule.pattern).search(fold(rule.example))


def test_every_reason_has_words_and_is_shown_by_some_case() -> None:
    assert set(REASONS) == set(Reason)
    assert {row[-1] for table in (CASES, SETTLED) for row in rows(table)} == set(Reason)


DAYS = st.dates(date(2025, 6, 1), date(2027, 6, 1))


@settings(max_examples=60, deadline=None)
@given(DAYS, DAYS, st.integers(1, 90), st.sampled_from(["ngày", "ngày làm việc", "tuần", "tháng"]))
def test_a_counted_period_ends_later_than_it_starts_and_on_a_working_day(
    signed: date, received: date, count: int, unit: str
) -> None:
    said = read(f"trong thoi han {count} {fold(unit)} ke tu ngay nhan duoc", signed)
    assert said is not None
    made = reckon(said, CALENDAR, signed=signed, received=received)
    assert made.due is not None
    assert made.due > received
    assert CALENDAR.is_working(made.due)
    later = reckon(said, CALENDAR, received=received.replace(year=received.year + 1))
    assert later.due is not None
    assert later.due > made.due


@settings(max_examples=60, deadline=None)
@given(
    DAYS,
    st.sampled_from(
        [row[0] for row in rows(CASES) if row[-1] in ("comes_again", "last_working_day")]
    ),
)
def test_what_comes_again_comes_after_the_letter(signed: date, phrase: str) -> None:
    said = find_again(fold(phrase))
    assert said is not None
    made = reckon(said, CALENDAR, signed=signed)
    assert made.due is not None
    assert signed <= made.due, (made, signed)
    assert (made.due - signed).days <= 370


@pytest.mark.parametrize("signed", [date.min, date.max])
def test_the_ends_of_time_are_no_fault(signed: date) -> None:
    for phrase, *_ in rows(CASES):
        said = read(fold(phrase), signed)
        if said is not None:
            reckon(said, CALENDAR, signed=signed, received=signed)
