// Reads a text aloud: a recording, else a voice on the device that speaks this very language, else nothing.

const base = (tag) => tag.toLowerCase().split(/[-_]/)[0];
let stopCurrent = null;

/** What an element says in one language, but for what was heard. */
function textIn(element, language, heard) {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  const words = [];
  while (walker.nextNode()) {
    const parent = walker.currentNode.parentElement;
    if (heard?.contains(parent) || parent.closest("[hidden], [aria-hidden=true], .visually-hidden, button, svg")) continue;
    if (base(parent.closest("[lang]").lang) === language) words.push(walker.currentNode.data);
  }
  return words.join(" ").replace(/\s+/g, " ").trim();
}

function localVoice(language) {
  return window.speechSynthesis?.getVoices().find((voice) => voice.localService && base(voice.lang) === language);
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

/** Speaks what the button is for, but for what was heard. */
function speak(button, language, ended, heard = null) {
  const voice = localVoice(language);
  const target = document.getElementById(button.dataset.say);
  const sentences = (target && voice && textIn(target, language, heard).match(/[^.!?؟።]+[.!?؟።]*/g)) || [];
  sentences.forEach((sentence, index) => {
    const utterance = new SpeechSynthesisUtterance(sentence);
    utterance.voice = voice;
    utterance.lang = voice.lang;
    utterance.rate = 0.9;
    if (index === sentences.length - 1) utterance.onend = utterance.onerror = ended;
    speechSynthesis.speak(utterance);
  });
  if (!sentences.length) ended();
  return () => sentences.length && speechSynthesis.cancel();
}

/** Plays the recording; the voice says the rest, or all when it cannot be played. */
function play(button, language, ended) {
  const audio = new Audio(button.dataset.audio);
  let stopVoice = null;
  let over = false;
  const goOn = (heard) => {
    if (over) return;
    over = true;
    stopVoice = speak(button, language, ended, heard);
  };
  audio.addEventListener("ended", () => goOn(button.closest(".ask")));
  audio.addEventListener("error", () => goOn(null));
  audio.play().catch(() => goOn(null));
  return () => {
    over = true;
    audio.pause();
    stopVoice?.();
  };
}

addEventListener("pagehide", () => stopCurrent?.());

export default function (button) {
  const { audio, audioType, lang } = button.dataset;
  const language = base(lang);
  if (audio && (!audioType || new Audio().canPlayType(audioType))) {
    return wire(button, (ended) => play(button, language, ended));
  }
  if (!("speechSynthesis" in window)) return;
  let found = false;
  const look = () => {
    if (found || !localVoice(language)) return;
    found = true;
    wire(button, (ended) => speak(button, language, ended));
  };
  // Many devices have their voices late, some without telling.
  speechSynthesis.addEventListener?.("voiceschanged", look);
  for (const wait of [0, 300, 1000, 3000]) setTimeout(look, wait);
}
