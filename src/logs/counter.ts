import type { LogFormat } from "../pipeline/model.ts";
import { parseLine } from "./formats.ts";
import { ERROR, FATAL } from "./level.ts";
import type { TimeContext } from "./time.ts";

/** One event of a log: a line, or a line with the stack trace that follows it. */
export interface LogEvent {
  /** Milliseconds since the epoch; NaN where neither the event nor one before it names a time. */
  readonly time: number;
  /** Code of `level.ts`. */
  readonly level: number;
  readonly text: string;
}

/** Groups the lines of one file into events; state lives from one line to the next. */
export class EventGrouper {
  readonly #format: LogFormat;
  readonly #context: TimeContext;
  #time = Number.NaN;
  #level = 0;
  #open = false;
  #header = false;

  constructor(format: LogFormat, context: TimeContext) {
    this.#format = format;
    this.#context = context;
  }

  /** The event that begins with this line, or `undefined` where the line belongs to the event before. */
  push(text: string): LogEvent | undefined {
    const line = parseLine(text, this.#format, this.#context);
    if (this.#open) {
      if (line.part === "continuation") return undefined;
      if (line.part === "trace" && this.#level >= ERROR) return undefined;
      if (line.part === "start" && !line.header && this.#header && line.level < FATAL) return undefined;
    } else if (text.trim() === "") return undefined;
    if (!Number.isNaN(line.time)) this.#time = line.time;
    this.#level = line.level;
    this.#open = true;
    this.#header = line.header && !text.startsWith("{");
    return { time: this.#time, level: line.level, text };
  }
}
