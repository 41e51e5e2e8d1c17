import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { rocksolidRoot } from "./root.ts";

/** A change of the demo service: a patch, and above it the message of its commit. One file in `candidates/` is one candidate. */
export interface DemoCandidate {
  readonly name: string;
  /** The commit's first line. */
  readonly title: string;
  readonly message: string;
  /** Path of the patch file, which `git apply` reads from its first `diff` on. */
  readonly patch: string;
}

const directory = join(rocksolidRoot, "rehearsal", "candidates");

/** The names of all candidates, `good` first. */
export function candidateNames(): string[] {
  const names = readdirSync(directory)
    .filter((file) => file.endsWith(".patch"))
    .map((file) => file.slice(0, -".patch".length))
    .sort();
  return ["good", ...names.filter((name) => name !== "good")];
}

/** Reads a candidate by its name; throws where there is no such file. */
export function readCandidate(name: string): DemoCandidate {
  const patch = join(directory, `${name}.patch`);
  const [message = ""] = readFileSync(patch, "utf8").split(/^diff --git /m);
  return { name, title: message.split("\n")[0] ?? "", message: message.trim(), patch };
}
