"""Letters composed for the tests of the letter reader."""

from __future__ import annotations

import pytest

STATE = """\
ỦY BAN NHÂN DÂN            CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
HUYỆN SUỐI MƠ                 Độc lập - Tự do - Hạnh phúc

Số: 734/UBND-VX            Suối Mơ, ngày 05 tháng 8 năm 2026
V/v chuẩn bị cơ sở vật chất
cho năm học 2026-2027

THƯỢNG KHẨN

Kính gửi:
- Phòng Giáo dục và Đào tạo;
- Phòng Tài chính - Kế hoạch;
- UBND các xã, thị trấn.

Thực hiện Công văn số 2210/UBND-VX ngày 28/7/2026 của Ủy ban nhân dân tỉnh về việc chuẩn bị
năm học mới và Kế hoạch số 45/KH-UBND ngày 02/02/2026 của Ủy ban nhân dân tỉnh, UBND huyện
yêu cầu các đơn vị thực hiện các nội dung sau:

1. Phòng Giáo dục và Đào tạo chủ trì, phối hợp với Phòng Tài chính - Kế hoạch rà soát
phòng học, nhà vệ sinh; báo cáo kết quả trước ngày 20/8.

2. UBND các xã, thị trấn:
a) Vận động học sinh ra lớp, hoàn thành chậm nhất ngày 30/8/2026;
b) Định kỳ hằng tháng (trước ngày 25) báo cáo số học sinh bỏ học.

3. Giao Phòng Tài chính - Kế hoạch bố trí kinh phí trong quý III năm 2026.

Nhận được Công văn này, yêu cầu các đơn vị nghiêm túc triển khai thực hiện./.

Nơi nhận:                        TM. ỦY BAN NHÂN DÂN
- Như trên;                          KT. CHỦ TỊCH
- UBND tỉnh (b/c);                   PHÓ CHỦ TỊCH
- Lưu: VT, VX.

                                   Lê Thị Hồng Vân
"""

PARTY = """\
TỈNH ỦY HẢI SƠN                      ĐẢNG CỘNG SẢN VIỆT NAM
HUYỆN ỦY SUỐI MƠ
*
Số 297-CV/HU                   Suối Mơ, ngày 11 tháng 6 năm 2026
tăng cường phòng cháy, chữa cháy rừng

Kính gửi: Đảng ủy các xã

Tiếp theo Công văn số 251-CV/HU, ngày 03-3-2026 của Ban Thường vụ Huyện ủy về trồng cây,
Ban Thường vụ Huyện ủy đề nghị Đảng ủy các xã lãnh đạo việc trực gác lửa rừng, báo cáo
trước ngày 25-6-2026.

Nơi nhận:
- Như trên,
- Lưu Văn phòng Huyện ủy.

T/M BAN THƯỜNG VỤ
PHÓ BÍ THƯ

Trần Quang Minh
"""


@pytest.fixture
def state_letter() -> str:
    """A district's letter on the school year, in two columns."""
    return STATE


@pytest.fixture
def party_letter() -> str:
    """A Party committee's letter on forest fires."""
    return PARTY
