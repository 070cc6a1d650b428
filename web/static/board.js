// One press chooses every step of this page, another none. Without it each is ticked by hand.
const place = document.getElementById("choose-all");
if (place) {
  const button = place.querySelector("button");
  const boxes = () => document.querySelectorAll("input[name=step]");
  button.addEventListener("click", () => {
    const all = button.getAttribute("aria-pressed") !== "true";
    boxes().forEach((box) => { box.checked = all; });
    button.setAttribute("aria-pressed", String(all));
  });
  place.hidden = false;
}
