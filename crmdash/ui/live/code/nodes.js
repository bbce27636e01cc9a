// Elements. Words of the data go in as text only, never as markup.

const SVG = "http://www.w3.org/2000/svg";

/** Make an element with attributes and children; a child that is no element is text. */
function node(name, attributes = {}, ...children) {
  return furnished(document.createElement(name), attributes, children);
}

/** The same for what is drawn. */
function shape(name, attributes = {}, ...children) {
  return furnished(document.createElementNS(SVG, name), attributes, children);
}

function furnished(element, attributes, children) {
  set(element, attributes);
  element.append(...children.map((child) => (child instanceof Node ? child : String(child))));
  return element;
}

/** Set attributes that differ; one that is null or false goes. */
function set(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === false || value === undefined) element.removeAttribute(name);
    else if (element.getAttribute(name) !== String(value)) element.setAttribute(name, value);
  }
}

/** Write text into an element, unless it stands there already. */
function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
