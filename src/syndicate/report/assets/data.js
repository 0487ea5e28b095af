// The data of the report: pieces that lie in the file compressed, and are unpacked when a page asks for them.

const MOST_KEPT = 24; // pieces that stay unpacked

/** An element with attributes and children; strings become text, never markup. */
function el(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === true) element.setAttribute(key, "");
    else if (value !== false && value != null) element.setAttribute(key, value);
  }
  element.append(...children.flat(Infinity).filter((child) => child != null && child !== ""));
  return element;
}

const parsed = new Promise((resolve) => {
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", resolve, { once: true });
  else resolve();
});

async function unpack(name) {
  // The first page is shown while the rest of the file is still being read.
  if (!document.getElementById(name)?.nextElementSibling) await parsed;
  const text = atob(document.getElementById(name).textContent);
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at += 1) bytes[at] = text.charCodeAt(at);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return JSON.parse(await new Response(stream).text());
}

const kept = new Map();

function piece(number) {
  const name = `piece-${number}`;
  const found = kept.get(name) ?? unpack(name);
  kept.delete(name); // what was asked for last stays longest
  kept.set(name, found);
  if (kept.size > MOST_KEPT) kept.delete(kept.keys().next().value);
  return found;
}

let wholeIndex = null;

/** What searching and filtering look at. */
function index() {
  wholeIndex ??= unpack("index").then((found) => {
    const { articles, outlets } = found;
    found.folded = articles.title.map((title, at) =>
      fold(`${title}\n${outlets[articles.outlet[at]]}\n${articles.byline[at]}`),
    );
    return found;
  });
  return wholeIndex;
}

/** An article by its number, from the piece that it is in. */
async function article(number) {
  const { articles } = await index();
  if (!(number in articles.piece)) throw new RangeError(`there is no article ${number}`);
  const home = await piece(articles.piece[number]);
  return home.articles.find((one) => one.n === number);
}

/** Text as it is searched: without case, and without accents. */
function fold(text) {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}

/** A time in ISO 8601 as people read it. */
function when(time) {
  const [day, clock = ""] = (time ?? "").split("T");
  const zone = /[+-](?!00:?00$)\d\d:?\d\d$/.exec(clock)?.[0] ?? ""; // one that is not UTC
  return `${day} ${clock.slice(0, 5)} ${zone}`.trim();
}

function thousands(number) {
  return number.toLocaleString("en");
}
