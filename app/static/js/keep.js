// Changing the language, or Dutch beside it, in the middle of a form: it goes along, so that nothing typed is lost.
// data-again: the field that asks the server to show the form again only; data-kept: it holds what is kept nowhere.
// What is typed before this script is there differs from what the page came with, and not from the form as it is found.
const byDefault = (select) => Math.max(0, [...select.options].findIndex((option) => option.defaultSelected));
const typedIn = (field) => {
  if (field.matches("[type=checkbox], [type=radio]")) return field.checked !== field.defaultChecked;
  if (field.matches("select")) return field.selectedIndex !== byDefault(field);
  return field.matches("input, textarea") && field.type !== "file" && field.value !== field.defaultValue;
};

export default function (form) {
  const before = JSON.stringify([...new FormData(form)]);
  const changed = () =>
    form.dataset.kept !== undefined || [...form.elements].some(typedIn) || JSON.stringify([...new FormData(form)]) !== before;
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
