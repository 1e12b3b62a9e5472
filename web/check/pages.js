// Photographs of a permit's pages as one picture: the service judges together what one file shows, and says of it, too, that
// only the code is confirmed, which codes by themselves would not.

import { findCodes } from "../shared/decoder.js";
import { filed } from "../shared/picture.js";

const AROUND = 0.15; // of a code's side: it is not read without a margin
const SIDE = 1000; // pixels of a code and its margin, at most: a module of the largest keeps four
const IN_A_ROW = 4;

/** The codes of both pictures side by side; the later file alone where this device finds none in one of them. @param {Blob} one @param {Blob} other @returns {Promise<Blob>} */
export async function joined(one, other) {
  const cut = await Promise.all([one, other].map(codesIn));
  if (cut.some((each) => each.length === 0)) return other;
  const codes = cut.flat();
  const canvas = document.createElement("canvas");
  canvas.width = SIDE * Math.min(codes.length, IN_A_ROW);
  canvas.height = SIDE * Math.ceil(codes.length / IN_A_ROW);
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  pen.fillStyle = "white";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  for (const [at, { picture, x, y, width, height }] of codes.entries()) {
    const scale = Math.min(1, SIDE / Math.max(width, height));
    const [left, top] = [SIDE * (at % IN_A_ROW), SIDE * Math.floor(at / IN_A_ROW)];
    pen.drawImage(picture, x, y, width, height, left, top, width * scale, height * scale);
  }
  return filed(canvas);
}

/** Where the codes of a picture stand, with the margin around each; none in a PDF, which is judged whole. @param {Blob} file */
async function codesIn(file) {
  const picture = await createImageBitmap(file).catch(() => null);
  if (!picture) return [];
  return (await findCodes(picture).catch(() => [])).map(({ x, y, width, height }) => {
    const more = AROUND * Math.max(width, height);
    return { picture, x: x - more, y: y - more, width: width + 2 * more, height: height + 2 * more };
  });
}
