// The mount that brings the step table and, in front of this, all of the code.
const live = (globalThis.crmdashLive ??= {});
live.ready ??= new Promise((open) => { live.open = open; });
live.mount = mount;
live.board = board;
live.open();

export default (component) => mount(component);
