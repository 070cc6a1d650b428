"""How a person works at a page: with the mouse, or with nothing but the keyboard."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import FilePayload, Locator, Page, expect

_MOST_STOPS = 400

# What tells a focused element from itself at rest. Kept for every element before the focus moves.
REMEMBER = """() => {
  const look = (element) => {
    const style = getComputedStyle(element);
    const seen = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0
      && !/rgba\\([^)]*, 0\\)|transparent/.test(style.outlineColor);
    // The input of a choice lies unseen on its label, which draws it.
    const drawn = element.matches(".govuk-radios__input, .govuk-checkboxes__input")
      ? getComputedStyle(element.labels[0], "::before").boxShadow : "";
    return [seen ? style.outlineWidth + style.outlineColor : "", style.boxShadow,
      style.backgroundColor, drawn].join(" | ");
  };
  const found = new Map();
  for (const element of document.querySelectorAll("a, button, input, select, textarea, summary, "
      + "[tabindex]")) {
    if (element !== document.activeElement) found.set(element, look(element));
  }
  window.atRest = {look, found};
}"""
# "" if it is well; else what is wrong with where the focus is.
JUDGE = """() => {
  const here = document.activeElement;
  if (!here || here === document.body) return "";
  const what = here.outerHTML.slice(0, 160);
  const {look, found} = window.atRest;
  if (found.has(here) && look(here) === found.get(here)) return "no focus seen: " + what;
  const box = here.getBoundingClientRect();
  const inside = (x, y) => x >= 0 && y >= 0 && x < innerWidth && y < innerHeight;
  for (const [across, down] of [[.5, .5], [.1, .5], [.9, .5], [.5, .2], [.5, .8]]) {
    const x = box.left + box.width * across;
    const y = box.top + box.height * down;
    if (!inside(x, y)) continue;
    const top = document.elementFromPoint(x, y);
    if (top && (here.contains(top) || top.contains(here))) return "";
  }
  // A link may be broken over lines, with nothing of it in the middle.
  for (const line of here.getClientRects()) {
    const x = line.left + line.width / 2;
    const y = line.top + line.height / 2;
    if (inside(x, y) && here.contains(document.elementFromPoint(x, y))) return "";
  }
  return "focus out of sight: " + what;
}"""


class Mouse:
    """Points and clicks."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.presses = 0  # of links and buttons: what a person would call actions

    def press(self, target: Locator) -> None:
        """Press a link or a button."""
        self.presses += 1
        target.click()

    def press_twice(self, target: Locator) -> None:
        """Press a button as those do who always press twice."""
        target.dblclick()

    def type(self, target: Locator, text: str) -> None:
        """Put a text into a field instead of what stands there."""
        target.fill(text)

    def attach(self, target: Locator, file: FilePayload) -> None:
        """Choose a file."""
        target.set_input_files(file)


class Keyboard(Mouse):
    """Tab, Shift+Tab, Enter and typing; sees to it that the focus is always seen."""

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        # Asked for only when the first file is chosen, it would come too late at times.
        page.on("filechooser", lambda _asked: None)

    def press(self, target: Locator) -> None:
        self.presses += 1
        self.reach(target)
        self.page.keyboard.press("Enter")

    def press_twice(self, target: Locator) -> None:
        self.reach(target)
        self.page.keyboard.press("Enter")
        self.page.keyboard.press("Enter")

    def type(self, target: Locator, text: str) -> None:
        self.reach(target)
        self.page.keyboard.press("Control+a")
        self.page.keyboard.insert_text(text)
        expect(target).to_have_value(text)

    def attach(self, target: Locator, file: FilePayload) -> None:
        self.reach(target)
        with self.page.expect_file_chooser() as asked:
            self.page.keyboard.press("Enter")
        asked.value.set_files(file)

    def reach(self, target: Locator) -> None:
        """Go to an element from where the focus is, one stop after the other."""
        expect(target).to_be_visible()
        self.page.wait_for_load_state()
        self.page.evaluate(REMEMBER)
        key = "Tab"
        if target.evaluate(
            "to => !!(document.activeElement.compareDocumentPosition(to) & 2)"
            " && document.activeElement !== document.body"
        ):
            key = "Shift+Tab"
        for _ in range(_MOST_STOPS):
            if target.evaluate("to => document.activeElement === to"):
                return
            self.page.keyboard.press(key)
            assert self.page.evaluate(JUDGE) == ""
        raise AssertionError(f"the keyboard does not get to {target}")


HANDS: dict[str, Callable[[Page], Mouse]] = {
    "script": Mouse,
    "no script": Mouse,
    "keyboard": Keyboard,
}
