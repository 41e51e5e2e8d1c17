import { glob, open } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { FileContent, Files } from "./reader.ts";

/** More matches than this is a pattern gone wrong, `**` over a whole disk for example. */
const MOST_FILES = 10_000;

/** The machine's own files. */
export const nodeFiles: Files = {
  async glob(pattern, directory) {
    const found: string[] = [];
    for await (const entry of glob(pattern, { cwd: directory, withFileTypes: true })) {
      if (entry.isDirectory()) continue;
      found.push(join(entry.parentPath, entry.name));
      if (found.length > MOST_FILES) throw new Error(`more than ${MOST_FILES} files match`);
    }
    return found.sort();
  },
  async read(path, directory, limit) {
    const handle = await open(resolve(directory, path), "r").catch((error: unknown) => {
      if (error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR"))
        return undefined;
      throw error;
    });
    if (!handle) return undefined;
    await using file = handle;
    const stat = await file.stat();
    if (!stat.isFile()) throw new Error("it is not a regular file");
    if (stat.size > limit) throw new Error(`it is larger than ${limit} bytes`);
    return { text: decode(await file.readFile()), modified: stat.mtimeMs };
  },
};

/** UTF-8 unless a byte order mark says UTF-16; broken bytes are an error, because half-read numbers are wrong numbers. */
function decode(bytes: Uint8Array): FileContent["text"] {
  const encoding =
    bytes[0] === 0xff && bytes[1] === 0xfe ? "utf-16le" : bytes[0] === 0xfe && bytes[1] === 0xff ? "utf-16be" : "utf-8";
  return new TextDecoder(encoding, { fatal: true }).decode(bytes);
}
