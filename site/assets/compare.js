// Lays the published figures of two to six comparable bodies side by side. The choice stands in the address:
// ?year=2020&bodies=440115,330104

import { gloss, linked, load, made, named, printed, teller } from "./telling.js";

const box = document.getElementById("compare");
const most = Number(box.dataset.bodies);
const base = Number(box.dataset.base);
const outcomes = new Set(box.dataset.outcomes.split(" "));
const years = box.dataset.years.split(" ");
const [form, chosen, status, results] = ["form", ".chosen", "[role=status]", ".results"].map((name) => box.querySelector(name));
const { year: yearField, body: bodyField } = form.elements;
const options = box.querySelector("datalist");
const told = teller(box);
const ours = (text) => document.createTextNode(text);
const separator = () => (document.documentElement.lang === "en" ? ", " : "、");
const word = (key) => box.dataset[key];
const inEnglish = (key) => box.dataset[`${key}En`] ?? word(key);

function state() {
  const query = new URLSearchParams(location.search);
  const year = years.includes(query.get("year")) ? query.get("year") : years[0];
  return { year, bodies: [...new Set((query.get("bodies") ?? "").split(",").filter(Boolean))] };
}

function go(year, bodies) {
  history.pushState(null, "", `?year=${year}&bodies=${bodies.map(encodeURIComponent).join(",")}`);
  show();
}

// The first reason why these reports may not stand side by side, as text, or null.
function objection(reports) {
  for (const report of reports) if (report.why_not) return told(report.why_not, names(report));
  for (const trait of ["level", "scope", "form"]) {
    const values = [...new Set(reports.map((report) => report[trait]))];
    if (values.length > 1) {
      const own = values.map(word).join(separator());
      return told("mixed", { values: ours(own), values_en: values.map(inEnglish).join(", ") });
    }
  }
  return null;
}

const cellOf = (figures, { indicator, measure }) => figures.find((row) => row.indicator === indicator && row.measure === measure);
const names = (report) => ({ name: named(report), name_en: report.name_en || report.name });
const count = (value) => value.toLocaleString("en");

function shown(figure, report, outcomesTotal) {
  const cell = made("td");
  cell.className = "num";
  if (!figure) return cell;
  if (figure.state === "missing" || figure.value === null) {
    cell.append(box.dataset[figure.state === "missing" ? "missing" : "blank"]);
    return cell;
  }
  const target = figure.line ? `${report.path}source/index.html#L${figure.line}` : `${report.path}#tables`;
  cell.append(linked(target, count(figure.value)));
  cell.dataset.value = figure.value;
  if (figure.state === "inferred") cell.append(` ${box.dataset.inferred}`);
  if (figure.check_status === "inconsistent") {
    const sign = linked(`${report.path}#checks`, "※");
    sign.className = "sign hard";
    cell.append(sign);
  } else if (outcomes.has(figure.indicator) && outcomesTotal && figure.value) {
    const share = made("small", `${((100 * figure.value) / outcomesTotal).toFixed(1)}%`);
    cell.append(" ", share);
  }
  return cell;
}

// The number of outcomes where shares of it may be told, else null.
function shareBase(figures) {
  const total = cellOf(figures, { indicator: "outcomes_total", measure: "total" });
  return total && total.check_status !== "inconsistent" && total.value >= base ? total.value : null;
}

function heads(first, reports, toChild) {
  const row = made("tr", made("th", ...first));
  for (const report of reports) row.append(made("th", toChild(report)));
  for (const cell of row.children) cell.scope = "col";
  return row;
}

function labelOf({ label_zh: chinese, label_en: english }) {
  if (document.documentElement.lang === "en") return [english];
  return [printed(chinese), ...(document.documentElement.lang === "zh-Hans" ? [" ", gloss(english)] : [])];
}

// The table as tab-separated text: numbers plain, nothing that a spreadsheet would have to strip.
function asText(table) {
  const line = (row) => [...row.cells].map((cell) => cell.dataset.value ?? cell.textContent.replace(/\s+/gu, " ").trim()).join("\t");
  return [...table.rows].map(line).join("\n");
}

function copier(scroller) {
  const button = made("button", ...told("copy"));
  button.type = "button";
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(asText(scroller.querySelector("table")));
    status.replaceChildren(...told("copied"));
  });
  return button;
}

// What the table lists: the column of totals.
const listed = (figures) => figures.filter((row) => row.measure === "total");

function standing(cells) {
  const number = (holds) => cells.filter(holds).length;
  return {
    figures: cells.length,
    inconsistent: number((cell) => cell.check_status === "inconsistent"),
    inferred: number((cell) => cell.state === "inferred" || cell.reading === "split"),
    lost: number((cell) => cell.state === "missing"),
    empty: number((cell) => cell.value === null && cell.state !== "missing"),
  };
}

function grid(reports, tables) {
  const rows = listed(tables[0]);
  const body = made("tbody");
  for (const wanted of rows) {
    const head = made("th", ...labelOf(wanted));
    head.scope = "row";
    const cells = tables.map((figures, place) => shown(cellOf(figures, wanted), reports[place], shareBase(figures)));
    body.append(made("tr", head, ...cells));
  }
  const copies = made("tr", made("th", ...told("copy_line")), ...reports.map((report) => made("td", ...told(report.copy))));
  copies.firstChild.scope = "row";
  // What a reader must heed with the figures of each report, linked to where its page says it in full.
  const heeded = (report) =>
    report.warnings.map((key) => {
      const line = made("span", linked(`${report.path}#heed`, ...told(key)));
      line.className = "kind";
      return line;
    });
  const warnings = made("tr", made("th", ...told("heed_line")), ...reports.map((report) => made("td", ...heeded(report))));
  warnings.firstChild.scope = "row";
  body.prepend(copies, warnings);
  const table = made("table", made("thead", heads(told("column_indicator"), reports, (report) => linked(report.path, printed(named(report))))), body);
  const scroller = made("div", table);
  scroller.className = "scroll";
  scroller.tabIndex = 0;
  scroller.setAttribute("role", "region");
  scroller.setAttribute("aria-label", box.dataset.caption);
  return scroller;
}

function notes(reports, tables) {
  const lines = [told("scope_line", { scope: ours(word(reports[0].scope)), scope_en: inEnglish(reports[0].scope) })];
  tables.forEach((figures, place) => {
    const total = cellOf(figures, { indicator: "outcomes_total", measure: "total" });
    const values = { ...names(reports[place]), count: total?.value };
    if (total?.check_status === "inconsistent") lines.push(told("inconsistent", values));
    else if (total && total.value !== null && total.value < base) lines.push(told("few", values));
    lines.push(told("rests", { name: values.name, ...standing(listed(tables[0]).map((wanted) => cellOf(figures, wanted)).filter(Boolean)) }));
  });
  if (tables.some((figures) => figures.some((row) => row.check_status === "inconsistent"))) lines.push(told("broken"));
  lines.push(told("legend"));
  return lines.map((line) => made("p", ...line));
}

function choice(year, bodies, known) {
  chosen.replaceChildren(
    ...bodies.map((body) => {
      const name = known.has(body) ? named(known.get(body)) : body;
      const remove = made("button", ...told("remove_short"));
      remove.setAttribute("aria-label", told("remove", { name }).map((part) => part.textContent ?? part).join(""));
      remove.type = "button";
      remove.addEventListener("click", () => go(year, bodies.filter((one) => one !== body)));
      return made("li", printed(name), " ", remove);
    }),
  );
}

let asked = 0;

async function show() {
  const turn = (asked += 1);
  const { year, bodies } = state();
  yearField.value = year;
  bodyField.value = "";
  results.replaceChildren();
  status.replaceChildren(...told("loading"));
  try {
    const reports = await load(`compare/${year}.json`);
    if (turn !== asked) return;
    const known = new Map(reports.map((report) => [report.body, report]));
    const picked = bodies.filter((body) => known.has(body)).map((body) => known.get(body));
    choice(year, bodies, known);
    const addable = reports.filter((report) => !bodies.includes(report.body) && !objection([...picked, report]));
    options.replaceChildren(...addable.map((report) => Object.assign(made("option"), { value: named(report) })));
    const stranger = bodies.find((body) => !known.has(body));
    const refused =
      (stranger && told("unknown_body", { name: stranger, year })) ||
      (bodies.length > most && told("most", { most })) ||
      objection(picked) ||
      (bodies.length < 2 && told("choose", { most }));
    if (refused) {
      status.replaceChildren(...refused);
      return;
    }
    const tables = await Promise.all(picked.map((report) => load(`${report.path}figures.json`)));
    if (turn !== asked) return;
    status.replaceChildren();
    const table = grid(picked, tables);
    results.replaceChildren(table, ...(navigator.clipboard ? [copier(table)] : []), ...notes(picked, tables));
  } catch (error) {
    if (turn === asked) status.replaceChildren(...told("failed"));
  }
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const { year, bodies } = state();
  const name = bodyField.value.trim();
  const found = (await load(`compare/${year}.json`)).find((report) => [report.name, report.name_en, report.body].includes(name));
  if (found) go(year, [...new Set([...bodies, found.body])]);
  else status.replaceChildren(...told("unknown_body", { name, year }));
});
yearField.append(...years.map((year) => Object.assign(made("option", year), { value: year })));
yearField.addEventListener("change", () => go(yearField.value, state().bodies));
addEventListener("popstate", show);
box.hidden = false;
show();
