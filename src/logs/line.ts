import type { LogFormat } from "../pipeline/model.ts";
import { JsonScanner } from "./json.ts";
import type { RowForm } from "./kernel.ts";
import {
  ERROR,
  FATAL,
  INFO,
  levelOfBytes,
  levelOfNumber,
  levelOfSeverity,
  levelOfWord,
  NONE,
  QUICK_LENGTHS,
  quickLevel,
  WARN,
} from "./level.ts";
import { epochTime, klogTime, type TimeContext, TimeReader, timeAtStart } from "./time.ts";

/** What a line is to the event before it. */
export const START = 0;
/** Certainly a part of the event before. */
export const CONTINUATION = 1;
/** The head of a stack trace: part of the event before where that is an error, else an error by itself. */
export const TRACE = 2;

const names = (...words: string[]): readonly Buffer[] => words.map((word) => Buffer.from(word));
const LEVEL_KEYS = names(
  "level",
  "severity",
  "lvl",
  "levelname",
  "log.level",
  "@l",
  "loglevel",
  "severity_text",
  "severityText",
  "level_name",
  "levelName",
  "Level",
  "LEVEL",
);
const TIME_KEYS = names(
  "time",
  "ts",
  "timestamp",
  "@timestamp",
  "t",
  "@t",
  "datetime",
  "date",
  "asctime",
  "eventTime",
  "timeMillis",
  "instant",
  "Timestamp",
);
const HOST_KEYS = names("host", "hostname", "_HOSTNAME", "host.name", "pod", "instance");
export const MESSAGE_KEYS = names(
  "msg",
  "message",
  "MESSAGE",
  "@m",
  "@mt",
  "event",
  "text",
  "error",
  "body",
  "Message",
  "MessageTemplate",
);
const LOG_LEVEL = names("level");
const [LOG, STREAM, PRIORITY, REALTIME, MESSAGE, HOST_OBJECT_NAME] = names(
  "log",
  "stream",
  "PRIORITY",
  "__REALTIME_TIMESTAMP",
  "MESSAGE",
  "name",
) as unknown as readonly [Buffer, Buffer, Buffer, Buffer, Buffer, Buffer];

const EXCEPTION_KEYS = names(
  "err",
  "error",
  "exception",
  "exc_info",
  "stack",
  "stack_trace",
  "stacktrace",
  "error.type",
  "error.stack_trace",
);
/** Of an object in a level's place, and of one in a time's place: MongoDB's, log4j's, fluentd's. */
const LEVEL_PARTS = names("name", "text", "label", "level", "value");
const [DATE, ...SECONDS] = names("$date", "epochSecond", "seconds") as [Buffer, Buffer, Buffer];
const NANOSECONDS = names("nanoOfSecond", "nanos");
const TYPE_KEYS = names("type", "name", "kind", "class");
const EXCEPTION_CLASS = /(?:[A-Za-z_$][\w$]*\.)*[\w$]*(?:Error|Exception|Throwable)\b/;

const CONTINUED =
  /^(?:Caused by: |Suppressed: |\.\.\. \d+ more|at \S+ ?\(|During handling of the above|The above exception was|goroutine \d+ \[|created by |exit status \d|\[signal )/;
const PANICKED = /^(?:panic: |fatal error: |thread '.{0,100}' panicked at )/;
const TRACED =
  /^(?:Traceback \(most recent call last\):|Exception in thread |Uncaught |Unhandled |(?:[\w$]+[.:/])*[\w$]*(?:Error|Exception|Throwable)(?: \[\w+\])?(?::|$))/;
/** First letters and characters with which one of the three above can begin; everything else is spared the expressions. */
const MAY_BE_TRACE = new Uint8Array(256);
for (let c = 0; c < 256; c++) MAY_BE_TRACE[c] = /[A-Za-z_$.[]/.test(String.fromCharCode(c)) ? 1 : 0;

const CAUSED_BY = Buffer.from("Caused by: ");
const EXCEPTION_ENDS = names("Error", "Exception", "Throwable");

const PREFIX = /^(?:\[?[A-Z][A-Z]{2,8}\]?:? +|\d+:[A-Z] |\[[^\]\s]{1,32}\] +){1,3}[[(]?/;
const INDENTED = /^ {2,}(?:at \S|File "|\.\.\. \d)/;
const CONTAINER = /^ std(?:out|err) [FP] /;
const POD = /^\[(pod\/[^\]\s]{1,200})\] /;
const COMPOSE = /^([\w.-]{1,64}) *\| /;
const TAG = /^ ?(?:([\w.:-]+) )?([^\s:[\]]+)(?:\[\d+\])?: ?/;

const LETTER = new Uint8Array(256);
for (let c = 0; c < 26; c++) {
  LETTER[65 + c] = 1;
  LETTER[97 + c] = 2;
}

/** How far into a line, after its time, a level is looked for. */
const HEAD = 120;

/** The form of a line, for the kernel, and the time that its moments count from. */
export interface LineForm extends RowForm {
  readonly base: number;
  /** As of the parser. */
  readonly closed: boolean;
}

/**
 * Reads single lines. The answer stands in the fields until the next call: an object for each of millions of lines
 * would cost more than reading them.
 */
export class LineParser {
  /** Code of `level.ts`. */
  level = NONE;
  /** Milliseconds since the epoch; NaN where the line names none. */
  time = Number.NaN;
  part = START;
  /** Whether a header (time, level, or a known format) was recognised. */
  header = false;
  /** Whether the line is an object or another format that is always whole, so that foreign lines after it are no part of it. */
  closed = false;
  /** Whether it stands for one request, as lines of access logs do. */
  request = false;
  /** Where the message begins, counted from the start of the line; meaningful for errors. */
  message = 0;
  /** Where the message ends, counted from the start of the line; -1 for the end of the line. */
  messageEnd = -1;
  /** Of an object that is an error: which of its fields, counted from 0, is the message, where the keys alone tell that; else -1. */
  messageField = -1;
  /** What else tells the kind of an error: the class of an exception, the status of a request; empty where the line's fields name none. */
  exception = "";
  /** The application's own line, where a journal entry or docker record holds an error: `message` and `messageEnd` count in it then. */
  inner: Buffer | undefined;
  /** The stream of a container runtime's line: 1 or 2, 0 for none; and whether the runtime has cut the line, so that the stream's next goes on with it. */
  stream = 0;
  unfinished = false;
  /** The machine or container that the line names; only looked for where asked. */
  host: string | undefined;

  readonly #format: LogFormat;
  readonly #times: TimeReader;
  readonly #klog: TimeReader;
  readonly #fieldTimes: TimeReader;
  readonly #accessTimes: TimeReader;
  readonly #json = new JsonScanner();
  readonly #hosts: boolean;
  readonly #quick: boolean;
  #from = 0;
  /** Where the last line's time and level stand, if it had the form of `quick` or was an object that told both at once; else -1. */
  #timeAt = -1;
  #levelAt = -1;
  #levelEnd = -1;

  /** `hosts`: whether to look for the machine that a line names, at the cost of reading each line to its end. */
  constructor(format: LogFormat, context: TimeContext, hosts = false) {
    this.#format = format;
    this.#hosts = hosts;
    this.#quick = !hosts && (format === "auto" || format === "plain");
    this.#times = new TimeReader(context);
    this.#klog = new TimeReader(context, klogTime);
    this.#fieldTimes = new TimeReader(context, fieldTime);
    this.#accessTimes = new TimeReader(context);
  }

  /** Reads the line at `start`, without its line break, up to `end`. Never throws, whatever the bytes are. */
  parse(bytes: Buffer, start: number, end: number): void {
    this.level = NONE;
    this.time = Number.NaN;
    this.part = START;
    this.header = false;
    this.closed = false;
    this.request = false;
    this.message = 0;
    this.messageEnd = -1;
    this.exception = "";
    this.host = undefined;
    this.inner = undefined;
    this.stream = 0;
    this.#from = start;
    this.#timeAt = -1;
    const stop = end > start && bytes[end - 1] === 13 ? end - 1 : end;
    // A byte order mark: at the beginning of a file, or of several that were put together.
    const marked = bytes[start] === 0xef && bytes[start + 1] === 0xbb && bytes[start + 2] === 0xbf ? 3 : 0;
    this.#line(bytes, start + marked, stop, 0);
  }

  /**
   * Reads a line of the commonest form, a time like the last line's and a level in capitals right after it: answers true
   * and fills in time and level, and for errors `message`. Anything else is left to {@link parse}.
   */
  quick(bytes: Buffer, start: number, end: number): boolean {
    if (!this.#quick) return false;
    const first = bytes[start];
    if (first === 123 || first === 32 || first === 9) return false;
    const opened = first === 91 ? 1 : 0;
    if (!this.#times.again(bytes, start + opened, end)) return false;
    this.#timeAt = start + opened;
    let at = this.#times.end;
    if (opened === 1) {
      if (bytes[at] !== 93) return false;
      at++;
    }
    if (bytes[at] !== 32) return false;
    at++;
    if (bytes[at] === 91) at++;
    const level = quickLevel(bytes, at);
    if (level < 0) return false;
    this.#levelAt = at;
    at += QUICK_LENGTHS[level] ?? 0;
    this.#levelEnd = at;
    if (at >= end) return false;
    this.time = this.#times.time;
    this.level = level;
    if (level >= ERROR) {
      while (at < end && isCloser(bytes[at] ?? 0)) at++;
      this.message = at - start;
    }
    return true;
  }

  /** Reads an object that is spread over several lines. */
  parseObject(bytes: Buffer, start: number, end: number): void {
    this.parse(bytes, start, start);
    this.part = START;
    this.#object(bytes, start, end, 0);
  }

  /** The form of the line that was read last, by which the lines after it can be counted in a row; `undefined` where it has none. */
  form(bytes: Buffer, start: number, end: number): LineForm | undefined {
    const [timeAt, levelAt, levelEnd] = [this.#timeAt, this.#levelAt, this.#levelEnd];
    if (timeAt < start || levelAt < start || levelEnd >= end) return undefined;
    const closed = bytes[start] === 123;
    const levelFirst = levelAt < timeAt;
    const epoch = closed && bytes[timeAt - 1] !== 34;
    let [secondsAt, momentEnd, after] = [timeAt, timeAt, 0];
    let [base, low, high] = [0, 0, 59_999];
    if (epoch) {
      // 13 digits: the first 8 of them stay the same for 100 seconds.
      const text = bytes.toString("latin1", timeAt, timeAt + 14);
      if (!/^\d{13}\D/.test(text)) return undefined;
      secondsAt = timeAt + 8;
      momentEnd = timeAt + 13;
      after = momentEnd;
      base = Number(text.slice(0, 8)) * 1e5;
      const minute = Math.floor(Number(text.slice(0, 13)) / 60_000) * 60_000;
      low = Math.max(0, minute - base);
      high = Math.min(99_999, minute + 59_999 - base);
    } else {
      const { prefix, suffix, minute } = (closed ? this.#fieldTimes : this.#times).form;
      if (prefix === 0) return undefined;
      secondsAt = timeAt + prefix;
      momentEnd = secondsAt + 2;
      if (/^[.,]\d/.test(bytes.toString("latin1", momentEnd, momentEnd + 2))) {
        momentEnd++;
        while ((bytes[momentEnd] ?? 0) >= 48 && (bytes[momentEnd] ?? 0) <= 57) momentEnd++;
      }
      after = momentEnd + suffix;
      base = minute;
    }
    if (after >= end) return undefined;
    const piece = (from: number, to: number): Buffer => Buffer.from(bytes.subarray(from, to));
    const literals = levelFirst
      ? ([piece(start, levelAt), piece(levelEnd, secondsAt), piece(momentEnd, after + 1)] as const)
      : ([piece(start, secondsAt), piece(momentEnd, levelAt), piece(levelEnd, levelEnd + 1)] as const);
    const levels = !closed ? 0 : bytes[levelAt - 1] === 34 ? 1 : 2;
    return { literals, levelFirst, levels, digits: epoch ? 5 : 0, low, high, base, closed };
  }

  /** Takes a level that was told beside the line, where the line itself names none. */
  protected adopt(word: string): void {
    if (this.level !== NONE || this.part === CONTINUATION) return;
    const level = levelOfWord(word);
    if (level === undefined) return;
    this.level = level;
    this.header = true;
  }

  #line(bytes: Buffer, start: number, end: number, depth: number): void {
    const first = bytes[start];
    if (start >= end || first === 32 || first === 9) {
      this.part = CONTINUATION;
      return;
    }
    const format = this.#format;
    const any = format === "auto";
    if (first === 123 && (any || format === "json") && this.#object(bytes, start, end, depth)) return;
    if (first === 27) {
      const clean = withoutColours(bytes, start, end);
      this.#line(clean, 0, clean.length, depth);
      this.message = 0;
      return;
    }
    if (first === 60 && (any || format === "syslog") && this.#syslog(bytes, start, end)) return;
    // Also found further below, at many times the cost: every stack trace has these.
    if (exceptionEnd(bytes, start, end) > 0) {
      this.part = TRACE;
      this.level = ERROR;
      return;
    }
    if (first === 67 && startsWith(bytes, start, CAUSED_BY)) {
      this.part = CONTINUATION;
      return;
    }
    const opened = first === 91 || first === 40 ? 1 : 0;
    const time = this.#times.read(bytes, start + opened, end);
    if (Number.isNaN(time)) {
      if ((any || format === "access") && this.#access(bytes, start, end)) return;
      if ((any || format === "logfmt") && this.#logfmt(bytes, start, end)) return;
      if ((any || format === "plain") && this.#kubernetes(bytes, start, end)) return;
    }
    this.#plain(bytes, start, end, depth, opened, time);
  }

  #plain(bytes: Buffer, start: number, end: number, depth: number, opened: number, timeAtStart: number): void {
    const first = bytes[start];
    let at = start + opened;
    let time = timeAtStart;
    if (!Number.isNaN(time)) {
      at = this.#times.end;
      if (bytes[at] === 93 || bytes[at] === 41) at++;
    } else {
      const headless = bytes.toString("latin1", start, Math.min(end, start + 160));
      if (depth === 0 && this.#prefixed(bytes, start, end, headless)) return;
      const prefix = PREFIX.exec(headless)?.[0].length ?? 0;
      if (prefix > 0) {
        time = this.#times.read(bytes, start + prefix, end);
        if (!Number.isNaN(time)) {
          this.time = time;
          this.header = true;
          at = start;
        }
      }
      if (Number.isNaN(time)) {
        if (this.#trace(first ?? 0, headless)) {
          this.message = start - this.#from;
          return;
        }
        at = start;
      }
    }
    if (!Number.isNaN(time)) {
      this.time = time;
      this.header = true;
      if (depth < 2 && bytes[at] === 32 && this.#wrapped(bytes, at, end, depth)) {
        if (Number.isNaN(this.time)) this.time = time;
        return;
      }
    }
    this.#head(bytes, at, end);
    if (this.level >= ERROR && this.#format === "syslog") this.#tag(bytes, at, end);
    if (this.level === NONE && this.header && depth === 0 && bytes[at] === 32) this.#stamped(bytes, at + 1, end);
  }

  /** A line of a program that `kubectl logs --timestamps` or docker put a time before: of those whose level no word tells. */
  #stamped(bytes: Buffer, start: number, end: number): void {
    const { time } = this;
    const first = bytes[start] ?? 0;
    if (first === 9 || INDENTED.test(bytes.toString("latin1", start, Math.min(end, start + 40)))) {
      this.part = CONTINUATION;
      return;
    }
    const known =
      ((this.#format === "auto" || this.#format === "plain") && this.#kubernetes(bytes, start, end)) ||
      ((this.#format === "auto" || this.#format === "access") && this.#access(bytes, start, end));
    if (!known && this.#trace(first, bytes.toString("latin1", start, Math.min(end, start + 160)))) {
      this.message = start - this.#from;
    }
    this.time = time;
  }

  /** A container runtime's `… stdout F `, or an object after the time: the level is inside. */
  #wrapped(bytes: Buffer, at: number, end: number, depth: number): boolean {
    const next = bytes[at + 1];
    if (next === 123 && (this.#format === "auto" || this.#format === "json")) {
      return this.#object(bytes, at + 1, end, depth + 1);
    }
    if (next !== 115) return false;
    const stream = CONTAINER.exec(bytes.toString("latin1", at, Math.min(end, at + 12)));
    if (!stream) return false;
    const outer = this.time;
    this.time = Number.NaN;
    this.header = false;
    this.stream = stream[0][4] === "o" ? 1 : 2;
    this.unfinished = stream[0].endsWith("P ");
    this.#line(bytes, at + stream[0].length, end, depth + 1);
    if (Number.isNaN(this.time) && this.part !== CONTINUATION) this.time = outer;
    return true;
  }

  /** `[pod/name/container] ` and `name  | ` before each line, as kubectl and compose print them. */
  #prefixed(bytes: Buffer, start: number, end: number, text: string): boolean {
    const match =
      (text.startsWith("[pod/") ? POD.exec(text) : null) ?? (text.includes(" | ") ? COMPOSE.exec(text) : null);
    if (!match || levelOfWord(match[1] ?? "") !== undefined) return false;
    this.#line(bytes, start + match[0].length, end, 1);
    this.host = match[1];
    return true;
  }

  #trace(first: number, text: string): boolean {
    if (MAY_BE_TRACE[first] !== 1) return false;
    if (PANICKED.test(text)) {
      this.level = FATAL;
      return true;
    }
    if (CONTINUED.test(text)) {
      this.part = CONTINUATION;
      return true;
    }
    if (!TRACED.test(text)) return false;
    this.part = TRACE;
    this.level = ERROR;
    return true;
  }

  /**
   * The first level word in the head of a line, where loggers put it: in capitals, closed by `]`, `|`, `>`, `:` or a
   * dash, after `level=`, or the first word after a time.
   */
  #head(bytes: Buffer, from: number, end: number): void {
    const stop = Math.min(end, from + HEAD);
    const timed = this.header;
    let word = 0;
    let named = false;
    this.message = from - this.#from;
    for (let at = from; at < stop; ) {
      const c = bytes[at] ?? 0;
      if (LETTER[c] === 0) {
        if (c === 27) {
          const clean = withoutColours(bytes, at, end);
          this.#head(clean, 0, clean.length);
          this.message = 0;
          return;
        }
        if (c >= 48 && c <= 57) {
          at = wordEnd(bytes, at, stop);
          word++;
        } else at++;
        continue;
      }
      const begin = at;
      let capitals = true;
      while (at < end && LETTER[bytes[at] ?? 0] !== 0) if (LETTER[bytes[at++] ?? 0] === 2) capitals = false;
      const next = at < end ? (bytes[at] ?? 0) : 32;
      if (isWordPart(next) && !(next === 46 && (at + 1 >= end || bytes[at + 1] === 32))) {
        at = wordEnd(bytes, at, end);
        word++;
        continue;
      }
      if (next === 61) {
        named = isLevelKey(bytes, begin, at);
        at++;
        continue;
      }
      const level = levelOfBytes(bytes, begin, at);
      if (level >= 0) {
        const closed =
          next === 93 ||
          next === 124 ||
          next === 62 ||
          next === 125 ||
          next === 41 ||
          (next === 58 && (at + 1 >= end || bytes[at + 1] === 32)) ||
          (next === 32 && (bytes[at + 1] === 124 || (bytes[at + 1] === 45 && bytes[at + 2] === 32)));
        if (named || closed || (capitals && !isPlainWord(bytes, begin, at)) || (timed && word === 0)) {
          this.level = level;
          this.header = true;
          while (at < end && isCloser(bytes[at] ?? 0)) at++;
          this.message = at - this.#from;
          return;
        }
      }
      named = false;
      word++;
    }
  }

  /** Host and tag of a classic syslog line, `host app[12]: `, which the message begins after. */
  #tag(bytes: Buffer, at: number, end: number): void {
    const tag = TAG.exec(bytes.toString("latin1", at, Math.min(end, at + 160)));
    if (!tag) return;
    if (this.#hosts) this.host = tag[1];
    this.message = at + tag[0].length - this.#from;
  }

  #syslog(bytes: Buffer, start: number, end: number): boolean {
    let at = start + 1;
    let priority = 0;
    for (let c = bytes[at] ?? 0; c >= 48 && c <= 57 && at < start + 5; c = bytes[++at] ?? 0)
      priority = priority * 10 + c - 48;
    if (at === start + 1 || bytes[at] !== 62 || priority > 191) return false;
    at++;
    const modern = bytes[at] === 49 && bytes[at + 1] === 32;
    if (modern) at += 2;
    this.level = levelOfSeverity(priority & 7);
    this.header = true;
    const time = this.#times.read(bytes, at, end);
    if (!Number.isNaN(time)) {
      this.time = time;
      at = this.#times.end;
    }
    this.message = at - this.#from;
    if (!modern) {
      if (this.level >= ERROR || this.#hosts) this.#tag(bytes, at, end);
    } else if (this.level >= ERROR || this.#hosts) {
      const rest = bytes.toString("latin1", at, Math.min(end, at + 2048));
      const head =
        /^(?: -)? (\S+) \S+ \S+ \S+ (?:-|(?:\[(?:[^\]"\\]|\\.|"(?:[^"\\]|\\.)*")*\])+) ?(?:\u00ef\u00bb\u00bf)?/.exec(
          rest,
        );
      if (head) {
        this.message = at + head[0].length - this.#from;
        if (this.#hosts) this.host = head[1];
      }
    }
    return true;
  }

  #kubernetes(bytes: Buffer, start: number, end: number): boolean {
    const first = bytes[start];
    if (first !== 73 && first !== 87 && first !== 69 && first !== 70) return false;
    const time = this.#klog.read(bytes, start + 1, end);
    if (Number.isNaN(time)) return false;
    let at = this.#klog.end;
    while (bytes[at] === 32) at++;
    const thread = at;
    while (at < end && (bytes[at] ?? 0) >= 48 && (bytes[at] ?? 0) <= 57) at++;
    const close = at > thread && bytes[at] === 32 ? bytes.indexOf("] ", at, "latin1") : -1;
    if (close < 0 || close >= end || close - at > 200) return false;
    this.time = time;
    this.level = first === 73 ? INFO : first === 87 ? WARN : first === 69 ? ERROR : FATAL;
    this.header = true;
    this.message = close + 2 - this.#from;
    return true;
  }

  /** nginx's and Apache's common and combined formats, with or without fields before the address: 5xx is an error. */
  #access(bytes: Buffer, start: number, end: number): boolean {
    const limit = Math.min(end, start + 256);
    let at = start;
    let spaces = 0;
    for (; at < limit; at++) {
      const c = bytes[at];
      if (c === 91) break;
      if (c === 32 && ++spaces > 5) return false;
      if (c === 34 || c === 61 || c === 123) return false;
    }
    if (at >= limit || spaces < 3) return false;
    const time = this.#accessTimes.read(bytes, at + 1, end);
    if (Number.isNaN(time)) return false;
    at = this.#accessTimes.end;
    if (bytes[at] !== 93 || bytes[at + 1] !== 32 || bytes[at + 2] !== 34) return false;
    const request = at + 3;
    at = request;
    for (let c = bytes[at]; at < end && c !== 34; c = bytes[++at]) if (c === 92) at++;
    if (at >= end || bytes[at + 1] !== 32) return false;
    const status = (bytes[at + 2] ?? 0) - 48;
    const after = bytes[at + 5];
    if (status < 1 || status > 5 || (at + 5 < end && after !== 32)) return false;
    this.time = time;
    this.level = status === 5 ? ERROR : status === 4 ? WARN : INFO;
    this.header = true;
    this.closed = true;
    this.request = true;
    this.message = request - this.#from;
    this.messageEnd = at - this.#from;
    if (status === 5) this.exception = bytes.toString("latin1", at + 2, at + 5);
    return true;
  }

  #logfmt(bytes: Buffer, start: number, end: number): boolean {
    const first = bytes[start] ?? 0;
    if (LETTER[first] === 0 && first !== 64 && first !== 95) return false;
    let at = start;
    let found = false;
    let messageStart = -1;
    let messageEnd = -1;
    while (at < end) {
      const key = at;
      while (at < end && isKeyPart(bytes[at] ?? 0)) at++;
      if (at === key || bytes[at] !== 61) {
        if (key === start) return false;
        while (at < end && bytes[at] !== 32) at++;
        while (bytes[at] === 32) at++;
        continue;
      }
      const keyEnd = at++;
      let value = at;
      let valueEnd: number;
      if (bytes[at] === 34) {
        value = ++at;
        for (let c = bytes[at]; at < end && c !== 34; c = bytes[++at]) if (c === 92) at++;
        valueEnd = Math.min(at, end);
        at++;
      } else {
        while (at < end && bytes[at] !== 32) at++;
        valueEnd = at;
      }
      while (bytes[at] === 32) at++;
      const length = keyEnd - key;
      if (length <= 9) {
        if (isLevelKey(bytes, key, keyEnd)) {
          this.level = levelOfValue(bytes, value, valueEnd);
          found = true;
        } else if (isTimeKey(bytes, key, keyEnd)) {
          const time = this.#fieldTimes.read(bytes, value, valueEnd);
          if (!Number.isNaN(time)) {
            this.time = time;
            found = true;
          }
        } else if (length === 3 && bytes[key] === 109 && bytes[key + 1] === 115 && bytes[key + 2] === 103) {
          messageStart = value;
          messageEnd = valueEnd;
        } else if (this.#hosts && length >= 4 && bytes[key] === 104) {
          const name = bytes.toString("latin1", key, keyEnd);
          if (name === "host" || name === "hostname") this.host = bytes.toString("utf8", value, valueEnd);
        }
      }
    }
    if (!found) return false;
    this.header = true;
    this.closed = true;
    if (messageStart >= 0) {
      this.message = messageStart - this.#from;
      this.messageEnd = messageEnd - this.#from;
    }
    return true;
  }

  #object(bytes: Buffer, start: number, end: number, depth: number): boolean {
    const json = this.#json;
    json.open(bytes, start, end);
    let level = -1;
    let time = Number.NaN;
    let journal = false;
    let stream = false;
    let inner: string | undefined;
    let fields = 0;
    let early = false;
    /** Whether it is MongoDB's, which writes its level as one letter. */
    let dated = false;
    let [timeAt, levelAt, levelEnd] = [-1, -1, -1];
    while (json.next()) {
      fields++;
      const key = json.keyStart;
      const length = json.keyEnd - key;
      switch (bytes[json.keyStart]) {
        case 108: // l
          if (length === 3 && json.keyIs(LOG)) {
            if (json.isString()) inner ??= json.text();
            else if (json.isObject() && level < 0) level = this.#nested(LOG_LEVEL);
            break;
          }
          if (level < 0 && (isLevel(bytes, key, length) || isOne(json, LEVEL_KEYS))) {
            level = json.isObject() ? this.#nested(LEVEL_PARTS) : valueLevel(json);
            const quoted = json.isString() ? 1 : 0;
            levelAt = json.valueStart + quoted;
            levelEnd = json.valueEnd - quoted;
          }
          break;
        case 115: // s
          if (length === 6 && json.keyIs(STREAM)) stream = true;
          else if (level < 0 && length === 1 && dated) level = levelOfLetter(bytes[json.valueStart + 1]);
          else if (level < 0 && isOne(json, LEVEL_KEYS))
            level = json.isObject() ? this.#nested(LEVEL_PARTS) : valueLevel(json);
          break;
        case 76: // L
          if (level < 0 && isOne(json, LEVEL_KEYS)) level = valueLevel(json);
          break;
        case 80: // P
          if (length === 8 && json.keyIs(PRIORITY)) level = valueLevel(json);
          break;
        case 95: // _
          if (length === 20 && json.keyIs(REALTIME)) {
            journal = true;
            time = Number(json.text()) / 1000;
          } else if (this.#hosts && isOne(json, HOST_KEYS)) this.host = json.text();
          break;
        case 77: // M
          if (length === 7 && json.keyIs(MESSAGE)) inner ??= json.text();
          break;
        case 64: // @
          if (length === 2 && level < 0 && isOne(json, LEVEL_KEYS)) level = valueLevel(json);
          if (Number.isNaN(time) && isOne(json, TIME_KEYS)) time = this.#fieldTime();
          break;
        case 116: // t
          if (Number.isNaN(time) && (isTime(bytes, key, length) || isOne(json, TIME_KEYS))) {
            time = this.#fieldTime();
            dated = json.isObject() && length === 1;
            timeAt = json.valueStart + (json.isString() ? 1 : 0);
          }
          break;
        case 100: // d
        case 97: // a
        case 101: // e
        case 84: // T
          if (Number.isNaN(time) && isOne(json, TIME_KEYS)) time = this.#fieldTime();
          break;
        case 104: // h
        case 112: // p
        case 105: // i
          if (Number.isNaN(time) && isOne(json, TIME_KEYS)) time = this.#fieldTime();
          if (this.#hosts && this.host === undefined && isOne(json, HOST_KEYS)) {
            if (json.isObject()) this.#hostObject();
            else this.host = json.text();
          }
          break;
        default:
      }
      if (level >= 0 && !Number.isNaN(time) && !this.#hosts && !journal && inner === undefined) {
        // A journal's fields come in any order; an ordinary line has said all that counts.
        if (bytes[json.keyStart] !== 80) {
          early = true;
          if (depth === 0 && levelAt >= 0) {
            this.#timeAt = timeAt;
            this.#levelAt = levelAt;
            this.#levelEnd = levelEnd;
          }
          break;
        }
      }
    }
    if (!early && !json.complete && fields === 0) return false;
    this.header = true;
    this.closed = true;
    this.level = level < 0 ? NONE : level;
    this.time = time;
    if (inner !== undefined && depth === 0 && (journal || stream)) this.#inside(inner, journal);
    else if (level >= ERROR) this.#said(bytes, start, end);
    return true;
  }

  /** Message and exception of an error: read only then, since they stand after what every line is read for. */
  #said(bytes: Buffer, start: number, end: number): void {
    const json = this.#json;
    json.open(bytes, start, end);
    let rank = MESSAGE_KEYS.length;
    let thrown = false;
    this.messageField = -1;
    for (let field = 0; json.next(); field++) {
      const length = json.keyEnd - json.keyStart;
      if (length < 2 || length > 17) continue;
      const key = bytes[json.keyStart];
      if (json.isString() && (key === 109 || key === 64 || key === 77 || key === 98 || key === 101 || key === 116)) {
        const at = MESSAGE_KEYS.findIndex((name) => json.keyIs(name));
        if (at >= 0 && at < rank) {
          rank = at;
          this.message = json.valueStart + 1 - this.#from;
          this.messageEnd = json.valueEnd - 1 - this.#from;
          this.messageField = field;
        }
      }
      if ((key === 101 || key === 115) && isOne(json, EXCEPTION_KEYS)) {
        thrown = true;
        if (this.exception === "") this.#thrown();
      }
    }
    if (thrown) this.messageField = -1;
  }

  #thrown(): void {
    const json = this.#json;
    if (!json.isObject()) {
      const text = json.bytes.toString("latin1", json.valueStart + 1, Math.min(json.valueEnd, json.valueStart + 2_048));
      this.exception = EXCEPTION_CLASS.exec(text)?.[0] ?? "";
      return;
    }
    const inner = new JsonScanner();
    inner.open(json.bytes, json.valueStart, json.valueEnd);
    while (inner.next()) {
      if (inner.isString() && isOne(inner, TYPE_KEYS)) this.exception = inner.text().slice(0, 100);
    }
  }

  /** The application's own line inside a journal entry or a docker record: its level counts where it names one, its time too. */
  #inside(text: string, journal: boolean): void {
    const { level, time, host } = this;
    const from = this.#from;
    const bytes = Buffer.from(text.replace(/\n$/, ""));
    const lineBreak = bytes.indexOf(10);
    const end = lineBreak < 0 ? bytes.length : lineBreak;
    this.#from = 0;
    this.#line(bytes, 0, end, 1);
    this.#from = from;
    if (journal && this.part === CONTINUATION && level >= 0) this.part = START;
    if (this.level === NONE) this.level = level;
    // The record's own clock is the one that its window was asked for by.
    if (!Number.isNaN(time)) this.time = time;
    this.host = host;
    this.header = this.header || journal;
    this.closed = journal;
    if (this.level < ERROR) return;
    this.inner = bytes;
    if (this.messageEnd < 0) this.messageEnd = end;
    if (this.exception === "" && lineBreak >= 0) {
      this.exception = EXCEPTION_CLASS.exec(bytes.toString("latin1", lineBreak, lineBreak + 2_048))?.[0] ?? "";
    }
  }

  /** The level in a nested object, as ECS writes it: `"log":{"level":"error"}`. */
  #nested(names: readonly Buffer[]): number {
    const inner = new JsonScanner();
    inner.open(this.#json.bytes, this.#json.valueStart, this.#json.valueEnd);
    while (inner.next()) if (isOne(inner, names)) return valueLevel(inner);
    return -1;
  }

  #objectTime(): number {
    const inner = new JsonScanner();
    inner.open(this.#json.bytes, this.#json.valueStart, this.#json.valueEnd);
    let time = Number.NaN;
    let fraction = 0;
    while (inner.next()) {
      const quoted = inner.isString() ? 1 : 0;
      if (inner.keyIs(DATE))
        time = this.#fieldTimes.read(inner.bytes, inner.valueStart + quoted, inner.valueEnd - quoted);
      else if (isOne(inner, SECONDS)) time = Number(inner.text()) * 1_000;
      else if (isOne(inner, NANOSECONDS)) fraction = Math.floor(Number(inner.text()) / 1e6);
    }
    return time + fraction;
  }

  #hostObject(): void {
    const inner = new JsonScanner();
    inner.open(this.#json.bytes, this.#json.valueStart, this.#json.valueEnd);
    while (inner.next()) if (inner.keyIs(HOST_OBJECT_NAME)) this.host = inner.text();
  }

  #fieldTime(): number {
    const json = this.#json;
    if (json.isObject()) return this.#objectTime();
    const quoted = json.isString() ? 1 : 0;
    return this.#fieldTimes.read(json.bytes, json.valueStart + quoted, json.valueEnd - quoted);
  }
}

/** The level of MongoDB's letter. */
function levelOfLetter(letter: number | undefined): number {
  return letter === 70 ? FATAL : letter === 69 ? ERROR : letter === 87 ? WARN : letter === 73 ? INFO : NONE;
}

/** A time that fills a whole field: any text form, or an epoch number in any unit. */
function fieldTime(text: string, context: TimeContext) {
  const number = /^\d+(?:\.\d+)?(?:[eE]\+?\d+)?(?![\w:./-])/.exec(text)?.[0];
  if (number && number.length >= 9) return { time: epochTime(Number(number)), end: number.length, seconds: -1 };
  return timeAtStart(text, context);
}

function valueLevel(json: JsonScanner): number {
  const quoted = json.isString() ? 1 : 0;
  return levelOfValue(json.bytes, json.valueStart + quoted, json.valueEnd - quoted);
}

function levelOfValue(bytes: Buffer, start: number, end: number): number {
  const first = bytes[start] ?? 0;
  if (first >= 48 && first <= 57) return levelOfNumber(Number(bytes.toString("latin1", start, end)));
  if (first !== 27 && first !== 92) {
    const level = levelOfBytes(bytes, start, end);
    if (level >= 0) return level;
  }
  // winston's colours, escaped in JSON or raw.
  const clean = withoutColours(bytes, start, Math.min(end, start + 64)).toString("latin1");
  const word = /[A-Za-z]{3,13}/.exec(clean.replace(/\\u001b\[[0-9;]*m/gi, ""));
  return (word && levelOfWord(word[0])) ?? NONE;
}

function startsWith(bytes: Buffer, at: number, text: Buffer): boolean {
  for (let i = 0; i < text.length; i++) if (bytes[at + i] !== text[i]) return false;
  return true;
}

/** Where the name of an exception ends that begins here, as `java.io.IOException`, and is followed by `:` or the line's end; -1 where there is none. */
export function exceptionEnd(bytes: Buffer, start: number, end: number): number {
  let at = start;
  let named = false;
  for (; at < end; at++) {
    const c = bytes[at] ?? 0;
    if (LETTER[c] !== 0 || c === 95 || c === 36 || (named && c >= 48 && c <= 57)) named = true;
    else if (named && (c === 46 || c === 47)) named = false;
    else break;
  }
  if (!named || (at < end && bytes[at] !== 58 && bytes[at] !== 10)) return -1;
  const last = bytes[at - 1];
  if (last !== 114 && last !== 110 && last !== 101) return -1;
  for (const ending of EXCEPTION_ENDS)
    if (at - ending.length >= start && startsWith(bytes, at - ending.length, ending)) return at;
  return -1;
}

/** The commonest keys, compared by themselves since every line asks for them. */
function isLevel(bytes: Buffer, at: number, length: number): boolean {
  return (
    length === 5 && bytes[at + 1] === 101 && bytes[at + 2] === 118 && bytes[at + 3] === 101 && bytes[at + 4] === 108
  );
}

function isTime(bytes: Buffer, at: number, length: number): boolean {
  return length === 4 && bytes[at + 1] === 105 && bytes[at + 2] === 109 && bytes[at + 3] === 101;
}

function isOne(json: JsonScanner, keys: readonly Buffer[]): boolean {
  for (const key of keys) if (json.keyIs(key)) return true;
  return false;
}

function isLevelKey(bytes: Buffer, start: number, end: number): boolean {
  const length = end - start;
  if (length !== 3 && length !== 5 && length !== 8) return false;
  const first = bytes[start];
  if (first !== 108 && first !== 115) return false;
  const name = bytes.toString("latin1", start, end);
  return name === "level" || name === "lvl" || name === "severity";
}

function isTimeKey(bytes: Buffer, start: number, end: number): boolean {
  if (bytes[start] !== 116) return false;
  const name = bytes.toString("latin1", start, end);
  return name === "time" || name === "ts" || name === "t" || name === "timestamp";
}

const KEY_PART = new Uint8Array(256);
const WORD_PART = new Uint8Array(256);
for (let c = 0; c < 256; c++) {
  const text = String.fromCharCode(c);
  KEY_PART[c] = /[\w.@/-]/.test(text) ? 1 : 0;
  WORD_PART[c] = /[\w.$/-]/.test(text) || c >= 128 ? 1 : 0;
}

function isKeyPart(byte: number): boolean {
  return KEY_PART[byte] === 1;
}

function isWordPart(byte: number): boolean {
  return WORD_PART[byte] === 1;
}

function isCloser(byte: number): boolean {
  return byte === 32 || byte === 93 || byte === 124 || byte === 58 || byte === 62 || byte === 45 || byte === 9;
}

function wordEnd(bytes: Buffer, at: number, end: number): number {
  let i = at;
  while (i < end && WORD_PART[bytes[i] ?? 0] === 1) i++;
  return i;
}

const PLAIN_WORDS = new Set(["LOG", "NOTE", "CONFIG", "FINE", "FAIL", "VERBOSE"]);

/** Words in capitals that are levels only where they are closed: `LOG:` is one, `LOG` in a sentence is none. */
function isPlainWord(bytes: Buffer, start: number, end: number): boolean {
  const first = bytes[start];
  if (first !== 76 && first !== 78 && first !== 67 && first !== 70 && first !== 86) return false;
  return PLAIN_WORDS.has(bytes.toString("latin1", start, end));
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: terminal colours begin with the escape character
const COLOURS = /\u001b\[[0-9;:?]*[ -/]*[@-~]|\u001b/g;

function withoutColours(bytes: Buffer, start: number, end: number): Buffer {
  return Buffer.from(bytes.toString("latin1", start, end).replace(COLOURS, ""), "latin1");
}
