"""What is looked for on every page beside axe: sizes, narrow screens, large letters, paper."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

_AXE = Axe()
_OPTIONS = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    },
    "resultTypes": ["violations"],
    "preload": False,
}
# Stand-alone controls have 24 px either way, without the exception for what has room around it.
_SMALL = """() => {
  const found = [];
  const every = "button, select, summary, textarea, input:not([type=hidden]), nav a, "
    + "a[role=button], .c-row__more";
  const apart = "[aria-hidden=true], .govuk-visually-hidden, p, .govuk-breadcrumbs";
  for (const control of document.querySelectorAll(every)) {
    if (control.closest(apart)) continue;
    const boxes = [control, ...(control.labels || [])].map(one => one.getBoundingClientRect());
    const size = side => Math.max(...boxes.map(box => box[side]));
    if (boxes[0].width && (size("width") < 23.9 || size("height") < 23.9))
      found.push(control.outerHTML.slice(0, 140) + ` ${size("width")}×${size("height")}`);
  }
  return [...new Map(found.map(one => [one.split(" ").slice(0, 2).join(" "), one])).values()];
}"""
# What is wider than the window, though it does not lie in a box that scrolls by itself.
_WIDE = """() => {
  const room = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= room) return [];
  const scrolls = element => {
    for (let one = element; one && one !== document.body; one = one.parentElement)
      if (/auto|scroll|hidden/.test(getComputedStyle(one).overflowX)) return true;
    return false;
  };
  const wide = [...document.body.querySelectorAll("*")]
    .filter(one => one.getBoundingClientRect().right > room + 1 && !scrolls(one));
  return wide.slice(-3).map(one => one.outerHTML.slice(0, 140));
}"""
_CUT = """() => [...document.body.querySelectorAll("a, button, label, p, h1, h2, h3, li, td, th")]
  .filter(one => one.clientHeight && getComputedStyle(one).overflowY === "hidden"
    && one.scrollHeight > one.clientHeight + 2
    && !one.closest(".govuk-visually-hidden, .govuk-skip-link"))
  .map(one => one.outerHTML.slice(0, 140))"""


def violations(page: Page, *, with_colours: bool = True) -> list[str]:
    """What axe finds, a line each; the contrast of colours is half of its work."""
    rules = {"color-contrast": {"enabled": with_colours}}
    found = _AXE.run(page, options={**_OPTIONS, "rules": rules}).response["violations"]
    return [
        f"axe {one['id']} ({one['help']}): {node['target']} {node['html'][:200]}"
        for one in found
        for node in one["nodes"][:3]
    ]


def small(page: Page) -> list[str]:
    """Controls that a shaking hand does not hit."""
    return [f"smaller than 24 px: {found}" for found in page.evaluate(_SMALL)]


def narrow(page: Page) -> list[str]:
    """What does not fit into 320 px, as on a telephone or at 400 % on a screen."""
    page.set_viewport_size({"width": 320, "height": 640})
    found = page.evaluate(_WIDE)
    page.set_viewport_size({"width": 1280, "height": 900})
    return [f"wider than 320 px: {one}" for one in found]


def large(page: Page) -> list[str]:
    """What is cut off or pushed out when letters are twice as large."""
    page.evaluate("() => { document.documentElement.style.fontSize = '200%'; }")
    found = [*page.evaluate(_WIDE), *page.evaluate(_CUT)]
    page.evaluate("() => { document.documentElement.style.fontSize = ''; }")
    return [f"lost at 200 %: {one}" for one in found]
