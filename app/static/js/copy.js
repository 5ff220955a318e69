// Copies a link, and says so in the button.
export default function (button) {
  if (!navigator.clipboard) return;
  button.hidden = false;
  const [idle, busy] = [button.querySelector("[data-idle]"), button.querySelector("[data-busy]")];
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.copy);
    [idle.hidden, busy.hidden] = [true, false];
    setTimeout(() => ([idle.hidden, busy.hidden] = [false, true]), 4000);
  });
}
