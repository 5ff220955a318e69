// Walks along the stops of a tour without leaving the page that is open. The next page is fetched, takes the place of
// the body, and has its scripts run, as on loading; only styles that are there already are not read again.
// `judge` gives the faults of the page that stands there. With `again` the pages come from the walk before.
(judge) => async ({ lang, stops, again, ...asked }) => {
  const root = document.documentElement;
  const parsed = (html) => new DOMParser().parseFromString(html, "text/html");
  const here = (page) => { const at = new URL(page.url); return at.pathname + at.search; };
  const came = async (answer) => ({ status: answer.status, url: answer.url, html: await answer.text() });
  const come = async ({ path, sends }) => {
    const page = await came(await fetch(`/${lang}/${path}`));
    if (!sends) return page;
    const form = parsed(page.html).querySelector("main form[method=post]:not([action$='also-in-dutch'])");
    if (!form) throw new Error(`no form at ${here(page)}`);
    for (const [name, value] of Object.entries(sends)) form.querySelector(`[name=${name}]`).value = value;
    const typed = new FormData(form), body = form.enctype.startsWith("multipart") ? typed : new URLSearchParams(typed);
    return came(await fetch(form.getAttribute("action") || here(page), { method: "POST", body }));
  };
  const styled = async (wanted) => {
    const address = (link) => link.getAttribute("href");
    const present = [...document.querySelectorAll("link[rel=stylesheet]")];
    if (present.map(address).join() === wanted.map(address).join()) return;
    const loaded = wanted.map((link) => new Promise((done, failed) => { link.onload = done; link.onerror = failed; }));
    document.head.append(...wanted.map((link) => document.adoptNode(link)));
    await Promise.all(loaded);
    for (const link of present) link.remove();
  };
  const show = async (html) => {
    const next = parsed(html);
    await styled([...next.querySelectorAll("link[rel=stylesheet]")]);
    for (const { name } of [...root.attributes]) root.removeAttribute(name);
    for (const { name, value } of next.documentElement.attributes) root.setAttribute(name, value);
    document.title = next.title;
    root.replaceChild(document.adoptNode(next.body), document.body);
    window.shown = (window.shown ?? 0) + 1;
    await import(`/static/js/site.js?shown=${window.shown}`);
    for (const element of document.querySelectorAll("[data-module]")) await import(element.dataset.module);
    return new Promise((done) => setTimeout(done));
  };
  const faults = [];
  if (!again) window.walked = [];
  for (const [index, stop] of stops.entries()) {
    const page = window.walked[index] ??= await come(stop);
    await show(page.html);
    if (stop.status && stop.status !== page.status) faults.push(`${here(page)}: ${page.status} instead of ${stop.status}`);
    for (const fault of await judge(asked)) faults.push(`${here(page)}: ${fault}`);
  }
  return faults;
}
