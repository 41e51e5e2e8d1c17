import type { EventReader, EventSink } from "./events.ts";
import { ERRORS_COUNT, ERRORS_LIST, ERRORS_STOP, type Kernel, LISTED_AS } from "./kernel.ts";
import { ERROR, FATAL } from "./level.ts";
import { exceptionEnd } from "./line.ts";
import type { Pattern } from "./pattern.ts";
import { safeSample } from "./safe.ts";
import { type RawSignature, SignatureTable } from "./signature.ts";

/** What is counted. Times are milliseconds since the epoch. */
export interface TallyOptions {
  /** First and last instant of the window; -Infinity and Infinity where it is open, and then events without a time count too. */
  readonly since: number;
  readonly until: number;
  /** Where the time before the window begins that it is compared with; equal to `since` for none. */
  readonly before: number;
  /** Whether kinds of errors are told apart. */
  readonly signatures: boolean;
  readonly match?: Pattern | undefined;
  readonly ignore?: Pattern | undefined;
}

/** Counts by the codes of `level.ts`. */
export type LevelCounts = number[];

export interface SourceCounts {
  lines: number;
  errors: number;
  fatal: number;
  /** Events and errors before the window. */
  before: number;
  beforeErrors: number;
}

/** An event that waits: for the window to reach it, or for a time. */
export interface WaitingEvent {
  readonly time: number;
  readonly level: number;
  readonly source: string;
  readonly request: boolean;
  /** Of errors only. */
  readonly message: string;
  readonly exception: string;
  readonly sample: string;
}

/** What a tally has counted, as it is handed between threads and added up. */
export interface TallyData {
  readonly levels: LevelCounts;
  readonly before: LevelCounts;
  readonly requests: number;
  readonly first: number;
  readonly last: number;
  readonly sample: string;
  readonly width: number;
  readonly buckets: readonly (readonly [number, LevelCounts])[];
  readonly sources: readonly (readonly [string, SourceCounts])[];
  readonly signatures: readonly RawSignature[];
  readonly late: readonly WaitingEvent[];
  readonly lateMore: number;
  readonly undated: readonly WaitingEvent[];
  readonly undatedMore: number;
}

/** Widths of time buckets in milliseconds, from a second to a week; the next wider one is taken when there are too many. */
const WIDTHS = [1_000, 10_000, 60_000, 300_000, 900_000, 3_600_000, 21_600_000, 86_400_000, 604_800_000];
const MOST_BUCKETS = 3_000;
const MOST_SOURCES = 1_000;
const MOST_LATE = 100_000;
const MOST_UNDATED = 1_000;
const EXCEPTION =
  /^\s*(?:Caused by: |Exception in thread "[^"]{0,100}" )?((?:[\w$]+[./])*[\w$]*(?:Error|Exception|Throwable)\w*)(?=[:\s]|$)/m;

const noLevels = (): LevelCounts => [0, 0, 0, 0, 0, 0, 0];

/** Counts events of a window by level, time, source and kind. Memory is bounded whatever comes in. */
export class Tally implements EventSink {
  /** The name under which the next events are counted, unless they name their own host. */
  source = "";
  /** Whether events come from machines that are compared with: their window counts as what was before. */
  control = false;
  readonly signatures: SignatureTable;
  readonly #options: TallyOptions;
  #levels = noLevels();
  #before = noLevels();
  #requests = 0;
  #first = Number.POSITIVE_INFINITY;
  #last = Number.NEGATIVE_INFINITY;
  #sample = "";
  #width: number;
  #buckets = new Map<number, LevelCounts>();
  #bucket: LevelCounts = noLevels();
  #bucketStart = Number.NaN;
  #sources = new Map<string, SourceCounts>();
  #sourceName: string | undefined;
  #sourceCounts: SourceCounts = { lines: 0, errors: 0, fatal: 0, before: 0, beforeErrors: 0 };
  #late: WaitingEvent[] = [];
  #lateMore = 0;
  #undated: WaitingEvent[] = [];
  #undatedMore = 0;

  /** `width`: of a time bucket, in milliseconds, widened where the window is long. `signatures`: kinds that earlier looks know. */
  constructor(options: TallyOptions, width = 60_000, signatures = new SignatureTable()) {
    this.#options = options;
    this.signatures = signatures;
    this.#width = WIDTHS.find((one) => one >= width) ?? 60_000;
  }

  event(level: number, reader: EventReader): void {
    const { time } = reader;
    const { since, until, before, match, ignore } = this.#options;
    if (time < before) return;
    if (match !== undefined && !match.test(reader.bytes, reader.start, reader.end)) return;
    if (ignore?.test(reader.bytes, reader.start, reader.end)) return;
    const source = reader.host ?? this.source;
    if (time > until || (Number.isNaN(time) && since !== Number.NEGATIVE_INFINITY)) {
      this.#wait(level, time, source, reader);
      return;
    }
    const old = this.control || time < since;
    this.#count(level, time, source, reader.request, old);
    if (level < ERROR) return;
    if (this.#sample === "" && !old) this.#sample = safeSample(sampleOf(reader));
    if (!this.#options.signatures) return;
    const end = lineEnd(reader);
    this.signatures.add(
      reader.inner ?? reader.bytes,
      reader.messageStart,
      reader.inner === undefined ? Math.min(reader.messageEnd, end) : reader.messageEnd,
      exceptionOf(reader, end),
      time,
      old,
      source,
      () => sampleOf(reader),
      reader.kernel,
    );
  }

  accepts(from: number, to: number): boolean {
    const { since, until, before, match, ignore } = this.#options;
    if (match !== undefined || ignore !== undefined || from < before || to > until) return false;
    if (this.control || to < since) return true;
    return from >= since && Math.floor(from / this.#width) === Math.floor(to / this.#width);
  }

  get errorsInRows(): number {
    if (this.#options.signatures) return ERRORS_LIST;
    return this.#sample === "" ? ERRORS_STOP : ERRORS_COUNT;
  }

  row(kernel: Kernel, base: number): void {
    const [first, last] = [base + kernel.first, base + kernel.last];
    const old = this.control || last < this.#options.since;
    const counts = this.source === this.#sourceName ? this.#sourceCounts : this.#sourceOf(this.source);
    const offset = first - this.#bucketStart;
    const bucket = old || (offset >= 0 && offset < this.#width) ? this.#bucket : this.#bucketAt(first);
    const sums = old ? this.#before : this.#levels;
    for (let level = 0; level <= FATAL; level++) {
      const count = kernel.levels[level] ?? 0;
      if (count === 0) continue;
      sums[level] = (sums[level] ?? 0) + count;
      if (old) {
        counts.before += count;
        if (level >= ERROR) counts.beforeErrors += count;
        continue;
      }
      counts.lines += count;
      if (level >= ERROR) counts.errors += count;
      if (level >= FATAL) counts.fatal += count;
      bucket[level] = (bucket[level] ?? 0) + count;
    }
    if (!old && first < this.#first) this.#first = first;
    if (!old && last > this.#last) this.#last = last;
    const { listed } = kernel;
    let i = 0;
    const sample = (): string => textOf(kernel.chunk, kernel.entry(i, LISTED_AS.start), kernel.entry(i, LISTED_AS.end));
    for (; i < listed; i++) {
      if (this.#sample === "" && !old) this.#sample = safeSample(sample());
      const [start, end] = [kernel.entry(i, LISTED_AS.messageStart), kernel.entry(i, LISTED_AS.messageEnd)];
      const time = base + kernel.entry(i, LISTED_AS.moment);
      const kind = this.signatures.kindOf(
        kernel.entry(i, LISTED_AS.hashA),
        kernel.entry(i, LISTED_AS.hashB),
        kernel.chunk,
        start,
        end,
      );
      this.signatures.count(kind, time, old, this.source, sample);
    }
  }

  /** Gives a time to the events that had none; without one they stay, and are told by {@link TallyData.undated}. */
  date(time: number): void {
    const { before, until } = this.#options;
    const events = this.#undated;
    this.#undated = [];
    if (time < before) {
      this.#undatedMore = 0;
      return;
    }
    for (const event of events) {
      if (time > until) this.#late.push({ ...event, time });
      else this.recall({ ...event, time });
    }
  }

  /** How many events have no time yet. */
  get undated(): number {
    return this.#undated.length + this.#undatedMore;
  }

  /** Forgets the events that have no time; answers how many they were. */
  dropUndated(): number {
    const count = this.undated;
    this.#undated = [];
    this.#undatedMore = 0;
    return count;
  }

  /** Counts an event that has waited. */
  recall(event: WaitingEvent): void {
    const { since, until, before } = this.#options;
    if (event.time < before) return;
    if (event.time > until) {
      this.#late.push(event);
      return;
    }
    const old = this.control || event.time < since;
    this.#count(event.level, event.time, event.source, event.request, old);
    if (event.level < ERROR) return;
    if (this.#sample === "" && !old) this.#sample = event.sample;
    if (!this.#options.signatures) return;
    const bytes = Buffer.from(event.message);
    this.signatures.add(bytes, 0, bytes.length, event.exception, event.time, old, event.source, () => event.sample);
  }

  /** Adds what another tally of the same window has counted. */
  merge(data: TallyData): void {
    add(this.#levels, data.levels);
    add(this.#before, data.before);
    this.#requests += data.requests;
    this.#first = Math.min(this.#first, data.first);
    this.#last = Math.max(this.#last, data.last);
    if (this.#sample === "") this.#sample = data.sample;
    while (this.#width < data.width) this.#widen();
    for (const [start, levels] of data.buckets) add(this.#bucketAt(start), levels);
    for (const [name, counts] of data.sources) {
      const own = this.#sourceOf(name);
      own.lines += counts.lines;
      own.errors += counts.errors;
      own.fatal += counts.fatal;
      own.before += counts.before;
      own.beforeErrors += counts.beforeErrors;
    }
    this.signatures.merge(data.signatures);
    for (const event of data.late) this.#late.push(event);
    this.#lateMore += data.lateMore;
    for (const event of data.undated) this.#undated.push(event);
    this.#undatedMore += data.undatedMore;
  }

  /** Everything counted so far. */
  data(): TallyData {
    return {
      levels: [...this.#levels],
      before: [...this.#before],
      requests: this.#requests,
      first: this.#first,
      last: this.#last,
      sample: this.#sample,
      width: this.#width,
      buckets: [...this.#buckets].sort(([a], [b]) => a - b),
      sources: [...this.#sources],
      signatures: [...this.signatures.raw()],
      late: this.#late,
      lateMore: this.#lateMore,
      undated: this.#undated,
      undatedMore: this.#undatedMore,
    };
  }

  #count(level: number, time: number, source: string, request: boolean, old: boolean): void {
    const counts = source === this.#sourceName ? this.#sourceCounts : this.#sourceOf(source);
    if (old) {
      this.#before[level] = (this.#before[level] ?? 0) + 1;
      counts.before++;
      if (level >= ERROR) counts.beforeErrors++;
      return;
    }
    this.#levels[level] = (this.#levels[level] ?? 0) + 1;
    if (request) this.#requests++;
    counts.lines++;
    if (level >= ERROR) {
      counts.errors++;
      if (level >= FATAL) counts.fatal++;
    }
    if (Number.isNaN(time)) return;
    if (time < this.#first) this.#first = time;
    if (time > this.#last) this.#last = time;
    const offset = time - this.#bucketStart;
    const bucket = offset >= 0 && offset < this.#width ? this.#bucket : this.#bucketAt(time);
    bucket[level] = (bucket[level] ?? 0) + 1;
  }

  #wait(level: number, time: number, source: string, reader: EventReader): void {
    const undated = Number.isNaN(time);
    if (undated ? this.#undated.length >= MOST_UNDATED : this.#late.length >= MOST_LATE) {
      if (undated) this.#undatedMore++;
      else this.#lateMore++;
      return;
    }
    const grave = level >= ERROR;
    (undated ? this.#undated : this.#late).push({
      time,
      level,
      source,
      request: reader.request,
      message: grave
        ? (reader.inner ?? reader.bytes).toString(
            "utf8",
            reader.messageStart,
            Math.min(
              reader.messageEnd,
              reader.inner === undefined ? lineEnd(reader) : reader.messageEnd,
              reader.messageStart + 1024,
            ),
          )
        : "",
      exception: grave ? exceptionOf(reader, lineEnd(reader)) : "",
      sample: grave ? safeSample(sampleOf(reader)) : "",
    });
  }

  #bucketAt(time: number): LevelCounts {
    let start = Math.floor(time / this.#width) * this.#width;
    let bucket = this.#buckets.get(start);
    if (bucket === undefined) {
      while (this.#buckets.size >= MOST_BUCKETS && this.#width < 604_800_000) this.#widen();
      start = Math.floor(time / this.#width) * this.#width;
      bucket = this.#buckets.get(start);
    }
    if (bucket === undefined) {
      bucket = noLevels();
      // Times of some 60 years, by week, are still told apart; what lies beyond is one bucket.
      if (this.#buckets.size >= MOST_BUCKETS) start = 0;
      bucket = this.#buckets.get(start) ?? bucket;
      this.#buckets.set(start, bucket);
    }
    this.#bucket = bucket;
    this.#bucketStart = start;
    return bucket;
  }

  #widen(): void {
    const width = WIDTHS.find((one) => one > this.#width) ?? this.#width;
    const wide = new Map<number, LevelCounts>();
    for (const [start, levels] of this.#buckets) {
      const at = Math.floor(start / width) * width;
      const sum = wide.get(at) ?? noLevels();
      add(sum, levels);
      wide.set(at, sum);
    }
    this.#width = width;
    this.#buckets = wide;
    this.#bucketStart = Number.NaN;
  }

  #sourceOf(name: string): SourceCounts {
    const key = this.#sources.has(name) || this.#sources.size < MOST_SOURCES ? name : "(others)";
    let counts = this.#sources.get(key);
    if (counts === undefined) {
      counts = { lines: 0, errors: 0, fatal: 0, before: 0, beforeErrors: 0 };
      this.#sources.set(key, counts);
    }
    this.#sourceName = name;
    this.#sourceCounts = counts;
    return counts;
  }
}

function add(to: LevelCounts, from: LevelCounts): void {
  for (let i = 0; i < from.length; i++) to[i] = (to[i] ?? 0) + (from[i] ?? 0);
}

/** Where the event's first line ends. */
function lineEnd(reader: EventReader): number {
  if (!reader.several) return reader.end;
  if (reader.inner === undefined && reader.bytes[reader.messageEnd] === 10) return reader.messageEnd;
  const end = reader.bytes.indexOf(10, reader.inner === undefined ? reader.messageEnd : reader.start);
  return end < 0 || end > reader.end ? reader.end : end;
}

function sampleOf(reader: EventReader): string {
  return textOf(reader.bytes, reader.start, reader.end);
}

function textOf(bytes: Buffer, start: number, end: number): string {
  return bytes.toString("utf8", start, Math.min(end, start + 2_048));
}

let lastException = Buffer.alloc(0);
let lastExceptionText = "";

/** The bytes as text. Most exceptions are the one before, and a comparison is cheaper than a text. */
function textOfException(bytes: Buffer, start: number, end: number): string {
  let same = end - start === lastException.length;
  for (let i = 0; same && i < lastException.length; i++) same = bytes[start + i] === lastException[i];
  if (!same) {
    lastException = Buffer.from(bytes.subarray(start, end));
    lastExceptionText = lastException.toString("latin1");
  }
  return lastExceptionText;
}

/** The class of the exception in an event's stack trace, the first that is named; empty where there is none. */
function exceptionOf(reader: EventReader, lineEnd: number): string {
  if (!reader.several || reader.exception !== "") return reader.exception;
  const { bytes, end } = reader;
  const from = lineEnd + 1;
  const named = exceptionEnd(bytes, from, end);
  if (named > 0) return textOfException(bytes, from, named);
  return EXCEPTION.exec(bytes.toString("latin1", from, Math.min(end, from + 4_095)))?.[1] ?? "";
}
