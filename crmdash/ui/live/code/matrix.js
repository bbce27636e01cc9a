// The matrix of tiers and stages: customers, value and strategy of every cell, its ground stronger with its value.

const BLUE_GROUND = "42,122,176";
const RUST_GROUND = "180,84,58";

class MatrixPart {
  constructor(root, data) {
    this.data = data;
    this.table = node("table", { class: "live-matrix" });
    root.append(node("div", { class: "live-scroll", tabindex: 0, role: "group", "aria-label": data.title }, this.table));
    this.build();
  }

  take_data(data) {
    this.data = data;
    this.build();
    repaint();
  }

  remove() {}

  build() {
    const { stages, title } = this.data;
    const heads = stages.map((stage) => node("th", { scope: "col" }, stage.name));
    this.body = node("tbody");
    this.cells = new Map();
    this.codes = "";
    this.table.replaceChildren(
      node("caption", { class: "live-spoken" }, title), node("thead", {}, node("tr", {}, node("td"), ...heads)), this.body);
  }

  buildRows(tiers) {
    const codes = tiers.map((tier) => `${tier.code}|${tier.name}`).join();
    if (codes === this.codes) return;
    this.codes = codes;
    this.cells.clear();
    this.body.replaceChildren(...tiers.map((tier) => node("tr", { "data-tier": tier.code }, node("th", { scope: "row" }, tier.name),
      ...this.data.stages.map((stage) => node("td", { "data-stage": stage.code }, this.newCell(tier.code, stage.code))))));
  }

  newCell(tier, stage) {
    const lines = [node("b"), node("span"), node("span", { class: "live-strategy" })];
    const button = node("button", { type: "button" }, ...lines);
    button.addEventListener("click", () => board.send("narrowed", { tier, stage }));
    this.cells.set(`${tier}|${stage}`, { button, lines });
    return button;
  }

  draw(picture) {
    this.picture = picture;
    const { table, now } = picture;
    this.buildRows(table.tiers);
    const tiers = picture.rule?.tiers ?? picture.tiers;
    const codes = picture.rule?.stages ?? table.stages;
    const settled = !picture.moved && !picture.rule;
    const alerts = picture.head.at_risk;
    const before = settled ? tiers : countTiers(table, now.lines);
    const risks = alerts && !picture.rule ? countAtRisk(table, alerts, picture.lines) : null;
    let strongest = 0;
    const found = [];
    for (const tier of table.tiers) {
      for (const stage of this.data.stages) {
        const column = codes.indexOf(stage.code);
        const customers = tiers[tier.code].stageCustomers[column] ?? 0;
        const value = tiers[tier.code].stageValue[column] ?? 0n;
        const place = table.stages.indexOf(stage.code);
        const same = customers === before[tier.code].stageCustomers[place] && value === before[tier.code].stageValue[place];
        const risk = risks && { customers: risks[tier.code].customers[place], value: risks[tier.code].value[place] };
        const worth = alerts && !risks || !customers ? 0 : Math.max(0, Number(risk ? risk.value : value));
        strongest = Math.max(strongest, worth);
        found.push({ tier, stage, customers, value, same: settled || same, risk, worth });
      }
    }
    for (const one of found) this.drawCell(picture, one, strongest || 1);
  }

  /** Draw a cell. Its strategies are known of the customers it held when Python told them last; of others only later. */
  drawCell({ write, words, now, head }, { tier, stage, customers, value, same, risk, worth }, strongest) {
    const { button, lines } = this.cells.get(`${tier.code}|${stage.code}`);
    const cell = now.cells[`${tier.code}|${stage.code}`];
    say(lines[0], customers ? write.integer(customers) : "–");
    say(lines[1], !customers ? "" : risk ? (risk.customers ? filled(words.at_risk, { count: write.integer(risk.customers) }) : "") : stage.bought ? write.compactMoney(value) : "");
    say(lines[2], !customers || !cell ? "" : cell.share ? `${cell.strategy} ${cell.share}` : cell.strategy);
    lines[2].classList.toggle("live-earlier", !same);
    let told = filled(words.cell, { tier: tier.name, stage: stage.name, customers: write.integer(customers), value: write.compactMoney(value) });
    if (risk?.customers) told = filled(words.cell_at_risk, { cell: told, count: write.integer(risk.customers), amount: write.compactMoney(risk.value) });
    if (customers && cell && same) told = filled(words.cell_strategy, { cell: told, strategy: cell.mostly ?? cell.strategy });
    const chosen = now.chosen?.tier === tier.code && now.chosen.stage === stage.code;
    set(button, { "aria-label": told, title: told, "aria-pressed": String(chosen), class: chosen ? "live-chosen" : null });
    const strength = (customers ? 0.04 : 0) + 0.5 * Math.min(1, worth / strongest);
    button.style.background = `rgba(${head.at_risk ? RUST_GROUND : BLUE_GROUND},${(strength || 0.04).toFixed(3)})`;
  }
}
