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
  ...["trace", "trc", "trce", "finest", "finer", "verbose", "silly"].map((word) => [word, TRACE] as const),
  ...["debug", "dbg", "dbug", "fine", "config"].map((word) => [word, DEBUG] as const),
  ...["info", "inf", "information", "informational", "notice", "note", "log"].map((word) => [word, INFO] as const),
  ...["warn", "warning", "wrn"].map((word) => [word, WARN] as const),
  ...["error", "err", "eror", "severe", "fail"].map((word) => [word, ERROR] as const),
  ...["fatal", "ftl", "critical", "crit", "panic", "dpanic", "alert", "emerg", "emergency"].map(
    (word) => [word, FATAL] as const,
  ),
]);

/** The level code of a word as loggers write it, in any case (`ERROR`, `err`, `Warning`); `undefined` for any other word. */
export function levelOfWord(word: string): number | undefined {
  return words.get(word.toLowerCase());
}

const byStart = new Map<number, readonly { readonly word: Buffer; readonly level: number }[]>();
for (const [text, level] of words) {
  const word = Buffer.from(text);
  const key = startOf(word, 0, word.length);
  byStart.set(key, [...(byStart.get(key) ?? []), { word, level }]);
}

function startOf(bytes: Uint8Array, start: number, end: number): number {
  const [a = 0, b = 0, c = 0] = [bytes[start], bytes[start + 1], bytes[start + 2]];
  return ((a | 32) << 20) | ((b | 32) << 12) | ((c | 32) << 4) | (end - start);
}

/** The level code of the word in these bytes, in any case; -1 for any other word. */
export function levelOfBytes(bytes: Uint8Array, start: number, end: number): number {
  const length = end - start;
  if (length < 3 || length > 13) return -1;
  const key =
    (((bytes[start] ?? 0) | 32) << 20) |
    (((bytes[start + 1] ?? 0) | 32) << 12) |
    (((bytes[start + 2] ?? 0) | 32) << 4) |
    length;
  const candidates = byStart.get(key);
  if (candidates === undefined) return -1;
  next: for (const { word, level } of candidates) {
    for (let i = 3; i < length; i++) if (((bytes[start + i] ?? 0) | 32) !== word[i]) continue next;
    return level;
  }
  return -1;
}

/**
 * The level code of a number: below 10 a syslog severity, then pino's and bunyan's scale (10 trace … 60 fatal), monolog's
 * (100 debug … 400 error … 600), java.util.logging's (500 and less are monolog's; 900 warning, 1000 severe) and logback's
 * (10000 debug … 40000 error).
 */
export function levelOfNumber(value: number): number {
  if (!(value >= 0)) return NONE;
  if (value < 10) return levelOfSeverity(value);
  if (value < 100) return Math.min(FATAL, Math.floor(value / 10));
  if (value < 700) return Math.min(FATAL, Math.floor(value / 100) + 1);
  if (value < 5_000) return value < 900 ? INFO : value < 1_000 ? WARN : ERROR;
  return value < 10_000 ? TRACE : Math.min(FATAL, Math.floor(value / 10_000) + 1);
}

/** The level code of a syslog severity (RFC 5424, table 2): 0–2 fatal, 3 error, 4 warning, 5–6 info, 7 debug. */
export function levelOfSeverity(severity: number): number {
  if (severity <= 2) return FATAL;
  if (severity === 3) return ERROR;
  if (severity === 4) return WARN;
  return severity <= 6 ? INFO : DEBUG;
}

/** How many letters the word had that {@link quickLevel} found. */
export const QUICK_LENGTHS = [0, 5, 5, 4, 4, 5, 5];

/** The level code of the commonest words in capitals, where one of them begins here and ends after it; -1 for anything else. */
export function quickLevel(bytes: Uint8Array, at: number): number {
  let level: number;
  switch (bytes[at]) {
    case 73: // INFO
      if (bytes[at + 1] !== 78 || bytes[at + 2] !== 70 || bytes[at + 3] !== 79) return -1;
      level = INFO;
      break;
    case 69: // ERROR
      if (bytes[at + 1] !== 82 || bytes[at + 2] !== 82 || bytes[at + 3] !== 79 || bytes[at + 4] !== 82) return -1;
      level = ERROR;
      break;
    case 87: // WARN
      if (bytes[at + 1] !== 65 || bytes[at + 2] !== 82 || bytes[at + 3] !== 78) return -1;
      level = WARN;
      break;
    case 68: // DEBUG
      if (bytes[at + 1] !== 69 || bytes[at + 2] !== 66 || bytes[at + 3] !== 85 || bytes[at + 4] !== 71) return -1;
      level = DEBUG;
      break;
    case 70: // FATAL
      if (bytes[at + 1] !== 65 || bytes[at + 2] !== 84 || bytes[at + 3] !== 65 || bytes[at + 4] !== 76) return -1;
      level = FATAL;
      break;
    case 84: // TRACE
      if (bytes[at + 1] !== 82 || bytes[at + 2] !== 65 || bytes[at + 3] !== 67 || bytes[at + 4] !== 69) return -1;
      level = TRACE;
      break;
    default:
      return -1;
  }
  const after = bytes[at + (level === INFO || level === WARN ? 4 : 5)];
  // Only what certainly ends the word and closes nothing else: a blank or a bracket.
  return after === 32 || after === 93 ? level : -1;
}
