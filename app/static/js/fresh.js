// Keeps a box fresh: the progress of a long job, until it is done and the page is opened anew;
// with data-asks what the server says of a field while somebody types.
export default function (box) {
  const { asks, of } = box.dataset;
  let waits;
  const later = () => {
    clearTimeout(waits);
    waits = setTimeout(look, asks ? 700 : 2000);
  };
  const look = async () => {
    try {
      const answer = await fetch(asks ?? location.href, {
        headers: { Accept: "text/html" }, ...(asks && { method: "POST", body: new FormData(box.closest("form")) }),
      });
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(box.id)?.innerHTML;
      if (!asks && answer.ok && fresh === undefined) return location.replace(answer.url);
      if (fresh && fresh !== box.innerHTML) box.innerHTML = fresh;
    } catch { /* no connection for a moment: try again */ }
    if (!asks) later();
  };
  if (asks) document.getElementById(of).addEventListener("input", later);
  else later();
}
