// What a page does to its words on a small screen or in large letters, and how large what one taps is.
// Returns a list of sentences; `whole` says that no word may be broken, `finger` how large a target is at least on the
// pages of people who read little, `least` on others.
({ whole, finger, least }) => {
  const faults = [], size = document.documentElement.classList.contains("narrow") ? finger : least;
  const name = node => `${node.localName}${node.className && node.className.baseVal === undefined ? "." + [...node.classList].join(".") : ""} “${(node.textContent || "").trim().replace(/\s+/g, " ").slice(0, 40)}”`;
  const hidden = node => node.closest(".visually-hidden, .skip, [hidden], [aria-hidden=true], option, script, style, title") || getComputedStyle(node).clipPath === "inset(50%)" || !node.checkVisibility({ visibilityProperty: true });
  const scrolls = node => { for (let at = node; at && at !== document.body; at = at.parentElement) { if (/auto|scroll/.test(getComputedStyle(at).overflowX)) return true; } return false; };
  const screen = document.documentElement.clientWidth;
  const outside = node => { const edge = node.getBoundingClientRect(); return edge.width > 1 && (edge.right > screen + 1 || edge.left < -1) && !scrolls(node); };
  if (document.documentElement.scrollWidth > screen)
    faults.push(`${document.documentElement.scrollWidth} wide of ${screen}: ${[...document.querySelectorAll("body *")].filter(outside).slice(-2).map(name)}`);
  const boxes = "label, a, button, summary, th, td, li, p, h1, h2, h3, legend, dt, dd, figure, .card, .notice, .chip";
  const pieces = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode, own = text.parentElement;
    if (!text.data.trim() || hidden(own)) continue;
    const range = document.createRange();
    range.selectNodeContents(text);
    const rects = [...range.getClientRects()].filter(rect => rect.width > 1 && rect.height > 1);
    const inside = scrolls(own);
    for (const rect of rects) {
      const { left, right, top, bottom } = rect; // asked once: each look at an edge is a call into the browser
      if (!inside && (left < -1 || right > screen + 1)) faults.push(`out of the screen: ${name(own)}`);
      pieces.push([{ left, right, top, bottom }, own]);
    }
    const box = own.closest(boxes);
    if (box && rects.length) {
      const edge = box.getBoundingClientRect();
      if (getComputedStyle(box).display !== "inline" && rects.some(rect => rect.left < edge.left - 1.5 || rect.right > edge.right + 1.5 || rect.bottom > edge.bottom + 6 || rect.top < edge.top - 6))
        faults.push(`out of its box: ${name(box)}`);
    }
  }
  for (const node of document.querySelectorAll("body *")) {
    const style = getComputedStyle(node);
    if (/hidden|clip/.test(style.overflowX + style.overflowY) && !hidden(node) && node.textContent.trim() && !node.closest("svg") &&
      (node.scrollWidth > node.clientWidth + 1 || node.scrollHeight > node.clientHeight + 1)) faults.push(`cut off: ${name(node)}`);
  }
  // Sorted from top to bottom, so that a piece is laid beside those alone that begin before it ends.
  pieces.sort(([a], [b]) => a.top - b.top);
  for (let one = 0; one < pieces.length; one++) for (let two = one + 1; two < pieces.length; two++) {
    const [a, first] = pieces[one], [b, second] = pieces[two];
    if (b.top >= a.bottom) break;
    const high = Math.min(a.bottom, b.bottom) - b.top, wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
    if (wide <= 2 || high <= 0.45 * Math.min(a.bottom - a.top, b.bottom - b.top)) continue;
    if (first === second || first.contains(second) || second.contains(first)) continue;
    if (!first.closest(".bar, .decide") && !second.closest(".bar, .decide")) faults.push(`over each other: ${name(first)} and ${name(second)}`);
  }
  // A word that needs more room than its box has is broken anywhere by the last resort, without a hyphen.
  for (const node of whole ? document.querySelectorAll(".cards label > span, .week th, .track li, .btn, .pill, h1, .door b") : []) {
    if (hidden(node)) continue;
    const kept = node.style.cssText;
    node.style.overflowWrap = "normal"; node.style.wordBreak = "normal"; node.style.hyphens = "manual";
    if (node.scrollWidth > node.clientWidth + 1) faults.push(`a word is broken: ${name(node)}`);
    node.style.cssText = kept;
  }
  // WCAG 2.5.8 leaves out links in a sentence.
  const sentence = node => getComputedStyle(node).display === "inline" && [...node.parentElement.childNodes].some(other =>
    other !== node && other.nodeType === Node.TEXT_NODE && other.data.trim().length > 1);
  for (const node of document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")) {
    if (hidden(node) || sentence(node)) continue;
    const box = (node.matches("[type=checkbox], [type=radio]") && node.closest("label") || node).getBoundingClientRect();
    if (box.width < size - 0.5 || box.height < size - 0.5) faults.push(`${Math.round(box.width)} × ${Math.round(box.height)} to tap: ${name(node)}`);
  }
  return [...new Set(faults)];
}
