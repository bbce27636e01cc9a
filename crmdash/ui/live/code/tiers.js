// The tiers: two bars and a table, and while a line is held the accounts on both sides of it.

class TiersPart {
  constructor(root, data) {
    this.data = data;
    this.bars = node("div", { class: "live-bars", "aria-hidden": "true" });
    this.table = node("table", { class: "live-tiers" });
    this.note = node("div", { class: "live-note", hidden: "" });
    this.near = new NearestAccounts();
    root.append(this.bars, this.table, this.note, this.near.card);
    this.build();
  }

  take_data(data) {
    this.data = data;
    this.build();
    repaint();
  }

  remove() {}

  build() {
    const { columns, title } = this.data;
    this.head = node("tr", {}, ...columns.map((column) => node("th", { scope: "col", title: column.help, class: `live-${column.code}` }, column.name)));
    this.body = node("tbody");
    const all = columns.reduce((sum, column) => sum + column.width, 0);
    const widths = columns.map((column) => node("col", { style: `width: ${((100 * column.width) / all).toFixed(2)}%` }));
    this.table.replaceChildren(
      node("caption", { class: "live-spoken" }, title), node("colgroup", {}, ...widths), node("thead", {}, this.head), this.body);
    this.rows = new Map();
    this.bars.replaceChildren();
    this.segments = ["customers", "value"].map((what) => {
      const track = node("div", { class: "live-track" });
      this.bars.append(node("span", {}, this.data.bars[what]), track);
      return track;
    });
  }

  draw(picture) {
    const { table, tiers, write, now } = picture;
    for (const code of this.rows.keys()) if (!(code in tiers)) this.build();
    table.tiers.forEach((tier, place) => {
      const there = tiers[tier.code];
      const row = this.rows.get(tier.code) ?? this.newRow(tier);
      if (this.body.children[place] !== row.element) this.body.insertBefore(row.element, this.body.children[place] ?? null);
      const share = table.total > 0n ? ratio(there.value, table.total) : null;
      const earlier = now.earlier_customers?.[tier.code];
      const shown = {
        customers: write.integer(there.customers), value: write.compactMoney(there.value), share: write.percent(share),
        profit: write.compactMoney(there.profit), from: write.compactMoney(there.cut),
        change: earlier === undefined ? write.integer(null) : write.signed(there.customers - earlier),
      };
      for (const [name, text] of Object.entries(shown)) if (row.cells[name]) say(row.cells[name], text);
      row.bar.style.transform = `scaleX(${Math.max(0, Math.min(1, share ?? 0)).toFixed(4)})`;
      row.element.style.setProperty("--tier", tier.colour);
      say(row.button, tier.name);
      set(row.button, { "aria-pressed": String(now.chosen?.tier === tier.code && !now.chosen.stage) });
      set(row.element, { class: board.held?.code === tier.code ? "live-held" : null });
    });
    this.drawBars(picture);
    this.drawNote(picture);
    this.near.draw(picture);
  }

  newRow(tier) {
    const button = node("button", { type: "button", title: this.data.narrow });
    const cells = {};
    const bar = node("span", { class: "live-bar" });
    const made = this.data.columns.map(({ code }) => {
      if (code === "tier") return node("th", { scope: "row" }, node("span", { class: "live-dot" }), button);
      cells[code] = node("span");
      return node("td", { class: `live-${code}` }, ...(code === "share" ? [bar] : []), cells[code]);
    });
    const element = node("tr", { "data-tier": tier.code }, ...made);
    element.addEventListener("click", () => board.send("narrowed", { tier: tier.code, stage: null }));
    const row = { element, button, cells, bar };
    this.rows.set(tier.code, row);
    this.body.append(element);
    return row;
  }

  drawBars({ table, tiers }) {
    const amounts = [(there) => there.customers, (there) => (there.value > 0n ? Number(there.value) : 0)];
    this.segments.forEach((track, which) => {
      const all = table.tiers.map((tier) => amounts[which](tiers[tier.code]));
      const sum = all.reduce((left, right) => left + right, 0) || 1;
      table.tiers.forEach((tier, place) => {
        const part = track.children[place] ?? track.appendChild(node("span"));
        part.style.flexGrow = (all[place] / sum).toFixed(4);
        part.style.background = tier.colour;
      });
      while (track.childElementCount > table.tiers.length) track.lastChild.remove();
    });
  }

  /** Say why a tier is empty although a line was drawn for it. */
  drawNote({ table, tiers, lines }) {
    const empty = table.tiers.filter((tier, place) => place && !tiers[tier.code].customers && tier.code in lines &&
      tiers[tier.code].cut !== null && tiers[tier.code].cut === tiers[table.tiers[place - 1].code].cut);
    say(this.note, empty.map((tier) => filled(this.data.empty, { tier: tier.name })).join(" "));
    set(this.note, { hidden: empty.length ? null : "" });
  }
}
