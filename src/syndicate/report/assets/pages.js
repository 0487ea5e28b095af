// Which page is shown: the part of the address behind "#/" says it, so that the browser's own history works.

const overview = document.getElementById("overview");
const view = document.getElementById("view");
const search = document.getElementById("search");
const trail = []; // addresses on the way here, and what was left for each
const base = document.title;

async function storyPage(number) {
  const { html } = await piece(number);
  const template = document.createElement("template");
  template.innerHTML = html; // made by the template engine, which escapes
  const form = template.content.querySelector("form");
  form?.addEventListener("submit", (event) => {
    event.preventDefault();
    const { a, b } = Object.fromEntries(new FormData(form));
    location.hash = `#/story/${number}/compare/${a}/${b}`;
  });
  return { title: template.content.querySelector("h1").textContent, nodes: [template.content] };
}

const ROUTES = [
  [/^#\/stories(?:\?(.*))?$/, (query) => listPage("stories", readQuery(query))],
  [/^#\/articles(?:\?(.*))?$/, (query) => listPage("articles", readQuery(query))],
  [/^#\/story\/(\d+)\/compare\/(\d+)\/(\d+)$/, (story, a, b) => comparePage(+story, +a, +b)],
  [/^#\/story\/(\d+)$/, (number) => storyPage(+number)],
  [/^#\/article\/(\d+)$/, (number) => articlePage(+number)],
];

function notFound(error) {
  return {
    title: "Not in this report",
    nodes: [el("h1", { tabindex: -1 }, "Not in this report"), el("p", {}, String(error.message ?? error))],
  };
}

/** Where the reader was on the page that is left, to be there again when going back. */
function remember() {
  const last = trail.at(-1);
  if (last) Object.assign(last, { scroll: scrollY, focus: document.activeElement?.getAttribute("href") });
}

let turn = 0;

async function show(isFirst) {
  const hash = location.hash || overview?.dataset.start || "#/";
  if (!isFirst && location.hash && !location.hash.startsWith("#/")) return; // a place on the page
  remember();
  const mine = (turn += 1);
  const route = ROUTES.map(([form, page]) => [form.exec(hash), page]).find(([found]) => found);
  const isBack = trail.at(-2)?.hash === hash;
  const back = isBack ? (trail.pop(), trail.at(-1)) : null;
  if (!isBack && trail.at(-1)?.hash !== hash) trail.push({ hash });
  let page = null;
  if (route) page = await route[1](...route[0].slice(1)).catch(notFound);
  if (mine !== turn) return; // the reader has gone on
  overview.hidden = Boolean(page);
  view.hidden = !page;
  view.replaceChildren(...(page?.nodes.filter((node) => node !== "") ?? []));
  document.title = page ? `${page.title} – ${base}` : base;
  for (const link of document.querySelectorAll("header nav a")) {
    const isHere = hash.split("?")[0] === link.getAttribute("href");
    if (isHere) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  if (isFirst) return;
  const shown = page ? view : overview;
  const links = back?.focus ? [...shown.querySelectorAll("a")] : [];
  const target = links.find((link) => link.getAttribute("href") === back.focus) ?? shown.querySelector("h1");
  target?.focus({ preventScroll: true });
  scrollTo(0, back?.scroll ?? 0);
}

search?.addEventListener("submit", (event) => {
  event.preventDefault();
  location.hash = addressOf("articles", Object.fromEntries(new FormData(search)));
});
addEventListener("hashchange", () => show(false));
show(true);
