// Finds in a long list of choices: letters without their marks, in any script. What is ticked stays in sight.
const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

export default function (root) {
  const box = root.querySelector("[data-filter-box]");
  const none = root.querySelector("[data-filter-none]");
  const entries = [...root.querySelector("[data-filter-list]").children];
  box.hidden = false;
  box.querySelector("input").addEventListener("input", (event) => {
    const wanted = fold(event.target.value.trim());
    let seen = 0;
    for (const entry of entries) {
      const fits = fold(entry.textContent).includes(wanted);
      entry.hidden = !fits && !entry.querySelector(":checked");
      seen += fits;
    }
    none.hidden = seen > 0;
  });
  box.querySelector("input").addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault();
  });
}
