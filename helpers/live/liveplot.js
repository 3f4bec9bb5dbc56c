// The browser's half of LivePlot: it looks up what Python computed for a position of the controls
// and writes it into the figure that Matplotlib drew. It knows no mathematics and needs no kernel.

const UNITS = 64; // coordinates come as integers, in 64ths of an SVG unit
const GAP = -(2 ** 31); // stands for nan
const SAVE_AFTER = 150; // ms without a move until the kernel is told
const ANNOUNCE_AFTER = 400; // ms without a move until a screen reader is told
const NARROW = 480; // px below which panels do not stand side by side
// The keys that each kind of control answers to; all others are the page's.
const KEYS = {
  range: "ArrowDown ArrowLeft ArrowRight ArrowUp End Home PageDown PageUp".split(" "),
  radio: ["ArrowDown", "ArrowLeft", "ArrowRight", "ArrowUp", " "],
  button: ["Enter", " "],
};

let views = 0;
let ahead; // the view that moves this plot, until the kernel has been told

async function unpack(data) {
  const inflated = new Blob([data]).stream().pipeThrough(new DecompressionStream("deflate"));
  const bytes = new Uint8Array(await new Response(inflated).arrayBuffer());
  const end = bytes.indexOf(10);
  const plot = JSON.parse(new TextDecoder().decode(bytes.subarray(0, end)));
  const planes = bytes.subarray(end + 1); // all low bytes first, all high bytes last
  const count = planes.length / 4;
  const numbers = new Int32Array(count); // each was sent as the difference to the one before
  for (let i = 0, last = 0; i < count; i++) {
    const difference =
      planes[i] |
      (planes[count + i] << 8) |
      (planes[2 * count + i] << 16) |
      (planes[3 * count + i] << 24);
    last = (last + difference) | 0;
    numbers[i] = last;
  }
  let at = 0;
  for (const move of plot.moves) {
    move.x = numbers.subarray(at, (at += move.size));
    move.y = numbers.subarray(at, (at += move.size));
  }
  return plot;
}

function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

function makeSvg(plot, id) {
  // Matplotlib's ids (clip paths, markers, glyphs) recur in other figures and in other views.
  const unique = plot.svg.replace(/(\sid="|href="#|url\(#)/g, `$1${id}-`);
  const parsed = new DOMParser().parseFromString(unique, "image/svg+xml").documentElement;
  const svg = document.importNode(parsed, true);
  svg.removeAttribute("height");
  svg.removeAttribute("width");
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", plot.label);
  return svg;
}

// Returns a function that arranges panels, side by side as they were drawn or stacked.
function arranger(svg, group, plot) {
  const drawn = { width: plot.width, view: svg.getAttribute("viewBox"), shifts: {} };
  return (narrow) => {
    const { width, view, shifts } = (narrow && plot.stack) || drawn;
    svg.style.maxWidth = `min(${width}px, 100%)`;
    svg.setAttribute("viewBox", view);
    for (const gid in plot.stack?.shifts) group(gid).setAttribute("transform", shifts[gid] ?? "");
  };
}

// Returns a function of the position that calls change with the table's entry for it, if another.
function follow(table, change) {
  let last;
  return (position) => {
    const entry = table.steps.reduce((sum, step, axis) => sum + step * position[axis], 0);
    if (entry !== last) change((last = entry));
  };
}

function pathData({ x, y, points, kind }, first) {
  let d = "";
  let pen = "M";
  for (let i = first; i < first + points; i++) {
    if (x[i] === GAP) {
      pen = "M";
    } else {
      d += `${pen}${x[i] / UNITS} ${y[i] / UNITS}`;
      pen = "L";
    }
  }
  return kind === "Polygon" && d ? d + "Z" : d;
}

function mover(group, move) {
  if (move.kind === "Text") {
    return follow(move, (entry) => {
      const gap = move.x[entry] === GAP;
      const at = `${move.x[entry] / UNITS} ${move.y[entry] / UNITS}`;
      group.setAttribute("visibility", gap ? "hidden" : "inherit");
      if (!gap) group.setAttribute("transform", `translate(${at})`);
    });
  }
  const path = group.querySelector(":scope > path");
  const uses = [...group.querySelectorAll(":scope > g > use")].flatMap((marker) => {
    const copies = Array.from({ length: move.points }, () => marker.cloneNode());
    marker.replaceWith(...copies);
    return copies;
  });
  return follow(move, (entry) => {
    const first = entry * move.points;
    path?.setAttribute("d", pathData(move, first));
    uses.forEach((use, k) => {
      const i = first + (k % move.points);
      const gap = move.x[i] === GAP;
      use.setAttribute("visibility", gap ? "hidden" : "inherit");
      if (!gap) {
        use.setAttribute("x", move.x[i] / UNITS);
        use.setAttribute("y", move.y[i] / UNITS);
      }
    });
  });
}

// Glyph outlines cannot change, so a text that does becomes the browser's own.
function writer(group, text) {
  const element = document.createElementNS(group.namespaceURI, "text");
  for (const [name, value] of Object.entries(text.attributes)) element.setAttribute(name, value);
  group.textContent = "";
  group.append(element);
  return follow(text, (entry) => (element.textContent = text.values[entry]));
}

function slider(control, id, choose) {
  const input = make("input", { type: "range", id, min: 0, max: control.texts.length - 1 });
  const value = make("span", { class: "liveplot-value", "aria-hidden": "true" });
  value.style.minWidth = `${Math.max(...control.texts.map((text) => text.length))}ch`;
  const jumps = control.jumps.map(([at, text]) => {
    const name = `${control.name} = ${text}`;
    const button = make("button", { type: "button", "aria-label": name }, text);
    button.addEventListener("click", () => choose(at));
    return button;
  });
  input.addEventListener("input", () => choose(input.valueAsNumber));
  // A finger that turns out to scroll the page has set the slider already.
  let before;
  input.addEventListener("pointerdown", () => (before = input.valueAsNumber));
  input.addEventListener("pointercancel", () => choose(before));
  const elements = [make("label", { for: id }, control.name), input, value];
  if (jumps.length) elements.push(make("div", { class: "liveplot-jumps" }, ...jumps));
  return {
    elements,
    show(at) {
      input.value = at;
      input.setAttribute("aria-valuetext", control.texts[at]);
      value.textContent = control.texts[at];
    },
  };
}

function choice(control, id, choose) {
  const inputs = control.texts.map((_, at) => {
    const input = make("input", { type: "radio", name: id });
    input.addEventListener("change", () => choose(at));
    return input;
  });
  const labels = inputs.map((input, at) => make("label", {}, input, control.texts[at]));
  return {
    elements: [make("fieldset", {}, make("legend", {}, control.name), ...labels)],
    show(at) {
      inputs[at].checked = true;
    },
  };
}

// JupyterLab takes keys for its shortcuts from the document on, so the window is where to say which
// are a control's own. Escape goes back to what the plot stands in, such as the notebook's cell.
function keyKeeper(root) {
  return (event) => {
    const control = event.target;
    if (!root.contains(control)) return;
    const modified = event.ctrlKey || event.metaKey || event.altKey || event.shiftKey;
    const own = !modified && KEYS[control.type]?.includes(event.key);
    control.toggleAttribute("data-lm-suppress-shortcuts", Boolean(own));
    if (event.key === "Escape") {
      control.blur();
      root.parentElement.closest("[tabindex]")?.focus();
    }
  };
}

// On a page of its own the picture is there already; a kernel is asked for it.
function renderPicture({ model, el }) {
  const reason =
    "The picture stands still: in this browser the figure cannot move. It can from " +
    "Chrome and Edge 80, Firefox 113 and Safari 16.4 on.";
  const show = ({ alt }, [png]) => {
    const src = URL.createObjectURL(new Blob([png], { type: "image/png" }));
    el.prepend(make("img", { src, alt, style: "max-width: 100%" }));
  };
  el.append(make("p", { role: "status" }, reason));
  model.on("msg:custom", show);
  model.send("picture");
  return () => model.off("msg:custom", show);
}

async function render({ model, el }) {
  if (!window.DecompressionStream || !window.ResizeObserver) return renderPicture({ model, el });
  const plot = await unpack(model.get("data"));
  const id = `liveplot-${Math.random().toString(36).slice(2)}-${views++}`;
  const svg = makeSvg(plot, id);
  const group = (gid) => svg.querySelector(`[id="${id}-${gid}"]`);
  // Texts first: a mover looks at what there is to move.
  const writers = plot.texts.map((text) => writer(group(text.gid), text));
  const movers = plot.moves.map((move) => mover(group(move.gid), move));
  const switches = plot.shown.map((shown) => {
    const { style } = group(shown.gid);
    return follow(shown, (entry) => (style.display = shown.values[entry] ? "" : "none"));
  });
  const rows = plot.readout.map((row) => {
    const cell = make("dd");
    const write = follow(row, (entry) => (cell.textContent = row.values[entry]));
    return { write, elements: [make("dt", {}, row.name), cell] };
  });

  const status = make("p", { class: "liveplot-status", role: "status", "aria-live": "polite" });
  let saving;
  let announcing;
  let chosen;
  const save = () => {
    if (ahead === svg) ahead = undefined;
    try {
      model.save_changes();
    } catch (error) {
      console.debug("LivePlot: the kernel cannot be told the position.", error);
    }
  };
  const announce = () => {
    const texts = rows.map(({ elements }) => elements.map((part) => part.textContent).join(": "));
    status.textContent = texts.join("; ");
  };
  const choose = (position) => {
    ahead = svg;
    chosen = position;
    model.set("position", position); // draws this view and all others of the model
    clearTimeout(saving);
    clearTimeout(announcing);
    saving = setTimeout(save, SAVE_AFTER);
    announcing = setTimeout(announce, ANNOUNCE_AFTER);
  };
  const controls = plot.controls.map((control, axis) =>
    (control.jumps ? slider : choice)(control, `control-${axis}-${id}`, (at) =>
      choose(model.get("position").map((now, k) => (k === axis ? at : now))),
    ),
  );
  const parts = [...movers, ...writers, ...switches, ...rows.map(({ write }) => write)];
  const draw = () => {
    const position = model.get("position");
    if (ahead === svg && position.join() !== chosen.join()) {
      model.set("position", chosen); // another window has moved: this one is ahead
      return;
    }
    parts.forEach((part) => part(position));
    controls.forEach((control, axis) => control.show(position[axis]));
  };

  // Without height: the root's changes when panels are stacked, which would be observed again.
  const ruler = make("div");
  const arrange = arranger(svg, group, plot);
  const observer = new ResizeObserver(([{ contentRect }]) => arrange(contentRect.width < NARROW));
  observer.observe(ruler);

  const root = make("div", { class: "liveplot", dir: "ltr" }, ruler, svg);
  const keepKeys = keyKeeper(root);
  window.addEventListener("keydown", keepKeys, true);
  if (controls.length) {
    const reset = make("button", { type: "button" }, "Reset");
    reset.addEventListener("click", () => choose(plot.controls.map((control) => control.start)));
    const elements = controls.flatMap((control) => control.elements);
    root.append(make("div", { class: "liveplot-controls" }, ...elements, reset));
  }
  if (rows.length) {
    const elements = rows.flatMap((row) => row.elements);
    root.append(make("dl", { class: "liveplot-readout" }, ...elements), status);
  }
  model.on("change:position", draw);
  draw();
  el.append(root);
  return () => {
    observer.disconnect();
    window.removeEventListener("keydown", keepKeys, true);
    clearTimeout(announcing);
    clearTimeout(saving);
    save();
    model.off("change:position", draw);
  };
}

export default { render };
