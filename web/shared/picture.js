// A file that the service will take: PDF, PNG or JPEG of at most 4 MB. A phone's photograph is larger: it is made smaller.

import { t } from "./i18n.js";

const AT_MOST = 4 * 1024 * 1024; // bytes, as the contract says
const SENT = ["application/pdf", "image/png", "image/jpeg"];
const LONGER_SIDE = 4096; // pixels: a module of the code keeps four and more
const QUALITIES = [0.92, 0.8, 0.65];

/** Why a file cannot be sent. */
export class FileTrouble extends Error {
  /** @param {'large' | 'unreadable' | 'heic'} kind */
  constructor(kind) {
    super(kind);
    this.kind = kind;
  }
}

/** @param {Pick<FileTrouble, "kind">} trouble */
export const fileWord = ({ kind }) =>
  kind === "large"
    ? t("The file is too large: at most 4 MB.")
    : kind === "heic"
      ? t("HEIC pictures are not read here. Save the picture as JPEG and choose that.")
      : t("This is no PDF and no picture that can be read.");

/** The file as it will be sent. Throws `FileTrouble`. @param {File} file @returns {Promise<Blob>} */
export async function prepared(file) {
  if (SENT.includes(file.type) && file.size <= AT_MOST) return file;
  if (file.type === "application/pdf") throw new FileTrouble("large");
  if (!file.type.startsWith("image/")) throw unreadable(file);
  return smaller(file);
}

/** HEIC by its type, or by its name where the system knows no type of it. @param {File} file */
const unreadable = ({ type, name }) => new FileTrouble(/[/.]hei[cf]$/i.test(type || name) ? "heic" : "unreadable");

/** @param {File} file */
async function smaller(file) {
  const picture = await createImageBitmap(file).catch(() => {
    throw unreadable(file);
  });
  const scale = Math.min(1, LONGER_SIDE / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(picture.width * scale);
  canvas.height = Math.round(picture.height * scale);
  canvas.getContext("2d")?.drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  return filed(canvas);
}

/** A canvas as a file that the service takes. Throws `FileTrouble`. @param {HTMLCanvasElement} canvas @returns {Promise<Blob>} */
export async function filed(canvas) {
  for (const quality of QUALITIES) {
    const made = await /** @type {Promise<Blob | null>} */ (
      new Promise((done) => canvas.toBlob(done, "image/jpeg", quality))
    );
    if (made && made.size <= AT_MOST) return made;
  }
  throw new FileTrouble("large");
}
