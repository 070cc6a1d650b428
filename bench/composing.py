"""Letters of one to three pages on neutral topics, the same ones every time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from tests.cascade.intake import composing as parts

SEED = 20260915
FIRST = date(2024, 1, 2)
POINTS = (4, 22)  # the first of so many fill one page, the last three
BECAUSE = (
    *("trên cơ sở kết quả thực hiện sáu tháng đầu năm", "theo phân cấp quản lý hiện hành"),
    *("bảo đảm tiết kiệm, đúng đối tượng", "trong phạm vi dự toán được giao"),
    *(
        "không để gián đoạn việc phục vụ người dân",
        "lồng ghép với các chương trình khác",
    ),
)
THEN = (
    *("phân công người theo dõi từng thôn, tổ dân phố", "niêm yết kết quả tại trụ sở"),
    *("tổng hợp khó khăn, vướng mắc gửi cơ quan thường trực", "lưu hồ sơ theo quy định"),
    *("kịp thời biểu dương các tập thể, cá nhân làm tốt", "kiểm tra việc thực hiện ở cơ sở"),
)
REASON = (
    "Qua theo dõi, việc {matter} tại một số địa bàn còn chậm, sự phối hợp giữa các đơn vị có lúc"
    " chưa chặt chẽ, thông tin đến người dân chưa đầy đủ. Để khắc phục, {speaker} yêu cầu các đơn"
    " vị thực hiện các nội dung sau:"
)
CLOSING = (
    "Trong quá trình thực hiện, nếu có khó khăn, vướng mắc, các đơn vị kịp thời phản ánh để được"
    " hướng dẫn, giải quyết./."
)


def letters(count: int) -> Iterator[str]:
    """So many letters, each of its own length, place, matter and duties."""
    dice = Random(SEED)
    for number in range(1, count + 1):
        yield _letter(dice, number)


def _letter(dice: Random, number: int) -> str:
    place, matter = dice.choice(parts.PLACES), dice.choice(parts.MATTERS)
    dated = FIRST + timedelta(days=dice.randrange(900))
    units = dice.sample(parts.UNITS, len(parts.UNITS))
    points = range(1, dice.randint(*POINTS) + 1)
    return "\n\n".join(
        [
            f"ỦY BAN NHÂN DÂN\nXÃ {place.upper()}\n-------\n"
            f"Số: {number:02d}/UBND-NN\nV/v {dice.choice(parts.ABOUT)} {matter}",
            "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\n"
            f"---------------\n{place}, {parts.signed(dated)}",
            "Kính gửi:\n" + _listed(units[: dice.randint(3, 7)]),
            *(_citation(dice, dated) for _ in range(dice.randint(1, 4))),
            REASON.format(matter=matter, speaker="Ủy ban nhân dân xã"),
            *(_point(dice, dated, f"{at}.", units) for at in points),
            CLOSING,
            "Nơi nhận:\n" + _listed(["Như trên", *dice.sample(parts.COPIES, 3), "Lưu: VT"]),
            "\n".join(dice.choice(parts.STATE_SIGNERS)),
            dice.choice(parts.PEOPLE) + "\n",
        ]
    )


def _citation(dice: Random, dated: date) -> str:
    verb = dice.choice(parts.VERBS)[0]
    kind, symbol, issuer = dice.choice(parts.CITED)
    joint = "-" if "/" in symbol and not symbol[0].isdigit() else "/"
    day = parts.day(dated - timedelta(days=dice.randint(1, 400)))
    named = f"{kind} số {dice.randint(10, 9999)}{joint}{symbol} ngày {day}"
    return f"{verb} {named} của {issuer} về {dice.choice(parts.MATTERS)};"


def _point(dice: Random, dated: date, mark: str, units: list[str]) -> str:
    """One item: a unit and its deeds, every third with sub-points, most with a deadline."""
    unit, helper = dice.sample(units, 2)
    if dice.random() < 0.3:
        below = "\n\n".join(f"{letter}) {_deed(dice, dated).capitalize()};" for letter in "abc")
        return f"{mark} {unit}:\n\n{below}"
    led = f" chủ trì, phối hợp với {helper}" if dice.random() < 0.5 else ""
    return f"{mark} {unit}{led} {_deed(dice, dated)}; {dice.choice(THEN)}."


def _deed(dice: Random, dated: date) -> str:
    due = parts.day(dated + timedelta(days=dice.randint(10, 200)))
    until = f", hoàn thành trước ngày {due}" if dice.random() < 0.7 else ""
    return f"{dice.choice(parts.DEEDS)} {dice.choice(BECAUSE)}{until}"


def _listed(names: list[str]) -> str:
    return "\n".join(f"- {name};" for name in names[:-1]) + f"\n- {names[-1]}."
