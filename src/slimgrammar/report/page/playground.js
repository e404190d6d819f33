// The playground: sends what is typed, shows what comes back; an answer that has been overtaken is dropped.

const facts = JSON.parse(document.getElementById("facts").textContent);
const byId = (id) => document.getElementById(id);
const PAUSE = 150; // milliseconds without a key before a question is sent
let asked = 0, waiting = 0, running = null;

function fill(select, groups, start) {
  for (const [label, values] of groups) {
    const options = values.map((value) => element("option", { value, selected: value === start }, value));
    select.append(...(label ? [element("optgroup", { label }, ...options)] : options));
  }
}

function question() {
  const kept = (id) => (byId(id).checked ? "keep" : "drop");
  return { code: byId("code").value, form: byId("form").value, vocab: byId("vocab").value, keep: byId("keep").value / 100, comments: kept("comments"), docstrings: kept("docstrings") };
}

function soon() {
  byId("kept").textContent = `${byId("keep").value} %`;
  byId("keep").disabled = !facts.forms.some((form) => form.value === byId("form").value && form.kind === "pruned");
  clearTimeout(waiting);
  waiting = setTimeout(ask, PAUSE);
}

async function ask() {
  const mine = ++asked, sent = question();
  running?.abort();
  running = new AbortController();
  if (sent.code.length > facts.most) return refuse({ error: `at most ${whole(facts.most)} characters, please` });
  try {
    const reply = await fetch("/show", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(sent), signal: running.signal });
    const found = await reply.json();
    if (mine !== asked) return;
    if (!reply.ok) return refuse(found);
    const [original, form] = await Promise.all(found.blocks.map(unpack));
    if (mine === asked) draw(found, original, form);
  } catch (error) {
    if (mine === asked && error.name !== "AbortError") refuse({ error: "slim serve does not answer" });
  }
}

function refuse({ error, caret }) { byId("problem").textContent = caret ? `${error}\n${caret}` : error; }

function draw(found, original, form) {
  byId("problem").textContent = "";
  const most = Math.max(1, ...Object.values(found.tokens));
  byId("forms").replaceChildren(...Object.entries(found.tokens).map(([name, tokens]) => {
    const row = element("div", { class: "bar", "aria-checked": name === found.name ? "true" : false });
    row.append(element("span", {}, name), twoBars(0, tokens / most), element("span", {}, whole(tokens)), element("span", { class: "saved" }, name === "original" ? "" : percent(tokens, found.tokens.original)));
    return row;
  }));
  for (const key of document.querySelectorAll(".chosen")) key.textContent = found.name;
  categoryBars(byId("categories"), facts.categories, ...found.shares);
  viewer.show(original, form, ["original", found.name]);
}

themeButton();
const viewer = new Viewer(byId("viewer"));
const named = (kind) => facts.forms.filter((form) => form.kind === kind).map((form) => form.value);
fill(byId("form"), [["dialects", named("dialect")], ["pruning", named("pruned")]], "compact");
fill(byId("vocab"), [["", facts.vocabs]], "o200k_base");
byId("code").value = facts.sample;
for (const id of ["code", "form", "vocab", "keep", "comments", "docstrings"]) byId(id).addEventListener("input", soon);
byId("code").addEventListener("keydown", (event) => {
  if (event.key === "Escape") viewer.left.box.focus(); // Tab leaves the editor, as everywhere; Escape goes to the tokens
});
soon();
