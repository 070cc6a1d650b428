"""Why a phrase comes to its date, in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from workflows.labels import Words


class Reason(StrEnum):
    """One step from the phrase to the date."""

    NAMED = "named"
    YEAR_COMPLETED = "year_completed"
    NO_YEAR = "no_year"
    NO_SUCH_DAY = "no_such_day"
    EXCLUDED = "excluded"
    INCLUDED_HERE = "included_here"
    UNTIL_HOUR = "until_hour"
    AT_MIDNIGHT = "at_midnight"
    FIRST_OF_PERIOD = "first_of_period"
    MIDDLE_OF_PERIOD = "middle_of_period"
    LAST_OF_PERIOD = "last_of_period"
    BEFORE_PERIOD = "before_period"
    FROM_SIGNING = "from_signing"
    FROM_RECEIPT = "from_receipt"
    FROM_DAY = "from_day"
    FROM_EVENT = "from_event"
    FROM_NOTHING = "from_nothing"
    NO_SIGNING = "no_signing"
    NO_RECEIPT = "no_receipt"
    FIRST_DAY_NOT_COUNTED = "first_day_not_counted"
    WORKING_DAYS = "working_days"
    CALENDAR_DAYS = "calendar_days"
    SAME_DAY_OF_MONTH = "same_day_of_month"
    HOURS = "hours"
    AT_ONCE = "at_once"
    ROLLED_FORWARD = "rolled_forward"
    ROLLED_BACK = "rolled_back"
    STAYS_OFF = "stays_off"
    COMES_AGAIN = "comes_again"
    AFTER_EACH = "after_each"
    LAST_WORKING_DAY = "last_working_day"


REASONS: Mapping[Reason, Words] = {
    Reason.NAMED: Words("văn bản nêu rõ ngày", "the text names the day"),
    Reason.YEAR_COMPLETED: Words(
        "không ghi năm: lấy năm của văn bản, hoặc năm sau nếu ngày đó đã qua lâu",
        "no year is printed: the letter's, or the next where that day is long past",
    ),
    Reason.NO_YEAR: Words(
        "không ghi năm và chưa biết ngày ký", "no year is printed and the day of signing is unknown"
    ),
    Reason.NO_SUCH_DAY: Words("lịch không có ngày này", "the calendar has no such day"),
    Reason.EXCLUDED: Words(
        "“trước” không tính ngày được nêu: hạn là ngày liền trước",
        "“trước” (before) leaves the named day out: due the day before",
    ),
    Reason.INCLUDED_HERE: Words(
        "“trước” được hiểu là tính cả ngày được nêu (CASCADE_BEFORE)",
        "“trước” (before) is set to include the named day (CASCADE_BEFORE)",
    ),
    Reason.UNTIL_HOUR: Words(
        "có nêu giờ: trong ngày được nêu, đến trước giờ đó",
        "an hour is named: in time on the named day until then",
    ),
    Reason.AT_MIDNIGHT: Words(
        "0 giờ của ngày được nêu là hết ngày liền trước",
        "midnight, at which the named day begins, ends the day before",
    ),
    Reason.FIRST_OF_PERIOD: Words("đầu kỳ là ngày đầu tiên", "the beginning is the first day"),
    Reason.MIDDLE_OF_PERIOD: Words(
        "giữa tháng là ngày 15 (Bộ luật Dân sự, Điều 146)",
        "mid-month is the 15th (Civil Code, Art. 146)",
    ),
    Reason.LAST_OF_PERIOD: Words(
        "hạn là ngày cuối cùng của kỳ (Bộ luật Dân sự, Điều 146, 148)",
        "due on the last day of the period (Civil Code, Art. 146, 148)",
    ),
    Reason.BEFORE_PERIOD: Words(
        "trước kỳ: hạn là ngày liền trước ngày đầu kỳ",
        "before a period: due the day before its first",
    ),
    Reason.FROM_SIGNING: Words("tính từ ngày ký", "counted from signing"),
    Reason.FROM_RECEIPT: Words("tính từ ngày nhận", "counted from receipt"),
    Reason.FROM_DAY: Words("tính từ ngày được nêu", "counted from the named day"),
    Reason.FROM_EVENT: Words(
        "tính từ một sự việc không rõ ngày: không có ngày hạn",
        "counted from something without a date: there is no due date",
    ),
    Reason.FROM_NOTHING: Words(
        "không nói tính từ ngày nào: không có ngày hạn",
        "the text does not say from when: there is no due date",
    ),
    Reason.NO_SIGNING: Words("chưa biết ngày ký", "the day of signing is unknown"),
    Reason.NO_RECEIPT: Words("chưa biết ngày nhận", "the day of receipt is unknown"),
    Reason.FIRST_DAY_NOT_COUNTED: Words(
        "ngày đầu tiên không tính (Bộ luật Dân sự, Điều 147)",
        "the first day is not counted (Civil Code, Art. 147)",
    ),
    Reason.WORKING_DAYS: Words(
        "chỉ đếm ngày làm việc theo lịch của đơn vị",
        "only working days of the unit's calendar are counted",
    ),
    Reason.CALENDAR_DAYS: Words("đếm cả ngày nghỉ", "days off are counted too"),
    Reason.SAME_DAY_OF_MONTH: Words(
        "kết thúc vào ngày tương ứng của tháng cuối, hoặc ngày cuối tháng đó (Điều 148)",
        "ends on the same day of the last month, or that month's last (Art. 148)",
    ),
    Reason.HOURS: Words(
        "giờ tính liền cả ngày nghỉ: hết trong ngày này",
        "hours run on through days off: they end on this day",
    ),
    Reason.AT_ONCE: Words(
        "phải làm ngay: trong ngày đó, hoặc ngày làm việc kế tiếp",
        "at once: on that day, or the next working day",
    ),
    Reason.ROLLED_FORWARD: Words(
        "ngày cuối là ngày nghỉ: chuyển sang ngày làm việc kế tiếp (Điều 148 khoản 5)",
        "the last day is a day off: due the next working day (Art. 148(5))",
    ),
    Reason.ROLLED_BACK: Words(
        "ngày cuối là ngày nghỉ: lùi về ngày làm việc liền trước",
        "the last day is a day off: due the working day before",
    ),
    Reason.STAYS_OFF: Words(
        "ngày này là ngày nghỉ nhưng giữ nguyên, vì văn bản nêu rõ hoặc đã chọn không chuyển",
        "this is a day off and stays, as the text names it or nothing is set to move it",
    ),
    Reason.COMES_AGAIN: Words(
        "lặp lại: đây là lần đầu từ ngày ký", "comes again: this is the first time from signing on"
    ),
    Reason.AFTER_EACH: Words(
        "lặp lại theo sự việc: không có ngày hạn", "comes with some event: there is no due date"
    ),
    Reason.LAST_WORKING_DAY: Words(
        "không nêu ngày trong kỳ: ngày làm việc cuối cùng của kỳ",
        "no day of the period is named: its last working day",
    ),
}
