// The service behind the page: one way to ask it, and three ways it can go.

import { PATIENCE, language } from "./i18n.js";

/** @typedef {{field: string, code: string, detail: string, overridable?: boolean}} FieldError  one refusal of an input; `overridable`: an approver may let it pass */

/** The service answered with a problem (RFC 9457). */
export class Problem extends Error {
  /**
   * @param {{type?: string, title?: string, detail?: string, status: number, correlation_id?: string,
   *   errors?: FieldError[], codes?: string[], lines?: {line: string}[]}} body
   * @param {string | null} retryAfter
   */
  constructor(body, retryAfter) {
    super(body.detail ?? body.title ?? String(body.status));
    this.slug = body.type?.split("/").pop() ?? "unknown";
    this.status = body.status;
    this.reference = body.correlation_id ?? "";
    this.retryAfter = Number(retryAfter ?? 0);
    this.errors = body.errors ?? [];
    this.codes = body.codes ?? []; // of a verdict, for which it was refused
    this.lines = (body.lines ?? []).map(({ line }) => line); // of the form, that it is about
  }
}

/** No answer at all: no network, or none in time. */
export class Unreachable extends Error {}

const FILE_PATIENCE = 60_000; // ms; a sheet or a photograph on a slow line

/**
 * Asks in the reader's language. Throws `Problem`, or `Unreachable` when there is no answer (or one of no service of ours).
 * @param {string} path @param {RequestInit & {patience?: number}} [options]
 * @returns {Promise<{body: any, reference: string}>}
 */
export async function ask(path, options = {}) {
  const { body, headers } = await answerOf(path, options, (answer) => answer.json());
  return { body, reference: headers.get("x-correlation-id") ?? "" };
}

/**
 * The same of a file: the whole of it, and its headers.
 * @param {string} path @param {RequestInit & {patience?: number}} [options]
 */
export const askFile = (path, options = {}) => answerOf(path, { patience: FILE_PATIENCE, ...options }, (answer) => answer.blob());

/** @template T @param {string} path @param {RequestInit & {patience?: number}} options @param {(answer: Response) => Promise<T>} read */
async function answerOf(path, { patience = PATIENCE, ...options }, read) {
  const answer = await reach(path, { ...options, headers: { "Accept-Language": language(), ...options.headers } }, patience);
  const { ok, status, headers } = answer;
  try {
    if (ok) return { body: await read(answer), headers };
    throw new Problem({ ...(await answer.json()), status }, headers.get("retry-after"));
  } catch (error) {
    throw error instanceof Problem ? error : new Unreachable(`${path}: ${status}`);
  }
}

/** Bytes of a published list; null where there is none (404). Throws `Unreachable`. @param {string} path */
export async function fetchBytes(path) {
  const answer = await reach(path, { cache: "no-cache" }, PATIENCE);
  if (answer.status === 404) return null;
  if (!answer.ok) throw new Unreachable(`${path}: ${answer.status}`);
  return new Uint8Array(await answer.arrayBuffer());
}

/** @param {string} path @param {RequestInit} options @param {number} patience */
async function reach(path, options, patience) {
  try {
    return await fetch(path, {
      ...options,
      credentials: "omit",
      redirect: "error",
      signal: AbortSignal.timeout(patience),
    });
  } catch (error) {
    throw new Unreachable(`${path}: ${error}`);
  }
}
