// A limit of the lifecycle under the hand: how many customers are in each stage, and the matrix, at every step of it.

class RulePart {
  constructor(root, data) {
    this.input = node("input", { type: "range", min: 0, step: 1 });
    this.name = node("label");
    this.value = node("output");
    this.table = node("table", { class: "live-stages" });
    root.append(node("div", { class: "live-limit" }, this.name, node("span", {}, this.input), this.value), this.table);
    this.input.id = this.name.htmlFor = `live-limit-${Math.random().toString(36).slice(2)}`;
    this.input.addEventListener("input", () => { this.busy = true; this.follow(); });
    this.input.addEventListener("change", () => this.settle());
    this.input.addEventListener("keydown", (event) => event.key === "Escape" && this.revert());
    this.take(data);
  }

  take_data(data) {
    this.take(data);
    repaint();
  }

  /** Take the steps of a limit, unless the hand holds this one just now. */
  take(data) {
    // Under the hand, or let go and not answered yet: what came is the answer to an earlier step.
    const held = this.busy && this.data.path === data.path && (this.timer || this.sent !== data.grid[data.at]);
    this.data = data;
    this.steps = data.value.map((step, place) => Object.fromEntries(data.tiers.map((tier, row) => [tier, {
      stageCustomers: data.customers[place][row], stageValue: step[row].map(BigInt),
    }])));
    const heads = data.stages.map((stage) => node("th", { scope: "col" }, stage.name));
    this.counts = data.stages.map(() => node("td", {}, node("b"), node("span", { class: "live-bar" })));
    this.table.replaceChildren(
      node("caption", { class: "live-spoken" }, data.title),
      node("thead", { class: "live-unseen" }, node("tr", {}, node("td"), ...heads)),
      node("tbody", {}, node("tr", {}, node("th", { scope: "row" }, data.everybody), ...this.counts)));
    say(this.name, data.label);
    set(this.input, { max: data.grid.length - 1 });
    if (held) this.follow();
    else this.rest();
  }

  remove() {
    clearTimeout(this.timer);
    board.rule = null;
  }

  draw(picture) {
    const step = Number(this.input.value);
    const sums = this.data.stages.map((_, stage) =>
      this.data.tiers.reduce((sum, _tier, row) => sum + this.data.customers[step][row][stage], 0));
    const most = Math.max(1, ...sums);
    sums.forEach((sum, stage) => {
      const [count, bar] = this.counts[stage].children;
      say(count, picture.write.integer(sum));
      bar.style.transform = `scaleX(${(sum / most).toFixed(4)})`;
    });
    say(this.value, this.data.words[step]);
    set(this.input, { "aria-valuetext": this.data.words[step] });
  }

  follow() {
    const step = Number(this.input.value);
    board.rule = step === this.data.at ? null : { tiers: this.steps[step], stages: this.data.stages.map((stage) => stage.code) };
    repaint();
  }

  /** Hand the limit over as soon as the hand rests. */
  settle() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.timer = 0;
      const step = Number(this.input.value);
      if (step === this.data.at && this.sent === undefined) return this.rest();
      this.sent = this.data.grid[step];
      board.send("rule", { path: this.data.path, value: this.sent });
    }, RELEASE_AFTER_KEYS);
  }

  revert() {
    clearTimeout(this.timer);
    this.timer = 0;
    this.rest();
    repaint();
  }

  /** Stand where Python has the limit. */
  rest() {
    this.busy = false;
    this.sent = undefined;
    this.input.value = this.data.at;
    board.rule = null;
  }
}
