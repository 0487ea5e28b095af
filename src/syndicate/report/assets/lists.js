// Stories and articles as lists that can be searched and filtered; of many, a screenful at a time.

const STEP = 50; // entries that are shown at once

/** What is asked for, from the part of the address behind "?". */
function readQuery(text) {
  return Object.fromEntries(new URLSearchParams(text));
}

function addressOf(view, query) {
  const given = Object.entries(query).filter(([, value]) => value);
  return `#/${view}${given.length ? `?${new URLSearchParams(given)}` : ""}`;
}

/** Whether a time lies between two days. */
function isWithin(time, from, to) {
  if (!from && !to) return true;
  const day = time.slice(0, 10);
  return Boolean(day) && (!from || day >= from) && (!to || day <= to);
}

function wordsOf(query) {
  return fold(query.q ?? "").split(/\s+/).filter(Boolean);
}

/** Numbers of the articles that a query is for; `words` stand in what the index has of them. */
function matchingArticles({ articles, outlets, roles, folded }, query, words = wordsOf(query)) {
  const outlet = query.outlet ? outlets.indexOf(query.outlet) : -1;
  const source = query.source ? outlets.indexOf(query.source) : -1;
  const role = query.relation ? (query.relation === "alone" ? 0 : roles.indexOf(query.relation)) : -1;
  const found = [];
  for (let at = 0; at < folded.length; at += 1) {
    if (
      (!query.outlet || articles.outlet[at] === outlet) &&
      (!query.source || articles.sources[at].includes(source)) &&
      (role < 0 || articles.role[at] === role) &&
      isWithin(articles.date[at], query.from, query.to) &&
      words.every((word) => folded[at].includes(word))
    ) found.push(at);
  }
  return found;
}

/**
 * Go through the texts of the articles that a query may be for, beside those whose titles say so, a piece at a time;
 * `tell` is given the numbers found, and which share of the pieces is done, and answers whether to go on.
 */
async function searchTexts(found, query, known, tell) {
  const words = wordsOf(query);
  const wanted = new Set(matchingArticles(found, query, []).filter((at) => !known.has(at)));
  const pieces = [...new Set([...wanted].map((at) => found.articles.piece[at]))].sort((one, other) => one - other);
  for (const [done, number] of pieces.entries()) {
    const { articles } = await unpack(`piece-${number}`);
    const numbers = articles
      .filter(({ n }) => wanted.has(n))
      .filter(({ n, text }) => words.every((word) => found.folded[n].includes(word) || fold(text).includes(word)))
      .map(({ n }) => n);
    if (!tell(numbers, (done + 1) / pieces.length)) return;
  }
  if (!pieces.length) tell([], 1);
}

/** Numbers of the stories that a query is for, those of most pages first: one of their pages must be meant. */
function matchingStories(found, query) {
  const { articles, stories } = found;
  const isAsked = Object.values(query).some(Boolean);
  const all = stories.title.map((_, at) => at);
  let chosen = all;
  if (isAsked) {
    const pages = new Set(matchingArticles(found, query));
    chosen = all.filter((at) => stories.pages[at].some((page) => pages.has(page)));
  }
  return chosen.sort((one, other) => stories.pages[other].length - stories.pages[one].length || one - other);
}

function articleEntry({ articles, outlets, roles }, at) {
  const role = roles[articles.role[at]];
  return el(
    "li",
    {},
    el("a", { href: `#/article/${at}`, dir: "auto" }, articles.title[at] || "Untitled"),
    el("span", { class: "facts", dir: "auto" },
      [outlets[articles.outlet[at]], when(articles.date[at]), articles.status[at] === "ok" ? "" : articles.status[at]]
        .filter(Boolean).join(" · ")),
    role ? el("a", { href: `#/story/${articles.story[at]}`, class: `role ${role}` }, role) : "",
  );
}

function storyEntry({ stories }, at) {
  const pages = stories.pages[at].length;
  return el(
    "li",
    {},
    el("a", { href: `#/story/${at}`, dir: "auto" }, stories.title[at]),
    el("span", { class: "facts", dir: "auto" },
      [`${pages} ${pages === 1 ? "page" : "pages"}`, stories.origin[at] && `from ${stories.origin[at]}`, when(stories.date[at])]
        .filter(Boolean).join(" · ")),
  );
}

/** A list that grows by a button, and by what is found later. */
class Growing {
  constructor(entry) {
    this.entry = entry;
    this.numbers = [];
    this.list = el("ul", { class: "list" });
    this.more = el("button", { type: "button", hidden: true });
    this.more.addEventListener("click", () => this.show(this.list.childElementCount + STEP)?.querySelector("a")?.focus());
  }

  add(numbers) {
    this.numbers.push(...numbers);
    this.show(Math.max(STEP, this.list.childElementCount));
  }

  /** Show so many entries; the first that is new is returned. */
  show(count) {
    const at = this.list.childElementCount;
    const entries = this.numbers.slice(at, count).map(this.entry);
    this.list.append(...entries);
    const left = this.numbers.length - this.list.childElementCount;
    this.more.hidden = left === 0;
    this.more.textContent = `Show ${Math.min(STEP, left)} more of ${thousands(this.numbers.length)}`;
    return entries[0];
  }
}

function field(label, input) {
  return el("label", {}, el("span", {}, label), input);
}

function chooser(name, value, options) {
  return el("select", { name }, options.map(([key, text]) => el("option", { value: key, selected: key === value }, text)));
}

function filterForm(view, query, found) {
  const names = el("datalist", { id: "outlets" }, found.outlets.map((name) => el("option", { value: name })));
  const relations = [["", "any"], ...found.roles.slice(1).map((role) => [role, role]), ["alone", "none"]];
  const form = el(
    "form",
    { class: "filters", "aria-label": "Filters" },
    field("Words in title, outlet or byline", el("input", { name: "q", type: "search", value: query.q, autocomplete: "off" })),
    field("In the texts, too", el("input", { name: "texts", type: "checkbox", value: "1", checked: Boolean(query.texts) })),
    field("Outlet", el("input", { name: "outlet", list: "outlets", value: query.outlet, autocomplete: "off" })),
    field("Took from", el("input", { name: "source", list: "outlets", value: query.source, autocomplete: "off" })),
    field("From day", el("input", { name: "from", type: "date", value: query.from })),
    field("To day", el("input", { name: "to", type: "date", value: query.to })),
    field("Relation", chooser("relation", query.relation ?? "", relations)),
    el("button", { type: "submit" }, "Show"),
    el("a", { href: `#/${view}` }, "Clear"),
    names,
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    location.hash = addressOf(view, Object.fromEntries(new FormData(form)));
  });
  return form;
}

function counted(count, all, name) {
  return count === all ? `${thousands(all)} ${name}` : `${thousands(count)} of ${thousands(all)} ${name}`;
}

/** Search the texts, too, as long as the list is on the page. */
function goThroughTexts(found, query, list, told, name) {
  const isStories = name === "stories";
  const known = new Set(isStories ? list.numbers.flatMap((at) => found.stories.pages[at]) : list.numbers);
  const shown = new Set(list.numbers);
  const begun = performance.now();
  searchTexts(found, query, known, (numbers, share) => {
    if (!list.list.isConnected && performance.now() - begun > 1000) return false; // the reader has gone on
    const entries = isStories ? numbers.map((at) => found.articles.story[at]).filter((at) => at >= 0) : numbers;
    const fresh = [...new Set(entries)].filter((at) => !shown.has(at));
    for (const at of fresh) shown.add(at);
    list.add(fresh);
    const progress = share < 1 ? `, ${Math.floor(100 * share)}% of the texts searched` : "";
    told.textContent = `${counted(shown.size, found[name].title.length, name)}${progress} `;
    return true;
  });
}

async function listPage(view, query) {
  const found = await index();
  const isStories = view === "stories";
  const numbers = isStories ? matchingStories(found, query) : matchingArticles(found, query);
  const list = new Growing((at) => (isStories ? storyEntry(found, at) : articleEntry(found, at)));
  list.add(numbers);
  const told = el("span", { role: "status" }, `${counted(numbers.length, found[view].title.length, view)} `);
  if (query.texts && wordsOf(query).length) goThroughTexts(found, query, list, told, view);
  const other = isStories ? "articles" : "stories";
  return {
    title: isStories ? "Stories" : "Articles",
    nodes: [
      el("h1", { tabindex: -1 }, isStories ? "Stories" : "Articles"),
      filterForm(view, query, found),
      el("p", { class: "facts" }, told, el("a", { href: addressOf(other, query) }, `the same for ${other}`)),
      list.list,
      list.more,
    ],
  };
}
