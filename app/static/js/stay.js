// The last minutes of a sign-in: a warning, and one tap to stay signed in on this page.
export default function (warning) {
  const form = warning.querySelector("form");
  const [soon, over] = warning.querySelectorAll("[data-soon], [data-over]");
  const limit = (seconds) => Date.now() + seconds * 1000;
  let end = limit(Number(warning.dataset.ends));
  const look = () => {
    const left = end - Date.now();
    warning.hidden = left > Number(warning.dataset.warns) * 1000;
    soon.hidden = left <= 0;
    over.hidden = left > 0;
    form.hidden = left <= 0;
  };
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form), headers: { Accept: "application/json" } }).catch(() => null);
    if (answer?.ok && !answer.redirected) end = limit((await answer.json()).seconds);
    else if (answer) end = Date.now();
    look();
  });
  // Clocks stand still while a phone sleeps: the end is an instant, looked at again and again.
  setInterval(look, 5000);
  document.addEventListener("visibilitychange", look);
  look();
}
