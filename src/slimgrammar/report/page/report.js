// The report's own page: forms, charts, figures and files, from the facts that the page carries.

const facts = JSON.parse(document.getElementById("facts").textContent);
const MOST_FILES = 500;
const largest = facts.files.reduce((best, file, at) => (file.tokens[0] > facts.files[best].tokens[0] ? at : best), 0);
const state = { form: facts.start, use: "read", file: largest, showing: 0 };
const unpacked = new Map();
const byId = (id) => document.getElementById(id);
const formNamed = (name) => facts.forms.find((form) => form.name === name);

function unpackedBlock(file, form) {
  const id = `b${file}-${facts.views.indexOf(form)}`;
  if (!unpacked.has(id)) {
    if (unpacked.size > 64) unpacked.clear(); // what is looked at again is unpacked again
    unpacked.set(id, unpack(byId(id).textContent));
  }
  return unpacked.get(id);
}

function drawForms() {
  const most = Math.max(1, ...facts.forms.map((form) => form.tokens)), original = facts.forms[0].tokens;
  byId("forms").replaceChildren(...facts.forms.map((form) => {
    const seen = facts.views.includes(form.name), chosen = form.name === state.form;
    const row = element(seen ? "button" : "div", seen ? { type: "button", class: "bar", role: "radio", "aria-checked": String(chosen), tabindex: chosen ? 0 : -1, title: form.note } : { class: "bar plain", title: form.note });
    row.append(element("span", {}, form.name), twoBars(0, form.tokens / most), element("span", {}, whole(form.tokens)), element("span", { class: "saved" }, form === facts.forms[0] ? "" : percent(form.tokens, original)));
    if (seen) row.addEventListener("click", () => choose(form.name));
    return row;
  }));
}

// A figure before another one in the same unit needs none itself.
function withoutUnit(shown, next) {
  const unit = (text) => (text.includes(" ") ? text.slice(text.indexOf(" ")) : "");
  return unit(shown) === unit(next) ? shown.slice(0, shown.length - unit(shown).length) : shown;
}

function drawCosts() {
  const form = formNamed(state.form), original = facts.forms[0];
  if (!form.costs[state.use]) state.use = "read";
  for (const button of document.querySelectorAll("[data-use]")) {
    button.setAttribute("aria-pressed", String(button.dataset.use === state.use));
    button.disabled = !form.costs[button.dataset.use];
  }
  byId("dimensions").replaceChildren(...facts.dimensions.map((dimension) => {
    const was = original.costs[state.use][dimension.name], is = form.costs[state.use][dimension.name], how = dimension.bases[state.use];
    const row = element("div", { class: "dimension" }, element("span", {}, dimension.title));
    row.append(element("span", {}, was.value && form !== original ? `${withoutUnit(was.shown, is.shown)} → ` : "", element("b", {}, is.shown)));
    row.append(element("span", { class: "how", title: `${how[0]}: ${how[1]}` }, how[0]));
    if (was.value) row.append(ranges(was.value, is.value, Math.max(was.value[1], is.value[1]) || 1));
    return row;
  }));
}

function drawCategories() {
  for (const key of document.querySelectorAll(".chosen")) key.textContent = state.form;
  categoryBars(byId("categories"), facts.categories, facts.shares[facts.forms[0].name], facts.shares[state.form]);
}

function drawFigures() {
  const tables = Object.keys(facts.titles).map((use) => {
    const head = element("tr", {}, ...["form", "tokens", "saved", ...facts.dimensions.map((each) => each.title)].map((text) => element("th", { scope: "col" }, text)));
    const rows = facts.forms.filter((form) => form.costs[use]).map((form) => element("tr", {}, element("th", { scope: "row" }, form.name), element("td", {}, whole(form.tokens)), element("td", {}, percent(form.tokens, facts.forms[0].tokens)), ...facts.dimensions.map((each) => element("td", {}, form.costs[use][each.name].shown))));
    return element("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": facts.titles[use] }, element("table", {}, element("caption", {}, facts.titles[use]), element("thead", {}, head), element("tbody", {}, ...rows)));
  });
  const bases = element("dl", { class: "bases" });
  for (const [how, names] of Object.entries(facts.bases)) bases.append(element("dt", {}, names.join(", ")), element("dd", {}, how));
  byId("figures").replaceChildren(...tables, element("p", { class: "hint" }, facts.scope), bases);
}

async function choose(form) {
  state.form = form;
  drawForms(); drawCategories(); drawCosts(); drawFiles();
  document.querySelector("#forms [aria-checked=true]")?.focus({ preventScroll: true });
  await showFile();
}

async function showFile() {
  const showing = ++state.showing;
  if (!facts.files.length) return;
  const [original, form] = await Promise.all([unpackedBlock(state.file, facts.forms[0].name), unpackedBlock(state.file, state.form)]);
  if (showing === state.showing) viewer.show(original, form, ["original", state.form]);
}

const filter = element("input", { type: "search", placeholder: `${facts.files.length.toLocaleString("en")} files`, "aria-label": "Filter files" });
const list = element("div", { class: "list" });
const hitCounts = new Map();

function drawFiles() {
  const wanted = filter.value.toLowerCase(), place = facts.views.indexOf(state.form);
  const rows = facts.files.map((file, at) => [file, at]).filter(([file, at]) => file.name.toLowerCase().includes(wanted) && (!hitCounts.size || hitCounts.get(at)));
  list.replaceChildren(...rows.slice(0, MOST_FILES).map(([file, at]) => {
    const hits = hitCounts.get(at);
    const button = element("button", { type: "button", title: file.name, "aria-current": at === state.file ? "true" : false }, element("span", {}, file.name), element("span", {}, hits ? `${hits}×` : whole(file.tokens[place])));
    button.addEventListener("click", () => { state.file = at; drawFiles(); showFile(); });
    return button;
  }));
  if (rows.length > MOST_FILES) list.append(element("p", { class: "more" }, `and ${rows.length - MOST_FILES} more: filter them`));
  if (!rows.length) list.append(element("p", { class: "more" }, facts.files.length ? "none" : "no Python was found"));
}

// Scrolls the list alone: `scrollIntoView` would move the page as well.
function showCurrentFile() {
  const button = list.querySelector("[aria-current]");
  if (button) list.scrollTop = button.offsetTop - list.offsetTop - list.clientHeight / 2;
}

// Counts hits in all files, a file at a time, so that typing stays smooth.
let searching = 0;
async function searchFiles(query) {
  const mine = ++searching;
  hitCounts.clear();
  if (query.length < 2) return drawFiles();
  await new Promise((done) => setTimeout(done, 200));
  const counts = new Map();
  for (let at = 0; at < facts.files.length; at++) {
    if (mine !== searching) return;
    const { text } = await unpack(byId(`b${at}-0`).textContent);
    counts.set(at, hitsOf(text, query).length);
  }
  if (mine !== searching) return;
  for (const [at, count] of counts) hitCounts.set(at, count);
  drawFiles();
}

function nextFileWithHits(step) {
  const files = [...hitCounts].filter(([, count]) => count).map(([at]) => at);
  const next = step > 0 ? files.find((at) => at > state.file) : files.findLast((at) => at < state.file);
  if (next === undefined) return false;
  state.file = next;
  for (const button of list.children) button.removeAttribute("aria-current");
  drawFiles();
  showFile().then(() => { if (step < 0) viewer.hit = viewer.left.hits.length; viewer.nextHit(step); });
  return true;
}

themeButton();
const viewer = new Viewer(byId("viewer"), element("section", { class: "side files", "aria-label": "Files" }, element("header", {}, filter), list));
let lastQuery = "";
viewer.onSearch = (query) => { if (query !== lastQuery) { lastQuery = query; searchFiles(query); } };
viewer.onPastEnd = nextFileWithHits;
filter.addEventListener("input", drawFiles);
byId("setting").textContent = facts.setting;
byId("forms").addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const at = facts.views.indexOf(state.form);
  choose(facts.views[(at + step + facts.views.length) % facts.views.length]);
});
for (const button of document.querySelectorAll("[data-use]")) button.addEventListener("click", () => { state.use = button.dataset.use; drawCosts(); });
drawForms(); drawCategories(); drawCosts(); drawFigures(); drawFiles();
showCurrentFile();
document.addEventListener("DOMContentLoaded", showFile); // the texts stand behind this script
