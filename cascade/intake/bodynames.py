"""The words that begin, go on with and end the names of public bodies."""

from __future__ import annotations

# Names begin so wherever they stand.
HEADS = (
    "trung tâm dịch vụ tổng hợp"
    "|tổng cục|cục|chi cục|thuế tỉnh|thuế thành phố|thuế cơ sở|đội thuế|bộ chỉ huy|bộ tư lệnh|bộ"
    "|sở|phòng|ban|văn phòng|vụ|viện|ủy ban|uỷ ban|ubnd|ub|ubmttq|hđnd|hội đồng|hội|trung tâm"
    "|trạm|trường|học viện|công an|công ty|công đoàn|tổng công ty|tập đoàn|đảng ủy|đảng uỷ"
    "|đảng bộ|đảng đoàn|chi bộ|chi ủy|tỉnh ủy|tỉnh uỷ|thành ủy|thành uỷ|huyện ủy|huyện uỷ"
    "|quận ủy|thị ủy|xã đoàn|huyện đoàn|tỉnh đoàn|đoàn|mặt trận|mttq|liên đoàn|liên minh"
    "|hợp tác xã|quân khu|quân chủng|quân đoàn|quân ủy|binh đoàn|btl|bch|bcđ|bộ đội|biên phòng"
    "|cảnh sát|kho bạc|ngân hàng|bảo hiểm|bệnh viện|đài|báo|hạt kiểm lâm|hạt|kiểm lâm|thanh tra"
    "|tòa án|toà án|viện kiểm sát|tổ|đội|nhà máy|xí nghiệp|nhà văn hóa|bưu điện|quỹ|chính phủ"
    "|quốc hội|thủ tướng|phó thủ tướng|thường trực|ban thường vụ|bộ chính trị|ban bí thư"
    "|tổng bí thư|bí thư|phó bí thư|chủ tịch|phó chủ tịch|giám đốc|phó giám đốc|cục trưởng"
    "|tổng cục trưởng|chi cục trưởng|vụ trưởng|viện trưởng|bộ trưởng|hiệu trưởng|trưởng ban"
    "|trưởng phòng|trưởng thôn|trưởng các|trưởng công an|trưởng xóm|trưởng bản|thủ trưởng"
    "|chánh văn phòng|chánh thanh tra|tổng giám đốc|người đứng đầu|cơ quan|đơn vị|địa phương"
    "|chính quyền|cơ sở|thôn|xóm|xã|phường|ủy viên|thành viên|bản|làng|ấp|tổ dân phố|khu phố"
    "|chủ đầu tư|chủ rừng|chủ nhiệm|cơ sở khám bệnh, chữa bệnh|cơ sở khám chữa bệnh|khoa"
    "|phân hiệu|nhà trường|lực lượng|gia đình|hộ gia đình|đoàn thể|hải quan|giáo viên|cảng vụ"
    "|cảng|vườn quốc gia|khu bảo tồn|nông trường|lâm trường|chi nhánh|điện lực"
    "|báo và đài phát thanh, truyền hình|báo và phát thanh, truyền hình|báo và đài|phân viện"
    "|thành đoàn|phòng khám|nhà xuất bản|hiệp hội|tổng liên đoàn|tổng hội|liên hiệp"
    "|chỉ huy trưởng|đội trưởng|hạt trưởng"
    "|trạm trưởng|trưởng trạm|trưởng khoa|trưởng ấp|trưởng bộ môn|tư lệnh|sư đoàn|lữ đoàn"
    "|trung đoàn|đồn biên phòng|bảo tàng|thư viện|đại diện lãnh đạo"
)
# Said of many at once: "các sở, ban, ngành", "các hộ gia đình".
PLURALS = "các|những|quý|toàn thể|toàn bộ|tất cả|đồng chí|đ/c"
GROUPS = (
    "hộ|hộ gia đình|ban|ngành|doanh nghiệp|tổ chức|cá nhân|trường học|chủ|khu|tỉnh|huyện|quận"
    "|thị xã|thị trấn|thành phố|đặc khu|cấp|ông|bà|bí thư|phó|bộ phận|tiểu ban|nhóm|cụm|điểm"
)
# These begin like a body's name and are none.
NOT_BODIES = (
    "tổ chức|ban hành|báo cáo|báo động|trường hợp|phòng,? chống|phòng ngừa|phòng bệnh|phòng thủ"
    "|đoàn kết|đội ngũ|hội nghị|hội thảo|hội thi|hội trường|quỹ đất|xã hội|khoa học|vụ việc"
    "|vụ mùa|vụ án|bộ máy|bộ tiêu chí|bộ hồ sơ|bộ đề|bộ luật|quý [iv\\d]+\\b|bản sao|bản đồ"
    "|bản đặc|bản cam kết|viện trợ|viện dẫn|cơ sở (?:dữ liệu|vật chất|pháp lý|hạ tầng|để)|sở hữu"
    "|làng nghề|cục bộ|đơn vị tính|bảo hiểm (?:y tế|xã hội) (?:cho|toàn)|đội hình|tổ hợp"
)
# One-word heads that still name a body when a scanner has changed their marks, if a capital
# follows: "Phóng Công nghệ", "Sờ Y tế".
BARE_HEADS = "sở|bộ|cục|phòng|chi cục|trạm|trường|viện|vụ|đài|hội|khoa|tổ"
# Groups named for what they do: "Tổ hỗ trợ", "Đoàn kiểm tra"; the verb belongs to the name.
TEAMS = "tổ|đội|đoàn|hội đồng|nhóm|tiểu ban"
# These are told even when a scanner has broken their marks: "Tổ chửc", "Đội với" for "Đối với".
LOOSE_NOT_BODIES = "tổ chức|báo cáo|trường hợp|đối với|ban hành|phòng,? chống|phòng ngừa"
# A name ends before the first of these small words: the duty or the subject begins there.
STOPS = (
    "về|v/v|thì|tại|đã|da|ve|de|dé|dể|vê|vé|đề(?= (?:tổng hợp|được|báo cáo|thực hiện|biết))"
    "|có(?! liên quan)|là|để|cho|theo|trong|từ|làm|gửi|lập|treo|cần|phải|được"
    "|(?<!lý.)(?<!thường.)trực(?! thuộc)|không|tự|nộp|chuyển|đưa|mở|cử|dự(?! (?:án|báo|phòng"
    "|trữ))|(?<!công.)(?<!chương.)(?<!quy.)trình|nhắc|khi|nếu|cùng|nhằm|giúp|xuất"
    "|cấp(?= (?:phát|bách|đủ|bù|gạo|thuốc|kinh phí"
    "|vốn))|tiêm|chốt|in|phát|thu|giữ|trồng|khoanh|bám|nắm|biết|ngay|(?:hằng|hàng)(?= (?:ngày"
    "|tuần|tháng|quý|năm))|lưu|ký|nhập|lấy|họp|chọn|ghi|đăng|đo|vẽ|mời|lên|tính|thuê|giao|cắm"
    "|dừng|tổng|do|nhận|rà|căn|cắt|nạo|sửa|bố|mua|xả|vớt|quét|dọn|đóng|xin|nhờ|sẽ|vừa|kiện"
    "|gia cố|hộ đê|bằng|như|dựng|thăm|hủy|phun|miễn|dừng|thành lập"
)
# Longer ones are told even when a scanner has broken their marks.
LONG_STOPS = (
    "quy định|quyết định|nêu tại|ban hành|phê duyệt|thông báo|trên cơ sở|phối hợp|chủ trì"
    "|(?<!,.)tổ chức|thực hiện|triển khai|chỉ đạo|lãnh đạo|khẩn trương|chủ động|tăng cường"
    "|rà soát|kiểm tra|báo cáo|xây dựng|hướng dẫn|tiếp nhận|căn cứ|tham mưu|đôn đốc|theo dõi"
    "|bố trí|cập nhật|tổng hợp|phân công|nghiên cứu|tuyên truyền|phổ biến|đề xuất|hoàn thành"
    "|duy trì|quán triệt|tập trung|nghiêm túc|kịp thời|thường xuyên|cung cấp|đăng ký|tiếp tục"
    "|đẩy mạnh|chịu trách nhiệm|sẵn sàng|bảo đảm|đảm bảo|giám sát|phản ánh|đề nghị|yêu cầu"
    "|xem xét|hỗ trợ|chuẩn bị|huy động|lựa chọn|niêm yết|công khai|công bố|chấn chỉnh|xử lý"
    "|giải quyết|kiện toàn|sơ kết|tổng kết|đánh giá|thống kê|kê khai|bàn giao|tiếp thu|trả lời"
    "|phát động|khắc phục|vận động|(?<!nghệ.)thông tin|lồng ghép|tham gia|liên hệ|thẩm định|ưu tiên"
    "|sử dụng|vận hành|chi trả|phân bổ|mua sắm|sửa chữa|sắp xếp|sơ tán|di dời|khuyến khích"
    "|đồng thời|sau khi|định kỳ|tạo điều kiện|áp dụng|đối chiếu|xác minh|số hóa|góp ý|tập huấn"
    "|bồi dưỡng|cảnh báo|phát hành|phát sóng|đăng tải|phê bình|biểu dương|ứng trực|chấp hành"
    "|kết nối|xác nhận|kết hợp|quyết liệt|tích cực|bổ sung|điều chỉnh|khảo sát|giới thiệu"
    "|gửi kèm|ứng phó|theo chức năng|nâng cao|tuần tra|canh gác|bảo quản|bảo dưỡng|vận chuyển"
    "|cấp phát|phân phối|khử khuẩn|khám sàng lọc|khám bệnh|điều trị|diễn tập|kiểm kê|kiểm đếm"
    "|nắm bắt|đối thoại|giải đáp|cung ứng|dự trữ|tích trữ|trang bị|lắp đặt|thi công|khơi thông"
    "|nạo vét|tu bổ|thu gom|thu hoạch|tiêu hủy|tiêu độc|phòng trừ|phát quang|phục vụ|tiếp đón"
    "|truyền thông|phát thanh|đưa tin|thẩm tra|rút kinh nghiệm|tuyển sinh|coi thi|khai giảng"
    "|tuyên dương|trao đổi|tặng quà|thăm hỏi|gia cố|chăm sóc|bảo vệ|vệ sinh|chốt chặn"
    "|(?<!ban.)(?<!quan.)(?<!vị.)(?<!bộ.)(?<!người.)quản lý|bám sát|nhắc nhở|ngăn chặn|tiếp cận"
    "|tu sửa|duy tu|tôn tạo|bình ổn|xuất cấp"
    "|cụ thể hóa|cụ thể hoá|thu dung|cứu chữa|chi viện|giải phóng|thu hút|hoàn thiện|hoàn trả"
    "|hoàn tất|rút ngắn|tháo gỡ|hạn chế|giảm thiểu|tiết kiệm|khẳng định|làm việc|làm rõ|làm tốt"
    "|kiến nghị|thông qua|thực thi|tuân thủ|chuyển giao|trích lập|thu thập|lưu giữ"
    "|lưu trữ hồ sơ|niêm phong|tạm dừng|đình chỉ|thu hồi|phân loại|phân luồng|phân tích"
    "|phân cấp|phân bố|ban bố|ngăn ngừa|khoanh vùng|truy vết|tổng vệ sinh|tăng thời|tăng số"
    "|tăng tần|bổ trí|đón tiếp|tiếp dân|chào mừng|kỷ niệm|treo cờ|trồng cây|cam kết|ký kết"
    "|đấu thầu|quyết toán|giải ngân|nhập dữ|cập nhập|khai báo|đối soát|tích hợp|kết xuất"
    "|chia sẻ|khai thác dữ|vận dụng|gia hạn|khấu trừ|truy thu|ấn định"
)
# What may follow a comma or an "và" inside one name, in small letters.
GOES_ON = (
    "ban|ngành|đoàn thể|thành phố|thị xã|thị trấn|huyện|quận|xã|phường|đặc khu|tỉnh|đơn vị"
    "|địa phương|tổ chức|cá nhân|trường học|trường|thôn|bản|chống|tìm kiếm|cơ quan|doanh nghiệp"
    "|thị(?=,| ủy| uỷ| và)|thành(?= ủy| uỷ)|huyện ủy|huyện uỷ|quận ủy|thị ủy"
    "|đảng bộ|chi bộ|chi ủy"
    "|thôn xóm|khu phố|tổ dân phố|phòng|ban ngành|cơ sở"
)
# The fields that ministries, departments and divisions are named for.
FIELDS = (
    "nông nghiệp và phát triển nông thôn|nông nghiệp và môi trường|tài nguyên và môi trường"
    "|giáo dục và đào tạo|khoa học và công nghệ|thông tin và truyền thông|kế hoạch và đầu tư"
    "|lao động,? (?:- )?thương binh và xã hội|văn hóa,? thể thao và du lịch"
    "|văn hoá,? thể thao và du lịch|văn hóa và thể thao|văn hóa (?:- )?xã hội"
    "|văn hoá (?:- )?xã hội|văn hóa và thông tin|dân tộc và tôn giáo|giao thông vận tải"
    "|tài chính (?:- )?kế hoạch|kinh tế, hạ tầng và đô thị|kinh tế và hạ tầng|quản lý đô thị"
    "|công nghệ thông tin|kế hoạch tổng hợp|tổ chức cán bộ|tổ chức (?:- )?hành chính"
    "|hành chính (?:- )?quản trị|công thương|tài chính|tư pháp|nội vụ|xây dựng|ngoại giao"
    "|ngoại vụ|du lịch|y tế|gdđt|gd&đt"
)
# What may follow such a field inside the name, in small letters.
PLACED = (
    "các|tỉnh|thành phố|tp|huyện|quận|thị xã|xã|phường|cấp|nơi|địa phương|trực thuộc|có liên quan"
    "|liên quan|nêu|sở tại"
)
# Words for areas: behind them a name goes on with a capital, or with one of AREA_GOES_ON.
AREAS = "tỉnh|thành phố|huyện|quận|thị xã|thị trấn|xã|phường|đặc khu|khu phố"
AREA_GOES_ON = (
    "hội|ủy|uỷ|đoàn|đội|trực thuộc|thuộc|nơi|có|biên giới|vùng|miền|ven|khu vực|đảo|nghèo|trên|đặc"
    "|loại|lân cận|nêu|nói|trọng điểm|còn lại|khác|liên quan|bị|dự kiến|được|sau|mới|cũ|bạn|giáp"
    "|và|các|tỉnh|thành|huyện|quận|thị|xã|phường|phố|từ|đồng bằng|trung du"
)
