import { closeSync, openSync, writeSync } from "node:fs";

/** The three kinds of logs that are measured. */
export const kinds = ["plain", "json", "mixed"] as const;
export type Kind = (typeof kinds)[number];

const LEVELS = ["DEBUG", "INFO", "INFO", "INFO", "INFO", "INFO", "INFO", "INFO", "WARN", "ERROR"];
const TRACE = `java.lang.IllegalStateException: connection closed
${["Handler.read(Handler.java:117)", "Handler.run(Handler.java:58)", "Pool$Worker.run(Pool.java:1144)"].map((frame) => `\tat com.example.storage.${frame}\n`).join("")}Caused by: java.io.IOException: broken pipe
\tat java.base/sun.nio.ch.FileDispatcherImpl.write0(Native Method)
\t... 12 more
`;

/** The instant of the first line. */
export const BEGIN = Date.parse("2026-11-20T10:00:00Z");

/**
 * Writes a log of about `size` bytes, the same at every run: one line in ten is an error, of some 40 kinds; in `mixed`
 * one error in two has a stack trace. Answers the time of the last line.
 */
export function writeLog(path: string, kind: Kind, size: number): number {
  const file = openSync(path, "w");
  let seed = 1;
  const random = (below: number): number => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fffffff;
    return (seed >>> 8) % below;
  };
  const verbs = ["read", "write", "close", "flush", "sync", "rename", "unlink", "stat"];
  const things = ["volume", "segment", "journal", "replica", "index"];
  let time = BEGIN;
  let written = 0;
  while (written < size) {
    let text = "";
    for (let n = 0; n < 2_000; n++) {
      time += random(20);
      const level = LEVELS[random(10)] ?? "INFO";
      const message = `cannot ${verbs[random(8)]} ${things[random(5)]} ${random(1e6)} of 10.0.${random(255)}.${random(255)} after ${random(900)} ms`;
      const at = new Date(time).toISOString();
      if (kind === "json") {
        text += `{"level":"${level.toLowerCase()}","time":"${at}","logger":"com.example.storage.Handler","thread":"http-${random(32)}","msg":"${message}"}\n`;
      } else {
        text += `${at} ${level} [http-${random(32)}] com.example.storage.Handler - ${message}\n`;
        if (kind === "mixed" && level === "ERROR" && random(2) === 0) text += TRACE;
      }
    }
    written += writeSync(file, text);
  }
  closeSync(file);
  return time;
}
