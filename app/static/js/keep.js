// Another language in the middle of a form: what was typed goes along, also before this script was there.
// data-again: the field that asks to show the form again only; data-kept: what is kept nowhere.
const typed = (field) =>
  field.options
    ? [...field.options].some((option) => option.index && option.selected !== option.defaultSelected)
    : field.checked !== field.defaultChecked || ("defaultValue" in field && field.value !== field.defaultValue);

export default function (form) {
  const changed = () => form.dataset.kept !== undefined || [...form.elements].some(typed);
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
