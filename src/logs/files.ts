import { createReadStream } from "node:fs";
import { glob, stat } from "node:fs/promises";
import { resolve } from "node:path";
import { createGunzip } from "node:zlib";
import type { LogFormat } from "../pipeline/model.ts";
import { ConfigurationError, messageOf } from "../platform/errors.ts";
import { EventGrouper } from "./counter.ts";
import { ERROR, FATAL } from "./level.ts";
import { safeSample } from "./safe.ts";
import { localOffset } from "./time.ts";
import type { LogCounts, LogScanner } from "./types.ts";

export interface LogFileOptions {
  /** A glob, relative to the directory of the ports; rotated and `.gz` files belong to it where it matches them. */
  readonly files: string;
  readonly format: LogFormat;
  /** Regular expressions: only these events count; these events never count. */
  readonly match?: string;
  readonly ignore?: string;
}

export interface LogPorts {
  /** The directory that relative patterns begin in. */
  readonly directory: string;
}

interface Place {
  offset: number;
  readonly events: EventGrouper;
  rest: string;
}

const LONGEST_LINE = 65_536;

/** Logs in files. Throws a ConfigurationError for a regular expression that cannot be used. */
export function openLogFiles(options: LogFileOptions, ports: LogPorts): LogScanner {
  const match = expression("match", options.match);
  const ignore = expression("ignore", options.ignore);
  const places = new Map<string, Place>();
  const later: { time: number; level: number; text: string }[] = [];

  return {
    async scan(window) {
      const unreadable: { path: string; reason: string }[] = [];
      const counts = { lines: 0, errors: 0, fatal: 0 };
      const seen: { first?: number; last?: number; sample?: string } = {};
      const take = (event: { time: number; level: number; text: string }): void => {
        if (event.time < window.since) return;
        if (event.time > window.until) {
          later.push(event);
          return;
        }
        if ((match && !match.test(event.text)) || ignore?.test(event.text)) return;
        counts.lines++;
        if (event.level >= FATAL) counts.fatal++;
        if (event.level >= ERROR) {
          counts.errors++;
          seen.sample ??= safeSample(event.text);
        }
        if (Number.isNaN(event.time)) return;
        seen.first = Math.min(seen.first ?? event.time, event.time);
        seen.last = Math.max(seen.last ?? event.time, event.time);
      };
      for (const event of later.splice(0)) take(event);
      const paths: string[] = [];
      for await (const path of glob(options.files, { cwd: ports.directory })) paths.push(path);
      if (paths.length === 0 && !/[*?[{]/.test(options.files)) {
        unreadable.push({ path: options.files, reason: "no such file" });
      }
      for (const path of paths.sort().reverse()) {
        try {
          await readNew(resolve(ports.directory, path), options.format, places, take);
        } catch (error) {
          unreadable.push({ path: safeSample(path), reason: safeSample(messageOf(error)) });
        }
      }
      return { ...counts, ...seen, unreadable } satisfies LogCounts;
    },
    async close() {
      places.clear();
    },
  };
}

async function readNew(
  path: string,
  format: LogFormat,
  places: Map<string, Place>,
  take: (event: { time: number; level: number; text: string }) => void,
): Promise<void> {
  const stats = await stat(path);
  if (stats.isDirectory()) return;
  if (!stats.isFile()) throw new Error("not a regular file");
  const key = `${stats.dev}:${stats.ino}`;
  const packed = path.endsWith(".gz");
  const known = places.get(key);
  if (packed && known) return;
  const context = { reference: stats.mtimeMs, offset: localOffset };
  const place =
    known && known.offset <= stats.size ? known : { offset: 0, events: new EventGrouper(format, context), rest: "" };
  places.set(key, place);
  const bytes = createReadStream(path, { start: place.offset });
  const decoder = new TextDecoder();
  const feed = (text: string): void => {
    const lines = (place.rest + text).split("\n");
    place.rest = (lines.pop() ?? "").slice(0, LONGEST_LINE);
    for (const line of lines) {
      const event = place.events.push(line.slice(0, LONGEST_LINE).replace(/\r$/, ""));
      if (event) take(event);
    }
  };
  bytes.on("data", (chunk) => {
    place.offset += chunk.length;
  });
  for await (const chunk of packed ? bytes.pipe(createGunzip()) : bytes) {
    feed(decoder.decode(chunk as Buffer, { stream: true }));
  }
}

function expression(name: string, source: string | undefined): RegExp | undefined {
  if (source === undefined) return undefined;
  try {
    return new RegExp(source, "u");
  } catch (error) {
    throw new ConfigurationError(`${name}: "${source}" is not a regular expression: ${messageOf(error)}`);
  }
}
