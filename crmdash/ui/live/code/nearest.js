// The accounts on both sides of the line under the hand, laid over what Python has yet to work out anew.

const NEAREST = 10; // on each side

class NearestAccounts {
  constructor() {
    this.titles = [node("h4"), node("h4")];
    this.lists = [node("ol"), node("ol")];
    this.card = node("div", { class: "live-near", hidden: "", "aria-hidden": "true" },
      node("div", {}, this.titles[0], this.lists[0]), node("div", {}, this.titles[1], this.lists[1]));
  }

  draw(picture) {
    const { held, near } = board;
    const sides = held && near?.version === board.now.version
      ? aroundRank(near.accounts, picture.table.customers[picture.lines[held.code]]) : [[], []];
    set(this.card, { hidden: sides.some((side) => side.length) ? null : "" });
    sides.forEach((side, which) => {
      say(this.titles[which], picture.words[which ? "near_below" : "near_above"]);
      const list = this.lists[which];
      while (list.childElementCount > side.length) list.lastChild.remove();
      side.forEach((place, row) => {
        const item = list.children[row] ?? list.appendChild(node("li", {}, node("span"), node("b")));
        say(item.firstChild, near.accounts.names?.[place] ?? near.accounts.ids[place]);
        say(item.lastChild, picture.write.compactMoney(BigInt(near.accounts.values[place])));
      });
    });
  }
}

/** Return the places of the accounts just above a rank and just below it, the nearest first. */
function aroundRank({ ranks }, rank) {
  let [low, high] = [0, ranks.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ranks[middle] <= rank) low = middle + 1; else high = middle;
  }
  const above = [];
  for (let place = low - 1; place >= 0 && ranks[place] > rank - NEAREST; place--) above.push(place);
  const below = [];
  for (let place = low; place < ranks.length && ranks[place] <= rank + NEAREST; place++) below.push(place);
  return [above, below];
}
