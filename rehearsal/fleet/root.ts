import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

function findRoot(from: string): string {
  for (let directory = from; ; directory = dirname(directory)) {
    if (existsSync(join(directory, "rehearsal", "demo", "package.json"))) return directory;
    if (directory === dirname(directory)) throw new Error(`no checkout of Rocksolid above ${from}`);
  }
}

/** The checkout of Rocksolid that runs: where the actions, the workflow files and the demo's files lie. */
export const rocksolidRoot = findRoot(dirname(fileURLToPath(import.meta.url)));
