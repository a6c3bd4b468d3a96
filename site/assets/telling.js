// What the scripts of the site share: its files, and the words of a scripted block in the language of the page.

// The scripts stand in assets/, so the root of the site is one up, whatever the prefix, the language and the page.
export const root = new URL("../", import.meta.url);
const language = document.documentElement.lang;
const CHINESE = /[\u3400-\u9fff]/u;
const kept = new Map();

// Reads a JSON file of the site by its address from the root, once.
export async function load(path) {
  if (!kept.has(path)) {
    const answer = fetch(new URL(path, root)).then((response) => {
      if (!response.ok) throw new Error(`${path}: ${response.status}`);
      return response.json();
    });
    answer.catch(() => kept.delete(path));
    kept.set(path, answer);
  }
  return kept.get(path);
}

export function made(tag, ...children) {
  const element = document.createElement(tag);
  element.append(...children);
  return element;
}

// A link to a page of the site by its address from the root, or to a whole address.
export function linked(target, ...children) {
  const element = made("a", ...children);
  element.href = new URL(target, root).href;
  return element;
}

export function gloss(text) {
  const english = made("span", text);
  english.className = "en";
  english.lang = "en";
  return english;
}

// A name, or words of a form or report: they keep their script, so on another page than a simplified Chinese one they are marked.
export function printed(text) {
  if (language === "zh-Hans" || !CHINESE.test(text)) return text;
  const marked = made("span", text);
  marked.lang = "zh-Hans";
  return marked;
}

// The name of a body in the language of the page, where it has one there.
export const named = ({ name, name_en }) => (language === "en" && name_en) || name;

// Returns what tells the texts of a block: nodes, with the English behind the Chinese where the page has both.
export function teller({ dataset }) {
  // A text is a name or printed words; words of ours come as nodes.
  const valueOf = (value) => (value instanceof Node ? value : printed(String(value)));
  const filled = (text, values) =>
    text.split(/\{(\w+)\}/u).map((part, place) => (place % 2 ? valueOf(values[part]) : part)).filter((part) => part !== "");
  return (name, values = {}) => {
    const english = dataset[`${name}En`];
    const second = english ? [" ", gloss("")] : [];
    second.at(-1)?.append(...filled(english, values));
    return [...filled(dataset[name], values), ...second];
  };
}
