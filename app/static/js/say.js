// Reads a text aloud: a recording first, else a voice that lives on the device and speaks this very language, else nothing.
// It never starts by itself, and stops when the page goes.

const base = (tag) => tag.toLowerCase().split(/[-_]/)[0];
let stopCurrent = null;

/** The text of an element in one language: parts in another language, hidden words and buttons are left out. */
function textIn(element, language) {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  const words = [];
  while (walker.nextNode()) {
    const parent = walker.currentNode.parentElement;
    if (parent.closest("[hidden], [aria-hidden=true], .visually-hidden, button, svg")) continue;
    if (base(parent.closest("[lang]").lang) === language) words.push(walker.currentNode.data);
  }
  return words.join(" ").replace(/\s+/g, " ").trim();
}

function localVoice(language) {
  return speechSynthesis.getVoices().find((voice) => voice.localService && base(voice.lang) === language);
}

function show(button, playing) {
  button.setAttribute("aria-pressed", playing);
  button.querySelector("[data-idle]").hidden = playing;
  button.querySelector("[data-busy]").hidden = !playing;
}

/** Plays or stops on each press. `start(ended)` begins and returns a function that stops. */
function wire(button, start) {
  button.hidden = false;
  button.addEventListener("click", () => {
    const mine = button.getAttribute("aria-pressed") === "true";
    stopCurrent?.();
    if (mine) return;
    let stopSound = null;
    const stop = () => {
      stopSound?.();
      show(button, false);
      if (stopCurrent === stop) stopCurrent = null;
    };
    stopCurrent = stop;
    show(button, true);
    stopSound = start(() => stopCurrent === stop && stop());
  });
}

function playRecording(address, ended) {
  const audio = new Audio(address);
  audio.addEventListener("ended", ended);
  audio.addEventListener("error", ended);
  audio.play().catch(ended);
  return () => audio.pause();
}

function speak(button, language, ended) {
  const voice = localVoice(language);
  const target = document.getElementById(button.dataset.say);
  const sentences = (target && voice && textIn(target, language).match(/[^.!?؟።]+[.!?؟።]*/g)) || [];
  sentences.forEach((sentence, index) => {
    const utterance = new SpeechSynthesisUtterance(sentence);
    utterance.voice = voice;
    utterance.lang = voice.lang;
    utterance.rate = 0.9;
    if (index === sentences.length - 1) utterance.onend = utterance.onerror = ended;
    speechSynthesis.speak(utterance);
  });
  if (!sentences.length) ended();
  return () => speechSynthesis.cancel();
}

addEventListener("pagehide", () => stopCurrent?.());

export default function (button) {
  const { audio, lang } = button.dataset;
  if (audio) return wire(button, (ended) => playRecording(audio, ended));
  if (!("speechSynthesis" in window)) return;
  const language = base(lang);
  let found = false;
  const look = () => {
    if (found || !localVoice(language)) return;
    found = true;
    wire(button, (ended) => speak(button, language, ended));
  };
  // Many devices hand over their voices late, some without telling: listen, and look again a few times.
  speechSynthesis.addEventListener?.("voiceschanged", look);
  for (const wait of [0, 300, 1000, 3000]) setTimeout(look, wait);
}
