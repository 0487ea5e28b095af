// Stories and articles as lists that can be searched and filtered; of many, a screenful at a time.

const STEP = 50; // entries that are shown at once

/** What is asked for, from the part of the address behind "?". */
function readQuery(text) {
  return Object.fromEntries(new URLSearchParams(text));
}

function address_of(view, query) {
  const given = Object.entries(query).filter(([, value]) => value);
  return `#/${view}${given.length ? `?${new URLSearchParams(given)}` : ""}`;
}

/** Whether a time lies between two days. */
function isWithin(time, from, to) {
  if (!from && !to) return true;
  const day = time.slice(0, 10);
  return Boolean(day) && (!from || day >= from) && (!to || day <= to);
}

/** Numbers of the articles that a query is for. */
function matchingArticles({ articles, outlets, roles, folded }, query) {
  const words = fold(query.q ?? "").split(/\s+/).filter(Boolean);
  const outlet = query.outlet ? outlets.indexOf(query.outlet) : -1;
  const source = query.source ? outlets.indexOf(query.source) : -1;
  const role = query.relation ? (query.relation === "alone" ? 0 : roles.indexOf(query.relation)) : -1;
  const found = [];
  for (let at = 0; at < folded.length; at += 1) {
    if (
      (!query.outlet || articles.outlet[at] === outlet) &&
      (!query.source || articles.source[at] === source) &&
      (role < 0 || articles.role[at] === role) &&
      isWithin(articles.date[at], query.from, query.to) &&
      words.every((word) => folded[at].includes(word))
    ) found.push(at);
  }
  return found;
}

/** Numbers of the stories that a query is for, those of most pages first: one of their pages must be meant. */
function matchingStories(found, query) {
  const { articles, stories } = found;
  const isAsked = Object.entries(query).some(([name, value]) => value && name !== "view");
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

/** A list that grows by a button. */
function growing(numbers, entry) {
  const list = el("ul", { class: "list" });
  const more = el("button", { type: "button" });
  let shown = 0;
  const grow = () => {
    const next = numbers.slice(shown, shown + STEP).map(entry);
    list.append(...next);
    shown += next.length;
    more.hidden = shown >= numbers.length;
    more.textContent = `Show ${Math.min(STEP, numbers.length - shown)} more of ${thousands(numbers.length)}`;
    return next[0];
  };
  more.addEventListener("click", () => grow()?.querySelector("a")?.focus());
  grow();
  return numbers.length ? [list, more] : [el("p", {}, "Nothing is like that.")];
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
    location.hash = address_of(view, Object.fromEntries(new FormData(form)));
  });
  return form;
}

async function listPage(view, query) {
  const found = await index();
  const isStories = view === "stories";
  const numbers = isStories ? matchingStories(found, query) : matchingArticles(found, query);
  const all = isStories ? found.stories.title.length : found.articles.title.length;
  const other = isStories ? "articles" : "stories";
  const count = numbers.length === all
    ? `${thousands(all)} ${view}`
    : `${thousands(numbers.length)} of ${thousands(all)} ${view}`;
  return {
    title: isStories ? "Stories" : "Articles",
    nodes: [
      el("h1", { tabindex: -1 }, isStories ? "Stories" : "Articles"),
      filterForm(view, query, found),
      el("p", { class: "facts", role: "status" }, count, " ", el("a", { href: address_of(other, query) }, `the same for ${other}`)),
      ...growing(numbers, (at) => (isStories ? storyEntry(found, at) : articleEntry(found, at))),
    ],
  };
}
