// Changing the language, or Dutch beside it, in the middle of a question: the form goes along, so that nothing typed is lost.
export default function (form) {
  const before = JSON.stringify([...new FormData(form)]);
  const changed = () => JSON.stringify([...new FormData(form)]) !== before || form.dataset.kept !== undefined;
  const send = (action, fields) => {
    for (const [name, value] of Object.entries({ keep: "1", ...fields })) {
      form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
    }
    form.action = action;
    form.submit();
  };
  document.addEventListener("click", (event) => {
    const link = event.target.closest("nav a[hreflang]");
    if (!link || !changed() || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    send(link.href, {});
  });
  document.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (event.target === form || !button?.matches(".switch") || !changed()) return;
    event.preventDefault();
    send(location.href, { also_dutch: button.value });
  });
}
