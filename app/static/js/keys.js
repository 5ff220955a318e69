// One letter presses the button or follows the link that bears it. Off while somebody types, in a dialog,
// with a modifier held, and when switched off (kept on this device).
const OFF = "keys-off";

export default function (list) {
  const line = list.querySelector("[data-keys-switch]");
  const works = line.querySelector("input");
  let off = false;
  try { off = localStorage.getItem(OFF) === "1"; } catch { /* storage is refused: the choice lasts for this page */ }
  works.checked = !off;
  line.hidden = false;
  works.addEventListener("change", () => {
    try { localStorage.setItem(OFF, works.checked ? "0" : "1"); } catch { /* as above */ }
  });
  document.addEventListener("keydown", (event) => {
    if (!works.checked || event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.isComposing) return;
    if (event.target.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]")) return;
    if (document.querySelector("dialog[open]")) return;
    const element = document.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
    if (!element) return;
    event.preventDefault();
    element.click();
  });
}
