// Search on the static site. The index is described in publish/pages/search_index.py; it is loaded when somebody searches.

const BLANK = "␣";
const PART = "\0";
const SHOWN = 20; // results a page
const CHECKED = 400; // candidates of a longer word that are looked through; more are told as an upper bound
const AROUND = 40; // characters on either side of a word in an excerpt

const box = document.getElementById("finder");
// The script stands in assets/, so the root of the site is one up, whatever the prefix and the page.
const root = new URL("../", import.meta.url);
const index = new URL("search/index/", root);
const kept = new Map();

async function load(path) {
  if (!kept.has(path)) {
    const answer = fetch(new URL(path, index)).then((response) => {
      if (!response.ok) throw new Error(`${path}: ${response.status}`);
      return response.json();
    });
    answer.catch(() => kept.delete(path));
    kept.set(path, answer);
  }
  return kept.get(path);
}

const normalized = (text) => text.normalize("NFKC").toLowerCase().replace(/\s+/gu, BLANK);

function shardOf(key, shards) {
  let value = 0x811c9dc5;
  for (const character of key) value = Math.imul(value ^ character.codePointAt(0), 0x01000193) >>> 0;
  return value & (shards - 1);
}

// Words are parted by white space, except inside a pair of double quotes.
function wordsOf(query) {
  const found = query.normalize("NFKC").matchAll(/"([^"]*)"|(\S+)/gu);
  return [...found].map(([, quoted, bare]) => normalized((quoted ?? bare).replaceAll('"', "").trim())).filter(Boolean);
}

// A word as typed and, where that differs, in simplified characters.
function variantsOf(word, traditional) {
  return [...new Set([word, Array.from(word, (character) => traditional[character] ?? character).join("")])];
}

function keysOf(word) {
  const characters = Array.from(word);
  return characters.length === 1 ? characters : characters.slice(1).map((second, place) => characters[place] + second);
}

async function numbersOf(collection, segment, shards, key) {
  const shard = await load(`${collection}/${segment}-${shardOf(key, shards)}.json`);
  let number = 0;
  return (Object.hasOwn(shard, key) ? shard[key] : []).map((step) => (number += step));
}

async function having(collection, segment, shards, keys) {
  const lists = await Promise.all(keys.map((key) => numbersOf(collection, segment, shards, key)));
  return lists.reduce((left, right) => {
    const other = new Set(right);
    return left.filter((number) => other.has(number));
  });
}

async function documentOf(collection, segment, { blocks }, number) {
  let block = blocks.length - 1;
  while (blocks[block] > number) block -= 1;
  return (await load(`${collection}/${segment}-text-${block}.json`))[number - blocks[block]];
}

const holds = (text, words) =>
  words.every((variants) => variants.some((word) => text.split(PART).some((part) => normalized(part).includes(word))));

// Returns {hits: [() => document], exact}: the sections that have every word, exactly counted unless the candidates are too many.
async function sectionsWith(words, segments) {
  const candidates = [];
  for (const [segment, told] of segments.entries()) {
    const sets = await Promise.all(
      words.map(async (variants) => {
        const lists = await Promise.all(variants.map((word) => having("sections", segment, told.shards, keysOf(word))));
        return new Set(lists.flat());
      }),
    );
    const numbers = [...sets[0]].filter((number) => sets.every((set) => set.has(number))).sort((left, right) => left - right);
    candidates.push(...numbers.map((number) => () => documentOf("sections", segment, told, number)));
  }
  const proved = words.flat().every((word) => Array.from(word).length <= 2);
  if (proved || candidates.length > CHECKED) return { hits: candidates, exact: proved };
  const documents = await Promise.all(candidates.map((candidate) => candidate()));
  return { hits: documents.filter(([text]) => holds(text, words)).map((document) => () => document), exact: true };
}

function spoken(word, syllables) {
  const starts = (list) => list.some((_, place) => list.slice(place).join("").startsWith(word));
  return starts(syllables) || starts(syllables.map((syllable) => syllable[0]));
}

function inOrder(word, name) {
  let place = 0;
  const characters = Array.from(word);
  for (const character of name) if (character === characters[place]) place += 1;
  return place === characters.length;
}

// 0 a name itself, 1 its beginning, 2 inside a name, 3 by pinyin, 4 all characters in order (住建局); null does not match.
function rankOf(word, [text, , , , names, syllables]) {
  const known = text.split(PART).slice(0, names).map(normalized);
  if (known.includes(word)) return 0;
  if (known.some((name) => name.startsWith(word))) return 1;
  if (known.some((name) => name.includes(word))) return 2;
  if (/^[a-z]+$/u.test(word)) return spoken(word, syllables.split(" ")) ? 3 : null;
  return Array.from(word).length > 2 && known.some((name) => inOrder(word, name)) ? 4 : null;
}

async function namesWith(words, segments) {
  const found = [];
  for (const [segment, told] of segments.entries()) {
    const first = await Promise.all(
      words[0].map((word) => having("names", segment, told.shards, Array.from(word))),
    );
    for (const number of new Set(first.flat())) {
      const document = await documentOf("names", segment, told, number);
      const ranks = words.map((variants) => variants.map((word) => rankOf(word, document)).filter((rank) => rank !== null));
      if (ranks.every((list) => list.length)) found.push([Math.max(...ranks.map((list) => Math.min(...list))), document]);
    }
  }
  const best = found.some(([rank]) => rank < 4) ? found.filter(([rank]) => rank < 4) : found;
  return best.sort(([left], [right]) => left - right).map(([, document]) => document);
}

function made(tag, text, ...children) {
  const element = document.createElement(tag);
  if (text) element.textContent = text;
  element.append(...children);
  return element;
}

function linked(text, path) {
  const link = made("a", text);
  link.href = new URL(path, root).href;
  return link;
}

function told(name, values = {}) {
  const fill = (text) => text.replace(/\{(\w+)\}/gu, (_, key) => values[key]);
  const english = made("span", fill(box.dataset[`${name}En`]));
  english.className = "en";
  english.lang = "en";
  return [fill(box.dataset[name]), " ", english];
}

function excerptOf(text, words) {
  const shown = text.replaceAll(PART, " ").normalize("NFKC").replace(/\s+/gu, " ");
  const small = shown.toLowerCase();
  const places = words.flat().map((word) => [small.indexOf(word.replaceAll(BLANK, " ")), word.length]).filter(([place]) => place >= 0);
  const [place, length] = places[0] ?? [0, 0];
  const start = Math.max(0, place - AROUND);
  const end = place + length + AROUND;
  const paragraph = made("p");
  paragraph.append((start ? "…" : "") + shown.slice(start, place), made("mark", shown.slice(place, place + length)));
  paragraph.append(shown.slice(place + length, end) + (end < shown.length ? "…" : ""));
  return paragraph;
}

async function listed(hits, toItem, heading) {
  const list = made("ol");
  list.className = "found";
  const more = made("button");
  more.type = "button";
  more.append(...told("more"));
  let next = 0;
  const show = async () => {
    const page = await Promise.all(hits.slice(next, next + SHOWN).map((hit) => hit()));
    list.append(...page.map(toItem));
    next += page.length;
    more.hidden = next >= hits.length;
  };
  more.addEventListener("click", show);
  await show();
  return [made("h2", "", ...heading), list, more];
}

const nameItem = ([text, path, kind, name]) => made("li", "", linked(name, path), " ", ...told(kind));
const sectionItem = (words) => ([text, path, title]) =>
  made("li", "", linked(`${title}：${text.split(PART)[0] || "……"}`, path), excerptOf(text, words));

let asked = 0;

async function search(query) {
  const turn = (asked += 1);
  const results = box.querySelector(".results");
  const status = box.querySelector("[role=status]");
  box.querySelector("input").value = query;
  results.replaceChildren();
  status.replaceChildren();
  if (!query.trim()) return;
  status.replaceChildren(...told("loading"));
  try {
    const { traditional, names, sections } = await load("index.json");
    const words = wordsOf(query).map((word) => variantsOf(word, traditional));
    const [known, { hits, exact }] = words.length
      ? await Promise.all([namesWith(words, names), sectionsWith(words, sections)])
      : [[], { hits: [], exact: true }];
    const counts = { names: known.length, sections: hits.length };
    const parts = [];
    if (known.length) parts.push(...(await listed(known.map((one) => () => one), nameItem, told("names", counts))));
    if (hits.length) parts.push(...(await listed(hits, sectionItem(words), told("sections", counts))));
    if (turn !== asked) return;
    results.replaceChildren(...parts);
    results.dataset.names = known.length;
    results.dataset.sections = hits.length;
    status.replaceChildren(...told(exact ? (parts.length ? "count" : "none") : "most", counts));
  } catch (error) {
    if (turn === asked) status.replaceChildren(...told("failed"));
  }
}

const queryOf = () => new URLSearchParams(location.search).get("q") ?? "";

box.querySelector("form").addEventListener("submit", (event) => {
  event.preventDefault();
  const query = box.querySelector("input").value;
  history.pushState(null, "", `?q=${encodeURIComponent(query)}`);
  search(query);
});
addEventListener("popstate", () => search(queryOf()));
for (const other of document.querySelectorAll("main form.search")) other.hidden = !box.contains(other);
box.hidden = false;
search(queryOf());
