// An article's page: its text with every removed part where it stood, and what the page claims.

const OUTSIDE = "extract/"; // what the extractor left out, rather than a rule

/** An address as a link, where it is one that may be followed. */
function address(one) {
  const shown = one.url || one.id;
  return one.href ? el("a", { href: one.href, rel: "noopener noreferrer nofollow" }, shown) : el("span", {}, shown);
}

/**
 * A stretch of an article's text with the removals that stood in it; `shown` makes nodes of those of one place.
 * `atStart` and `atEnd` say whether those that stood at its very start and end are its own.
 */
function flow(one, start, end, shown, { atStart = true, atEnd = false }) {
  const nodes = [];
  const places = Map.groupBy(removals(one), (found) => found.at);
  let at = start;
  for (const [place, all] of places) {
    if (place < start || place > end || (place === start && !atStart) || (place === end && !atEnd)) continue;
    nodes.push(one.text.slice(at, place), shown(...all));
    at = Math.max(...all.map((found) => found.to)); // what was refused is in the text, and is shown as such
  }
  nodes.push(one.text.slice(at, end));
  return nodes;
}

/** The removals of an article, in order; those of the extractor that stood at one place are one. */
function removals(one) {
  const found = [];
  one.removed.forEach(([at, to, rule, kind, text, captures], number) => {
    const place = at ?? one.text.length;
    const last = found.at(-1);
    const outside = rule.startsWith(OUTSIDE);
    if (outside && last?.outside && last.at === place) {
      last.text += text;
      last.numbers.push(number);
    } else found.push({ at: place, to: to ?? place, rule, kind, text, captures, outside, numbers: [number] });
  });
  return found;
}

/** Removed text that stood at one place, folded away; it says what it is. */
function folded(...all) {
  const kinds = [...new Set(all.map((found) => (found.outside ? "outside the article" : found.kind)))];
  const size = all.reduce((sum, found) => sum + found.text.trim().length, 0);
  return el(
    "details",
    { class: "folded" },
    el("summary", {}, kinds.map((kind) => [el("span", { class: "kind" }, kind), " "]), `${thousands(size)} characters`),
    all.map((found) => el("div", { class: "text", dir: "auto" }, found.text.trim())),
  );
}

/** Removed text in its place, struck out; its rule is told to who points at it or comes to it by keyboard. */
function struck(found, summaries, prefix) {
  if (found.outside) return folded(found);
  const tip = `${prefix}-tip-${found.numbers[0]}`;
  const isBlock = /\n/.test(found.text);
  return el(
    "span",
    { class: isBlock ? "cut block" : "cut" },
    el(
      "del",
      { tabindex: 0, id: `${prefix}-cut-${found.numbers[0]}`, "aria-describedby": tip, "data-kind": found.kind },
      el("span", { class: "kind" }, found.kind),
      " ",
      el("span", { dir: "auto", class: "words" }, found.text.trim()),
    ),
    el(
      "span",
      { role: "tooltip", id: tip, class: "tip" },
      el("code", {}, found.rule),
      summaries[found.rule] ? ` ${summaries[found.rule]}` : "",
      ...found.captures.map(([field, value]) => el("span", { class: "capture" }, `${field}: ${value}`)),
    ),
  );
}

function claims(one, prefix) {
  if (!one.claims.length) return [];
  const rows = one.claims.map(([field, value, rule, text, inside]) => {
    const go = el("button", { type: "button", class: "quiet" }, "show");
    go.addEventListener("click", () => document.getElementById(`${prefix}-cut-${inside}`)?.focus());
    const isStruck = inside >= 0 && !one.removed[inside][2].startsWith(OUTSIDE);
    return el(
      "tr",
      {},
      el("th", { scope: "row" }, field),
      el("td", { dir: "auto" }, value),
      el("td", {}, el("code", {}, rule)),
      el("td", { dir: "auto" }, text),
      el("td", {}, isStruck ? go : ""),
    );
  });
  const heads = ["claim", "value", "read by", "in the words", "in the text"].map((name) =>
    el("th", { scope: "col" }, name),
  );
  return [
    el("h2", {}, "What the page claims"),
    el("div", { class: "wide", tabindex: 0, role: "region", "aria-label": "What the page claims" },
      el("table", {}, el("thead", {}, el("tr", {}, heads)), el("tbody", {}, rows))),
  ];
}

function facts(one) {
  return [...new Set([one.outlet, one.byline, when(one.published)])].filter(Boolean).join(" · ");
}

async function articlePage(number) {
  const [one, { articles, stories, rules }] = await Promise.all([article(number), index()]);
  const prefix = `a${number}`;
  const story = articles.story[number];
  const size = one.removed.reduce((sum, [, , rule, , text]) => sum + (rule.startsWith(OUTSIDE) ? 0 : text.length), 0);
  return {
    title: one.title?.trim() || one.id,
    nodes: [
      el("h1", { dir: "auto", tabindex: -1 }, one.title?.trim() || "Untitled"),
      el("p", { class: "facts", dir: "auto" }, facts(one)),
      el("p", { class: "facts" }, address(one)),
      story >= 0
        ? el("p", {}, "One of the pages of ", el("a", { href: `#/story/${story}` }, `“${stories.title[story]}”`), ".")
        : "",
      one.status === "ok"
        ? ""
        : el("p", { class: "notice" }, el("strong", {}, one.status), one.reason ? `: ${one.reason}` : ""),
      one.refused ? el("p", { class: "notice" }, "What is struck out below was not taken: the rules were refused.") : "",
      ...one.notes.map((note) => el("p", { class: "notice" }, note)),
      el("p", { class: "facts" },
        `${thousands(one.text.length)} characters kept, ${thousands(size)} ${one.refused ? "refused" : "taken by rules"}`),
      el("div", { class: "text article", dir: "auto" },
        flow(one, 0, one.text.length, (...all) => all.map((found) => struck(found, rules, prefix)), { atEnd: true })),
      ...claims(one, prefix),
    ],
  };
}
