// Where Streamlit hands over: data in, triggers out. Mounts that nobody sees bring the data, the others draw it.

const KINDS = { curve: CurvePart, tiers: TiersPart, matrix: MatrixPart, rule: RulePart };
const freshMounts = new WeakSet();

/** Take what one mount was sent, and return what to do when it goes. */
function mount({ data, parentElement, setTriggerValue }) {
  const root = parentElement;
  const fresh = !freshMounts.has(root);
  freshMounts.add(root);
  if (data.part === "head") {
    takeHead(data);
    return () => freshMounts.delete(root);
  }
  if (data.part === "near") {
    board.near = data;
    return () => {};
  }
  if (data.part === "now") {
    board.send = setTriggerValue;
    takeNow(data, fresh);
    return () => { freshMounts.delete(root); revert(); };
  }
  let part = board.parts.get(root);
  if (part) part.take_data(data);
  else {
    const place = node("div", { class: `live-part live-${data.part}-part` });
    root.append(place);
    part = new KINDS[data.part](place, data);
    part.place = place;
    board.parts.set(root, part);
    repaint();
  }
  return () => {
    part.remove();
    part.place.remove();
    board.parts.delete(root);
    freshMounts.delete(root);
  };
}
