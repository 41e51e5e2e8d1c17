import { createHash } from "node:crypto";
import { mkdirSync } from "node:fs";
import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** Objects by key, each in one file of `directory`. A key never becomes part of a path. */
export function openStore(directory) {
  mkdirSync(directory, { recursive: true });
  const fileOf = (key) => join(directory, createHash("sha256").update(key).digest("hex"));
  let writes = 0;
  return {
    /** The object's bytes, or undefined where there is none. */
    async read(key) {
      try {
        return await readFile(fileOf(key));
      } catch (error) {
        if (error.code === "ENOENT") return undefined;
        throw error;
      }
    },
    /** Replaces the object at once: a reader sees the old bytes or the new ones. */
    async write(key, bytes) {
      const temporary = `${fileOf(key)}.${process.pid}.${++writes}`;
      await writeFile(temporary, bytes);
      await rename(temporary, fileOf(key));
    },
    async remove(key) {
      await rm(fileOf(key), { force: true });
    },
  };
}
