// A quantity as people type it: Kyrgyz and Russian write its decimals after a comma, the form after a point.

/** @param {string} [text] */
export const spelled = (text) => (text ?? "").trim().replace(",", ".");
