/**
 * Read a ustar archive without copying: each file's bytes are a view of the archive's buffer.
 *
 * Runs anywhere. Only what `build/archive.py` writes has to be understood: files, folders, the
 * ustar name prefix and the pax `path` record for names over 255 bytes (POSIX.1-2008, pax).
 */

const BLOCK = 512;
const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });

/**
 * Iterate over the regular files of an archive.
 *
 * @param {Uint8Array} archive
 * @returns {Generator<{ path: string, data: Uint8Array }, void, void>}
 * @throws {Error} when the archive is cut short or holds an entry of another kind
 */
export function* files(archive) {
  let longPath = "";
  for (let offset = 0; offset + BLOCK <= archive.length && archive[offset] !== 0; ) {
    const header = archive.subarray(offset, offset + BLOCK);
    const size = parseInt(text(header, 124, 12), 8) || 0;
    const start = offset + BLOCK;
    const data = archive.subarray(start, start + size);
    if (data.length !== size) throw new Error("The archive is cut short.");
    offset = start + Math.ceil(size / BLOCK) * BLOCK;

    const kind = String.fromCharCode(header[156] || 48);
    if (kind === "x") {
      longPath = paxPath(data);
    } else {
      if (kind === "0") yield { path: longPath || ustarPath(header), data };
      else if (kind !== "5") throw new Error(`The archive holds an entry of type '${kind}'.`);
      longPath = "";
    }
  }
}

/** @param {Uint8Array} header */
function ustarPath(header) {
  const prefix = text(header, 345, 155);
  const name = text(header, 0, 100);
  return prefix ? `${prefix}/${name}` : name;
}

/**
 * A pax record is "<length> <key>=<value>\n", its length counted in bytes.
 *
 * @param {Uint8Array} records
 */
function paxPath(records) {
  for (let offset = 0; offset < records.length; ) {
    const space = records.indexOf(32, offset);
    const length = Number(utf8.decode(records.subarray(offset, space)));
    const [key, ...value] = utf8.decode(records.subarray(space + 1, offset + length - 1)).split("=");
    if (key === "path") return value.join("=");
    offset += length;
  }
  return "";
}

/**
 * @param {Uint8Array} header
 * @param {number} offset
 * @param {number} length
 */
function text(header, offset, length) {
  const field = header.subarray(offset, offset + length);
  const end = field.indexOf(0);
  return utf8.decode(end < 0 ? field : field.subarray(0, end));
}
