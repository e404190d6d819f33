// Two panes, original and form, side by side: what belongs together is marked in both, scrolls together, and is told in words.

class Viewer {
  constructor(root, files = null) {
    this.left = new Pane("original"); this.right = new Pane("form");
    this.search = element("input", { type: "search", placeholder: "Search the code", "aria-label": "Search the code" });
    this.found = element("span", { class: "hits", role: "status" });
    const help = element("span", { class: "keys" });
    help.append("in a pane: ", element("kbd", {}, "←"), " ", element("kbd", {}, "→"), " token, ", element("kbd", {}, "↑"), " ", element("kbd", {}, "↓"), " line; ", element("kbd", {}, "/"), " search");
    this.tools = element("div", { class: "tools" }, this.search, this.found, help);
    this.inspector = element("p", { class: "inspector", "aria-live": "polite" }, "Point at a token, or walk with the arrow keys, to see where it comes from.");
    const desk = element("div", { class: files ? "desk" : "desk lone" }, ...(files ? [files] : []), this.left.side, this.right.side);
    root.append(this.tools, desk, this.inspector);
    this.left.other = this.right; this.right.other = this.left;
    for (const pane of [this.left, this.right]) this.listen(pane);
    this.search.addEventListener("input", () => this.searchFor(this.search.value));
    this.search.addEventListener("keydown", (event) => {
      if (event.key === "Enter") { event.preventDefault(); this.nextHit(event.shiftKey ? -1 : 1); }
      if (event.key === "Escape") { this.search.value = ""; this.searchFor(""); }
    });
    document.addEventListener("keydown", (event) => {
      if (event.key === "/" && !/^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement.tagName)) { event.preventDefault(); this.search.focus(); }
    });
  }

  listen(pane) {
    const { box } = pane;
    for (const name of ["pointerenter", "focus", "wheel", "touchstart"]) box.addEventListener(name, () => { this.leader = pane; }, { passive: true });
    box.addEventListener("scroll", () => { if (this.leader === pane) this.follow(pane); });
    box.addEventListener("pointerover", (event) => {
      const piece = event.target.closest("[data-at]");
      if (piece && !pane.rough) this.pick(pane, pane.tokenAt(Number(piece.dataset.at)), Number(piece.dataset.at));
    });
    box.addEventListener("click", (event) => {
      const piece = event.target.closest("[data-at]");
      if (piece) this.reveal(pane, Number(piece.dataset.at));
    });
    box.addEventListener("keydown", (event) => this.walk(pane, event));
  }

  show(original, form, names) {
    this.original = original; this.form = form; this.names = names;
    const tokens = (shown) => (shown.ends.length ? `${shown.ends.length.toLocaleString("en")} tokens` : "tokens not known: the vocabulary rewrites this text");
    this.left.show(original, form.losses[0].length ? form.losses : null);
    this.right.show(form);
    this.left.name(names[0], tokens(original)); this.right.name(names[1], tokens(form));
    this.inspector.textContent = "Point at a token, or walk with the arrow keys, to see where it comes from.";
    this.searchFor(this.search.value);
  }

  // The stretches on the other side that belong to [from, to) of `pane`.
  across(pane, from, to) {
    if (this.form === this.original) return [[from, to]];
    const [a, b, c, d] = this.form.spans, here = pane === this.left ? [a, b] : [c, d], there = pane === this.left ? [c, d] : [a, b];
    const found = [];
    for (let at = above(here[1], from); at < here[0].length && here[0][at] < to; at++) {
      if (here[1][at] === here[0][at] || there[1][at] === there[0][at]) continue;
      let start = there[0][at], end = there[1][at];
      if (here[1][at] - here[0][at] === end - start) { // equal in length: only the part that is asked for
        start += Math.max(0, from - here[0][at]); end -= Math.max(0, here[1][at] - to);
      }
      const last = found[found.length - 1];
      if (last && last[1] === start) last[1] = end; else found.push([start, end]);
    }
    return found;
  }

  pick(pane, token, offset) {
    if (!pane.form.ends.length) return;
    const [from, to] = pane.tokenRange(token), others = this.across(pane, from, to);
    pane.mark([], token);
    pane.other.mark(others, -1);
    this.tell(pane, token, from, to, others, offset);
    return others;
  }

  reveal(pane, offset) {
    const others = this.pick(pane, pane.tokenAt(offset), offset);
    if (others && others.length) { this.leader = pane; pane.other.reveal(others[0][0]); }
  }

  tell(pane, token, from, to, others, offset) {
    const code = (text) => element("code", {}, text.replace(/\n/g, "⏎").replace(/^ +| +$/g, (blanks) => "·".repeat(blanks.length)) || "∅");
    const { text } = pane.form, source = this.original.text, line = (at) => lineOf(this.left, at).toLocaleString("en");
    const parts = [element("b", {}, `Token ${(token + 1).toLocaleString("en")} of ${pane.title.textContent}: `), code(text.slice(from, to))];
    if (pane === this.left) {
      const loss = this.left.lossAt(offset ?? from);
      if (loss >= 0) parts.push(`, line ${line(from)}: dropped as ${this.form.reasons[this.form.losses[2][loss]]}`);
      else if (others.length) parts.push(`, line ${line(from)}, is `, code(others.map(([start, end]) => this.form.text.slice(start, end)).join(" … ").slice(0, 200)), ` in ${this.names[1]}`);
      else parts.push(`, line ${line(from)}: ${this.form.spans[0].length ? "not written: the grammar implies it" : "no map for this form"}`);
    } else if (others.length) {
      parts.push(` comes from line ${line(others[0][0])}: `, code(others.map(([start, end]) => source.slice(start, end)).join(" … ").slice(0, 200)));
    } else parts.push(" was put in: layout that separates its neighbours");
    this.inspector.replaceChildren(...parts);
  }

  follow(pane) {
    const offset = pane.starts[pane.firstRow()], other = pane.other;
    if (this.form === this.original) return other.scrollTo(offset);
    const [a, b, c, d] = this.form.spans, here = pane === this.left ? b : d, there = pane === this.left ? c : a;
    const at = above(here, offset);
    if (at < there.length) other.scrollTo(there[at]); else other.box.scrollTop = other.height;
  }

  walk(pane, event) {
    const { ends } = pane.form, steps = { ArrowRight: 1, ArrowLeft: -1 };
    if (event.key === "Escape") { pane.mark([], -1); pane.other.mark([], -1); return; }
    if (event.ctrlKey || event.metaKey || event.altKey || !ends.length) return;
    const first = pane.at < 0 ? pane.tokenAt(pane.starts[pane.firstRow()]) : null;
    let token;
    if (event.key in steps) token = first ?? Math.min(ends.length - 1, Math.max(0, pane.at + steps[event.key]));
    else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const down = event.key === "ArrowDown", [from, to] = first === null ? pane.tokenRange(pane.at) : [0, 0]; // a token may span rows
      const row = first !== null ? pane.firstRow() : down ? pane.rowOf(to - 1) + 1 : pane.rowOf(from) - 1;
      token = pane.tokenAt(pane.starts[Math.min(pane.starts.length - 1, Math.max(0, row))]);
    } else return;
    event.preventDefault();
    this.leader = pane;
    token = Math.min(token, ends.length - 1);
    const [from] = pane.tokenRange(token);
    pane.reveal(from);
    this.reveal(pane, from);
  }

  searchFor(wanted) {
    this.hit = -1;
    const query = wanted.toLowerCase();
    for (const pane of [this.left, this.right]) pane.markHits(query ? hitsOf(pane.form.text, query) : [], query.length);
    const count = this.left.hits.length;
    this.found.textContent = query ? `${count.toLocaleString("en")} ${count === 1 ? "hit" : "hits"}` : "";
    if (this.onSearch) this.onSearch(query);
  }

  nextHit(step) {
    const { hits } = this.left, next = this.hit + step;
    if ((next < 0 || next >= hits.length) && this.onPastEnd && this.onPastEnd(step)) return;
    if (!hits.length) return;
    this.hit = (next + hits.length) % hits.length;
    this.leader = this.left;
    this.found.textContent = `${this.hit + 1} of ${hits.length.toLocaleString("en")}`;
    this.left.reveal(hits[this.hit]);
    this.reveal(this.left, hits[this.hit]);
  }
}

const MOST_HITS = 100000;

function hitsOf(text, query) {
  const lower = text.toLowerCase(), found = [];
  if (lower.length !== text.length) return hitsByCase(text, query); // some letters change length: offsets would be off
  for (let at = lower.indexOf(query); at >= 0 && found.length < MOST_HITS; at = lower.indexOf(query, at + query.length)) found.push(at);
  return found;
}

function hitsByCase(text, query) {
  const pattern = new RegExp(query.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"), "giu"), found = [];
  for (const match of text.matchAll(pattern)) { found.push(match.index); if (found.length >= MOST_HITS) break; }
  return found;
}

function lineOf(pane, offset) {
  let row = pane.rowOf(offset);
  while (row > 0 && !pane.lines[row]) row--;
  return pane.lines[row];
}

function themeButton() {
  const button = document.getElementById("theme"), root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const set = (on) => {
    root.dataset.theme = on ? "dark" : "light";
    button.textContent = on ? "Light" : "Dark";
    button.setAttribute("aria-pressed", String(on));
  };
  set(dark.matches);
  dark.addEventListener("change", () => set(dark.matches));
  button.addEventListener("click", () => set(root.dataset.theme !== "dark"));
}
