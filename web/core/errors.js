/**
 * Errors of the core that can occur in a browser: the same tree as chalicelib/kernel/errors.py.
 *
 *     TamgaError
 *     +-- DecodeError         bytes or text that cannot be decoded; has a verdict code
 *     +-- Invalid             input is malformed, incomplete or against a rule
 *     +-- QuantityExceeded
 *     +-- NotUsable
 *     +-- AlreadyUsed
 */

/** The root class. `detail` is safe to show: it never contains an unverified field. */
export class TamgaError extends Error {
  static slug = "fault";
  static title = "The service failed";

  /** @param {string} [detail] @param {Readonly<Record<string, unknown>>} [extra] */
  constructor(detail = "", extra = {}) {
    super(detail || new.target.title);
    this.name = new.target.name;
    this.slug = new.target.slug;
    this.detail = this.message;
    this.extra = extra;
  }
}

/** Thrown for text or bytes that are refused. `code`: verdict code (T3, T4 ...); `check`: its number in FORMAT.md 5. */
export class DecodeError extends TamgaError {
  static slug = "not-genuine";
  static title = "The code could not be read";

  /** @param {string} code @param {number} check @param {string} detail */
  constructor(code, check, detail) {
    super(detail);
    this.code = code;
    this.check = check;
  }
}

/**
 * One refusal: the request field (`lines[0].quantity`), a stable code, and words that name block and rule.
 *
 * @typedef {{readonly field: string, readonly code: string, readonly detail: string}} FieldError
 */

/** Thrown for input that is malformed, incomplete or against a rule. Has every fault found, not only the first. */
export class Invalid extends TamgaError {
  static slug = "invalid";
  static title = "The request is not valid";

  /** @param {...FieldError} errors */
  constructor(...errors) {
    super(errors.map((error) => `${error.field}: ${error.detail}`).join("; "));
    /** @type {readonly FieldError[]} */
    this.errors = errors;
  }
}

export class QuantityExceeded extends TamgaError {
  static slug = "quantity-exceeded";
  static title = "More than the permit allows";
}

export class NotUsable extends TamgaError {
  static slug = "not-usable";
  static title = "The permit cannot be used";
}

export class AlreadyUsed extends TamgaError {
  static slug = "already-used";
  static title = "The permit has been used";
}
