// Zoom and drag for the picture of a cascade; without this script it scrolls as any large box.
(() => {
  "use strict";
  const box = document.querySelector(".c-picture");
  const drawing = box && box.querySelector("svg");
  const tools = document.querySelector("[data-picture-tools]");
  if (!drawing || !tools) return;
  const width = drawing.viewBox.baseVal.width;
  const height = drawing.viewBox.baseVal.height;
  let scale = 1;

  const fit = () => Math.min(1, box.clientWidth / width, box.clientHeight / height);
  const zoom = (wanted, x = box.clientWidth / 2, y = box.clientHeight / 2) => {
    const next = Math.min(4, Math.max(Math.min(0.2, fit()), wanted));
    const left = ((box.scrollLeft + x) / scale) * next - x;
    const top = ((box.scrollTop + y) / scale) * next - y;
    scale = next;
    drawing.setAttribute("width", width * scale);
    drawing.setAttribute("height", height * scale);
    box.scrollLeft = left;
    box.scrollTop = top;
  };

  // The directive stands in the middle of the left side, often below what is seen at first.
  const first = drawing.querySelector(".cd-node");
  if (first) {
    const at = first.getBoundingClientRect();
    const seen = box.getBoundingClientRect();
    box.scrollTop += at.top + at.height / 2 - seen.top - box.clientHeight / 2;
  }
  tools.hidden = false;
  tools.addEventListener("click", (event) => {
    const button = event.target.closest("[data-zoom]");
    if (button) zoom(Number(button.dataset.zoom) * scale || fit());
  });
  // Arrow keys scroll the box by themselves; these come on top while it has the focus.
  box.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const factor = { "+": 1.25, "=": 1.25, "-": 0.8, "0": 0 }[event.key];
    if (factor === undefined) return;
    event.preventDefault();
    zoom(factor * scale || fit());
  });
  box.addEventListener("wheel", (event) => {
    if (!event.ctrlKey) return; // the page must go on scrolling
    event.preventDefault();
    const at = box.getBoundingClientRect();
    zoom(scale * (event.deltaY < 0 ? 1.15 : 0.87), event.clientX - at.left, event.clientY - at.top);
  }, { passive: false });

  let from = null;
  let moved = false;
  box.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || event.pointerType === "touch") return; // fingers scroll already
    from = { x: event.clientX + box.scrollLeft, y: event.clientY + box.scrollTop };
    moved = false;
  });
  window.addEventListener("pointermove", (event) => {
    if (!from) return;
    const left = from.x - event.clientX;
    const top = from.y - event.clientY;
    moved = moved || Math.abs(left - box.scrollLeft) + Math.abs(top - box.scrollTop) > 4;
    if (!moved) return;
    box.scrollLeft = left;
    box.scrollTop = top;
    box.classList.add("c-picture--held");
  });
  window.addEventListener("pointerup", () => {
    from = null;
    box.classList.remove("c-picture--held");
  });
  box.addEventListener("dragstart", (event) => event.preventDefault());
  box.addEventListener("click", (event) => {
    if (moved) event.preventDefault(); // it was a drag that ended on a link
    moved = false;
  }, true);
})();
