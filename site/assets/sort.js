// Lets readers sort the rows of a table by a column. Without this script the rows stand in the order of the division codes.

const collator = new Intl.Collator("zh-Hans-CN", { numeric: true });

/** The number that a cell shows, or null for a text or a missing figure. */
function figure(cell) {
  const found = /^-?[\d,]+(?:\.\d+)?/.exec(cell.textContent.trim());
  return found ? Number(found[0].replaceAll(",", "")) : null;
}

function compare(numeric, descending) {
  const sign = descending ? -1 : 1;
  return (one, other) => {
    if (!numeric) return sign * collator.compare(one.textContent.trim(), other.textContent.trim());
    const [left, right] = [figure(one), figure(other)];
    // What is missing stands last, whichever way the table is sorted.
    if (left === null || right === null) return (left === null) - (right === null);
    return sign * (left - right);
  };
}

function sort(table, place, heading) {
  const descending = heading.getAttribute("aria-sort") === "ascending";
  for (const each of table.tHead.rows[0].cells) each.removeAttribute("aria-sort");
  heading.setAttribute("aria-sort", descending ? "descending" : "ascending");
  const order = compare(heading.classList.contains("num"), descending);
  const body = table.tBodies[0];
  body.append(...[...body.rows].sort((one, other) => order(one.cells[place], other.cells[place])));
}

for (const table of document.querySelectorAll("#bodies ~ .scroll table, #agencies ~ .scroll table")) {
  [...table.tHead.rows[0].cells].forEach((heading, place) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "sort";
    button.append(...heading.childNodes);
    button.addEventListener("click", () => sort(table, place, heading));
    heading.append(button);
  });
}
