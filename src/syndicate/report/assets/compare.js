// Two articles side by side: what they share on one line, lit; what is changed in it; what only one has between.

const WORDS = /\s+|[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]|[\p{L}\p{M}\p{N}]+|[^]/gu;
const OPENING = /["'“‘«„(\[¿¡]/;
const CLOSING = /[^\p{L}\p{M}\p{N}\s]/u;
const PATIENCE = 100; // milliseconds for the changes inside one passage

/** Passages, each the spans of both articles, in the order of the left article; `swap` when the pair is stored the other way round. */
function passagesOf(pair, swap) {
  const found = [];
  for (let at = 0; at < pair.length; at += 4) {
    const [aStart, aEnd, bStart, bEnd] = pair.slice(at, at + 4);
    found.push(swap ? [bStart, bEnd, aStart, aEnd] : [aStart, aEnd, bStart, bEnd]);
  }
  return found.sort((one, other) => one[0] - other[0]);
}

/** The passages that stand in one order in both: of all such choices the one with most text. */
function inOrder(passages) {
  const best = passages.map(([start, end]) => end - start);
  const before = passages.map(() => -1);
  passages.forEach(([start, end, from], at) => {
    for (let earlier = 0; earlier < at; earlier += 1) {
      const fits = passages[earlier][1] <= start && passages[earlier][3] <= from;
      if (fits && best[earlier] + end - start > best[at]) {
        best[at] = best[earlier] + end - start;
        before[at] = earlier;
      }
    }
  });
  const chain = [];
  for (let at = best.indexOf(Math.max(...best)); at >= 0; at = before[at]) chain.unshift(passages[at]);
  return chain;
}

/** A passage with the marks that open it, and those that end it, in both; `a` and `b` are where the one before ends. */
function widened([aStart, aEnd, bStart, bEnd], left, right, a, b) {
  const isBoth = (one, other, marks) => one && one === other && marks.test(one);
  [aStart, bStart] = [Math.max(aStart, a), Math.max(bStart, b)];
  while (aStart > a && bStart > b && isBoth(left[aStart - 1], right[bStart - 1], OPENING)) {
    [aStart, bStart] = [aStart - 1, bStart - 1];
  }
  while (isBoth(left[aEnd], right[bEnd], CLOSING)) [aEnd, bEnd] = [aEnd + 1, bEnd + 1];
  return [aStart, aEnd, bStart, bEnd];
}

/**
 * Two stretches of text paragraph by paragraph, as far as these are the same ones in both: where each ends in the left
 * and in the right one, and the spans of the words that only the left, and only the right one has.
 */
function paragraphs(left, right) {
  const words = [left.match(WORDS) ?? [], right.match(WORDS) ?? []];
  const all = [{ removed: true, value: words[0] }, { added: true, value: words[1] }];
  const parts = Diff.diffArrays(...words, { timeout: PATIENCE }) ?? all; // where it runs out of time, all is changed
  const found = [];
  let [a, b, gone, come] = [0, 0, [], []];
  for (const { added, removed, value } of parts) {
    const length = value.reduce((sum, word) => sum + word.length, 0);
    if (removed) gone.push([a, (a += length)]);
    else if (added) come.push([b, (b += length)]);
    else {
      for (const word of value) {
        [a, b] = [a + word.length, b + word.length];
        if (word.includes("\n")) {
          found.push({ a, b, gone, come });
          [gone, come] = [[], []];
        }
      }
    }
  }
  found.push({ a, b, gone, come });
  return found;
}

/** Spans of a text, those that only a space keeps apart as one. */
function joined(text, spans) {
  const found = [];
  for (const [from, to] of spans) {
    const last = found.at(-1);
    if (last && /^ ?$/.test(text.slice(last[1], from))) last[1] = to;
    else found.push([from, to]);
  }
  return found;
}

/** A stretch of an article with spans of it marked, and its chrome folded in place. */
function stretch(one, start, end, spans, tag, atEnd) {
  const nodes = [];
  let at = start;
  for (const [from, to] of joined(one.text, spans)) {
    nodes.push(...flow(one, at, from, folded, { atEnd: true }));
    nodes.push(el(tag, {}, flow(one, from, to, folded, { atStart: false })));
    at = to;
  }
  nodes.push(...flow(one, at, end, folded, { atEnd }));
  return nodes;
}

/** Nodes without the white space at both ends. */
function trimmed(nodes) {
  const found = nodes.filter((node) => node !== "");
  if (typeof found[0] === "string") found[0] = found[0].trimStart();
  if (typeof found.at(-1) === "string") found.push(found.pop().trimEnd());
  return found;
}

function row(name, ...cells) {
  return el(
    "tr",
    { class: name.replace(/ .*/, "") },
    cells.map(trimmed).map((nodes) => {
      const isBlank = nodes.every((node) => typeof node === "string" && !node.trim());
      return isBlank
        ? el("td", {}, el("span", { class: "hidden" }, "nothing"))
        : el("td", {}, el("span", { class: "hidden" }, `${name}: `), el("div", { class: "text", dir: "auto" }, nodes));
    }),
  );
}

/** The rows of the comparison. */
function aligned(left, right, passages) {
  const chain = passages.length ? inOrder(passages) : [];
  const apart = passages.filter((passage) => !chain.includes(passage));
  const rows = [];
  let [a, b] = [0, 0];
  const between = (aEnd, bEnd, isLast) => {
    if (a === aEnd && b === bEnd && !isLast) return;
    const spansOf = (side, start, end) =>
      apart
        .map((passage) => [passage[side], passage[side + 1]])
        .filter(([from, to]) => from >= start && to <= end)
        .sort((one, other) => one[0] - other[0])
        .filter(([from], at, all) => at === 0 || from >= all[at - 1][1]);
    const cells = [
      stretch(left, a, aEnd, spansOf(0, a, aEnd), "mark", isLast),
      stretch(right, b, bEnd, spansOf(2, b, bEnd), "mark", isLast),
    ];
    if (cells.flat().some((node) => typeof node !== "string" || node.trim())) rows.push(row("only here", ...cells));
  };
  for (const passage of chain) {
    const [aStart, aEnd, bStart, bEnd] = widened(passage, left.text, right.text, a, b);
    between(aStart, bStart, false);
    [a, b] = [aStart, bStart];
    for (const part of paragraphs(left.text.slice(aStart, aEnd), right.text.slice(bStart, bEnd))) {
      const [aTo, bTo] = [aStart + part.a, bStart + part.b];
      if (a === aTo && b === bTo) continue;
      const moved = (spans, by) => spans.map(([from, to]) => [from + by, to + by]);
      rows.push(row("shared", stretch(left, a, aTo, moved(part.gone, aStart), "del", false),
        stretch(right, b, bTo, moved(part.come, bStart), "ins", false)));
      [a, b] = [aTo, bTo];
    }
  }
  between(left.text.length, right.text.length, true);
  return rows;
}

/** What two articles share by way of a third, where they were not compared with each other. */
function byWayOf(first, second) {
  const found = [];
  for (const [aStart, aEnd, start, end] of first) {
    for (const [from, to, bStart, bEnd] of second) {
      const [low, high] = [Math.max(start, from), Math.min(end, to)];
      // A span of the third holds the same words in both; changes inside a passage are few, so lengths nearly agree.
      if (high - low > 40) {
        found.push([aStart + low - start, Math.max(aStart + low - start, aEnd - (end - high)),
          bStart + low - from, Math.max(bStart + low - from, bEnd - (to - high))]);
      }
    }
  }
  return found;
}

/** What a story's piece says of two of its pages. */
function shared(pairs, a, b) {
  const find = (one, other) => {
    const pair = pairs.find(([x, y]) => (x === one && y === other) || (x === other && y === one));
    return pair && { pair, passages: passagesOf(pair[5], pair[0] !== one) };
  };
  const own = find(a, b);
  if (own) return { said: own.pair[2] || "They are no match of each other", passages: own.passages };
  for (const [x, y] of pairs) {
    const third = x === a ? y : y === a ? x : null;
    const [first, second] = third === null ? [] : [find(a, third), find(third, b)];
    if (first && second) return { said: "By way of a third page", passages: byWayOf(first.passages, second.passages) };
  }
  return { said: "They are no match of each other", passages: [] };
}

function columnHead(one, number) {
  return el(
    "th",
    { scope: "col" },
    el("a", { href: `#/article/${number}`, dir: "auto" }, one.title?.trim() || "Untitled"),
    el("span", { class: "facts", dir: "auto" }, facts(one)),
  );
}

async function comparePage(story, a, b) {
  const [left, right, { stories }, { pairs }] = await Promise.all([article(a), article(b), index(), piece(story)]);
  const { said, passages } = shared(pairs, a, b);
  const lit = passages.reduce((sum, [start, end]) => sum + end - start, 0);
  const share = left.text.length ? Math.round((100 * lit) / left.text.length) : 0;
  const swap = el("a", { href: `#/story/${story}/compare/${b}/${a}` }, "Change sides");
  return {
    title: `Comparison: ${stories.title[story]}`,
    nodes: [
      el("h1", { tabindex: -1 }, "Side by side"),
      el("p", {}, "Two pages of ", el("a", { href: `#/story/${story}` }, `“${stories.title[story]}”`), ". ", swap),
      el("p", { class: "facts" },
        `${said}: ${passages.length} shared ${passages.length === 1 ? "passage" : "passages"}, ${share}% of the left text.`),
      el("p", { class: "legend" },
        el("span", { class: "key shared" }, "shared"), " ", el("del", {}, "only left"), " ",
        el("ins", {}, "only right"), " ", el("mark", {}, "shared, but elsewhere")),
      el("table", { class: "compare" },
        el("caption", { class: "hidden" }, "The texts of both, shared passages in one row"),
        el("thead", {}, el("tr", {}, columnHead(left, a), columnHead(right, b))),
        el("tbody", {}, aligned(left, right, passages))),
    ],
  };
}
