"""Letters composed from parts by Hypothesis, each with what a clerk would read in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise

from hypothesis import strategies as st

PLACES = ("Suối Mơ", "Tân Hòa", "Bến Lức", "Khe Sang", "Phú Lương", "An Sơn", "Yên Phú", "Hòa An")
UNITS = (
    *("Sở Y tế", "Sở Giáo dục và Đào tạo", "Sở Nông nghiệp và Môi trường", "Công an tỉnh"),
    *("Phòng Kinh tế", "Phòng Văn hóa - Xã hội", "Trạm Y tế xã", "Trung tâm Y tế khu vực"),
    *("UBND các xã, phường", "Ban Chỉ huy Quân sự xã", "Văn phòng HĐND và UBND"),
    *("Trường Tiểu học Lê Lợi", "Chi cục Kiểm lâm", "Đài Truyền thanh", "Hội Chữ thập đỏ"),
    *("Sở Văn hóa, Thể thao và Du lịch", "Công ty Thủy nông", "Trưởng các thôn"),
)
DEEDS = (
    *("rà soát các hộ ở vùng trũng", "kiểm tra đê bao, cống tiêu", "lập danh sách trẻ cần tiêm"),
    *("tổ chức trực ban 24/24 giờ", "thống kê diện tích lúa đã gặt", "chuẩn bị phòng học"),
    *("tuyên truyền trên hệ thống loa", "bố trí kinh phí mua vật tư", "tu sửa đường dân sinh"),
    *("hướng dẫn nhân dân trồng cây", "báo cáo số liệu mực nước", "vệ sinh môi trường"),
)
MATTERS = (
    *("phòng, chống bão", "tiêm chủng mở rộng", "chuẩn bị năm học mới", "trồng cây đầu xuân"),
    *("số hóa hồ sơ đất đai", "thu hoạch lúa mùa", "phòng cháy, chữa cháy rừng"),
)
ABOUT = (
    *("tăng cường công tác", "chủ động thực hiện việc", "triển khai kế hoạch", "rà soát công tác"),
    *("chấn chỉnh việc", "phối hợp thực hiện công tác"),
)
VERBS = (
    *(("Thực hiện", "implements"), ("Triển khai", "implements"), ("Thi hành", "implements")),
    *(("Căn cứ", "basis"), ("Theo", "basis"), ("Tiếp theo", "continues")),
    *(("Phúc đáp", "mentions"), ("Đôn đốc thực hiện", "reminds")),
)
CITED = (
    *(("Công văn", "UBND-NN", "Ủy ban nhân dân tỉnh"), ("Công văn", "SYT-NVY", "Sở Y tế")),
    *(("Kế hoạch", "KH-UBND", "UBND tỉnh"), ("Quyết định", "QĐ-TTg", "Thủ tướng Chính phủ")),
    *(
        ("Chỉ thị", "CT/TU", "Ban Thường vụ Tỉnh ủy"),
        ("Công văn", "CV/BTCTU", "Ban Tổ chức Tỉnh ủy"),
    ),
    *(("Nghị định", "2025/NĐ-CP", "Chính phủ"), ("Thông báo", "TB-VPCP", "Văn phòng Chính phủ")),
)
STATE_KINDS = (("kế hoạch", "KH"), ("thông báo", "TB"), ("chỉ thị", "CT"), ("công điện", "CĐ"))
PARTY_KINDS = (("kế hoạch", "KH"), ("thông báo", "TB"), ("chỉ thị", "CT"))
STATE_SIGNERS = (
    *(("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"), ("CHỦ TỊCH",), ("KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH")),
    *(("TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"), ("TL. CHỦ TỊCH", "CHÁNH VĂN PHÒNG")),
)
PARTY_SIGNERS = (("T/M BAN THƯỜNG VỤ", "BÍ THƯ"), ("T/M BAN THƯỜNG VỤ", "PHÓ BÍ THƯ"))
PEOPLE = ("Nguyễn Thị Hồng Vân", "Trần Quang Minh", "Giàng A Páo", "Lê Văn Tám", "Hà Quốc Việt")
NOTES = ("", "", " (b/c)", " (để b/c)", " (để thực hiện)", " (p/h)")
COPIES = ("Thường trực HĐND tỉnh", "Các Phó Chủ tịch", "Cổng Thông tin điện tử", "Sở Nội vụ")


@dataclass(frozen=True)
class Point:
    """What one numbered item says, and the lines it is printed in."""

    no: str
    lead: tuple[str, ...]
    coordinating: tuple[str, ...]
    due: date | None
    due_text: str | None


@dataclass(frozen=True)
class Composed:
    """A letter's text and every value that was put into it."""

    text: str
    head: dict[str, str]
    addressees: tuple[str, ...] = ()
    distribution: tuple[str, ...] = ()
    citations: tuple[tuple[str, date | None, str, str], ...] = ()
    points: tuple[Point, ...] = field(default=())


def day(when: date) -> str:
    """A day as letters write it in figures: zeros before days 1-9 and months 1-2 only."""
    month = f"{when.month:02d}" if when.month <= 2 else str(when.month)
    return f"{when.day:02d}/{month}/{when.year}"


def signed(when: date) -> str:
    """A day as a letter's head writes it."""
    month = f"{when.month:02d}" if when.month <= 2 else str(when.month)
    return f"ngày {when.day:02d} tháng {month} năm {when.year}"


@st.composite
def dues(draw: st.DrawFn, letter: date) -> tuple[str, date] | None:
    """A deadline phrase with its day, or none."""
    when = letter + timedelta(days=draw(st.integers(5, 300)))
    phrases = (
        f"trước ngày {day(when)}",
        f"chậm nhất ngày {day(when)}",
        f"trước 16 giờ 00 phút, ngày {day(when)}",
        f"trước ngày {when.day:02d} tháng {when.month} năm {when.year}",
    )
    return draw(st.one_of(st.none(), st.sampled_from(phrases).map(lambda text: (text, when))))


@st.composite
def items(
    draw: st.DrawFn, letter: date, everybody: tuple[str, ...]
) -> tuple[list[str], list[Point]]:
    """Numbered items: a unit and its deed, or a unit over sub-points, or a demand of everybody."""
    lines: list[str] = []
    points: list[Point] = []
    units = draw(st.permutations(UNITS))
    for number in range(1, draw(st.integers(1, 5)) + 1):
        unit, helper = units[2 * number], units[2 * number + 1]
        shape = draw(st.sampled_from(("unit", "asked", "led", "bare", "over")))
        if shape == "over":
            lines.append(f"{number}. {unit}:")
            for mark in "abc"[: draw(st.integers(2, 3))]:
                text, due = _demand(draw, letter)
                lines.append(f"{mark}) {text[0].upper()}{text[1:]};")
                points.append(Point(f"{number}.{mark}", (unit,), (), *due))
            continue
        text, due = _demand(draw, letter)
        begin = {
            "unit": f"{unit} {text}",
            "asked": f"Giao {unit} {text}",
            "led": f"{unit} chủ trì, phối hợp với {helper} {text}",
            "bare": f"{text[0].upper()}{text[1:]}",
        }[shape]
        lines.append(f"{number}. {begin}.")
        helpers = (helper,) if shape == "led" else ()
        lead = everybody if shape == "bare" else (unit,)
        points.append(Point(str(number), lead, helpers, *due))
    return lines, points


def _demand(draw: st.DrawFn, letter: date) -> tuple[str, tuple[date | None, str | None]]:
    deed, due = draw(st.sampled_from(DEEDS)), draw(dues(letter))
    if due is None:
        return deed, (None, None)
    return f"{deed}, hoàn thành {due[0]}", (due[1], due[0])


@st.composite
def citations(
    draw: st.DrawFn, letter: date
) -> tuple[list[str], list[tuple[str, date | None, str, str]]]:
    """Citing clauses, one a document, and what each must be read as."""
    clauses: list[str] = []
    wanted: list[tuple[str, date | None, str, str]] = []
    numbers = draw(st.lists(st.integers(10, 9999), unique=True, max_size=3))
    for number in numbers:
        verb, role = draw(st.sampled_from(VERBS))
        kind, symbol, issuer = draw(st.sampled_from(CITED))
        when = letter - timedelta(days=draw(st.integers(1, 400)))
        joint = "-" if "/" in symbol and not symbol[0].isdigit() else "/"
        reference = f"{number}{joint}{symbol}"
        told = draw(st.sampled_from((f"ngày {day(when)}", signed(when))))
        matter = draw(st.sampled_from(MATTERS))
        clauses.append(f"{verb} {kind} số {reference} {told} của {issuer} về {matter}")
        wanted.append((reference, when, issuer, role))
    return clauses, wanted


@st.composite
def letters(draw: st.DrawFn) -> Composed:
    """A whole letter of the State's or the Party's form."""
    return draw(st.one_of(_letter("state"), _letter("party")))


@st.composite
def _letter(draw: st.DrawFn, form: str) -> Composed:
    place = draw(st.sampled_from(PLACES))
    when = draw(st.dates(date(2020, 3, 5), date(2027, 12, 31)))
    figure = draw(st.integers(1, 9999))
    number = f"{figure:02d}"
    plain = draw(st.booleans())
    kind, code = draw(st.sampled_from(STATE_KINDS if form == "state" else PARTY_KINDS))
    about = f"{draw(st.sampled_from(ABOUT))} {draw(st.sampled_from(MATTERS))} trên địa bàn {place}"
    if form == "state":
        symbol = draw(st.sampled_from(("UBND-NN", "UBND-VX"))) if plain else f"{code}-UBND"
        issuer, reference = f"ỦY BAN NHÂN DÂN XÃ {place.upper()}", f"Số: {number}/{symbol}"
        body, title = ["ỦY BAN NHÂN DÂN", f"XÃ {place.upper()}"], _STATE_TITLE
        speaker, ends = "Ủy ban nhân dân xã", (";", ".")
        parent = ""
    else:
        symbol = f"{'CV' if plain else code}/ĐU"
        issuer, parent = f"ĐẢNG ỦY XÃ {place.upper()}", f"ĐẢNG BỘ TỈNH {place.upper()}"
        reference = f"Số {number}-{symbol}"
        body, title = [parent, issuer, "*"], ["ĐẢNG CỘNG SẢN VIỆT NAM"]
        speaker, ends = "Ban Thường vụ Đảng ủy xã", (",", ".")
    dated = f"{place}, {signed(when)}"
    left = [*body, reference, *(_broken(draw, f"V/v {about}") if plain else [])]
    head = (
        _columns(left, [*title, "", dated]) if draw(st.booleans()) else [*left, "", *title, dated]
    )
    to = draw(st.lists(st.sampled_from(UNITS), min_size=2, max_size=4, unique=True))
    opening = [""] + (
        ["Kính gửi:", *_listed(to, ends)]
        if plain
        else [kind.upper(), *_broken(draw, f"Về việc {about}")]
    )
    clauses, cited = draw(citations(when))
    lines, points = draw(items(when, () if plain else ("các đơn vị",)))
    request = f"{speaker} yêu cầu các đơn vị thực hiện các nội dung sau:"
    copies = [
        f"{name}{draw(st.sampled_from(NOTES))}"
        for name in draw(st.lists(st.sampled_from(COPIES), max_size=3, unique=True))
    ]
    copies = ["Như trên", *copies, "Lưu: VT" if form == "state" else "Lưu Văn phòng Đảng ủy"]
    capacity = draw(st.sampled_from(STATE_SIGNERS if form == "state" else PARTY_SIGNERS))
    signer = draw(st.sampled_from(PEOPLE))
    foot = ["", "Nơi nhận:", *_listed(copies, ends)], ["", *capacity, "", "", signer]
    sides = _columns(foot[0][1:], foot[1][1:]) if draw(st.booleans()) else [*foot[0], *foot[1]]
    text = "\n".join(
        [
            *head,
            *opening,
            "",
            *(f"{clause};\n" for clause in clauses),
            request,
            "",
            *(f"{line}\n" for line in lines),
            *sides,
        ]
    )
    values = {
        "form": form,
        "kind": "công văn" if plain else kind,
        "number": number,
        "symbol": symbol,
        "dated": when.isoformat(),
        "place": place,
        "issuer": issuer,
        "parent_body": parent,
        "subject": about,
        "signer": signer,
        "signer_capacity": " ".join(capacity),
    }
    return Composed(
        text + "\n", values, tuple(to) if plain else (), tuple(copies), tuple(cited), tuple(points)
    )


_STATE_TITLE = ["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"]


def _listed(names: list[str], ends: tuple[str, str]) -> list[str]:
    last = len(names) - 1
    return [f"- {name}{ends[i == last]}" for i, name in enumerate(names)]


def _columns(left: list[str], right: list[str]) -> list[str]:
    size = max(len(left), len(right))
    pairs = zip(left + [""] * (size - len(left)), right + [""] * (size - len(right)), strict=True)
    width = max(map(len, left)) + 6
    return [f"{one:<{width}}{two}".rstrip() for one, two in pairs]


def _broken(draw: st.DrawFn, text: str) -> list[str]:
    """A text over one to three lines, broken between words."""
    words = text.split()
    cuts = sorted(draw(st.sets(st.integers(4, max(4, len(words) - 2)), max_size=2)))
    edges = [0, *(cut for cut in cuts if cut < len(words)), len(words)]
    return [" ".join(words[a:b]) for a, b in pairwise(edges) if b > a]
