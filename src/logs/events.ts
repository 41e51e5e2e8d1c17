import { ERRORS_STOP, type Kernel } from "./kernel.ts";
import { ERROR, FATAL, NONE } from "./level.ts";
import { CONTINUATION, type LineParser, START, TRACE } from "./line.ts";

/** Of a line, and of an event with its stack trace, so many bytes are looked at; the rest is counted as cut. */
export const LONGEST = 65_536;

/** Takes events; what it needs beyond the level it asks of the reader during the call. */
export interface EventSink {
  event(level: number, reader: EventReader): void;
  /** Whether events of this span of time may be handed over in rows. */
  accepts?(from: number, to: number): boolean;
  /** How errors in rows are treated: one of the constants of `kernel.ts`. */
  readonly errorsInRows?: number;
  /** Takes a row of a span that it accepted, from the kernel; times count from `base`. */
  row?(kernel: Kernel, base: number): void;
}

const GO_FRAME = /^(?:[\w./*()[\]{}<>-]+\(.*\)$|goroutine \d|created by |exit status )/;

/**
 * Cuts a stream of bytes into lines and lines into events. However the stream is cut into chunks, the events are the
 * same. Memory: one line and one event, each of at most {@link LONGEST} bytes.
 */
export class EventReader {
  /** Lines of which only the first {@link LONGEST} bytes were looked at. */
  cut = 0;
  /** Lines read, continuation lines included. */
  lines = 0;
  /** The event's time; NaN where neither it nor one before it names any. */
  time: number;
  /** First time that a line named; NaN before. */
  firstTime = Number.NaN;
  /** Host that the event names, where the parser looks for one. */
  host: string | undefined;
  /** Whether the event stands for a request. */
  request = false;
  /** The event's bytes, valid during the call of the sink. */
  bytes: Buffer = EMPTY;
  start = 0;
  end = 0;
  /** The message of the event's first line, as a range of `bytes`. */
  messageStart = 0;
  messageEnd = 0;
  /** Class of the exception that the first line's fields name; empty where they name none. */
  exception = "";
  /** Whether the event has more than one line. */
  several = false;
  /** What the message is a range of, where that is not `bytes`. */
  inner: Buffer | undefined;

  /** Counts rows of lines of one form, where chunks are read into its memory. */
  kernel: Kernel | undefined;
  #sink: EventSink;
  readonly #parser: LineParser;
  /** Whether the kernel knows a form, and what its moments count from. */
  #formed = false;
  #base = 0;
  #rowsClosed = false;
  /** First byte of lines of the form. */
  #rowsBegin = -1;
  /** Why the kernel did not take the line that is read next. */
  #stopped = 0;
  /** Lines that the form counted, and lines to go before another is tried: logs whose lines differ all the time are not worth it. */
  #yield = 0;
  #patience = 0;
  #penalty = 1;
  readonly #partial = Buffer.allocUnsafe(LONGEST + 2);
  #partialLength = 0;
  #skipping = false;
  #torn = false;
  #open = false;
  #quick = false;
  #flushed = false;
  #level = NONE;
  #header = false;
  #closed = false;
  #panic = false;
  #traceback = false;
  /** Whether the event is an object that is spread over several lines, and not at its end yet. */
  #spread = false;
  /** Streams, as bits, whose last line the container runtime has cut. */
  #unfinished = 0;
  #held: Buffer | undefined;
  #heldLength = 0;

  /** `time`: milliseconds since the epoch that events before the first line with a time get; NaN where that is unknown. */
  constructor(parser: LineParser, sink: EventSink, time = Number.NaN) {
    this.#parser = parser;
    this.#sink = sink;
    this.time = time;
  }

  /** Where events go; a later look may put another in its place. */
  get sink(): EventSink {
    return this.#sink;
  }

  set sink(sink: EventSink) {
    this.#sink = sink;
    this.#formed = false;
  }

  /** Bytes that are waiting for the end of their line. */
  get pending(): number {
    return this.#partialLength;
  }

  /** Reads on. The chunk may be reused after the call. */
  push(chunk: Buffer): void {
    let start = 0;
    if (this.#torn) {
      start = chunk.indexOf(10) + 1;
      if (start === 0) return;
      this.#torn = false;
    } else if (this.#partialLength > 0 || this.#skipping) {
      const end = chunk.indexOf(10);
      this.#keep(chunk, 0, end < 0 ? chunk.length : end);
      if (end < 0) return;
      this.#endPartial();
      start = end + 1;
    }
    const { length } = chunk;
    const inKernel = this.kernel !== undefined && chunk.buffer === this.kernel.chunk.buffer;
    while (start < length) {
      if (inKernel && this.#formed && chunk[start] === this.#rowsBegin) {
        const next = this.#rows(chunk, start);
        if (next > start) {
          start = next;
          continue;
        }
      }
      if (inKernel && this.#open && isBlank(chunk[start])) {
        const next = this.#indented(chunk, start);
        if (next > start) {
          start = next;
          continue;
        }
      }
      const end = chunk.indexOf(10, start);
      if (end < 0) break;
      if (end - start > LONGEST) {
        this.cut++;
        this.#line(chunk, start, start + LONGEST);
      } else {
        this.#line(chunk, start, end);
        if (inKernel && this.#level > NONE && this.start === start) this.#learn(chunk, end);
      }
      start = end + 1;
    }
    if (this.#open && !this.#flushed) this.#hold();
    if (start < length) this.#keep(chunk, start, length);
  }

  /** Hands over the event that is open, although lines of it may still come: those will be taken for its rest and not count. */
  flush(): void {
    if (this.#open && !this.#flushed) this.#close();
    this.#flushed = true;
  }

  /** Takes what has no line break yet for a whole line, and flushes; should the rest of the line come after all, it is dropped. */
  finish(): void {
    if (this.#partialLength > 0 || this.#skipping) {
      this.#endPartial();
      this.#torn = true;
    }
    this.flush();
  }

  /** Counts as many lines as have the known form; answers where the first other one begins. */
  #rows(chunk: Buffer, start: number): number {
    const { kernel } = this;
    if (kernel === undefined) return start;
    const from = chunk.byteOffset;
    const next = kernel.rows(from + start, from + chunk.length, this.#sink.errorsInRows ?? ERRORS_STOP) - from;
    this.#stopped = kernel.stopped;
    const { lines } = kernel;
    if (lines === 0) return start;
    if (this.#open && !this.#flushed) this.#close();
    this.#yield += lines;
    this.lines += lines;
    this.#sink.row?.(kernel, this.#base);
    this.time = this.#base + kernel.newest;
    // What follows may still belong to the last of them, which has been counted.
    this.#open = true;
    this.#flushed = true;
    this.#level = kernel.newestLevel;
    this.#header = true;
    this.#closed = this.#rowsClosed;
    this.#panic = false;
    this.#traceback = false;
    this.#quick = false;
    this.#spread = false;
    this.several = false;
    return next;
  }

  /** Adds the lines that begin with a blank to the open event; answers where the first other one begins. */
  #indented(chunk: Buffer, start: number): number {
    const { kernel } = this;
    if (kernel === undefined) return start;
    const from = chunk.byteOffset;
    const next = kernel.indented(from + start, from + chunk.length) - from;
    if (next === start) return start;
    this.lines += kernel.lines;
    this.#quick = false;
    this.#more(chunk, start, next - 1);
    return next;
  }

  /** Tells the kernel the form of the line that was read last. */
  #learn(chunk: Buffer, end: number): void {
    if (this.#level >= ERROR) {
      const stopped = this.#stopped;
      this.#stopped = 0;
      if (stopped === 2)
        this.kernel?.learn(chunk.byteOffset + this.start, chunk.byteOffset + end, this.#parser.messageField);
      if (stopped > 0 || (this.#sink.errorsInRows ?? ERRORS_STOP) === ERRORS_STOP) return;
    }
    if (this.#patience-- > 0) return;
    this.#penalty = this.#yield >= 8 ? 1 : Math.min(1_024, this.#penalty * 2);
    this.#patience = this.#penalty > 8 ? this.#penalty : 0;
    this.#yield = 0;
    this.#formed = false;
    const form = this.#parser.form(chunk, this.start, end);
    if (form === undefined || !this.#sink.accepts?.(form.base + form.low, form.base + form.high)) return;
    this.#formed = this.kernel?.form(form, form.closed) ?? false;
    this.#rowsBegin = form.literals[0][0] ?? -1;
    this.#base = form.base;
    this.#rowsClosed = form.closed;
  }

  #keep(chunk: Buffer, start: number, end: number): void {
    const room = LONGEST + 1 - this.#partialLength;
    const length = Math.min(end - start, room);
    if (length > 0) chunk.copy(this.#partial, this.#partialLength, start, start + length);
    this.#partialLength += Math.max(0, length);
    if (end - start > room) this.#skipping = true;
  }

  #endPartial(): void {
    const length = Math.min(this.#partialLength, LONGEST);
    if (this.#skipping || this.#partialLength > LONGEST) this.cut++;
    this.#partialLength = 0;
    this.#skipping = false;
    // As in a chunk, the line is followed by a line break, and not by the rest of a longer one.
    this.#partial[length] = 10;
    this.#line(this.#partial, 0, length);
    if (this.#open && !this.#flushed) this.#hold();
  }

  #line(bytes: Buffer, start: number, end: number): void {
    this.lines++;
    const parser = this.#parser;
    if (parser.quick(bytes, start, end)) {
      if (this.#open && !this.#flushed) this.#close();
      this.#open = true;
      this.#flushed = false;
      this.several = false;
      this.#level = parser.level;
      this.bytes = bytes;
      this.start = start;
      this.end = end;
      this.time = parser.time;
      if (parser.level >= ERROR) {
        this.messageStart = start + parser.message;
        this.messageEnd = end;
      }
      if (!this.#quick) this.#beginQuick();
      return;
    }
    this.#quick = false;
    parser.parse(bytes, start, end);
    const { part } = parser;
    if (this.#open) {
      if (this.#spread && bytes[start] === 125) {
        this.#more(bytes, start, end);
        this.#endSpread();
        return;
      }
      if (parser.stream > 0 && this.#continued()) {
        this.#more(bytes, start, end);
        return;
      }
      if (part === CONTINUATION || (part === TRACE && this.#level >= ERROR)) {
        if (part === TRACE) this.#traceback = bytes[start] === 84;
        this.#more(bytes, start, end);
        return;
      }
      if (part === START && !parser.header && this.#belongs(bytes, start, end)) {
        this.#more(bytes, start, end);
        return;
      }
      // java.util.logging writes time and class in one line, level and message in the next.
      if (
        this.#level === NONE &&
        parser.header &&
        Number.isNaN(parser.time) &&
        this.#header &&
        !this.several &&
        !this.#closed &&
        !this.#flushed &&
        !parser.closed
      ) {
        this.#level = parser.level;
        this.#more(bytes, start, end);
        return;
      }
      if (!this.#flushed) this.#close();
    } else if (end === start || (end === start + 1 && bytes[start] === 13)) return;
    this.#begin(bytes, start, end);
  }

  /** Whether the line goes on with one that the container runtime has cut; notes whether it is cut itself. */
  #continued(): boolean {
    const { stream, unfinished } = this.#parser;
    const goesOn = (this.#unfinished & stream) !== 0;
    this.#unfinished = unfinished ? this.#unfinished | stream : this.#unfinished & ~stream;
    return goesOn;
  }

  /** Takes level, time and message of an object that is spread over several lines from the whole of it. */
  #endSpread(): void {
    this.#spread = false;
    if (this.#flushed) return;
    const parser = this.#parser;
    parser.parseObject(this.bytes, this.start, this.end);
    if (!parser.header) return;
    this.#take(this.start, this.end);
    // What follows is no part of it, even without a header.
    this.#closed = true;
  }

  /** What is the same for all events whose first line was read the quick way; set once for a row of them. */
  #beginQuick(): void {
    this.#quick = true;
    if (Number.isNaN(this.firstTime)) this.firstTime = this.time;
    this.#header = true;
    this.#closed = false;
    this.#panic = false;
    this.#traceback = false;
    this.host = undefined;
    this.request = false;
    this.exception = "";
    this.inner = undefined;
    this.#spread = false;
  }

  /** Opens the event that the line just read begins. */
  #begin(bytes: Buffer, start: number, end: number): void {
    const parser = this.#parser;
    this.#open = true;
    this.#flushed = false;
    this.several = false;
    this.#traceback = parser.part === TRACE && bytes[start] === 84;
    this.#panic = parser.level === FATAL && !parser.header;
    this.#spread = bytes[start] === 123 && (end === start + 1 || (end === start + 2 && bytes[start + 1] === 13));
    if (parser.stream > 0) this.#continued();
    this.bytes = bytes;
    this.start = start;
    this.end = end;
    this.#take(start, end);
  }

  /** Takes what the parser has found. */
  #take(start: number, end: number): void {
    const parser = this.#parser;
    if (!Number.isNaN(parser.time)) {
      this.time = parser.time;
      if (Number.isNaN(this.firstTime)) this.firstTime = parser.time;
    }
    this.#level = parser.level;
    this.#header = parser.header;
    this.#closed = parser.closed;
    this.host = parser.host;
    this.request = parser.request;
    this.exception = parser.exception;
    this.inner = parser.inner;
    const origin = parser.inner === undefined ? start : 0;
    this.messageStart = origin + parser.message;
    this.messageEnd = parser.messageEnd < 0 ? end : origin + parser.messageEnd;
  }

  /** Whether a line without a header is a part of the open event. */
  #belongs(bytes: Buffer, start: number, end: number): boolean {
    if (this.#parser.level === FATAL) return false;
    if (this.#panic) return GO_FRAME.test(bytes.toString("latin1", start, Math.min(end, start + 400)));
    if (this.#traceback) {
      // The line that names a Python exception ends its trace.
      this.#traceback = false;
      return true;
    }
    return this.#header && !this.#closed && !Number.isNaN(this.firstTime);
  }

  #more(bytes: Buffer, start: number, end: number): void {
    if (this.#flushed) return;
    this.several = true;
    if (this.bytes === bytes && bytes !== this.#held) {
      this.end = end;
      return;
    }
    this.#hold();
    this.#append(bytes, start - (start > 0 ? 1 : 0), end, start === 0);
  }

  /** Moves the open event into memory of its own, since its chunk is about to go. */
  #hold(): void {
    if (this.#held !== undefined && this.bytes === this.#held) return;
    const offset = this.start;
    this.#held ??= Buffer.allocUnsafe(LONGEST);
    this.#heldLength = 0;
    this.#append(this.bytes, this.start, this.end, false);
    this.bytes = this.#held;
    this.start = 0;
    if (this.inner === undefined) {
      this.messageStart = Math.min(this.messageStart - offset, this.#heldLength);
      this.messageEnd = Math.min(this.messageEnd - offset, this.#heldLength);
    }
    this.end = this.#heldLength;
  }

  #append(bytes: Buffer, start: number, end: number, separate: boolean): void {
    const held = this.#held ?? EMPTY;
    if (separate && this.#heldLength < LONGEST) held[this.#heldLength++] = 10;
    const length = Math.min(end - start, LONGEST - this.#heldLength);
    if (length > 0) bytes.copy(held, this.#heldLength, start, start + length);
    this.#heldLength += Math.max(0, length);
    this.end = this.#heldLength;
  }

  #close(): void {
    if (this.end - this.start > LONGEST) this.end = this.start + LONGEST;
    if (this.inner === undefined && this.messageEnd > this.end) this.messageEnd = this.end;
    if (this.messageStart > this.messageEnd) this.messageStart = this.start;
    this.#sink.event(this.#level, this);
    this.#heldLength = 0;
  }
}

function isBlank(byte: number | undefined): boolean {
  return byte === 9 || byte === 32;
}

const EMPTY = Buffer.alloc(0);
