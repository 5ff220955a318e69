// Changing the language, or Dutch beside it, in the middle of a form: it goes along, so that nothing typed is lost.
// data-again: the field that asks the server to show the form again only; data-kept: it holds what is kept nowhere.
export default function (form) {
  const before = JSON.stringify([...new FormData(form)]);
  const changed = () => JSON.stringify([...new FormData(form)]) !== before || form.dataset.kept !== undefined;
  const target = form.getAttribute("action") || location.pathname;
  const send = (action, fields) => {
    for (const [name, value] of Object.entries({ [form.dataset.again ?? "keep"]: target, ...fields })) {
      form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
    }
    form.action = action;
    form.submit();
  };
  document.addEventListener("click", (event) => {
    const link = event.target.closest(".masthead nav a[hreflang], .foot a[hreflang]");
    if (!link || event.defaultPrevented || !changed() || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    send(link.href, {});
  });
  document.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (event.target === form || event.defaultPrevented || !button?.matches(".switch") || !changed()) return;
    event.preventDefault();
    send(location.href, { also_dutch: button.value });
  });
}
