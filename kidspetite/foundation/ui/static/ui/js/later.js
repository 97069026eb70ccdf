// htmx is most of what a page loads of script, and nothing that is seen needs it: it comes when the page has been painted, so that
// pictures have the line to themselves. What somebody does before is kept, and done again with it. Only while pictures are still
// on their way, and should it not come at all, forms and links do what they do by themselves.
const SENDS = "form[hx-get], form[hx-post]";
const untilHere = new AbortController();

const painted = new Promise((act) => {
  const soon = () => requestAnimationFrame(() => (globalThis.requestIdleCallback ?? setTimeout)(act));
  if (document.readyState === "complete") soon();
  else addEventListener("load", soon, { once: true });
});

function keepWhatIsDone(here) {
  const kept = { submit: new Set(), change: new Set(), click: new Set(), opened: new Set() };

  // Whoever does the same twice means it once.
  function keep({ type }, place, again) {
    if (!place || kept[type].has(place)) return;
    kept[type].add(place);
    here.then(() => again(place));
  }

  function instead(event, place, again) {
    if (!place || document.readyState !== "complete") return;
    event.preventDefault();
    event.stopImmediatePropagation();
    keep(event, place, again);
  }

  const heard = {
    submit: (event) => instead(event, event.target.closest(SENDS), (form) => form.requestSubmit(event.submitter?.form === form ? event.submitter : null)),
    change: (event) => keep(event, event.target.closest(SENDS), (form) => form.dispatchEvent(new Event("change"))),
    click: (event) => instead(event, isPlain(event) && event.target.closest("[hx-boost] a"), (link) => link.click()),
    opened: (event) => keep(event, event.target, (dialog) => dialog.dispatchEvent(new Event("opened"))),
  };
  for (const [kind, hear] of Object.entries(heard)) addEventListener(kind, hear, { capture: true, signal: untilHere.signal });
}

const isPlain = (click) => !(click.ctrlKey || click.metaKey || click.shiftKey || click.altKey);

if (document.querySelector("[hx-get], [hx-post], [hx-boost]")) {
  const asked = painted.then(() => import("./vendor/htmx.min.js")).catch(() => {});
  keepWhatIsDone(asked.then(() => untilHere.abort()));
}
