/**
 * What the host's IndexedDB databases have in common.
 *
 * Runs in the host worker.
 */

/**
 * @param {string} name
 * @param {number} patience ms; a database that does not open must not keep the app from starting
 * @param {(database: IDBDatabase) => void} create makes its stores, when it is new
 * @returns {Promise<IDBDatabase>}
 */
export function openDatabase(name, patience, create) {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, 1);
    request.onupgradeneeded = () => create(request.result);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
    setTimeout(() => reject(new Error("The database does not open.")), patience);
  });
}

/**
 * @param {IDBTransaction} transaction
 * @param {Error} aborted why, if it was by its own script and not by the browser
 * @returns {Promise<void>} when all of it is stored
 */
export function committed(transaction, aborted) {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error ?? aborted);
  });
}
