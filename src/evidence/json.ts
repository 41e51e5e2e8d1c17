import type { Check, JsonCheck } from "../pipeline/model.ts";
import { nearest } from "../pipeline/nearest.ts";
import { messageOf } from "../platform/errors.ts";
import { staleness } from "./freshness.ts";
import { defineReader, namesTarget, type Reading } from "./reader.ts";

const LARGEST = 64 * 1024 * 1024;

/**
 * `{ value }`: the number at a dotted path of a JSON file. No such file, no such path, or a file from before this job is
 * no data; broken JSON, or something at the path that is not a number, is unreadable.
 */
export const json = defineReader<JsonCheck>({
  is: (check: Check): check is JsonCheck => check.kind === "json",
  perTarget: (check) => namesTarget([check.file]),
  open: (check, place, { files }) => ({
    async read() {
      const path = place.fill(check.file);
      const { workspace } = place.scope;
      const content = await files.read(path, workspace, LARGEST).catch((error: unknown) => {
        throw new Error(`${path}: ${messageOf(error)}`, { cause: error });
      });
      if (!content) return none(`there is no file ${path}`);
      const stale = staleness(path, content.modified, place.scope);
      if (stale !== undefined) return none(stale);
      let document: unknown;
      try {
        document = JSON.parse(content.text.replace(/^\uFEFF/, ""));
      } catch (error) {
        return { values: {}, points: 0, unreadable: `${path} is not JSON: ${messageOf(error)}` };
      }
      return valueAt(document, check.value, path);
    },
  }),
});

function valueAt(document: unknown, path: string, file: string): Reading {
  let here: unknown = document;
  const steps = splitPath(path);
  for (const [index, step] of steps.entries()) {
    const walked = steps.slice(0, index).join(".") || "the top";
    if (typeof here !== "object" || here === null) return none(`${file} has no ${path}: ${walked} is ${nameOf(here)}`);
    if (!Object.hasOwn(here, step)) {
      const keys = Object.keys(here);
      const near = nearest(step, keys.slice(0, 1_000));
      const hint = near === undefined ? `it has ${keys.slice(0, 5).join(", ") || "nothing"}` : `nearest: ${near}`;
      return none(`${file} has no ${path}: no "${step}" in ${walked}; ${hint}`);
    }
    here = (here as Readonly<Record<string, unknown>>)[step];
  }
  if (typeof here === "number") return { values: { value: here }, points: 1 };
  return { values: {}, points: 0, unreadable: `${path} in ${file} is ${nameOf(here)}, not a number` };
}

/** `a."b.c".0` is a, then "b.c", then the first of a list. */
export function splitPath(path: string): string[] {
  return Array.from(path.matchAll(/"([^"]*)"|([^."]+)/g), (match) => match[1] ?? match[2] ?? "");
}

function nameOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "string") return `the text ${JSON.stringify(value.slice(0, 40))}`;
  return typeof value === "object" ? "an object" : `${String(value)}`;
}

function none(absent: string): Reading {
  return { values: {}, points: 0, absent };
}
