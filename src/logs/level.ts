/** How grave an event is; `none` is the level of a line that names none. The index is the code used in tables. */
export const levels = ["none", "trace", "debug", "info", "warn", "error", "fatal"] as const;
export type Level = (typeof levels)[number];

/** Codes of {@link levels}; arithmetic on them is what makes counting fast. */
export const NONE = 0;
export const TRACE = 1;
export const DEBUG = 2;
export const INFO = 3;
export const WARN = 4;
export const ERROR = 5;
export const FATAL = 6;

const words: ReadonlyMap<string, number> = new Map([
  ...["trace", "trc", "finest", "finer", "verbose", "silly"].map((word) => [word, TRACE] as const),
  ...["debug", "dbg", "dbug", "fine", "config"].map((word) => [word, DEBUG] as const),
  ...["info", "inf", "information", "informational", "notice", "note", "log", "ok"].map(
    (word) => [word, INFO] as const,
  ),
  ...["warn", "warning", "wrn"].map((word) => [word, WARN] as const),
  ...["error", "err", "eror", "severe", "failure"].map((word) => [word, ERROR] as const),
  ...["fatal", "ftl", "critical", "crit", "panic", "dpanic", "alert", "emerg", "emergency"].map(
    (word) => [word, FATAL] as const,
  ),
]);

/** The level code of a word as loggers write it, in any case (`ERROR`, `err`, `Warning`); `undefined` for any other word. */
export function levelOfWord(word: string): number | undefined {
  return words.get(word.toLowerCase());
}

/** The level code of a number on pino's and bunyan's scale: 10 trace … 60 fatal. */
export function levelOfNumber(value: number): number {
  if (!(value >= 10)) return value > 0 ? TRACE : NONE;
  return Math.min(FATAL, Math.floor(value / 10));
}

/** The level code of a syslog severity (RFC 5424, table 2): 0–2 fatal, 3 error, 4 warning, 5–6 info, 7 debug. */
export function levelOfSeverity(severity: number): number {
  if (severity <= 2) return FATAL;
  if (severity === 3) return ERROR;
  if (severity === 4) return WARN;
  return severity <= 6 ? INFO : DEBUG;
}
