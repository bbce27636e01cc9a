// The curve: cumulated value over customers, each tier's part in its colour, and the tier lines to take hold of.

const NEAR_POINTER = { mouse: 9, pen: 14, touch: 22 }; // pixels to either side of a line in which it is taken
const LABEL_ROW = 1.15; // label rows, in sizes of type

class CurvePart {
  constructor(root, data) {
    this.data = data;
    root.classList.toggle("live-alone", data.alone);
    this.title = node("div", { class: "live-title" });
    this.svg = shape("svg", { class: "live-plot", role: "group" });
    this.layers = Object.fromEntries(
      ["grid", "fills", "earlier", "lines", "labels", "read"].map((name) => [name, shape("g", { class: `live-${name}` })]));
    this.svg.append(...Object.values(this.layers));
    this.hint = node("div", { class: "live-hint" });
    this.spoken = node("div", { class: "live-spoken", "aria-live": "polite" });
    this.tip = node("div", { class: "live-tip", hidden: "" });
    this.near = new NearestAccounts(); // shown here on a phone, where the tiers are out of sight
    root.append(this.title, node("div", { class: "live-frame" }, this.svg, this.hint, this.tip), this.spoken, this.near.card);
    this.root = root;
    this.sliders = new Map();
    this.watch = new ResizeObserver(() => this.resize());
    this.watch.observe(this.svg);
    this.svg.addEventListener("pointerdown", (event) => this.take(event));
    this.svg.addEventListener("pointermove", (event) => this.follow(event));
    this.svg.addEventListener("pointerup", () => this.release());
    this.svg.addEventListener("pointercancel", () => this.dragging && (this.dragging = null, revert()));
    this.svg.addEventListener("pointerleave", () => this.hideTip());
    this.resize();
  }

  take_data(data) {
    this.data = data;
    this.root.classList.toggle("live-alone", data.alone);
    this.axes = null;
    repaint();
  }

  remove() {
    this.watch.disconnect();
    if (board.held && this.dragging) revert();
  }

  resize() {
    const box = this.svg.getBoundingClientRect();
    if (!box.width || (box.width === this.width && box.height === this.height)) return;
    [this.width, this.height] = [box.width, box.height];
    this.type = parseFloat(getComputedStyle(this.svg).fontSize);
    this.axes = null;
    repaint();
  }

  tell(text) { say(this.spoken, text); }

  // ---- drawing

  draw(picture) {
    this.picture = picture;
    if (!this.width) return;
    const curve = picture.head.curves[this.data.curve];
    if (!curve) return;
    if (this.axes?.curve !== curve) this.drawAxes(picture, curve);
    this.drawTiers(picture);
    this.drawLines(picture);
    this.near.draw(picture);
    const shown = picture.now.hint && !board.draggedOnce && !board.held;
    set(this.hint, { hidden: shown ? null : "" });
    say(this.hint, picture.words.hint);
  }

  /** Lay out everything that stays while lines move. */
  drawAxes(picture, curve) {
    const { type, width, height } = this;
    const percent = curve.whole !== null && BigInt(curve.whole) > 0n;
    const y = curve.y.map((money) => (percent ? 100 * ratio(BigInt(money), BigInt(curve.whole)) : Number(BigInt(money)) / 1e4));
    const x = curve.x.map((n) => (100 * n) / Math.max(curve.size, 1));
    const pareto = this.data.curve === "pareto";
    const [low, high] = pareto ? [0, 104] : [Math.min(0, ...y) * 1.1, Math.max(1, ...y) * 1.16];
    const ticks = axisTicks(low, high, Math.max(3, Math.floor(height / (3 * type))));
    const written = ticks.map((tick) => (percent ? `${picture.write.integer(tick)}%` : picture.write.compactMoney(BigInt(Math.round(tick)) * 10_000n)));
    const longest = Math.max(...written.map((text) => text.length));
    const frame = { left: type * (1.9 + 0.56 * longest), right: width - type * 1.5, top: type * 0.5, bottom: height - type * 2.6 };
    const axes = {
      curve, x, y, frame, percent,
      left: (share) => frame.left + (share / 100) * (frame.right - frame.left),
      top: (value) => frame.bottom - ((value - low) / (high - low)) * (frame.bottom - frame.top),
      places: picture.table.curve_customers.map((n) => (100 * n) / Math.max(picture.head.curves.pareto?.size ?? curve.size, 1)),
    };
    this.axes = axes;
    say(this.title, this.data.title);
    set(this.svg, { viewBox: `0 0 ${width} ${height}`, "aria-label": this.data.title });
    const grid = [];
    ticks.forEach((tick, place) => {
      const at = axes.top(tick);
      grid.push(shape("line", { x1: frame.left, x2: frame.right, y1: at, y2: at, class: tick === 0 ? "live-zero" : "" }));
      grid.push(shape("text", { x: frame.left - type * 0.35, y: at + type * 0.35, "text-anchor": "end" }, written[place]));
    });
    for (const tick of [0, 20, 40, 60, 80, 100]) {
      const at = axes.left(tick);
      grid.push(shape("line", { x1: at, x2: at, y1: frame.top, y2: frame.bottom }));
      grid.push(shape("text", { x: at, y: frame.bottom + type * 1.1, "text-anchor": "middle" }, `${tick}%`));
    }
    const middle = (frame.top + frame.bottom) / 2;
    grid.push(shape("text", { x: (frame.left + frame.right) / 2, y: height - type * 0.3, "text-anchor": "middle", class: "live-axis" }, this.data.x_axis));
    grid.push(shape("text", { x: 0, y: 0, "text-anchor": "middle", class: "live-axis", transform: `translate(${type} ${middle}) rotate(-90)` }, this.data.y_axis));
    if (pareto) grid.push(shape("path", { class: "live-even", d: `M${axes.left(0)} ${axes.top(0)}L${axes.left(100)} ${axes.top(100)}` }));
    else if (percent) grid.push(shape("line", { class: "live-even", x1: frame.left, x2: frame.right, y1: axes.top(100), y2: axes.top(100) }));
    this.layers.grid.replaceChildren(...grid);
    this.layers.fills.replaceChildren();
    this.layers.read.replaceChildren();
    this.layers.labels.replaceChildren();
  }

  /** Fill the part of the curve that each tier holds. */
  drawTiers(picture) {
    const parts = this.segments(picture);
    const { fills } = this.layers;
    while (fills.childElementCount > 2 * parts.length) fills.lastChild.remove();
    parts.forEach((part, place) => {
      const [area, line] = [this.child(fills, 2 * place, "path"), this.child(fills, 2 * place + 1, "path")];
      const points = this.points(part.from, part.to);
      const d = points.map(([x, y]) => `${this.axes.left(x).toFixed(1)} ${this.axes.top(y).toFixed(1)}`).join("L");
      const ground = this.axes.top(0).toFixed(1);
      set(line, { d: part.to > part.from ? `M${d}` : "", class: "live-edge", stroke: part.colour });
      set(area, { d: part.to > part.from ? `M${d}V${ground}H${this.axes.left(part.from).toFixed(1)}Z` : "", class: "live-area", fill: part.colour });
    });
    if (this.data.curve === "whale") this.drawPeak(picture);
    this.drawLabels(this.data.curve === "pareto" ? parts : this.lineLabels(picture));
  }

  /** Return the parts of the curve from the left: where each begins and ends, its colour, its words. */
  segments(picture) {
    const { table, lines, tiers } = picture;
    if (this.data.curve === "whale") {
      const peak = (100 * this.axes.curve.peak[0]) / Math.max(this.axes.curve.size, 1);
      return [{ from: 0, to: peak, colour: this.data.colours[0] }, { from: peak, to: 100, colour: this.data.colours[1] }];
    }
    const parts = [];
    let from = 0;
    const cut = table.tiers.filter((tier) => tier.code in lines && tier.code !== table.idle);
    for (const tier of cut) {
      const to = this.axes.places[lines[tier.code]];
      parts.push({ from, to, colour: tier.colour, codes: [tier] });
      from = to;
    }
    const rest = table.tiers.filter((tier) => !cut.includes(tier));
    if (rest.length > 1 && this.data.positives !== null) {
      const to = (100 * this.data.positives) / Math.max(this.axes.curve.size, 1);
      parts.push({ from, to: Math.max(from, to), colour: rest[0].colour, codes: [rest[0]] });
      parts.push({ from: Math.max(from, to), to: 100, colour: rest[1].colour, codes: [rest[1]] });
    } else {
      parts.push({ from, to: 100, colour: rest.length === 1 ? rest[0].colour : this.data.rest_colour, codes: rest });
    }
    return parts.map((part) => ({ ...part, label: this.label(picture, part.codes.map((tier) => [tier, tiers[tier.code]])) }));
  }

  /** Name tiers with their customers and value; nothing where nobody is. */
  label(picture, found) {
    const customers = found.reduce((sum, [, there]) => sum + there.customers, 0);
    if (!customers) return "";
    return filled(picture.words.label, {
      tier: found.map(([tier]) => tier.name).join(" + "),
      customers: picture.write.integer(customers),
      value: picture.write.compactMoney(found.reduce((sum, [, there]) => sum + there.value, 0n)),
    });
  }

  lineLabels(picture) {
    const drawn = picture.table.tiers.filter((tier) => tier.code in picture.lines && tier.code !== picture.table.idle);
    return drawn.map((tier) => ({
      to: this.axes.places[picture.lines[tier.code]], colour: tier.colour,
      label: this.label(picture, [[tier, picture.tiers[tier.code]]]),
    }));
  }

  /** Return the curve between two shares of the customers, ends included. */
  points(from, to) {
    const { x, y } = this.axes;
    const inside = [];
    for (let place = 0; place < x.length; place++) if (x[place] > from && x[place] < to) inside.push([x[place], y[place]]);
    return [[from, this.valueAt(from)], ...inside, [to, this.valueAt(to)]];
  }

  valueAt(share) {
    const { x, y } = this.axes;
    let place = x.findIndex((one) => one >= share);
    if (place < 0) return y[y.length - 1];
    if (place === 0) return y[0];
    const part = (share - x[place - 1]) / (x[place] - x[place - 1] || 1);
    return y[place - 1] + part * (y[place] - y[place - 1]);
  }

  drawPeak(picture) {
    if (this.layers.read.childElementCount) return;
    const [at, money] = this.axes.curve.peak;
    const x = this.axes.left((100 * at) / Math.max(this.axes.curve.size, 1));
    const y = this.axes.top(this.axes.percent ? 100 * ratio(BigInt(money), BigInt(this.axes.curve.whole)) : Number(BigInt(money)) / 1e4);
    this.layers.read.append(
      shape("circle", { cx: x, cy: y, r: 4.5, class: "live-peak" }),
      shape("text", { x: x + this.type * 0.2, y: y - this.type * 0.5, "text-anchor": "end" }, this.data.note));
  }

  /** Label every part below the point where it ends on the curve, each in a row of its own. */
  drawLabels(parts) {
    const { type } = this;
    const { frame } = this.axes;
    const row = type * LABEL_ROW;
    const shown = parts.filter((part) => part.label);
    const room = frame.bottom - type * 0.4;
    // From the bottom up: the last tier's words stand lowest, the others no lower than their own row.
    let limit = frame.top + type;
    const rows = shown.map((part, place) => {
      const least = room - (shown.length - 1 - place ? shown.length - place : 0) * row;
      return { part, wanted: part.to < 100 ? this.axes.top(this.valueAt(part.to)) + type * 1.2 : room, least };
    });
    let free = Infinity;
    for (const one of rows) { // from the left, where the curve is low
      one.y = Math.min(one.wanted, free, room);
      free = one.y - row;
    }
    let lowest = -Infinity;
    for (const one of [...rows].reverse()) { // none leaves the picture at the top
      if (one.part.to >= 100) continue;
      one.y = Math.max(one.y, limit, lowest);
      lowest = one.y + row;
    }
    const { labels } = this.layers;
    while (labels.childElementCount > shown.length) labels.lastChild.remove();
    rows.forEach(({ part, y }, place) => {
      const text = this.child(labels, place, "text");
      const x = this.axes.left(part.to);
      const wide = type * 0.95 * textWidth(part.label);
      const right = part.to < 100 && x + wide + type * 0.6 < frame.right;
      say(text, part.label);
      set(text, { x: (x + (right ? 0.7 : -0.7) * type).toFixed(1), y: (part.to < 100 ? y : room).toFixed(1), "text-anchor": right ? "start" : "end" });
    });
  }

  /** Draw the lines themselves, and thin ones where those of the baseline stood. */
  drawLines(picture) {
    const { table, lines, tiers, words } = picture;
    const { frame } = this.axes;
    const codes = table.tiers.map((tier) => tier.code).filter((code) => code in lines && code !== table.idle);
    for (const [code, line] of this.sliders) if (!codes.includes(code)) { line.remove(); this.sliders.delete(code); }
    for (const tier of table.tiers) {
      if (!codes.includes(tier.code)) continue;
      const line = this.sliders.get(tier.code) ?? this.newSlider(tier);
      const x = this.axes.left(this.axes.places[lines[tier.code]]);
      const step = lines[tier.code];
      line.style.setProperty("--tier", tier.colour);
      set(line, {
        transform: `translate(${x.toFixed(1)} 0)`, "aria-label": filled(words.line, { tier: tier.name }),
        "aria-valuemin": table.lowest[tier.code], "aria-valuemax": table.highest[tier.code], "aria-valuenow": step,
        "aria-valuetext": filled(words.valuetext, {
          setting: table.setting_words[step], cut: picture.write.compactMoney(table.cuts[step]),
          customers: picture.write.integer(tiers[tier.code].customers), value: picture.write.compactMoney(tiers[tier.code].value), tier: tier.name,
        }),
        class: board.held?.code === tier.code ? "live-line live-held" : "live-line",
      });
      const [hit, stroke, grip] = line.children;
      set(hit, { y: frame.top, height: frame.bottom - frame.top });
      set(stroke, { y1: frame.top, y2: frame.bottom });
      set(grip, { transform: `translate(0 ${Math.max(frame.top + this.type, Math.min(frame.bottom - this.type, this.axes.top(this.valueAt(this.axes.places[step])))).toFixed(1)})` });
    }
    this.drawEarlier(picture, codes);
  }

  newSlider(tier) {
    const line = shape("g", { role: "slider", tabindex: 0, "data-tier": tier.code, "aria-orientation": "horizontal" },
      shape("rect", { x: -22, width: 44, class: "live-hit" }),
      shape("line", { class: "live-stroke" }),
      shape("g", { class: "live-grip" },
        shape("rect", { x: -6, y: -10, width: 12, height: 20, rx: 4 }),
        shape("path", { d: "M-2 -5V5M2 -5V5" })));
    line.addEventListener("keydown", (event) => this.press(event, tier.code));
    line.addEventListener("focus", () => { board.focused = tier.code; });
    line.addEventListener("blur", () => {
      if (board.held?.by === "keys") letGo();
      // A line that loses the keys because it is taken off the page gets them again when it is drawn anew.
      setTimeout(() => { if (line.isConnected && board.focused === tier.code) board.focused = null; });
    });
    this.layers.lines.append(line);
    this.sliders.set(tier.code, line);
    if (board.focused === tier.code && document.activeElement === document.body) line.focus({ preventScroll: true });
    return line;
  }

  drawEarlier(picture, codes) {
    const marks = this.data.curve === "pareto" ? picture.now.earlier ?? [] : [];
    const shown = marks.filter((mark) => !(codes.includes(mark.tier) && String(picture.table.cuts[picture.lines[mark.tier]]) === mark.cut));
    const { earlier } = this.layers;
    while (earlier.childElementCount > shown.length) earlier.lastChild.remove();
    shown.forEach((mark, place) => {
      const x = this.axes.left((100 * mark.customers) / Math.max(this.axes.curve.size, 1)).toFixed(1);
      set(this.child(earlier, place, "line"), { x1: x, x2: x, y1: this.axes.frame.top, y2: this.axes.frame.bottom, stroke: mark.colour });
    });
  }

  child(layer, place, name) {
    return layer.children[place] ?? layer.appendChild(shape(name));
  }

  // ---- the hand

  shareAt(event) {
    const box = this.svg.getBoundingClientRect();
    const x = ((event.clientX - box.left) * this.width) / box.width;
    const { frame } = this.axes;
    return [x, (100 * (x - frame.left)) / (frame.right - frame.left)];
  }

  /** Return the line nearest to the pointer; of lines at the same place the one that can still go where it points. */
  lineAt(event) {
    if (!this.axes || !this.picture) return null;
    const [x] = this.shareAt(event);
    const reach = NEAR_POINTER[event.pointerType] ?? NEAR_POINTER.mouse;
    let [found, least] = [null, reach + 0.01];
    for (const [code] of this.sliders) {
      const at = this.axes.left(this.axes.places[this.picture.lines[code]]);
      const far = Math.abs(at - x);
      if (far < least || (far === least && x > at)) [found, least] = [code, far];
    }
    return found;
  }

  take(event) {
    const code = event.button ? null : this.lineAt(event);
    if (code === null) return;
    event.preventDefault();
    this.svg.classList.add("live-by-pointer");
    hold(code, "pointer");
    this.svg.setPointerCapture(event.pointerId);
    const [, share] = this.shareAt(event);
    this.dragging = { offset: this.axes.places[board.lines[code]] - share };
    this.sliders.get(code).focus({ preventScroll: true });
    this.hideTip();
    repaint();
  }

  follow(event) {
    if (!this.axes) return;
    if (!this.dragging) {
      this.svg.classList.toggle("live-near-line", event.pointerType === "mouse" && this.lineAt(event) !== null);
      this.showTip(event);
      return;
    }
    if (!board.held) return;
    const [, share] = this.shareAt(event);
    moveHeld(nearestStep(this.axes.places, share + this.dragging.offset, board.lines[board.held.code]));
  }

  release() {
    if (!this.dragging) return;
    this.dragging = null;
    letGo();
  }

  press(event, code) {
    this.svg.classList.remove("live-by-pointer");
    if (event.key === "Escape") {
      if (board.held) { event.preventDefault(); this.dragging = null; revert(); }
      return;
    }
    const { table } = board.head;
    const now = board.lines[code];
    const step = {
      ArrowLeft: now - 1, ArrowDown: now - 1, ArrowRight: now + 1, ArrowUp: now + 1, PageDown: now - 10, PageUp: now + 10,
      Home: table.lowest[code], End: table.highest[code],
    }[event.key];
    if (step === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    hold(code, "keys");
    moveHeld(step);
    letGoSoon();
  }

  /** Say what the curve reaches under the pointer. */
  showTip(event) {
    const [x, share] = this.shareAt(event);
    if (share < 0 || share > 100 || event.pointerType === "touch") return this.hideTip();
    const value = this.valueAt(share);
    const { write } = this.picture;
    const y = this.axes.percent ? write.percent(Math.round(value * 10) / 1000) : write.compactMoney(BigInt(Math.round(value)) * 10_000n);
    say(this.tip, filled(this.data.point, { x: write.percent(Math.round(share * 10) / 1000), y }));
    set(this.tip, { hidden: null });
    const left = Math.min(x + 10, this.width - this.tip.offsetWidth - 2);
    this.tip.style.transform = `translate(${left.toFixed(0)}px, ${Math.max(0, this.axes.top(value) - 1.9 * this.type).toFixed(0)}px)`;
  }

  hideTip() {
    set(this.tip, { hidden: "" });
    this.svg.classList.remove("live-near-line");
  }
}

/** Return round values of an axis between two ends. */
function axisTicks(low, high, most) {
  const rough = (high - low) / most;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((one) => one >= rough);
  const ticks = [];
  for (let n = Math.ceil(low / step); n * step <= high; n++) ticks.push(Math.round(n * step * 1e6) / 1e6 + 0);
  return ticks;
}

/** Return about how wide words are, in sizes of type: an ideograph takes one, a letter half. */
const textWidth = (text) => [...text].reduce((sum, letter) => sum + (letter > "\u2E80" ? 1 : 0.56), 0);
