import { closeSync, openSync, writeSync } from "node:fs";

/** The kinds of logs that are measured. In `errors` every line is one; in `different` no two errors have a word in common. */
export const kinds = ["plain", "json", "mixed", "errors", "different"] as const;
export type Kind = (typeof kinds)[number];

const LEVELS = ["DEBUG", "INFO", "INFO", "INFO", "INFO", "INFO", "INFO", "INFO", "WARN", "ERROR"];
const TRACE = `java.lang.IllegalStateException: connection closed
${["Handler.read(Handler.java:117)", "Handler.run(Handler.java:58)", "Pool$Worker.run(Pool.java:1144)"].map((frame) => `\tat com.example.storage.${frame}\n`).join("")}Caused by: java.io.IOException: broken pipe
\tat java.base/sun.nio.ch.FileDispatcherImpl.write0(Native Method)
\t... 12 more
`;

/** The instant of the first line. */
export const BEGIN = Date.parse("2026-11-20T10:00:00Z");

/** Lines are made one by one up to so many bytes; then they come again, with later times. */
const MADE = 64 << 20;

/**
 * Writes a log of about `size` bytes, the same at every run: one line in ten is an error, of some 40 kinds; in `mixed`
 * one error in two has a stack trace. Answers the time of the last line.
 */
export function writeLog(path: string, kind: Kind, size: number): number {
  const file = openSync(path, "w");
  const random = randomFrom(1);
  let time = BEGIN;
  let written = 0;
  const made: { readonly bytes: Buffer; readonly places: readonly number[]; readonly times: readonly number[] }[] = [];
  while (written < Math.min(size, MADE)) {
    let text = "";
    const [places, times]: [number[], number[]] = [[], []];
    for (let n = 0; n < 2_000; n++) {
      time += random(20);
      const at = new Date(time).toISOString();
      const line = lineOf(kind, at, random);
      places.push(text.length + line.indexOf(at));
      times.push(time);
      text += line;
    }
    const bytes = Buffer.from(text, "latin1");
    made.push({ bytes, places, times });
    written += writeSync(file, bytes);
  }
  for (let later = time - BEGIN; written < size; later += time - BEGIN) {
    for (const { bytes, places, times } of made) {
      if (written >= size) break;
      for (const [i, place] of places.entries()) bytes.write(isoOf((times[i] ?? 0) + later), place, "latin1");
      written += writeSync(file, bytes);
      if (written >= size) time = (times.at(-1) ?? 0) + later;
    }
  }
  closeSync(file);
  return time;
}

let second = Number.NaN;
let secondText = "";

/** As `Date.toISOString`, which takes most of the time otherwise. */
function isoOf(time: number): string {
  const whole = Math.floor(time / 1_000);
  if (whole !== second) {
    second = whole;
    secondText = new Date(whole * 1_000).toISOString().slice(0, 20);
  }
  return `${secondText}${String(time - whole * 1_000).padStart(3, "0")}Z`;
}

function randomFrom(start: number): (below: number) => number {
  let seed = start;
  return (below) => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fffffff;
    return (seed >>> 8) % below;
  };
}

const VERBS = ["read", "write", "close", "flush", "sync", "rename", "unlink", "stat"];
const THINGS = ["volume", "segment", "journal", "replica", "index"];

function lineOf(kind: Kind, at: string, random: (below: number) => number): string {
  if (kind === "different") return `${at} ERROR ${Array.from({ length: 5 }, () => wordOf(random)).join(" ")}\n`;
  const level = kind === "errors" ? "ERROR" : (LEVELS[random(10)] ?? "INFO");
  const message = `cannot ${VERBS[random(8)]} ${THINGS[random(5)]} ${random(1e6)} of 10.0.${random(255)}.${random(255)} after ${random(900)} ms`;
  const thread = `http-${random(32)}`;
  if (kind === "json") {
    return `{"level":"${level.toLowerCase()}","time":"${at}","logger":"com.example.storage.Handler","thread":"${thread}","msg":"${message}"}\n`;
  }
  const trace = kind === "mixed" && level === "ERROR" && random(2) === 0 ? TRACE : "";
  return `${at} ${level} [${thread}] com.example.storage.Handler - ${message}\n${trace}`;
}

function wordOf(random: (below: number) => number): string {
  let word = "";
  for (let n = 4 + random(6); n > 0; n--) word += "ghijklmnopqrstuvwxyz"[random(20)];
  return word;
}
