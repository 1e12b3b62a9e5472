// What an outcome sounds and feels like: each is told from the others with the eyes on the goods.

/** @typedef {import('../shared/show.js').Verdict['outcome']} Outcome */

/** Tones as [hertz, milliseconds]; 0 hertz is silence. @type {Record<Outcome, [number, number][]>} */
const TONES = {
  accept: [[880, 90], [1320, 160]],
  accept_offline: [[880, 140]],
  check: [[660, 120], [0, 80], [660, 120]],
  not_valid: [[440, 150], [330, 250]],
  hold: [[220, 220], [0, 90], [220, 220], [0, 90], [220, 320]],
  cannot_tell: [[520, 90], [0, 60], [390, 160]],
};

/** Milliseconds on and off. @type {Record<Outcome, number[]>} */
export const BEATS = {
  accept: [60],
  accept_offline: [60, 60, 60],
  check: [120, 80, 120],
  not_valid: [350],
  hold: [250, 100, 250, 100, 400],
  cannot_tell: [60, 150, 60],
};

/** What comes before it in practice: two ticks, so that nobody hears one for the other. */
const TICKS = /** @type {[number, number][]} */ ([[1760, 50], [0, 50], [1760, 50], [0, 200]]);
const TAPS = [30, 40, 30, 250];

/** @type {AudioContext | null} */
let audio = null;

/** Browsers give sound only after a tap: called with one. */
export function wake() {
  audio ??= new AudioContext();
  void audio.resume();
}

/** @param {Outcome} outcome @param {import('./state.js').State} state */
export function tell(outcome, { aloud, stage }) {
  navigator.vibrate?.([...(stage.practice ? TAPS : []), ...BEATS[outcome]]);
  if (!aloud || audio?.state !== "running") return;
  let at = audio.currentTime;
  for (const [pitch, length] of [...(stage.practice ? TICKS : []), ...TONES[outcome]]) {
    if (pitch > 0) beep(audio, pitch, at, length / 1000);
    at += length / 1000;
  }
}

/** @param {AudioContext} on @param {number} pitch @param {number} at @param {number} length seconds */
function beep(on, pitch, at, length) {
  const tone = on.createOscillator();
  const loudness = on.createGain();
  tone.frequency.value = pitch;
  loudness.gain.setValueAtTime(0.3, at);
  loudness.gain.exponentialRampToValueAtTime(0.001, at + length);
  tone.connect(loudness).connect(on.destination);
  tone.start(at);
  tone.stop(at + length);
}
