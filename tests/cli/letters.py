"""Letters of the three-level sample world, and new ones that fit beside them."""

from __future__ import annotations

from tests.cli.console import ROOT

SAMPLE = ROOT / "cascade" / "sample" / "three_levels"
SHEETS = [SAMPLE / f"{name}.csv" for name in ("levels", "units", "groups", "people")]
DIRECTIVE = SAMPLE / "letters" / "01-province-storm-directive.txt"
DISPATCH = SAMPLE / "letters" / "03-thach-linh-urgent-dispatch.txt"
EVIDENCE = SAMPLE / "evidence" / "danh-muc-thuoc-du-phong.txt"


def letter(
    number: str,
    *,
    body: str = "TỈNH LAM GIANG",
    symbol: str = "UBND-NN",
    day: int = 10,
    mark: str = "",
    to: str = "Sở Y tế",
    text: str = "Ủy ban nhân dân tỉnh yêu cầu:",
    due: str = "30/9/2024",
) -> str:
    """A small letter of a People's Committee, dated in September 2024."""
    return f"""ỦY BAN NHÂN DÂN
{body}
-------
Số: {number}/{symbol}
V/v kiểm tra thuốc dự phòng

CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
---------------
Lam Giang, ngày {day} tháng 9 năm 2024
{mark}
Kính gửi: {to}.

{text}

1. {to} rà soát cơ số thuốc dự phòng, hoàn thành trước ngày {due}.

Nơi nhận:
- Như trên;
- Lưu: VT.

CHỦ TỊCH

Hoàng Minh Đức
"""
