// What all parts of the board share: the step table, where the lines stand, the line that is held, and one picture of
// it all at a time. Python holds the settings; here is only what the hand does until it lets go.

const RELEASE_AFTER_KEYS = 250; // milliseconds without a key: then the line is let go

const board = {
  head: null, // what was sent with the step table
  now: null, // what was sent with the last run of the page
  near: null, // the accounts around the lines
  waiting: null, // sent for a table that has not come yet
  lines: null, // tier -> step, as it stands on the screen
  revision: null,
  held: null, // {code, start, by}: the line under the hand, where all lines stood, pointer or keys
  parts: new Map(), // element -> part
  send: null, // hands a trigger to Python
  rule: null, // tiers and stages at another step of a limit of the lifecycle
  release: 0, // timer
  focused: null, // the line that keys move, also while the curve is drawn anew
  draggedOnce: false,
};

/** Take what came with the step table. */
function takeHead(sent) {
  board.head = { ...sent, table: readTable(sent.table), write: numberWriters(sent.format) };
  if (board.waiting) takeNow(board.waiting.sent, board.waiting.fresh);
  else if (board.now && board.now.version === board.head.version) repaint();
}

/** Take what came with a run of the page; lines only where Python chose them, or where there are none yet. */
function takeNow(sent, fresh) {
  if (board.now && sent.stamp < board.now.stamp) return; // left over from an older run
  if (!board.head || board.head.version !== sent.version) {
    board.waiting = { sent, fresh };
    return;
  }
  const other = !board.now || board.now.version !== sent.version;
  board.waiting = null;
  board.now = { ...sent, cells: sent.cells ?? {} };
  if (fresh || other || board.revision !== sent.revision || !board.lines) {
    board.lines = { ...sent.lines };
    board.held = null;
    clearTimeout(board.release);
  }
  board.revision = sent.revision;
  repaint();
}

const isReady = () => Boolean(board.head && board.now && board.lines && board.now.version === board.head.version);

/** Draw every part for the lines as they stand. */
function repaint() {
  if (!isReady()) return;
  const { table } = board.head;
  const picture = {
    ...board, table,
    tiers: countTiers(table, board.lines),
    moved: !sameLines(board.lines, board.now.lines),
    write: board.head.write, words: board.head.words,
  };
  for (const part of board.parts.values()) part.draw(picture);
}

/** Take hold of a line. */
function hold(code, by) {
  if (board.held && board.held.code === code) return;
  if (board.held) letGo();
  board.held = { code, start: { ...board.lines }, by };
}

/** Move the held line to a step; its neighbours are pushed from where they stood when it was taken. */
function moveHeld(step) {
  const { code, start } = board.held;
  const moved = withLine(board.head.table, start, code, step);
  if (sameLines(moved, board.lines)) return;
  board.lines = moved;
  repaint();
}

/** Put the lines back to where they stood when one was taken. */
function revert() {
  if (!board.held) return;
  clearTimeout(board.release);
  board.lines = board.held.start;
  board.held = null;
  repaint();
}

/** Let the held line go: Python takes over. */
function letGo() {
  clearTimeout(board.release);
  if (!board.held) return;
  const { code, start } = board.held;
  board.held = null;
  repaint();
  if (sameLines(start, board.lines)) return;
  board.draggedOnce = true;
  tellResult(code);
  repaint();
  board.send("released", { revision: board.revision, version: board.now.version, lines: board.lines, moved: code });
}

/** Let go as soon as the keys rest. */
function letGoSoon() {
  clearTimeout(board.release);
  board.release = setTimeout(letGo, RELEASE_AFTER_KEYS);
}

/** Say where a line came to stand, to those who do not see it. */
function tellResult(code) {
  const there = countTiers(board.head.table, board.lines)[code];
  for (const part of board.parts.values()) part.tell?.(lineWords(board.head, "released", code, there));
}

/** Put a tier's numbers into one of the sentences. */
function lineWords(head, sentence, code, there) {
  const { write, words, table } = head;
  return filled(words[sentence], {
    tier: table.tiers.find((tier) => tier.code === code).name,
    customers: write.integer(there.customers),
    value: write.compactMoney(there.value),
    cut: write.compactMoney(there.cut),
  });
}
