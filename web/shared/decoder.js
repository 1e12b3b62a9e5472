// The decoder of codes: barcode-detector (zxing-cpp in WebAssembly) on every device, so that all read alike. The wasm comes
// from our own origin, beside the modules.

import { BarcodeDetector, prepareZXingModule } from "../node_modules/barcode-detector/dist/es/ponyfill.js";

const WASM = new URL("../node_modules/zxing-wasm/dist/reader/zxing_reader.wasm", import.meta.url).href;

prepareZXingModule({
  overrides: {
    locateFile: (/** @type {string} */ path, /** @type {string} */ prefix) =>
      path.endsWith(".wasm") ? WASM : prefix + path,
  },
});

const detector = new BarcodeDetector({ formats: ["qr_code"] });

/** Every code in a picture. Throws DOMException where it cannot be read. @param {ImageBitmapSource} picture @returns {Promise<string[]>} */
export async function readCodes(picture) {
  return (await detector.detect(picture)).map((each) => each.rawValue);
}

/** Where the codes in a picture stand. Throws DOMException where it cannot be read. @param {ImageBitmapSource} picture @returns {Promise<DOMRectReadOnly[]>} */
export async function findCodes(picture) {
  return (await detector.detect(picture)).map((each) => each.boundingBox);
}
