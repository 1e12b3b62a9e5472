// What the service says about a code, a file or a number: the public routes of the contract.

import { ask } from "../shared/api.js";

/**
 * Throws `Problem` or `Unreachable`.
 * @param {import('./main.js').Subject} subject @param {import('./main.js').Direction} direction
 * @param {boolean | null} sameGoods
 * @returns {Promise<{verdict: import('../shared/show.js').Verdict, reference: string}>}
 */
export async function askService(subject, direction, sameGoods) {
  const query = new URLSearchParams();
  if (direction !== "none") query.set("direction", direction);
  if (sameGoods !== null && subject.way !== "code") query.set("same_goods", String(sameGoods));
  const { body, reference } = await route(subject, query, direction, sameGoods);
  return { verdict: body, reference };
}

/** @param {import('./main.js').Subject} subject @param {URLSearchParams} query @param {string} direction @param {boolean | null} sameGoods */
function route(subject, query, direction, sameGoods) {
  if (subject.way === "number") {
    query.set("number", subject.number);
    if (subject.code) query.set("code", subject.code);
    else query.set("valid_until", subject.validUntil);
    return ask(`/v1/verify/number?${query}`);
  }
  if (subject.way === "file") {
    return ask(`/v1/verify/document?${query}`, {
      method: "POST",
      body: subject.file,
      headers: { "Content-Type": subject.file.type },
      patience: 60_000,
    });
  }
  const body = {
    qr: subject.text,
    direction,
    ...(subject.pages.length > 0 && { other_pages: subject.pages }),
    ...(sameGoods !== null && { same_goods: sameGoods }),
  };
  return ask("/v1/verify", {
    method: "POST",
    body: JSON.stringify(body),
    headers: { "Content-Type": "application/json" },
  });
}
