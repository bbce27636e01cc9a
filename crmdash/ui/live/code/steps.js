// The step table: what stands at or above every step that a line can take. All numbers were counted in Python; here
// rows are only taken from each other.

/** Read a table as it was sent: money becomes whole numbers, columns stay columns. */
function readTable(sent) {
  const money = (column) => column && column.map((text) => (text === null ? null : BigInt(text)));
  const totals = (one) => one && {
    customers: one.customers, value: BigInt(one.value), profit: one.profit === null ? null : BigInt(one.profit),
    stageCustomers: one.stage_customers, stageValue: money(one.stage_value),
  };
  return {
    ...sent,
    cuts: money(sent.cuts), value: money(sent.value), profit: money(sent.profit),
    stageValue: sent.stage_value.map(money), stageCustomers: sent.stage_customers,
    everybody: totals(sent.everybody), losing: totals(sent.losing),
    prospects: sent.prospects.map((customers, step) => ({ customers, value: money(sent.prospects_value[step]) })),
    placed: { customers: sent.prospects_all, value: money(sent.prospects_all_value) },
    unplaced: { customers: sent.prospects_unplaced, value: money(sent.prospects_unplaced_value) },
    total: BigInt(sent.total), positiveTotal: BigInt(sent.positive_total),
  };
}

/** Take one list of numbers from another. */
const minus = (left, right) => left.map((n, place) => n - right[place]);
const plus = (left, right) => left.map((n, place) => n + right[place]);

/** Return the customers of the base at or above step `k`. */
const above = (table, k) => ({
  customers: table.customers[k], value: table.value[k], profit: table.profit && table.profit[k],
  stageCustomers: table.stageCustomers[k], stageValue: table.stageValue[k],
});

/** Take what stands at or above one line from what stands at or above the line below it. */
const between = (upper, lower) => upper === null ? lower : {
  customers: lower.customers - upper.customers,
  value: lower.value - upper.value,
  profit: lower.profit === null ? null : lower.profit - upper.profit,
  stageCustomers: minus(lower.stageCustomers, upper.stageCustomers),
  stageValue: minus(lower.stageValue, upper.stageValue),
};

/** Count every tier for lines at some steps: customers, value, profit and cut of the base; with prospects its stages. */
function countTiers(table, lines) {
  const found = {};
  let [upper, higher] = [null, null];
  for (const { code } of table.tiers) {
    if (code === table.loss) {
      found[code] = { ...table.losing, cut: null };
      continue;
    }
    const step = code !== table.idle && code in lines ? lines[code] : null;
    const row = step === null ? table.everybody : above(table, step);
    const prospects = step === null ? table.placed : table.prospects[step];
    const there = { ...between(upper, row), cut: step === null ? null : table.cuts[step] };
    there.stageCustomers = plus(there.stageCustomers, higher ? minus(prospects.customers, higher.customers) : prospects.customers);
    there.stageValue = plus(there.stageValue, higher ? minus(prospects.value, higher.value) : prospects.value);
    found[code] = there;
    [upper, higher] = [row, prospects];
  }
  const middle = found[table.middle];
  middle.stageCustomers = plus(middle.stageCustomers, table.unplaced.customers);
  middle.stageValue = plus(middle.stageValue, table.unplaced.value);
  for (const there of Object.values(found)) if (!there.customers) there.profit = null;
  return found;
}

/** Count what is at risk in every tier, by stage, as `countTiers` counts customers. */
function countAtRisk(table, alerts, lines) {
  const found = {};
  let upper = null;
  for (const { code } of table.tiers) {
    const step = code !== table.idle && code in lines ? lines[code] : null;
    const row = code === table.loss ? alerts.losing
      : step === null ? alerts.everybody : { customers: alerts.customers[step], value: alerts.value[step] };
    const value = row.value.map(BigInt);
    const apart = code === table.loss || upper === null;
    found[code] = {
      customers: apart ? row.customers : minus(row.customers, upper.customers),
      value: apart ? value : minus(value, upper.value),
    };
    upper = { customers: row.customers, value };
  }
  return found;
}

/** Move one line to a step, as `with_value` does: it stays within its range and pushes its neighbours by a step. */
function withLine(table, lines, code, step) {
  const codes = table.tiers.map((tier) => tier.code).filter((one) => one in lines);
  const place = codes.indexOf(code);
  const moved = { ...lines, [code]: Math.max(table.lowest[code], Math.min(table.highest[code], step)) };
  for (let lower = place + 1; lower < codes.length; lower++) {
    moved[codes[lower]] = Math.max(moved[codes[lower]], moved[codes[lower - 1]] + 1);
  }
  for (let upper = place - 1; upper >= 0; upper--) {
    moved[codes[upper]] = Math.min(moved[codes[upper]], moved[codes[upper + 1]] - 1);
  }
  return moved;
}

/** Return the step whose place on the axis is nearest; among equals the one nearest to where the line stands. */
function nearestStep(places, wanted, now) {
  let [low, high] = [0, places.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (places[middle] < wanted) low = middle + 1; else high = middle;
  }
  const best = low && wanted - places[low - 1] < places[low] - wanted ? low - 1 : low;
  let [first, last] = [best, best];
  while (first && places[first - 1] === places[best]) first--;
  while (last < places.length - 1 && places[last + 1] === places[best]) last++;
  return Math.max(first, Math.min(last, now));
}

const sameLines = (left, right) =>
  Object.keys(left).length === Object.keys(right).length && Object.keys(left).every((code) => left[code] === right[code]);
