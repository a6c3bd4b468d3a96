// Search on the static site. The index is described in publish/pages/search_index.py; it is loaded when somebody searches, and of it
// only what the words asked for need: a turn reads a bounded number of files, and a button goes on from there.
import { linked, load, made, named, printed, teller } from "./telling.js";

const BLANK = "␣";
const PART = "\0";
const SHOWN = 20; // results a page
const BLOCKS = 24; // blocks of documents that a turn may read to look through them
const SEGMENTS = 8; // segments that a turn may look into
const AROUND = 40; // characters on either side of a word in an excerpt
const PREFIX = 4; // letters by which a word in Latin letters is looked up

const box = document.getElementById("finder");
const told = teller(box);
const [results, status, field] = [".results", "[role=status]", "input"].map((name) => box.querySelector(name));

const normalized = (text) => text.normalize("NFKC").toLowerCase().replace(/\s+/gu, BLANK);
const isLatin = (word) => /^[\x21-\x7e]+$/u.test(word);

function shardOf(key, shards) {
  let value = 0x811c9dc5;
  for (const character of key) value = Math.imul(value ^ character.codePointAt(0), 0x01000193) >>> 0;
  return value & (shards - 1);
}

function summed(steps) {
  let number = 0;
  return steps.map((step) => (number += step));
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

function pairsOf(word) {
  const characters = Array.from(word);
  return characters.length === 1 ? characters : characters.slice(1).map((second, place) => characters[place] + second);
}

const nameKeysOf = (word) => (isLatin(word) ? [`~${word.slice(0, PREFIX)}`] : pairsOf(word));

class Collection {
  constructor(name, { segments, keys }) {
    Object.assign(this, { name, segments, keys });
  }

  async file(path) {
    return load(`search/index/${this.name}/${path}.json`);
  }

  // Returns {n, segments}: how many documents have the key, and the numbers of the segments that do.
  async spread(key) {
    if (!this.segments) return { n: 0, segments: [] };
    if (!this.keys) {
      const { length } = await this.numbers(0, key);
      return { n: length, segments: length ? [0] : [] };
    }
    const shard = await this.file(`keys-${shardOf(key, this.keys)}`);
    const [n, ...steps] = Object.hasOwn(shard, key) ? shard[key] : [0];
    if (!n) return { n, segments: [] };
    return { n, segments: steps.length ? summed(steps) : Array.from({ length: this.segments }, (_, place) => place) };
  }

  async numbers(segment, key) {
    const { shards } = await this.file(segment);
    const shard = await this.file(`${segment}-${shardOf(key, shards)}`);
    return summed(Object.hasOwn(shard, key) ? shard[key] : []);
  }

  async document(segment, number) {
    const { blocks } = await this.file(segment);
    const block = this.block(blocks, number);
    return (await this.file(`${segment}-text-${block}`))[number - blocks[block]];
  }

  block(blocks, number) {
    let block = blocks.length - 1;
    while (blocks[block] > number) block -= 1;
    return block;
  }

  async blockOf(segment, number) {
    return `${segment}-${this.block((await this.file(segment)).blocks, number)}`;
  }

  // Where all of some words may stand, each word in one of its variants: {most, segments, in(segment)}. `most` is an upper bound.
  async places(words, keysOf) {
    const spreads = await Promise.all(
      words.map((variants) =>
        Promise.all(
          variants.map(async (word) => {
            const told = await Promise.all(keysOf(word).map((key) => this.spread(key)));
            return { most: Math.min(...told.map(({ n }) => n)), segments: common(told.map(({ segments }) => segments)) };
          }),
        ),
      ),
    );
    const most = Math.min(...spreads.map((variants) => variants.reduce((sum, one) => sum + one.most, 0)));
    const segments = common(spreads.map((variants) => [...new Set(variants.flatMap((one) => one.segments))]));
    const within = async (segment) => {
      const sets = await Promise.all(
        words.map(async (variants) => {
          const lists = variants.map(async (word) => common(await Promise.all(keysOf(word).map((key) => this.numbers(segment, key)))));
          return [...new Set((await Promise.all(lists)).flat())];
        }),
      );
      return common(sets);
    };
    return { most, segments: segments.sort((left, right) => left - right), within };
  }
}

function common(lists) {
  const [first, ...others] = lists.map((list) => new Set(list));
  return [...(first ?? [])].filter((member) => others.every((set) => set.has(member))).sort((left, right) => left - right);
}

const holds = (text, words) =>
  words.every((variants) => variants.some((word) => text.split(PART).some((part) => normalized(part).includes(word))));

// Goes through the documents that may have all words, some at a time. `accept` is null where the index alone proves a hit.
class Walk {
  constructor(collection, places, accept) {
    Object.assign(this, { collection, places, accept, hits: [], waiting: [], next: 0 });
  }

  get done() {
    return !this.waiting.length && this.next >= this.places.segments.length;
  }

  // Reads on until it has `wanted` hits, or has read as much as a turn may; with nothing to accept it counts on in the index alone.
  async on(wanted) {
    const blocks = new Set();
    let segments = 0;
    while (!this.done && (this.hits.length < wanted || this.accept)) {
      if (!this.waiting.length) {
        if (segments++ >= SEGMENTS) return;
        const segment = this.places.segments[this.next++];
        this.waiting = (await this.places.within(segment)).map((number) => [segment, number]);
        continue;
      }
      const [segment, number] = this.waiting[0];
      if (this.accept) {
        blocks.add(await this.collection.blockOf(segment, number));
        if (blocks.size > BLOCKS) return;
        const document = await this.collection.document(segment, number);
        if (this.accept(document)) this.hits.push(document);
        this.waiting.shift();
      } else {
        this.hits.push(...this.waiting.map(([at, one]) => () => this.collection.document(at, one)));
        this.waiting = [];
      }
    }
  }
}

async function sectionsWith(words, collection) {
  const places = await collection.places(words, pairsOf);
  const proved = words.flat().every((word) => Array.from(word).length <= 2);
  const walk = new Walk(collection, places, proved ? null : ([text]) => holds(text, words));
  await walk.on(SHOWN);
  // The index counts a single pair of characters exactly, however many segments have it.
  const exact = walk.done || (proved && words.length === 1 && words[0].length === 1);
  return { walk, count: walk.done ? walk.hits.length : Math.max(places.most, walk.hits.length), exact };
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
function rankOf(word, [text, , , , , syllables]) {
  const known = text.split(PART).map(normalized);
  if (known.includes(word)) return 0;
  if (known.some((name) => name.startsWith(word))) return 1;
  if (isLatin(word)) {
    if (known.some((name) => name.split(BLANK).some((part) => part.startsWith(word)))) return 2;
    return spoken(word, syllables.split(" ")) ? 3 : null;
  }
  if (known.some((name) => name.includes(word))) return 2;
  return Array.from(word).length > 2 && known.some((name) => inOrder(word, name)) ? 4 : null;
}

function ranked(words, document) {
  const ranks = words.map((variants) => variants.map((word) => rankOf(word, document)).filter((rank) => rank !== null));
  return ranks.every((list) => list.length) ? Math.max(...ranks.map((list) => Math.min(...list))) : null;
}

// Names that are the whole query come first, then by rank, in the order of the index: places and governments, higher levels first.
async function namesWith(words, collection) {
  const whole = [...new Set([0, -1].map((variant) => words.map((variants) => variants.at(variant)).join(BLANK)))];
  const same = new Walk(collection, await collection.places([whole], (word) => [`=${word}`]), () => true);
  await same.on(SHOWN);
  const accept = (most) => (document) => !same.hits.includes(document) && (ranked(words, document) ?? 9) <= most;
  let walk = new Walk(collection, await collection.places(words, nameKeysOf), accept(3));
  await walk.on(SHOWN);
  if (!walk.hits.length && !same.hits.length && words.flat().some((word) => !isLatin(word) && Array.from(word).length > 2)) {
    const keys = (word) => (isLatin(word) ? nameKeysOf(word) : Array.from(word));
    walk = new Walk(collection, await collection.places(words, keys), accept(4));
    await walk.on(SHOWN);
  }
  const found = walk.hits.map((document, place) => [ranked(words, document), place, document]);
  found.sort(([left, first], [right, second]) => left - right || first - second);
  walk.hits = [...same.hits, ...found.map(([, , document]) => document)];
  return { walk, count: walk.hits.length, exact: walk.done };
}

function excerptOf(text, words) {
  const shown = text.replaceAll(PART, " ").normalize("NFKC").replace(/\s+/gu, " ");
  const small = shown.toLowerCase();
  const places = words.flat().map((word) => [small.indexOf(word.replaceAll(BLANK, " ")), word.length]).filter(([place]) => place >= 0);
  const [place, length] = places[0] ?? [0, 0];
  const start = Math.max(0, place - AROUND);
  const end = place + length + AROUND;
  const paragraph = made("p", (start ? "…" : "") + shown.slice(start, place), made("mark", shown.slice(place, place + length)));
  paragraph.append(shown.slice(place + length, end) + (end < shown.length ? "…" : ""));
  if (document.documentElement.lang !== "zh-Hans") paragraph.lang = "zh-Hans";
  return paragraph;
}

// A list that shows some results and, by a button, more: of what is found, then of what is still to be looked through.
async function listed({ walk, count, exact }, toItem, name) {
  const list = made("ol");
  list.className = "found";
  const more = made("button", ...told("more"));
  more.type = "button";
  const show = async () => {
    const shown = list.children.length;
    if (walk.hits.length < shown + SHOWN) await walk.on(shown + SHOWN);
    const page = await Promise.all(walk.hits.slice(shown, shown + SHOWN).map((hit) => (typeof hit === "function" ? hit() : hit)));
    list.append(...page.map(toItem));
    more.hidden = walk.done && list.children.length >= walk.hits.length;
    return list.children[shown];
  };
  // The keyboard goes on where the new results begin.
  more.addEventListener("click", async () => (await show())?.querySelector("a").focus());
  await show();
  return [made("h2", ...told(exact ? name : `${name}_most`, { [name]: count })), list, more];
}

// A place, or the list that says what is missing of a government, has a page in every language: it stands beside the search page.
// A body has one, from the root.
function nameItem([text, path, kind, name, name_en], words) {
  const target = kind !== "agency" ? new URL(`../${path}`, location.href).href : path;
  const shown = named({ name, name_en });
  const known = text.split(PART);
  // What was asked for may be another name than the one shown.
  const by = known.find((one) => words.some((variants) => variants.some((word) => normalized(one).includes(word))));
  const also = by && !words.flat().some((word) => normalized(shown).includes(word)) && by !== shown ? told("also", { name: by }) : [];
  return made("li", linked(target, printed(shown)), ...also, " ", made("small", ...told(kind)));
}

function sectionItem([text, path, name, name_en, year], words) {
  const heading = text.split(PART)[0] || "……";
  return made("li", linked(path, ...told("section", { agency: named({ name, name_en }), year, heading })), excerptOf(text, words));
}

let asked = 0;

async function search(query) {
  const turn = (asked += 1);
  field.value = query;
  results.replaceChildren();
  status.replaceChildren();
  if (!query.trim()) return;
  status.replaceChildren(...told("loading"));
  try {
    const index = await load("search/index/index.json");
    const words = wordsOf(query).map((word) => variantsOf(word, index.traditional));
    const [names, sections] = ["names", "sections"].map((name) => new Collection(name, index[name]));
    const none = { walk: { hits: [], done: true }, count: 0, exact: true };
    const [known, texts] = words.length ? await Promise.all([namesWith(words, names), sectionsWith(words, sections)]) : [none, none];
    const parts = [];
    if (known.count) parts.push(...(await listed(known, (one) => nameItem(one, words), "names")));
    if (texts.walk.hits.length || !texts.walk.done) parts.push(...(await listed(texts, (one) => sectionItem(one, words), "sections")));
    if (turn !== asked) return;
    results.replaceChildren(...parts);
    results.dataset.names = known.count;
    results.dataset.sections = texts.count;
    const exact = known.exact && texts.exact;
    status.replaceChildren(...told(exact ? (parts.length ? "count" : "none") : "most", { names: known.count, sections: texts.count }));
  } catch (error) {
    if (turn === asked) status.replaceChildren(...told("failed"));
  }
}

const queryOf = () => new URLSearchParams(location.search).get("q") ?? "";

box.querySelector("form").addEventListener("submit", (event) => {
  event.preventDefault();
  history.pushState(null, "", `?q=${encodeURIComponent(field.value)}`);
  search(field.value);
});
addEventListener("popstate", () => search(queryOf()));
for (const other of document.querySelectorAll("main form.search")) other.hidden = !box.contains(other);
box.hidden = false;
search(queryOf());
