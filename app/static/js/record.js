// Records a text in the browser and puts the sound into the file field of the form, so that it is sent as a chosen file is.
// Sizes are looked at here for comfort; the server judges every byte.

// AAC plays on every phone, old ones too; where a browser cannot make it, Opus.
const KINDS = ["audio/mp4;codecs=mp4a.40.2", "audio/webm;codecs=opus", "audio/ogg;codecs=opus", "audio/mp4"];
const BITS_A_SECOND = 32000;

const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;

export default function (box) {
  const form = box.closest("form");
  const file = form.querySelector("input[type=file]");
  const [start, stop, time, heard] = ["start", "stop", "clock", "heard"].map((name) => box.querySelector(`[data-${name}]`));
  const able = Boolean(navigator.mediaDevices?.getUserMedia && window.MediaRecorder);
  let recorder = null;
  let ticking = null;

  const say = (when) => {
    for (const line of box.querySelectorAll("[data-when]")) line.hidden = line.dataset.when !== when;
  };
  const hear = (sound) => {
    if (heard.src) URL.revokeObjectURL(heard.src);
    if (sound) heard.src = URL.createObjectURL(sound);
    else heard.removeAttribute("src");
    heard.hidden = !sound;
  };
  const fits = (sound) => {
    if (sound.size <= Number(box.dataset.largest)) return true;
    file.value = "";
    hear(null);
    say("large");
    return false;
  };
  const running = (on) => {
    [start.hidden, stop.hidden, time.hidden] = [on || !able, !on, !on];
    clearInterval(ticking);
    if (!on) return;
    const begun = Date.now();
    time.textContent = clock(0);
    ticking = setInterval(() => {
      const seconds = Math.floor((Date.now() - begun) / 1000);
      time.textContent = clock(seconds);
      if (seconds >= Number(box.dataset.longest)) finish();
    }, 250);
  };
  const finish = () => recorder?.state === "recording" && recorder.stop();

  function keep(parts, type) {
    const sound = new File(parts, "recording", { type: type.split(";")[0] });
    if (!fits(sound)) return;
    const chosen = new DataTransfer();
    chosen.items.add(sound);
    file.files = chosen.files;
    hear(sound);
    say("ready");
  }

  async function record() {
    hear(null);
    file.value = "";
    say("asking");
    start.disabled = true;
    try {
      const microphone = await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1 } });
      const mimeType = KINDS.find((kind) => MediaRecorder.isTypeSupported(kind));
      const parts = [];
      recorder = new MediaRecorder(microphone, { mimeType, audioBitsPerSecond: BITS_A_SECOND });
      recorder.addEventListener("dataavailable", (event) => event.data.size && parts.push(event.data));
      recorder.addEventListener("stop", () => {
        for (const track of microphone.getTracks()) track.stop();
        const focused = document.activeElement === stop;
        running(false);
        if (focused) start.focus();
        keep(parts, recorder.mimeType);
      });
      recorder.start();
      running(true);
      say("recording");
      stop.focus();
    } catch (fault) {
      say({ NotAllowedError: "denied", NotFoundError: "missing" }[fault.name] ?? "failed");
    } finally {
      start.disabled = false;
    }
  }

  box.hidden = !able;
  if (!able) return;
  start.addEventListener("click", record);
  stop.addEventListener("click", finish);
  const look = () => {
    const [sound] = file.files;
    say("");
    if (!sound) hear(null);
    else if (fits(sound)) hear(sound);
  };
  file.addEventListener("change", look);
  look(); // what was chosen before this script was there
  // What is still being recorded is not sent half.
  form.addEventListener("submit", (event) => {
    if (recorder?.state !== "recording") return;
    event.preventDefault();
    finish();
  });
  addEventListener("pagehide", finish);
}
