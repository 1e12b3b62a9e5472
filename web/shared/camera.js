// <tamga-camera>: opens after a tap and looks for a code in each frame. Says `code` with the texts of one permit and when
// their frame was taken, and pauses: whoever leaves it in the page sets `paused` to false for the next paper. Of several
// permits it takes none, says so and looks on. It never follows a code.

import { readCodes } from "./decoder.js";
import { t } from "./i18n.js";
import { icon } from "./icons.js";
import { together } from "./together.js";
import { Living, html, nothing } from "./view.js";

const HINT_AFTER = 3000; // ms without a code
const ALONE_FOR = 1000; // ms after several were seen: the next look may miss all but one of them
const PAUSE = 40; // ms between two looks: a slow phone has to draw too
const AGAIN = 1000; // ms after one that failed: what reads codes was not fetched, or the camera gives no picture
const LONGER_SIDE = 1280; // pixels of each other look, which is quick; a blurred code wants every pixel of the frame

/** @typedef {"" | "nothing" | "several" | "broken"} Hint @typedef {{min: number, max: number, step: number}} Range @typedef {{texts: string[], at: number}} Seen  `at`: performance.now() */

class Camera extends Living {
  /** @type {MediaStream | null} */
  #stream = null;
  /** @type {WakeLockSentinel | null} */
  #awake = null;
  #trouble = "";
  /** @type {Hint} */
  #hint = "";
  #severalAt = -ALONE_FOR;
  #torch = false;
  #zoom = 1;
  #paused = false;
  #turn = 0;
  #since = 0;
  #whole = false;
  #canvas = document.createElement("canvas");

  set paused(/** @type {boolean} */ wanted) {
    if (wanted === this.#paused) return;
    this.#paused = wanted;
    this.#since = performance.now();
    this.#hint = "";
    this.#severalAt = -ALONE_FOR;
    this.changed();
  }

  connectedCallback() {
    super.connectedCallback();
    addEventListener("pageshow", this.#return);
    addEventListener("focus", this.#return);
    document.addEventListener("visibilitychange", this.#return);
    void this.#open();
  }

  disconnectedCallback() {
    removeEventListener("pageshow", this.#return);
    removeEventListener("focus", this.#return);
    document.removeEventListener("visibilitychange", this.#return);
    this.#close();
  }

  /** iOS ends a camera that was in the background: open it again. */
  #return = () => {
    if (document.visibilityState !== "visible" || this.#trouble) return;
    void this.#stayAwake();
    const lives = this.#stream?.getVideoTracks().some((track) => track.readyState === "live" && !track.muted);
    if (this.#stream && !lives) void this.#open();
  };

  async #open() {
    this.#close();
    const mine = (this.#turn += 1);
    try {
      const stream = await navigator.mediaDevices.getUserMedia({
        video: { facingMode: { ideal: "environment" }, width: { ideal: 1920 }, height: { ideal: 1080 } },
      });
      if (mine !== this.#turn || !this.isConnected) return stream.getTracks().forEach((track) => track.stop());
      this.#stream = stream;
    } catch (error) {
      this.#trouble =
        error instanceof DOMException && error.name === "NotAllowedError"
          ? t("The camera was not allowed. Allow it in the browser's settings, or take a photo, or type the number.")
          : t("No camera can be used here. Take a photo or type the number.");
      return this.changed();
    }
    this.changed();
    await new Promise(requestAnimationFrame);
    const video = this.querySelector("video");
    if (!video || mine !== this.#turn) return;
    video.srcObject = this.#stream;
    await video.play().catch(() => {});
    await this.#stayAwake();
    this.#since = performance.now();
    await this.#look(video, mine);
  }

  /** @param {HTMLVideoElement} video @param {number} mine */
  async #look(video, mine) {
    while (mine === this.#turn && this.isConnected) {
      if (!this.#paused && document.visibilityState === "visible" && video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA) {
        const at = performance.now();
        const read = await this.#read(video);
        if (mine !== this.#turn || !this.isConnected) return;
        if (!read) {
          this.#say("broken");
          await new Promise((done) => setTimeout(done, AGAIN));
          continue;
        }
        const texts = together(read);
        if (!texts) this.#severalAt = at;
        const alone = at - this.#severalAt >= ALONE_FOR;
        if (texts?.length && alone && !this.#paused) {
          this.#paused = true; // one paper, one question, however long its verdict takes
          this.dispatchEvent(new CustomEvent("code", { detail: { texts, at } }));
        } else this.#say(alone ? (at - this.#since > HINT_AFTER ? "nothing" : "") : "several");
      }
      await new Promise((done) => setTimeout(done, PAUSE));
    }
  }

  /** The codes of a frame; null where nothing can be read at all. @param {HTMLVideoElement} video */
  async #read(video) {
    try {
      return await readCodes(this.#frame(video));
    } catch (error) {
      if (!(error instanceof DOMException)) throw error;
      return null;
    }
  }

  /** @param {Hint} hint */
  #say(hint) {
    if (hint === this.#hint) return;
    this.#hint = hint;
    this.changed();
  }

  /** What the frame shows, by turns smaller and whole. @param {HTMLVideoElement} video */
  #frame(video) {
    const scale = this.#whole ? 1 : Math.min(1, LONGER_SIDE / Math.max(video.videoWidth, video.videoHeight));
    this.#whole = !this.#whole;
    const canvas = this.#canvas;
    [canvas.width, canvas.height] = [Math.round(video.videoWidth * scale), Math.round(video.videoHeight * scale)];
    const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d", { willReadFrequently: true }));
    pen.drawImage(video, 0, 0, canvas.width, canvas.height);
    return pen.getImageData(0, 0, canvas.width, canvas.height);
  }

  #close() {
    this.#turn += 1;
    this.#stream?.getTracks().forEach((track) => track.stop());
    this.#stream = null;
    void this.#awake?.release();
    this.#awake = null;
  }

  async #stayAwake() {
    if (!this.#stream || !navigator.wakeLock || (this.#awake && !this.#awake.released)) return;
    this.#awake = await navigator.wakeLock.request("screen").catch(() => null); // a low battery refuses it
  }

  /** @returns {{torch?: boolean, zoom?: Range}} what this camera can do, as far as browsers tell */
  get #able() {
    const track = this.#stream?.getVideoTracks()[0];
    return /** @type {any} */ (track?.getCapabilities?.() ?? {});
  }

  /** @param {Record<string, unknown>} wanted */
  async #apply(wanted) {
    const track = this.#stream?.getVideoTracks()[0];
    await track?.applyConstraints({ advanced: [/** @type {any} */ (wanted)] }).catch(() => {});
    this.changed();
  }

  view() {
    if (this.#trouble) return html`<p class="sheet" role="alert">${this.#trouble}</p>`;
    const { torch, zoom } = this.#able;
    return html`<div class="finder">
        <video playsinline muted aria-label=${t("What the camera sees")}></video>
        <div class="aim" aria-hidden="true"></div>
      </div>
      <p class="hint finder-hint" role="status">
        ${hintWord(this.#hint)}
      </p>
      <div class="choices">
        ${torch ? html`<button type="button" aria-pressed=${this.#torch} @click=${() => void this.#apply({ torch: (this.#torch = !this.#torch) })}>${icon("torch")}<span>${t("Light")}</span></button>` : nothing}
        ${zoom && zoom.max > zoom.min ? this.#zoomer(zoom) : nothing}
      </div>`;
  }

  /** @param {Range} range */
  #zoomer({ min, max, step }) {
    return html`<label class="zoom">
      <span>${t("Zoom")}</span>
      <input
        type="range"
        min=${min}
        max=${max}
        step=${step || 0.1}
        .value=${String(this.#zoom)}
        @input=${(/** @type {InputEvent} */ event) =>
          void this.#apply({ zoom: (this.#zoom = Number(/** @type {HTMLInputElement} */ (event.target).value)) })}
      />
    </label>`;
  }
}

/** @param {Hint} hint */
function hintWord(hint) {
  if (hint === "broken") return t("No code can be read here now. Take a photo or type the number.");
  if (hint === "several") return t("Several codes: show one permit at a time.");
  if (hint === "nothing") return t("Nothing read yet: more light, the paper flat, a little farther away.");
  return t("Hold the square code inside the frame.");
}

customElements.define("tamga-camera", Camera);
