// Small charts in SVG: bars of two lengths, and ranges. Each stands beside its figures, so they are pictures only.

const SVG = "http://www.w3.org/2000/svg";

function svg(tag, attributes) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}

// One bar over another, as shares of 1: `was` behind, `is` before it.
function twoBars(was, is) {
  const picture = svg("svg", { viewBox: "0 0 100 13", preserveAspectRatio: "none", "aria-hidden": "true" });
  picture.append(svg("rect", { class: "was-fill", x: 0, y: 0, width: 100 * was, height: 13, rx: 1 }));
  if (is !== null) picture.append(svg("rect", { class: "is-fill", x: 0, y: 3, width: 100 * is, height: 7 }));
  return picture;
}

// From `low` to `high` out of `most`, for the original above and the form below.
function ranges(was, is, most) {
  const picture = svg("svg", { viewBox: "0 0 100 6", preserveAspectRatio: "none", "aria-hidden": "true" });
  const bar = (name, [low, high], y) => {
    picture.append(svg("rect", { class: name, x: 0, y, width: (100 * high) / most, height: 2.4, opacity: 0.4 }));
    picture.append(svg("rect", { class: name, x: 0, y, width: (100 * low) / most, height: 2.4 }));
  };
  bar("was-fill", was, 0);
  bar("is-fill", is, 3.2);
  return picture;
}

const whole = (number) => Math.round(number).toLocaleString("en");
function percent(part, all) {
  if (!all) return "";
  const change = ((100 * (part - all)) / all).toFixed(1);
  return `${change > 0 ? "+" : ""}${change.replace("-0.0", "0.0").replace("-", "−")} %`;
}

function categoryBars(root, names, was, is) {
  const most = Math.max(1, ...was, ...is);
  const used = [...names.keys()].filter((at) => was[at] + is[at] > 0);
  root.replaceChildren(...used.map((at) => {
    const name = names[at];
    const row = element("div", { class: "bar" });
    row.append(element("span", {}, name), twoBars(was[at] / most, is[at] / most), element("span", {}, `${whole(is[at])}`), element("span", { class: "saved" }, was[at] >= 0.5 ? percent(is[at], was[at]) : ""));
    row.title = `${name}: ${whole(was[at])} → ${whole(is[at])} tokens`;
    return row;
  }));
}
