const MONTHS = "janfebmaraprmayjunjulaugsepoctnovdec";
const DAY = 86_400_000;

/** Where a time without a zone or a year belongs. */
export interface TimeContext {
  /** An instant shortly after the line was written, in milliseconds since the epoch: it gives the year to times that name none. */
  readonly reference: number;
  /** Minutes east of UTC of a wall-clock time in milliseconds (as if it were UTC), for times that name no zone. */
  readonly offset: (wall: number) => number;
}

/** Offset of the machine's own zone, in minutes east of UTC, for a wall-clock time given as if it were UTC. */
export function localOffset(wall: number): number {
  return offsetOf(wall, (instant) => -new Date(instant).getTimezoneOffset());
}

/**
 * The offset that a wall-clock time has, by a function that tells the offset of an instant. Where the clock was put back
 * and the time came twice, the later one's; where it was put forward and the time never came, the one from before.
 */
function offsetOf(wall: number, at: (instant: number) => number): number {
  const [before, after] = [at(wall - DAY), at(wall + DAY)];
  for (const offset of before < after ? [before, after] : [after, before]) {
    if (at(wall - offset * 60_000) === offset) return offset;
  }
  return before;
}

/** The offset function of an IANA zone (`Europe/Berlin`) or of a fixed one (`+02:00`, `UTC`); throws a RangeError for an unknown zone. */
export function zoneOffset(zone: string): (wall: number) => number {
  const format = new Intl.DateTimeFormat("en-US", { timeZone: zone, timeZoneName: "longOffset" });
  const at = (instant: number): number => {
    const name = format.formatToParts(instant).find((part) => part.type === "timeZoneName")?.value ?? "GMT";
    const match = /([+-])(\d{2}):(\d{2})/.exec(name);
    return match ? (match[1] === "-" ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3])) : 0;
  };
  // The hour decides: offsets change at most a few times a year, and asking Intl for each line would cost microseconds.
  const known = new Map<number, number>();
  return (wall) => {
    const hour = Math.floor(wall / 3_600_000);
    const cached = known.get(hour);
    if (cached !== undefined) return cached;
    const offset = offsetOf(wall, at);
    if (known.size > 10_000) known.clear();
    known.set(hour, offset);
    return offset;
  };
}

/** A point in time found in a text, with the places where it ends and where its two digits of seconds are (-1: nowhere). */
export interface FoundTime {
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly end: number;
  readonly seconds: number;
}

/**
 * Abbreviations of zones that mean one thing everywhere, in minutes east of UTC: those of RFC 822 and of some regions.
 * CST, IST and BST mean several, and are taken for the context's zone, as no zone is.
 */
const ZONES: Readonly<Record<string, number>> = {
  ...{ Z: 0, UTC: 0, GMT: 0, WET: 0, WEST: 60, CET: 60, CEST: 120, EET: 120, EEST: 180, MSK: 180, JST: 540, KST: 540 },
  ...{ EST: -300, EDT: -240, CDT: -300, MST: -420, MDT: -360, PST: -480, PDT: -420, AEST: 600, AEDT: 660 },
  ...{ NZST: 720, NZDT: 780 },
};
const zoneNames = Object.keys(ZONES).join("|");
const iso = new RegExp(
  `^\\d{4}-\\d\\d-\\d\\d[Tt ]\\d\\d:\\d\\d(?::\\d\\d(?:[.,]\\d{1,9})?)?(?: ?(?:z|${zoneNames})\\b| ?[+-]\\d\\d:?\\d\\d|[+-]\\d\\d)?(?![\\d:])`,
);
const isoZone = new RegExp(`(?:z|${zoneNames}|[+-]\\d\\d(?::?\\d\\d)?)$`);
const slashed = /^\d{4}([/.])\d\d\1\d\d \d\d:\d\d:\d\d(?:\.\d{1,9})?/;
const web = /^(\d\d)\/([A-Z][a-z]{2})\/(\d{4})[: ](\d\d):(\d\d):(\d\d)(?: ([+-]\d{4}))?/;
const dayFirst =
  /^(?:[A-Z][a-z]{2}, )?(\d{1,2})[ -]([A-Z][a-z]{2})[ -](\d{4}) (\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))?(?: (GMT|UTC|Z|[+-]\d{4}))?/;
const monthFirst =
  /^(?:[A-Z][a-z]{2} )?([A-Z][a-z]{2}) {1,2}(\d{1,2}) (\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?: ([A-Z]{3,4} )?(\d{4})(?![\d:]))?/;
const halfDay = /^([A-Z][a-z]{2}) (\d{1,2}), (\d{4}) (\d{1,2}):(\d\d):(\d\d) (AM|PM)/;
const epoch = /^\d{10}(?:\.\d{1,9}|\d{3}|\d{6}|\d{9})?(?![\d.])/;

/** The time at the very beginning of a text, in any common form; `undefined` where there is none. */
export function timeAtStart(text: string, context: TimeContext): FoundTime | undefined {
  const first = text.charCodeAt(0);
  if (first >= 48 && first <= 57) {
    const plain = iso.exec(text)?.[0] ?? slashed.exec(text)?.[0];
    if (plain) return found(isoTime(plain, context), plain.length, plain.charCodeAt(16) === 58 ? 17 : -1);
    const clf = web.exec(text);
    if (clf) {
      const wall = wallTime(clf[3], monthOf(clf[2]), clf[1], clf[4], clf[5], clf[6], "");
      return found(wall - zoneMinutes(clf[7] ?? "", wall, context) * 60_000, clf[0].length, 18);
    }
    const seconds = epoch.exec(text)?.[0];
    if (seconds) return found(epochTime(Number(seconds)), seconds.length, -1);
  }
  const spoken = dayFirst.exec(text);
  if (spoken) {
    const wall = wallTime(spoken[3], monthOf(spoken[2]), spoken[1], spoken[4], spoken[5], spoken[6], spoken[7]);
    return found(
      wall - zoneMinutes(spoken[8] ?? "", wall, context) * 60_000,
      spoken[0].length,
      spoken[0].indexOf(":") + 4,
    );
  }
  const julian = halfDay.exec(text);
  if (julian) {
    const hour = (Number(julian[4]) % 12) + (julian[7] === "PM" ? 12 : 0);
    const wall = wallTime(julian[3], monthOf(julian[1]), julian[2], String(hour), julian[5], julian[6], "");
    return found(wall - zoneMinutes("", wall, context) * 60_000, julian[0].length, julian[0].indexOf(":") + 4);
  }
  const bsd = monthFirst.exec(text);
  if (!bsd) return undefined;
  const month = monthOf(bsd[1]);
  const parts = [bsd[2], bsd[3], bsd[4], bsd[5], bsd[6]] as const;
  const place = bsd[0].indexOf(":") + 4;
  if (bsd[8] === undefined) return found(yearless(month, parts, context), bsd[0].length, place);
  const wall = wallTime(bsd[8], month, ...parts);
  return found(wall - zoneMinutes((bsd[7] ?? "").trim(), wall, context) * 60_000, bsd[0].length, place);
}

/** The instant of an epoch number in seconds, milliseconds, microseconds or nanoseconds, told apart by its size. */
export function epochTime(value: number): number {
  if (!(value > 0)) return Number.NaN;
  if (value < 1e11) return value * 1000;
  if (value < 1e14) return value;
  return value < 1e17 ? value / 1e3 : value / 1e6;
}

function found(time: number, end: number, seconds: number): FoundTime | undefined {
  return Number.isFinite(time) ? { time, end, seconds } : undefined;
}

function isoTime(text: string, context: TimeContext): number {
  const fraction = /[.,](\d+)/.exec(text.slice(16))?.[1];
  const seconds = text.charCodeAt(16) === 58 ? text.slice(17, 19) : "0";
  const wall = wallTime(
    text.slice(0, 4),
    Number(text.slice(5, 7)) - 1,
    text.slice(8, 10),
    text.slice(11, 13),
    text.slice(14, 16),
    seconds,
    fraction,
  );
  const zone = isoZone.exec(text.slice(16))?.[0] ?? "";
  return wall - zoneMinutes(zone, wall, context) * 60_000;
}

function wallTime(
  year: string | number | undefined,
  month: number,
  day: string | undefined,
  hour: string | undefined,
  minute: string | undefined,
  second: string | undefined,
  fraction: string | undefined,
): number {
  const [d, h, m, s] = [Number(day), Number(hour), Number(minute), Number(second)];
  if (month < 0 || month > 11 || !(d >= 1 && d <= 31) || h > 24 || m > 59 || s > 60) return Number.NaN;
  if (d > 28 && d > new Date(Date.UTC(Number(year), month + 1, 0)).getUTCDate()) return Number.NaN;
  const milliseconds = fraction ? Math.floor(Number(`0.${fraction}`) * 1000) : 0;
  return Date.UTC(Number(year), month, d, h, m, s, milliseconds);
}

function monthOf(name: string | undefined): number {
  const at = MONTHS.indexOf((name ?? "?").toLowerCase());
  return at >= 0 && at % 3 === 0 ? at / 3 : -1;
}

/** Minutes east of UTC: `Z`, `+0200`, `-07:00`; an unknown abbreviation or none means the context's zone. */
function zoneMinutes(zone: string, wall: number, context: TimeContext): number {
  const named = ZONES[zone.toUpperCase()];
  if (named !== undefined) return named;
  const match = /^([+-])(\d\d):?(\d\d)?$/.exec(zone);
  if (match) return (match[1] === "-" ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3] ?? 0));
  return Number.isFinite(wall) ? context.offset(wall) : 0;
}

/** The newest year in which the time lies no more than a day after the reference: on 1 January, `Dec 31` is last year's. */
function yearless(
  month: number,
  [day, hour, minute, second, fraction]: readonly (string | undefined)[],
  context: TimeContext,
): number {
  const year = new Date(context.reference).getUTCFullYear();
  // Eight years back there was a 29 February, whatever the century.
  for (let candidate = year + 1; candidate >= year - 8; candidate--) {
    const wall = wallTime(candidate, month, day, hour, minute, second, fraction);
    const time = wall - zoneMinutes("", wall, context) * 60_000;
    if (time <= context.reference + DAY) return time;
  }
  return Number.NaN;
}

/** klog's and glog's time after its letter, `1120 21:51:59.123456` or with the year before it; else that is the newest that fits the reference. */
export function klogTime(text: string, context: TimeContext): FoundTime | undefined {
  const match = /^(\d{4})?(\d\d)(\d\d) (\d\d):(\d\d):(\d\d)\.(\d{1,9})/.exec(text);
  if (!match) return undefined;
  const [, year, month] = match;
  const parts = [match[3], match[4], match[5], match[6], match[7]] as const;
  if (year === undefined) return found(yearless(Number(month) - 1, parts, context), match[0].length, 11);
  const wall = wallTime(year, Number(month) - 1, ...parts);
  return found(wall - zoneMinutes("", wall, context) * 60_000, match[0].length, 15);
}

/** Longest text that a time is looked for in. */
const LONGEST = 48;

/**
 * Reads times from bytes. Neighbouring lines differ in little but their seconds, so the form of the last time is kept:
 * where all but seconds and fraction is the same, no date arithmetic is needed.
 */
export class TimeReader {
  readonly #context: TimeContext;
  readonly #parse: (text: string, context: TimeContext) => FoundTime | undefined;
  readonly #known = new Uint8Array(LONGEST);
  #prefix = 0;
  #suffix = 0;
  #base = 0;
  /** Where the last time that was found ends. */
  end = 0;
  /** The time that `again` found. A field, since a number returned is an object made, and there are millions. */
  time = Number.NaN;

  constructor(context: TimeContext, parse = timeAtStart) {
    this.#context = context;
    this.#parse = parse;
  }

  /** Of the time found last: how many bytes stand before its seconds (0: it has none), after its fraction, and its minute. */
  get form(): { readonly prefix: number; readonly suffix: number; readonly minute: number } {
    return { prefix: this.#prefix, suffix: this.#suffix, minute: this.#base };
  }

  /** Milliseconds since the epoch of the time that begins at `start`; NaN where none does. */
  read(bytes: Buffer, start: number, end: number): number {
    if (this.again(bytes, start, end)) return this.time;
    return mayBeTime(bytes, start, end) ? this.#slow(bytes, start, end) : Number.NaN;
  }

  /** Whether a time of the same form and minute as the last begins at `start`; it stands in `time` then. */
  again(bytes: Buffer, start: number, end: number): boolean {
    const prefix = this.#prefix;
    if (prefix > 0 && start + prefix + 2 <= end) {
      const known = this.#known;
      // Minutes change more often than years, so the comparison runs from the end.
      let i = prefix - 1;
      let at = start + i;
      while (i >= 0 && bytes[at] === known[i]) {
        i--;
        at--;
      }
      if (i < 0) return this.#rest(bytes, start + prefix, end);
    }
    return false;
  }

  #rest(bytes: Buffer, start: number, end: number): boolean {
    const tens = (bytes[start] ?? 0) - 48;
    const ones = (bytes[start + 1] ?? 0) - 48;
    if (tens < 0 || tens > 6 || ones < 0 || ones > 9) return false;
    let time = this.#base + (tens * 10 + ones) * 1000;
    let at = start + 2;
    if (at < end && (bytes[at] === 46 || bytes[at] === 44) && isDigit(bytes[at + 1])) {
      at++;
      for (let scale = 100; at < end && isDigit(bytes[at]); at++, scale /= 10) {
        if (scale >= 1) time += ((bytes[at] ?? 48) - 48) * scale;
      }
    }
    const known = this.#known;
    const length = this.#suffix;
    if (at + length > end) return false;
    for (let i = 0; i < length; i++, at++) if (bytes[at] !== known[this.#prefix + i]) return false;
    if (at < end) {
      const next = bytes[at] ?? 0;
      if (isDigit(next) || next === 58) return false;
      if (length === 0 && mayBeZone(bytes, at, end)) return false;
    }
    this.end = at;
    this.time = time;
    return true;
  }

  #slow(bytes: Buffer, start: number, end: number): number {
    const text = bytes.toString("latin1", start, Math.min(end, start + LONGEST));
    const found = this.#parse(text, this.#context);
    if (found === undefined) return Number.NaN;
    this.end = start + found.end;
    const { seconds } = found;
    if (seconds > 0) {
      let after = seconds + 2;
      if (/[.,]/.test(text[after] ?? "") && after < found.end) {
        after++;
        while (after < found.end && isDigit(text.charCodeAt(after))) after++;
      }
      this.#prefix = seconds;
      this.#suffix = found.end - after;
      this.#base = Math.floor(found.time / 1000) * 1000 - Number(text.slice(seconds, seconds + 2)) * 1000;
      for (let i = 0; i < seconds; i++) this.#known[i] = text.charCodeAt(i);
      for (let i = 0; i < this.#suffix; i++) this.#known[seconds + i] = text.charCodeAt(after + i);
    }
    return found.time;
  }
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 48 && byte <= 57;
}

const ZONE_STARTS = new Set(
  Object.keys(ZONES).map((name) => (name.charCodeAt(0) << 16) | (name.charCodeAt(1) << 8) | name.charCodeAt(2)),
);

/** Whether a zone or a half of the day may begin here, which the kept form does not have. */
function mayBeZone(bytes: Uint8Array, at: number, end: number): boolean {
  const next = bytes[at] ?? 0;
  if (next === 90 || next === 122 || next === 43) return true;
  if (next === 45) return isDigit(bytes[at + 1]);
  if (next !== 32 || at + 1 >= end) return false;
  const after = bytes[at + 1] ?? 0;
  if (after === 43 || after === 45) return isDigit(bytes[at + 2]);
  if (isDigit(after)) return isDigit(bytes[at + 2]) && isDigit(bytes[at + 3]) && isDigit(bytes[at + 4]);
  if (after === 90 || ((after === 65 || after === 80) && bytes[at + 2] === 77)) return true;
  return ZONE_STARTS.has((after << 16) | ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0));
}

/** A cheap test that keeps most texts without a time from the expressions. */
function mayBeTime(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start < 10) return false;
  const first = bytes[start] ?? 0;
  if (isDigit(first)) {
    if (!isDigit(bytes[start + 1])) return bytes[start + 1] === 32 || bytes[start + 1] === 45;
    const third = bytes[start + 2] ?? 0;
    if (third === 47 || third === 32 || third === 45) return true;
    return isDigit(third) && isDigit(bytes[start + 3]);
  }
  const third = bytes[start + 2] ?? 0;
  const fourth = bytes[start + 3] ?? 0;
  return first >= 65 && first <= 87 && third >= 97 && third <= 122 && (fourth === 32 || fourth === 44);
}

/** The offset function of a zone, or of the machine's own where none is named. */
export function zoneOrLocal(zone: string | undefined): (wall: number) => number {
  return zone === undefined ? localOffset : zoneOffset(zone);
}
