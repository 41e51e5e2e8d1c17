import type { LogFormat } from "../pipeline/model.ts";
import { ERROR, FATAL, INFO, levelOfNumber, levelOfSeverity, levelOfWord, NONE, WARN } from "./level.ts";
import { epochTime, klogTime, type TimeContext, timeAtStart } from "./time.ts";

/** What one line says about itself. */
export interface Line {
  /** Code of `level.ts`. */
  readonly level: number;
  /** Milliseconds since the epoch; NaN where the line names no time. */
  readonly time: number;
  /** The text after time, level and other fields of the header. */
  readonly message: string;
  /** What the line is to the event before it: the start of one, certainly a part of it, or a part of it only if that one is an error. */
  readonly part: "start" | "continuation" | "trace";
  /** True where a format was recognised, so that lines without a header after it can be told to belong to it. */
  readonly header: boolean;
}

const CONTINUATION =
  /^(?:\s|$|Caused by: |Suppressed: |\.\.\. \d+ more|at \S+ ?\(|During handling of the above|The above exception was|goroutine \d+ \[|created by |exit status \d|\[signal )/;
const TRACE =
  /^(?:Traceback \(most recent call last\):|Exception in thread |Uncaught |Unhandled |(?:[\w$]+[.:/])*[\w$]*(?:Error|Exception|Throwable)(?: \[\w+\])?(?::|$))/;
const PANIC = /^(?:panic: |fatal error: |thread '.*' panicked at )/;
const SYSLOG = /^<(\d{1,3})>(1 )?/;
const KLOG = /^([IWEF])\d{4} \d\d:\d\d:\d\d\.\d+ +\d+ [^ \]]+:\d+\] ?/;
const ACCESS = /^\S+ \S+ \S.{0,200}? ?\[([^\]]{20,32})\] "((?:[^"\\]|\\.){0,16384})" (\d{3}) (?:\d+|-)/;
const LOGFMT_START = /^[A-Za-z_@][\w.@/-]*=/;
const HOST_TAG = /^([\w.:-]+) ([^\s:[\]]+)(?:\[\d+\])?: ?/;
const PAIR = /([A-Za-z_@][\w.@/-]*)=("(?:[^"\\]|\\.)*"|[^\s"]*)/y;

/** Reads one line (without its line break) in the given format; `auto` tries each. Never throws. */
export function parseLine(text: string, format: LogFormat, context: TimeContext): Line {
  const line = text.includes("\u001b") ? text.replace(ANSI, "") : text;
  const known =
    (format === "auto" || format === "json" ? json(line, context) : undefined) ??
    (format === "auto" || format === "syslog" ? syslog(line, context) : undefined) ??
    (format === "auto" ? klog(line, context) : undefined) ??
    (format === "auto" || format === "access" ? access(line, context) : undefined) ??
    (format === "auto" || format === "logfmt" ? logfmt(line, context) : undefined);
  return known ?? plain(line, context);
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: terminal colours begin with the escape character
const ANSI = /\u001b\[[0-9;:?]*[ -/]*[@-~]/g;

const TIME_FIELDS = ["time", "timestamp", "ts", "@timestamp", "t", "datetime", "date", "asctime", "eventTime"];
const MESSAGE_FIELDS = ["msg", "message", "MESSAGE", "@m", "event", "text", "log"];

function json(text: string, context: TimeContext): Line | undefined {
  if (text.charCodeAt(0) !== 123) return undefined;
  let fields: Record<string, unknown>;
  try {
    fields = JSON.parse(text) as Record<string, unknown>;
  } catch {
    return undefined;
  }
  const wrapped = fields["log"];
  if (typeof wrapped === "string" && "stream" in fields) {
    const inner = parseLine(wrapped.replace(/\n$/, ""), "auto", context);
    const time = timeOf(fields["time"], context);
    return { ...inner, time: Number.isNaN(inner.time) ? time : inner.time };
  }
  const message = MESSAGE_FIELDS.map((name) => fields[name]).find((value) => typeof value === "string") ?? "";
  if ("PRIORITY" in fields && "__REALTIME_TIMESTAMP" in fields) {
    const severity = Number(fields["PRIORITY"]);
    const time = Number(fields["__REALTIME_TIMESTAMP"]) / 1000;
    return { level: levelOfSeverity(severity), time, message: String(message), part: "start", header: true };
  }
  const log = fields["log"] as { level?: unknown } | undefined;
  const named = fields["level"] ?? fields["severity"] ?? fields["log.level"] ?? fields["lvl"] ?? fields["levelname"];
  const level = levelOfValue(named ?? fields["@l"] ?? (typeof log === "object" ? log?.level : undefined));
  const at = TIME_FIELDS.map((name) => fields[name]).find((value) => value !== undefined);
  return { level, time: timeOf(at, context), message: String(message), part: "start", header: true };
}

function levelOfValue(value: unknown): number {
  if (typeof value === "number") return value < 10 ? levelOfSeverity(value) : levelOfNumber(value);
  if (typeof value !== "string") return NONE;
  if (/^\d+$/.test(value)) return levelOfValue(Number(value));
  return levelOfWord(value) ?? NONE;
}

function timeOf(value: unknown, context: TimeContext): number {
  if (typeof value === "number") return epochTime(value);
  return typeof value === "string" ? (timeAtStart(value, context)?.time ?? Number.NaN) : Number.NaN;
}

function syslog(text: string, context: TimeContext): Line | undefined {
  const priority = SYSLOG.exec(text);
  if (!priority) {
    const at = timeAtStart(text, context);
    const tag = at && HOST_TAG.exec(text.slice(at.end + 1));
    if (!at || !tag || !/^[A-Z]/.test(text)) return undefined;
    const message = text.slice(at.end + 1 + tag[0].length);
    return { level: wordIn(message) ?? NONE, time: at.time, message, part: "start", header: true };
  }
  const rest = text.slice(priority[0].length);
  const level = levelOfSeverity(Number(priority[1]) % 8);
  const at = timeAtStart(rest, context);
  const after = at ? rest.slice(at.end).trimStart() : rest;
  const message = priority[2] ? after.replace(/^(?:\S+ ){4}(?:-|\[.*?\]) ?/, "") : after.replace(HOST_TAG, "");
  return { level, time: at?.time ?? Number.NaN, message, part: "start", header: true };
}

function klog(text: string, context: TimeContext): Line | undefined {
  const match = KLOG.exec(text);
  const at = match && klogTime(text, context);
  if (!match || !at) return undefined;
  const level = { I: INFO, W: WARN, E: ERROR, F: FATAL }[match[1] ?? "I"] ?? NONE;
  return { level, time: at.time, message: text.slice(match[0].length), part: "start", header: true };
}

function access(text: string, context: TimeContext): Line | undefined {
  const match = ACCESS.exec(text);
  const at = match && timeAtStart(match[1] ?? "", context);
  if (!match || !at) return undefined;
  const status = Number(match[3]);
  const level = status >= 500 ? ERROR : status >= 400 ? WARN : INFO;
  return { level, time: at.time, message: `${match[2]} ${status}`, part: "start", header: true };
}

function logfmt(text: string, context: TimeContext): Line | undefined {
  if (!LOGFMT_START.test(text)) return undefined;
  const fields = new Map<string, string>();
  PAIR.lastIndex = 0;
  for (let at = 0; at < text.length; at = PAIR.lastIndex) {
    while (text.charCodeAt(at) === 32) at++;
    PAIR.lastIndex = at;
    const pair = PAIR.exec(text);
    if (!pair) break;
    const value = pair[2] ?? "";
    fields.set(pair[1] ?? "", value.startsWith('"') ? value.slice(1, -1).replace(/\\(.)/g, "$1") : value);
  }
  const level = fields.get("level") ?? fields.get("lvl") ?? fields.get("severity");
  const time = fields.get("time") ?? fields.get("ts") ?? fields.get("timestamp") ?? fields.get("t");
  if (level === undefined && time === undefined) return undefined;
  const numeric = time !== undefined && /^\d+(?:\.\d+)?$/.test(time);
  return {
    level: levelOfValue(level),
    time: timeOf(numeric ? Number(time) : time, context),
    message: fields.get("msg") ?? fields.get("message") ?? text,
    part: "start",
    header: true,
  };
}

function plain(text: string, context: TimeContext): Line {
  const opened = /^[[(]/.test(text) ? 1 : 0;
  const at = timeAtStart(opened ? text.slice(1) : text, context);
  if (!at) {
    if (PANIC.test(text)) return { level: FATAL, time: Number.NaN, message: text, part: "start", header: false };
    if (CONTINUATION.test(text))
      return { level: NONE, time: Number.NaN, message: text, part: "continuation", header: false };
    if (TRACE.test(text)) return { level: ERROR, time: Number.NaN, message: text, part: "trace", header: false };
  }
  const rest = at ? text.slice(opened + at.end).replace(/^[\])]?[\s|:,-]*/, "") : text;
  const level = wordIn(rest);
  const header = at !== undefined || level !== undefined;
  return { level: level ?? NONE, time: at?.time ?? Number.NaN, message: rest, part: "start", header };
}

const HEAD = /(?<![\w.$/-])(?:level=|lvl=|severity=)?"?([A-Z]{3,9}|[A-Za-z]{3,13}(?=[\]|>"]|: | - |:$))(?![\w$/-])/g;

/** The first level word in the head of a line (its first 120 characters), where loggers put it; upper case, or closed by `]`, `|` or `:`. */
function wordIn(text: string): number | undefined {
  for (const match of text.slice(0, 120).matchAll(HEAD)) {
    const level = levelOfWord(match[1] ?? "");
    if (level !== undefined) return level;
  }
  return undefined;
}
