"""Makes the pictures in docs/images from the sample world: .venv/bin/python scripts/screenshots.py

Whoever changes a page runs it and looks at the pictures. It needs what the tests need, and the
system's Chromium (CHROMIUM names another).
"""

from __future__ import annotations

import base64
import os
import re
import shutil
import struct
import tempfile
import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright
from waitress.server import BaseWSGIServer, create_server

from cascade.sample import place
from cascade.sample.world import PASSWORD
from cascade.store import FileStore
from models import schema
from models.database import Database
from web.app import World, create_app
from workflows.labels import Lang

ROOT = Path(__file__).resolve().parents[1]
OUT = ROOT / "docs" / "images"
LETTER = ROOT / "tests" / "journeys" / "letters" / "vaccination.txt"
EVIDENCE = ROOT / "cascade" / "sample" / "three_levels" / "evidence"
WORLD = "three_levels"
CODE = "k3mQ-example"
WIDTH, HIGHEST = 1280, 1400
LANGS: tuple[Lang, ...] = ("vi", "en")
# The sample has a duty or two for each unit; with this letter an inbox shows its groups.
SECOND = """\
ỦY BAN NHÂN DÂN
TỈNH LAM GIANG
-------
Số: 3402/UBND-VX
V/v phòng, chống dịch bệnh sau mưa lũ

CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
---------------
Lam Giang, ngày 04 tháng 10 năm 2024

Kính gửi: Sở Y tế.

Để phòng, chống dịch bệnh sau mưa lũ, Ủy ban nhân dân tỉnh yêu cầu:

1. Sở Y tế phân bổ hóa chất khử khuẩn nguồn nước cho các huyện, thành phố, hoàn thành trước \
ngày 08/10/2024.

2. Sở Y tế tổng hợp tình hình dịch bệnh, báo cáo Ủy ban nhân dân tỉnh trước ngày 31/10/2024.

Nơi nhận:
- Như trên;
- Lưu: VT, VX.

TM. ỦY BAN NHÂN DÂN
KT. CHỦ TỊCH
PHÓ CHỦ TỊCH

Trần Đình Lương
"""

# Where to cut a page: below the last whole row that fits; the footer is never in the picture.
_CUT = """(highest) => {
  const rows = "main :is(h1, h2, p, tr, li, form, .govuk-form-group, .c-tree__row, .c-picture,"
    + " .c-original)";
  const ends = [...document.querySelectorAll(rows)]
    .map((row) => row.getBoundingClientRect().bottom + scrollY).filter((end) => end <= highest);
  return Math.ceil(Math.max(...ends)) + 4;
}"""
# The commonest 256 colours; every other pixel takes the nearest of them.
_PALETTE = """async (shot) => {
  const bytes = Uint8Array.from(atob(shot), (c) => c.charCodeAt(0));
  const image = await createImageBitmap(new Blob([bytes]));
  const canvas = new OffscreenCanvas(image.width, image.height).getContext("2d");
  canvas.drawImage(image, 0, 0);
  const data = canvas.getImageData(0, 0, image.width, image.height).data;
  const found = new Map();
  for (let i = 0; i < data.length; i += 4) {
    const colour = (data[i] << 16) | (data[i + 1] << 8) | data[i + 2];
    found.set(colour, (found.get(colour) || 0) + 1);
  }
  const kept = [...found].sort((a, b) => b[1] - a[1] || a[0] - b[0]).slice(0, 256)
    .map((one) => one[0]);
  const parts = (colour) => [colour >> 16, (colour >> 8) & 255, colour & 255];
  const nearest = new Map(kept.map((colour, at) => [colour, at]));
  const far = (a, b) => parts(a).reduce((sum, part, at) => sum + (part - parts(b)[at]) ** 2, 0);
  for (const colour of found.keys()) {
    if (nearest.has(colour)) continue;
    let best = 0;
    kept.forEach((other, at) => { if (far(colour, other) < far(colour, kept[best])) best = at; });
    nearest.set(colour, best);
  }
  let pixels = "";
  for (let i = 0; i < data.length; i += 4) {
    pixels += String.fromCharCode(nearest.get((data[i] << 16) | (data[i + 1] << 8) | data[i + 2]));
  }
  return {size: [image.width, image.height], palette: kept.flatMap(parts), pixels: btoa(pixels)};
}"""


def main() -> None:
    """All pictures in both languages, each from a world of its own."""
    OUT.mkdir(exist_ok=True)
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chrome")
    if chromium is None:
        raise SystemExit("No Chromium here: install it, or name it in CHROMIUM.")
    with tempfile.TemporaryDirectory() as made, sync_playwright() as playwright:
        built = place.Place(Path(made) / WORLD)
        place.build(built)
        for lang in LANGS:
            browser = playwright.chromium.launch(
                executable_path=chromium,
                args=["--no-sandbox", f"--lang={lang}"],
                env={**os.environ, "LANGUAGE": lang},
            )
            folder = Path(made) / lang
            shutil.copytree(built.folder, folder)
            with served(folder, is_sample=True) as url:
                Camera(browser, url, lang).walk()
            with served(Path(made) / f"{lang}-empty", is_sample=False) as url:
                Camera(browser, url, lang).begin()
            browser.close()


@contextmanager
def served(folder: Path, *, is_sample: bool) -> Iterator[str]:
    """The pages over the world in `folder`, or over an empty register there."""
    folder.mkdir(exist_ok=True)
    db = Database(f"sqlite:///{folder / 'cascade.db'}")
    if not is_sample:
        schema.upgrade(db)
    world = World(db, FileStore(folder / "files"), place.day(WORLD) if is_sample else None)
    app = create_app(
        world,
        secret="a key for pictures",
        hosts=("127.0.0.1",),
        setup_code=None if is_sample else CODE,
        samples=folder,
    )
    server = create_server(app, host="127.0.0.1", port=0, threads=4)
    assert isinstance(server, BaseWSGIServer)
    assert server.socket is not None
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.socket.getsockname()[1]}"
    server.close()
    thread.join(timeout=5)
    db.dispose()


class Camera:
    """Walks through the pages as their users do, in one language."""

    def __init__(self, browser: Browser, url: str, lang: Lang) -> None:
        self.browser = browser
        self.url = url
        self.lang = lang

    def walk(self) -> None:
        """The registrar first: what is imported and issued there is somebody's work then."""
        self._registrar()
        self._clerk()
        self._secretary()
        page = self._sit_down("tiep.hm")
        page.goto("/admin")
        self._take(page, "administrator", 800)

    def begin(self) -> None:
        """The first start."""
        page = self._open()
        page.goto(f"/setup?code={CODE}")
        self._take(page, "setup")

    def _registrar(self) -> None:
        page = self._sit_down("man.vt")
        page.goto("/letters/import")
        page.locator("[type=file]").set_input_files(LETTER)
        page.locator("main form .govuk-button").click()
        page.wait_for_url(re.compile(r"/letters/import/\w"))
        self._take(page, "import")
        page.locator("[value=issue]").first.click()
        page.wait_for_url(re.compile(r"/letters/\d+$"))
        page.goto("/letters/import")
        page.locator("textarea[name=text]").fill(SECOND)
        page.locator("main form .govuk-button").click()
        page.locator("[value=issue]").first.click()
        page.wait_for_url(re.compile(r"/letters/\d+$"))

    def _clerk(self) -> None:
        page = self._sit_down("thoa.pb")
        page.goto("/inbox")
        self._take(page, "inbox")
        page.locator(".c-row__link").first.click()
        page.goto(f"{page.url}/report")
        page.locator("[name=done_on]").fill("03/10/2024")
        page.locator("[name=evidence]").set_input_files(
            {
                "name": "danh-muc-co-so-thuoc-bo-sung.txt",
                "mimeType": "text/plain",
                "buffer": (EVIDENCE / "bien-ban-kiem-tra-truong-hoc.txt").read_bytes(),
            }
        )
        page.locator("[name=note]").fill("Đã bổ sung số lượng từng loại.")
        self._take(page, "report")

    def _secretary(self) -> None:
        page = self._sit_down("hang.nt")
        self._take(page, "home")
        page.goto("/board")
        self._take(page, "board")
        directive = self._href(page, "/letters?kind=công văn&from=09/09/2024&to=09/09/2024")
        page.goto(directive)
        self._take(page, "letter")
        page.goto(f"{directive}/cascade")
        self._take(page, "tree")
        page.goto(f"{directive}/cascade?tab=picture&depth=1")
        self._take(page, "picture")
        # A duty that serves two directives, with an extension asked for.
        page = self._sit_down("khoa.vn")
        page.goto(self._href(page, "/inbox?only=waiting", ".c-row__link"))
        self._take(page, "step")

    def _href(self, page: Page, address: str, link: str = "main tbody a") -> str:
        page.goto(address)
        found = page.locator(link).first.get_attribute("href")
        assert found
        return found

    def _open(self) -> Page:
        context = self.browser.new_context(
            base_url=self.url, locale=self.lang, viewport={"width": WIDTH, "height": 900}
        )
        context.set_default_timeout(15_000)
        return context.new_page()

    def _sit_down(self, login: str) -> Page:
        page = self._open()
        page.goto("/sign-in")
        page.locator("#login").fill(login)
        page.locator("#password").fill(PASSWORD)
        page.locator("#password").press("Enter")
        page.wait_for_url(re.compile(r"/(inbox)?$"))  # who only works for a unit begins there
        return page

    def _take(self, page: Page, name: str, highest: int = HIGHEST) -> None:
        page.evaluate("document.activeElement.blur()")
        page.evaluate("document.fonts.ready")
        shot = page.screenshot(
            clip={"x": 0, "y": 0, "width": WIDTH, "height": page.evaluate(_CUT, highest)},
            full_page=True,
            animations="disabled",
        )
        path = OUT / f"{name}.{self.lang}.png"
        path.write_bytes(slim(page, shot))
        print(f"{path.relative_to(ROOT)}  {path.stat().st_size // 1024} KB", flush=True)


def slim(page: Page, shot: bytes) -> bytes:
    """The same picture with a palette: a third of the size."""
    made = page.evaluate(_PALETTE, base64.b64encode(shot).decode())
    wide, high = made["size"]
    rows = base64.b64decode(made["pixels"])
    lines = b"".join(b"\0" + rows[y * wide : (y + 1) * wide] for y in range(high))
    parts = (
        (b"IHDR", struct.pack(">IIBBBBB", wide, high, 8, 3, 0, 0, 0)),
        (b"PLTE", bytes(made["palette"])),
        (b"IDAT", zlib.compress(lines, 9)),
        (b"IEND", b""),
    )
    chunks = (
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in parts
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


if __name__ == "__main__":
    main()
