import { existsSync, readFileSync } from "node:fs";

/** An extract of GitHub's published descriptions, from `api/` in the sources also when this file is compiled elsewhere. */
export function readExtract(name: string): string {
  const here = new URL(`api/${name}`, import.meta.url);
  const file = existsSync(here) ? here : new URL(`../../../rehearsal/github/api/${name}`, import.meta.url);
  return readFileSync(file, "utf8");
}
