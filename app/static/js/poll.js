// Keeps the progress of a long job fresh; when the page no longer shows one, the job is done and the page is opened anew.
const PAUSE = 2000;

export default function (box) {
  const look = async () => {
    try {
      const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(box.id);
      if (answer.ok && !fresh) return location.replace(answer.url);
      if (fresh) box.replaceChildren(...fresh.childNodes);
    } catch { /* no connection for a moment: try again */ }
    setTimeout(look, PAUSE);
  };
  setTimeout(look, PAUSE);
}
