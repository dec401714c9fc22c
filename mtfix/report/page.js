"use strict";
const all = (selector) => Array.from(document.querySelectorAll(selector));
const byId = (id) => document.getElementById(id);
const tip = byId("tip");

// Mark a change in the text and its entry in the list, and bring one of them into view.
function select(mark, entry, target) {
  all(".current").forEach((element) => element.classList.remove("current"));
  for (const element of [mark, entry]) if (element) element.classList.add("current");
  if (target) target.scrollIntoView({ block: "center", behavior: "smooth" });
}

document.addEventListener("click", (event) => {
  const mark = event.target.closest("main a");
  const entry = event.target.closest("aside .entry");
  if (mark) {
    event.preventDefault();
    const listed = byId(mark.hash.slice(1));
    select(mark, listed, listed);
  } else if (entry) {
    event.preventDefault();
    const marked = byId(entry.dataset.target);
    select(marked, entry, marked);
  }
});

function explain(mark) {
  const entry = mark && byId(mark.hash.slice(1));
  tip.hidden = !entry;
  if (!entry) return;
  tip.replaceChildren(...Array.from(entry.querySelectorAll(".reason, .suggestions"), (node) => node.cloneNode(true)));
  const box = mark.getBoundingClientRect();
  const left = Math.min(box.left, window.innerWidth - tip.offsetWidth - 12);
  const below = box.bottom + 8 + tip.offsetHeight < window.innerHeight;
  tip.style.left = Math.max(12, left) + "px";
  tip.style.top = (below ? box.bottom + 8 : box.top - tip.offsetHeight - 8) + "px";
}
document.addEventListener("mouseover", (event) => explain(event.target.closest("main a")));
document.addEventListener("focusin", (event) => explain(event.target.closest("main a")));
document.addEventListener("scroll", () => { tip.hidden = true; }, { passive: true });

for (const button of all(".views button")) button.addEventListener("click", () => {
  document.body.dataset.view = button.dataset.view;
  all(".views button").forEach((other) => other.setAttribute("aria-pressed", String(other === button)));
});

for (const button of all(".categories button")) button.addEventListener("click", () => {
  const on = button.getAttribute("aria-pressed") !== "true";
  all(".categories button").forEach((other) => other.setAttribute("aria-pressed", String(on && other === button)));
  document.body.classList.toggle("filtered", on);
  all("main a, aside .entry").forEach((element) =>
    element.classList.toggle("match", on && element.dataset.category === button.dataset.category));
});

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || !"jk".includes(event.key)) return;
  const marks = all(document.body.classList.contains("filtered") ? "main a.match" : "main a");
  if (!marks.length) return;
  const step = event.key === "j" ? 1 : -1;
  const at = marks.findIndex((mark) => mark.classList.contains("current"));
  const mark = marks[at < 0 ? (step > 0 ? 0 : marks.length - 1) : (at + step + marks.length) % marks.length];
  select(mark, byId(mark.hash.slice(1)), mark);
  mark.focus({ preventScroll: true });
});
