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
  const at = new Date(wall);
  const local = new Date(
    at.getUTCFullYear(),
    at.getUTCMonth(),
    at.getUTCDate(),
    at.getUTCHours(),
    at.getUTCMinutes(),
    at.getUTCSeconds(),
  );
  return -local.getTimezoneOffset();
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
    const offset = at(wall - at(wall) * 60_000);
    if (known.size > 10_000) known.clear();
    known.set(hour, offset);
    return offset;
  };
}

/** A point in time found in a text, with the place where it ends. */
export interface FoundTime {
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly end: number;
}

const iso = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?(?: ?(?:Z|UTC|GMT|[+-]\d\d:?\d\d))?(?![\d:])/i;
const slashed = /^\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d(?:\.\d{1,9})?/;
const clf = /^(\d\d)\/([A-Z][a-z]{2})\/(\d{4}):(\d\d):(\d\d):(\d\d) ([+-]\d{4})/;
const dayFirst =
  /^(?:[A-Z][a-z]{2}, )?(\d{1,2})[ -]([A-Z][a-z]{2})[ -](\d{4}) (\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))?(?: (GMT|UTC|Z|[+-]\d{4}))?/;
const monthFirst =
  /^(?:[A-Z][a-z]{2} )?([A-Z][a-z]{2}) {1,2}(\d{1,2}) (\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?: ([A-Z]{3,4} )?(\d{4})(?!\d|:))?/;
const epoch = /^\d{10}(?:\.\d{1,9}|\d{3}|\d{6}|\d{9})?(?![\d.])/;

/** The time at the very beginning of a text, in any common form; `undefined` where there is none. */
export function timeAtStart(text: string, context: TimeContext): FoundTime | undefined {
  const first = text.charCodeAt(0);
  if (first >= 48 && first <= 57) {
    const plain = iso.exec(text) ?? slashed.exec(text);
    if (plain) return found(isoTime(plain[0], context), plain[0].length);
    const web = clf.exec(text);
    if (web) {
      const wall = wallTime(web[3], monthOf(web[2]), web[1], web[4], web[5], web[6], "");
      return found(wall - zoneMinutes(web[7] ?? "", wall, context) * 60_000, web[0].length);
    }
    const seconds = epoch.exec(text);
    if (seconds) return found(epochTime(Number(seconds[0])), seconds[0].length);
  }
  const spoken = dayFirst.exec(text);
  if (spoken) {
    const wall = wallTime(spoken[3], monthOf(spoken[2]), spoken[1], spoken[4], spoken[5], spoken[6], spoken[7]);
    return found(wall - zoneMinutes(spoken[8] ?? "", wall, context) * 60_000, spoken[0].length);
  }
  const bsd = monthFirst.exec(text);
  if (bsd) {
    const month = monthOf(bsd[1]);
    const parts = [bsd[2], bsd[3], bsd[4], bsd[5], bsd[6]] as const;
    if (bsd[8] !== undefined) {
      const wall = wallTime(bsd[8], month, ...parts);
      return found(wall - zoneMinutes((bsd[7] ?? "").trim(), wall, context) * 60_000, bsd[0].length);
    }
    return found(yearless(month, parts, context), bsd[0].length);
  }
  return undefined;
}

/** The instant of an epoch number in seconds, milliseconds, microseconds or nanoseconds, told apart by its size. */
export function epochTime(value: number): number {
  if (!(value > 0)) return Number.NaN;
  if (value < 1e11) return value * 1000;
  if (value < 1e14) return value;
  return value < 1e17 ? value / 1e3 : value / 1e6;
}

function found(time: number, end: number): FoundTime | undefined {
  return Number.isFinite(time) ? { time, end } : undefined;
}

function isoTime(text: string, context: TimeContext): number {
  const fraction = /[.,](\d+)/.exec(text)?.[1];
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
  const zone = /(?:Z|UTC|GMT|[+-]\d\d:?\d\d)$/i.exec(text.slice(16))?.[0] ?? "";
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
  const milliseconds = fraction ? Math.floor(Number(`0.${fraction}`) * 1000) : 0;
  return Date.UTC(Number(year), month, d, h, m, s, milliseconds);
}

function monthOf(name: string | undefined): number {
  const at = MONTHS.indexOf((name ?? "?").toLowerCase());
  return at >= 0 && at % 3 === 0 ? at / 3 : -1;
}

/** Minutes east of UTC: `Z`, `+0200`, `-07:00`; an unknown abbreviation or none means the context's zone. */
function zoneMinutes(zone: string, wall: number, context: TimeContext): number {
  if (/^(?:Z|UTC|GMT)$/i.test(zone)) return 0;
  const match = /^([+-])(\d\d):?(\d\d)$/.exec(zone);
  if (match) return (match[1] === "-" ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3]));
  return Number.isFinite(wall) ? context.offset(wall) : 0;
}

/** The newest year in which the time lies no more than a day after the reference: on 1 January, `Dec 31` is last year's. */
function yearless(
  month: number,
  [day, hour, minute, second, fraction]: readonly (string | undefined)[],
  context: TimeContext,
): number {
  const year = new Date(context.reference).getUTCFullYear();
  for (const candidate of [year + 1, year, year - 1]) {
    const wall = wallTime(candidate, month, day, hour, minute, second, fraction);
    const time = wall - zoneMinutes("", wall, context) * 60_000;
    if (time <= context.reference + DAY) return time;
  }
  return Number.NaN;
}

/** klog's header, `E1120 21:51:59.123456`: the time after the letter, whose year is the newest that fits the reference. */
export function klogTime(text: string, context: TimeContext): FoundTime | undefined {
  const match = /^[A-Z](\d\d)(\d\d) (\d\d):(\d\d):(\d\d)\.(\d{1,9})/.exec(text);
  if (!match) return undefined;
  return found(
    yearless(Number(match[1]) - 1, [match[2], match[3], match[4], match[5], match[6]], context),
    match[0].length,
  );
}
