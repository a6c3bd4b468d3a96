// Fills body and year into the draft of a request. They stand in the address, so that a link from a gap leads to its draft:
// ?agency=广州市南沙区人民政府&year=2019
import { made, teller } from "./telling.js";

const LONGEST = 60; // characters of a body's name
const box = document.getElementById("drafting");
const [form, text, status] = ["form", "pre", "[role=status]"].map((name) => box.querySelector(name));
const { agency, year } = form.elements;
const blank = text.textContent;
const told = teller(box);

function fill() {
  const name = agency.value.trim().slice(0, LONGEST);
  const number = /^\d{4}$/u.test(year.value.trim()) ? year.value.trim() : "";
  const filled = blank.replaceAll(box.dataset.blank_agency, () => name || box.dataset.blank_agency);
  text.textContent = filled.replaceAll(box.dataset.blank_year, () => number || box.dataset.blank_year);
  status.replaceChildren();
  return new URLSearchParams([["agency", name], ["year", number]].filter(([, value]) => value));
}

form.addEventListener("input", () => {
  const query = fill().toString();
  history.replaceState(null, "", query ? `?${query}` : location.pathname);
});
form.addEventListener("submit", (event) => event.preventDefault());
if (navigator.clipboard) {
  const button = made("button", ...told("copy"));
  button.type = "button";
  button.className = "copy";
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(text.textContent);
    status.replaceChildren(...told("copied"));
  });
  status.before(button);
}
const asked = new URLSearchParams(location.search);
agency.value = (asked.get("agency") ?? "").slice(0, LONGEST);
year.value = asked.get("year") ?? "";
fill();
form.hidden = false;
