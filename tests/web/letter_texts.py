"""A letter of the test office as offices write them, and the names by which it calls the units."""

from __future__ import annotations

from models import organisation
from tests.worlds import Office

NAMES = {
    "P": "Ủy ban nhân dân tỉnh Phú An",
    "A": "UBND huyện An Hòa",
    "B": "UBND huyện Bình Lâm",
    "S": "Sở Y tế",
    "S2": "Sở Tài chính",
}
LETTER = """ỦY BAN NHÂN DÂN
TỈNH PHÚ AN
-------
Số: {number}/UBND-NN
V/v phòng cháy rừng mùa khô năm 2026{subject}

CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
---------------
Phú An, ngày 14 tháng 9 năm 2026

Kính gửi:
- UBND huyện An Hòa;
- UBND huyện Bình Lâm;
- Sở Y tế.{addressee}

{citing}Ủy ban nhân dân tỉnh Phú An yêu cầu các đơn vị thực hiện các nội dung sau:

1. UBND huyện An Hòa, UBND huyện Bình Lâm ban hành văn bản triển khai đến từng xã, hoàn thành
trước ngày 26/9/2026.

2. Sở Y tế chủ trì, phối hợp với Sở Tài chính chuẩn bị cơ số thuốc, hoàn thành trước ngày
20/10/2026.

Nơi nhận:
- Như trên (để t/h);
- Lưu: VT, NN.

TM. ỦY BAN NHÂN DÂN
KT. CHỦ TỊCH
PHÓ CHỦ TỊCH

Lê Quang Hải
"""


def named(office: Office) -> Office:
    """The office, its units also known by the names that letters use."""
    with office.db.session() as session:
        for code, name in NAMES.items():
            organisation.put_alias(session, office.units[code], name)
    return office


def letter(number: int = 45, *, subject: str = "", addressee: str = "", citing: str = "") -> str:
    """The letter's text."""
    return LETTER.format(number=number, subject=subject, addressee=addressee, citing=citing)
