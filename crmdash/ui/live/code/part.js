// A mount that draws; the code comes once, with the step table, and this waits for it.
const live = (globalThis.crmdashLive ??= {});
live.ready ??= new Promise((open) => { live.open = open; });

export default async (component) => (await live.ready, live.mount(component));
