// A text in rows, of which only those in sight are in the document: any size scrolls alike.

const ROW = 20, SPARE = 12, TALLEST = 12e6, COLORS = 5, REST = 80;

function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) made.setAttribute(name, ""); else if (value !== false && value != null) made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
}

class Pane {
  static waiting = new Set();

  constructor(label) {
    this.title = element("b", {}, label);
    this.count = element("span");
    this.sheet = element("div", { class: "sheet" });
    this.box = element("div", { class: "pane", tabindex: "0", role: "region", "aria-label": label }, this.sheet);
    this.side = element("section", { class: "side" }, element("header", {}, this.title, this.count), this.box);
    this.shown = new Map();
    this.picked = []; this.hits = []; this.at = -1; this.query = 0;
    this.show({ text: "", ends: new Int32Array(0) });
    this.box.addEventListener("scroll", () => this.soon());
    new ResizeObserver(() => this.layOut()).observe(this.box);
  }

  name(label, count) {
    this.title.textContent = label;
    this.count.textContent = count;
    this.box.setAttribute("aria-label", `${label}, ${count}`);
  }

  show(form, losses = null) {
    this.form = form; this.losses = losses;
    this.picked = []; this.hits = []; this.at = -1;
    this.columns = 0;
    this.layOut();
    this.box.scrollTop = 0;
  }

  // Cuts the text into rows that fit the width; a row's line number is given where its line begins.
  layOut() {
    this.inSight = this.box.clientHeight;
    const columns = Math.max(20, Math.floor((this.box.clientWidth - 70) / this.characterWidth()));
    if (columns === this.columns) return this.paint();
    const top = this.columns ? this.starts[this.firstRow()] : 0;
    this.columns = columns;
    const { text } = this.form, starts = [], lines = [];
    for (let start = 0, line = 1; ; line++) {
      const found = text.indexOf("\n", start), end = found < 0 ? text.length : found;
      lines.push(line); starts.push(start);
      for (let at = start + columns; at < end; at += columns) {
        if ((text.charCodeAt(at) & 0xfc00) === 0xdc00) at--; // never between the halves of a character
        starts.push(at); lines.push(0);
      }
      if (found < 0) break;
      start = found + 1;
    }
    this.starts = Int32Array.from(starts); this.lines = Int32Array.from(lines);
    const height = this.starts.length * ROW;
    this.height = Math.min(height, TALLEST);
    this.sheet.style.height = `${this.height}px`;
    this.forget();
    if (top) this.scrollTo(top);
  }

  characterWidth() {
    if (!Pane.width) {
      const probe = element("span", {}, "0".repeat(100));
      this.sheet.append(probe);
      Pane.width = probe.getBoundingClientRect().width / 100 || 0;
      probe.remove();
    }
    return Pane.width || 7.5;
  }

  // Taller texts than browsers can lay out are scrolled in proportion.
  firstRow(top = this.box.scrollTop) {
    const { inSight } = this, whole = this.starts.length * ROW;
    const share = this.height === whole ? 1 : (whole - inSight) / Math.max(1, this.height - inSight);
    return Math.min(this.starts.length - 1, Math.max(0, Math.floor((top * share) / ROW)));
  }

  scrollToRow(row) {
    const { inSight } = this, whole = this.starts.length * ROW;
    const share = this.height === whole ? 1 : (this.height - inSight) / Math.max(1, whole - inSight);
    this.box.scrollTop = row * ROW * share;
  }

  rowOf(offset) { return Math.max(0, above(this.starts, offset) - 1); }
  scrollTo(offset) { this.scrollToRow(this.rowOf(offset)); }

  reveal(offset) {
    const row = this.rowOf(offset), first = this.firstRow(), rows = Math.floor(this.inSight / ROW);
    if (row < first + 1 || row > first + rows - 2) this.scrollToRow(Math.max(0, row - (rows >> 2)));
    this.soon();
  }

  tokenAt(offset) { return above(this.form.ends, offset); }
  tokenRange(token) { return [token ? this.form.ends[token - 1] : 0, this.form.ends[token]]; }

  mark(picked, at) { this.picked = picked; this.at = at; this.refresh(); }
  markHits(hits, size) { this.hits = hits; this.query = size; this.refresh(); }

  forget() { for (const row of this.shown.values()) row.remove(); this.shown.clear(); this.soon(); }

  // Only rows whose look has changed are made anew.
  refresh() {
    if (this.rough) return; // it follows when the text has come to rest
    for (const [row, made] of this.shown) {
      const look = this.look(row);
      if (made.dataset.look !== look) { made.remove(); this.shown.delete(row); }
    }
    this.soon();
  }

  look(row) {
    const start = this.starts[row], end = this.rowEnd(row);
    const within = this.picked.filter(([from, to]) => from < end && to > start);
    const token = this.at >= 0 && this.at < this.form.ends.length ? this.tokenRange(this.at) : [0, 0];
    return `${within.join(";")}|${token[0] < end && token[1] > start ? this.at : ""}|${this.hitsIn(start, end).join()}`;
  }

  rowEnd(row) { return row + 1 < this.starts.length ? this.starts[row + 1] : this.form.text.length; }

  hitsIn(start, end) {
    if (!this.query) return [];
    return this.hits.slice(above(this.hits, start - this.query), above(this.hits, end - 1));
  }

  // All panes that wait are read before any is written to, or the browser would lay the page out again for each.
  soon() {
    if (!Pane.waiting.size) {
      requestAnimationFrame(() => {
        const read = [...Pane.waiting].map((pane) => [pane, pane.box.scrollTop]);
        Pane.waiting.clear();
        for (const [pane, top] of read) pane.paint(top);
      });
    }
    Pane.waiting.add(this);
  }

  paint(top = this.box.scrollTop) {
    const first = this.firstRow(top), count = Math.ceil(this.inSight / ROW);
    const from = Math.max(0, first - SPARE), to = Math.min(this.starts.length, first + count + SPARE);
    // A leap of more than a screen is drawn roughly, without tokens, until it comes to rest.
    const rough = Math.abs(first - this.last) > count;
    this.last = first;
    if (rough) {
      this.rough = true;
      clearTimeout(this.rest);
      this.rest = setTimeout(() => { this.rough = false; this.refresh(); }, REST);
    }
    const base = this.height === this.starts.length * ROW ? 0 : top - first * ROW;
    for (const [row, made] of this.shown) {
      if (row < from || row >= to) { made.remove(); this.shown.delete(row); }
    }
    const fresh = document.createDocumentFragment();
    for (let row = from; row < to; row++) {
      if (!this.shown.has(row)) { const made = this.row(row, rough); this.shown.set(row, made); fresh.append(made); }
      this.shown.get(row).style.top = `${row * ROW + base}px`;
    }
    this.sheet.append(fresh);
  }

  row(row, rough) {
    const start = this.starts[row], end = this.rowEnd(row), { text, ends } = this.form;
    const made = element("div", { class: "row", "data-line": this.lines[row] || "", "data-look": rough ? "rough" : this.look(row) });
    if (rough) {
      made.textContent = text.slice(start, end).replace(/\n$/, "");
      return made;
    }
    const cuts = this.cuts(start, end);
    for (let at = 0; at + 1 < cuts.length; at++) {
      const [from, to] = [cuts[at], cuts[at + 1]], token = ends.length ? this.tokenAt(from) : -1;
      let piece = text.slice(from, to), newline = piece.endsWith("\n");
      if (newline) piece = piece.slice(0, -1);
      made.append(element("span", { class: this.classes(from, token, newline), "data-at": from }, piece));
    }
    return made;
  }

  cuts(start, end) {
    const cuts = new Set([start, end]);
    const add = (offset) => { if (offset > start && offset < end) cuts.add(offset); };
    const { ends } = this.form;
    for (let at = above(ends, start); at < ends.length && ends[at] < end; at++) cuts.add(ends[at]);
    for (const [from, to] of this.picked) { add(from); add(to); }
    for (const hit of this.hitsIn(start, end)) { add(hit); add(hit + this.query); }
    if (this.losses) {
      const [starts, stops] = this.losses;
      for (let at = above(stops, start); at < starts.length && starts[at] < end; at++) { add(starts[at]); add(stops[at]); }
    }
    return [...cuts].sort((one, other) => one - other);
  }

  classes(from, token, newline) {
    const found = token >= 0 ? [`k${token % COLORS}`] : [];
    if (newline) found.push("nl");
    if (this.lossAt(from) >= 0) found.push("gone");
    if (this.picked.some(([start, end]) => start <= from && from < end)) found.push("pick");
    if (token >= 0 && token === this.at) found.push("at");
    if (this.hitsIn(from, from + 1).length) found.push("hit");
    return found.join(" ");
  }

  lossAt(offset) {
    if (!this.losses) return -1;
    const [starts, stops] = this.losses, at = above(stops, offset);
    return at < starts.length && starts[at] <= offset ? at : -1;
  }
}
