// A history, which the service gives page by page.

const PAGES_AT_MOST = 50; // of 200 lines

/** Every line, first to last. @param {string} path @param {(path: string) => Promise<any>} call @returns {Promise<any[]>} */
export async function wholeHistory(path, call) {
  const lines = [];
  let cursor = "";
  for (let page = 0; page < PAGES_AT_MOST && cursor !== null; page += 1) {
    const found = await call(cursor ? `${path}?${new URLSearchParams({ cursor })}` : path);
    lines.push(...found.items);
    cursor = found.cursor;
  }
  return lines;
}
