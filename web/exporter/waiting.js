// Supporting papers that were chosen and have not arrived yet: kept by the browser (IndexedDB) until they have.

/** @typedef {{id: string, draft: string, name: string, file: Blob}} Paper */

const DATABASE = "tamga-papers";
const STORE = "waiting";

/** @returns {Promise<IDBDatabase>} */
const opened = () =>
  new Promise((done, failed) => {
    const asked = indexedDB.open(DATABASE, 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(STORE, { keyPath: "id" });
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => failed(asked.error);
  });

/** @template T @param {IDBTransactionMode} mode @param {(store: IDBObjectStore) => IDBRequest<T>} work @returns {Promise<T>} */
async function within(mode, work) {
  const database = await opened();
  try {
    return await new Promise((done, failed) => {
      const transaction = database.transaction(STORE, mode);
      const asked = work(transaction.objectStore(STORE));
      transaction.oncomplete = () => done(asked.result);
      transaction.onabort = () => failed(transaction.error); // there was no room, for example
    });
  } finally {
    database.close();
  }
}

/** Those of one draft; none where the browser keeps nothing. @param {string} draft @returns {Promise<Paper[]>} */
export async function waiting(draft) {
  const all = await within("readonly", (store) => store.getAll()).catch(() => []);
  return all.filter((/** @type {Paper} */ each) => each.draft === draft);
}

/** Says whether the browser keeps it. @param {Paper} paper */
export const wait = (paper) =>
  within("readwrite", (store) => store.put(paper)).then(
    () => true,
    () => false,
  );

/** @param {string} id */
export const done = (id) => within("readwrite", (store) => store.delete(id)).catch(() => {});

/** The person leaves: the next one at this screen finds nothing of theirs. */
export const forgetWaiting = () => within("readwrite", (store) => store.clear()).catch(() => {});
