"use strict";
exports.id = 873;
exports.ids = [873];
exports.modules = {

/***/ 4452:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   i: () => (/* binding */ EventReader)
/* harmony export */ });
/* unused harmony export LONGEST */
/* harmony import */ var _level_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(7847);
/* harmony import */ var _line_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(4714);


/** Of a line, and of an event with its stack trace, so many bytes are looked at; the rest is counted as cut. */
const LONGEST = 65_536;
const GO_FRAME = /^(?:[\w./*()[\]{}<>-]+\(.*\)$|goroutine \d|created by |exit status )/;
/**
 * Cuts a stream of bytes into lines and lines into events. However the stream is cut into chunks, the events are the
 * same. Memory: one line and one event, each of at most {@link LONGEST} bytes.
 */
class EventReader {
    /** Lines of which only the first {@link LONGEST} bytes were looked at. */
    cut = 0;
    /** Lines read, continuation lines included. */
    lines = 0;
    /** The event's time; NaN where neither it nor one before it names any. */
    time;
    /** First time that a line named; NaN before. */
    firstTime = Number.NaN;
    /** Host that the event names, where the parser looks for one. */
    host;
    /** Whether the event stands for a request. */
    request = false;
    /** The event's bytes, valid during the call of the sink. */
    bytes = EMPTY;
    start = 0;
    end = 0;
    /** The message of the event's first line, as a range of `bytes`. */
    messageStart = 0;
    messageEnd = 0;
    /** Class of the exception that the first line's fields name; empty where they name none. */
    exception = "";
    /** Whether the event has more than one line. */
    several = false;
    /** Counts rows of lines of one form, where chunks are read into its memory. */
    kernel;
    #sink;
    #parser;
    /** Whether the kernel knows a form, and what its moments count from. */
    #formed = false;
    #base = 0;
    #rowsClosed = false;
    /** Lines that the form counted, and lines to go before another is tried: logs whose lines differ all the time are not worth it. */
    #yield = 0;
    #patience = 0;
    #penalty = 1;
    #partial = Buffer.allocUnsafe(LONGEST + 2);
    #partialLength = 0;
    #skipping = false;
    #torn = false;
    #open = false;
    #quick = false;
    #flushed = false;
    #level = _level_js__WEBPACK_IMPORTED_MODULE_0__/* .NONE */ .x3;
    #header = false;
    #closed = false;
    #panic = false;
    #traceback = false;
    #held;
    #heldLength = 0;
    /** `time`: milliseconds since the epoch that events before the first line with a time get; NaN where that is unknown. */
    constructor(parser, sink, time = Number.NaN) {
        this.#parser = parser;
        this.#sink = sink;
        this.time = time;
    }
    /** Where events go; a later look may put another in its place. */
    get sink() {
        return this.#sink;
    }
    set sink(sink) {
        this.#sink = sink;
        this.#formed = false;
    }
    /** Bytes that are waiting for the end of their line. */
    get pending() {
        return this.#partialLength;
    }
    /** Reads on. The chunk may be reused after the call. */
    push(chunk) {
        let start = 0;
        if (this.#torn) {
            start = chunk.indexOf(10) + 1;
            if (start === 0)
                return;
            this.#torn = false;
        }
        else if (this.#partialLength > 0 || this.#skipping) {
            const end = chunk.indexOf(10);
            this.#keep(chunk, 0, end < 0 ? chunk.length : end);
            if (end < 0)
                return;
            this.#endPartial();
            start = end + 1;
        }
        const { length } = chunk;
        const inKernel = this.kernel !== undefined && chunk.buffer === this.kernel.chunk.buffer;
        while (start < length) {
            if (inKernel && this.#formed) {
                const next = this.#rows(chunk, start);
                if (next > start) {
                    start = next;
                    continue;
                }
            }
            const end = chunk.indexOf(10, start);
            if (end < 0)
                break;
            if (end - start > LONGEST) {
                this.cut++;
                this.#line(chunk, start, start + LONGEST);
            }
            else {
                this.#line(chunk, start, end);
                if (inKernel && this.#level < _level_js__WEBPACK_IMPORTED_MODULE_0__/* .ERROR */ .ff && this.#level > _level_js__WEBPACK_IMPORTED_MODULE_0__/* .NONE */ .x3 && this.start === start)
                    this.#learn(chunk, end);
            }
            start = end + 1;
        }
        if (this.#open && !this.#flushed)
            this.#hold();
        if (start < length)
            this.#keep(chunk, start, length);
    }
    /** Hands over the event that is open, although lines of it may still come: those will be taken for its rest and not count. */
    flush() {
        if (this.#open && !this.#flushed)
            this.#close();
        this.#flushed = true;
    }
    /** Takes what has no line break yet for a whole line, and flushes; should the rest of the line come after all, it is dropped. */
    finish() {
        if (this.#partialLength > 0 || this.#skipping) {
            this.#endPartial();
            this.#torn = true;
        }
        this.flush();
    }
    /** Counts as many lines as have the known form; answers where the first other one begins. */
    #rows(chunk, start) {
        const { kernel } = this;
        if (kernel === undefined)
            return start;
        const errors = this.#sink.errorsByNumber?.() ?? false;
        const from = chunk.byteOffset;
        const next = kernel.rows(from + start, from + chunk.length, errors) - from;
        const { lines } = kernel;
        if (lines === 0)
            return start;
        if (this.#open && !this.#flushed)
            this.#close();
        this.#yield += lines;
        this.lines += lines;
        this.#sink.row?.(kernel.levels, this.#base + kernel.first, this.#base + kernel.last);
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
        this.several = false;
        return next;
    }
    /** Tells the kernel the form of the line that was read last. */
    #learn(chunk, end) {
        if (this.#patience-- > 0)
            return;
        this.#penalty = this.#yield >= 8 ? 1 : Math.min(1_024, this.#penalty * 2);
        this.#patience = this.#penalty > 8 ? this.#penalty : 0;
        this.#yield = 0;
        this.#formed = false;
        const form = this.#parser.form(chunk, this.start, end);
        if (form === undefined || !this.#sink.accepts?.(form.base + form.low, form.base + form.high))
            return;
        this.#formed = this.kernel?.form(form) ?? false;
        this.#base = form.base;
        this.#rowsClosed = form.closed;
    }
    #keep(chunk, start, end) {
        const room = LONGEST + 1 - this.#partialLength;
        const length = Math.min(end - start, room);
        if (length > 0)
            chunk.copy(this.#partial, this.#partialLength, start, start + length);
        this.#partialLength += Math.max(0, length);
        if (end - start > room)
            this.#skipping = true;
    }
    #endPartial() {
        const length = Math.min(this.#partialLength, LONGEST);
        if (this.#skipping || this.#partialLength > LONGEST)
            this.cut++;
        this.#partialLength = 0;
        this.#skipping = false;
        // As in a chunk, the line is followed by a line break, and not by the rest of a longer one.
        this.#partial[length] = 10;
        this.#line(this.#partial, 0, length);
        if (this.#open && !this.#flushed)
            this.#hold();
    }
    #line(bytes, start, end) {
        this.lines++;
        const parser = this.#parser;
        if (parser.quick(bytes, start, end)) {
            if (this.#open && !this.#flushed)
                this.#close();
            this.#open = true;
            this.#flushed = false;
            this.several = false;
            this.#level = parser.level;
            this.bytes = bytes;
            this.start = start;
            this.end = end;
            this.time = parser.time;
            if (parser.level >= _level_js__WEBPACK_IMPORTED_MODULE_0__/* .ERROR */ .ff) {
                this.messageStart = start + parser.message;
                this.messageEnd = end;
            }
            if (!this.#quick)
                this.#beginQuick();
            return;
        }
        this.#quick = false;
        parser.parse(bytes, start, end);
        const { part } = parser;
        if (this.#open) {
            if (part === _line_js__WEBPACK_IMPORTED_MODULE_1__/* .CONTINUATION */ ["in"] || (part === _line_js__WEBPACK_IMPORTED_MODULE_1__/* .TRACE */ ._P && this.#level >= _level_js__WEBPACK_IMPORTED_MODULE_0__/* .ERROR */ .ff)) {
                if (part === _line_js__WEBPACK_IMPORTED_MODULE_1__/* .TRACE */ ._P)
                    this.#traceback = bytes[start] === 84;
                this.#more(bytes, start, end);
                return;
            }
            if (part === _line_js__WEBPACK_IMPORTED_MODULE_1__/* .START */ .d3 && !parser.header && this.#belongs(bytes, start, end)) {
                this.#more(bytes, start, end);
                return;
            }
            // java.util.logging writes time and class in one line, level and message in the next.
            if (this.#level === _level_js__WEBPACK_IMPORTED_MODULE_0__/* .NONE */ .x3 &&
                parser.header &&
                Number.isNaN(parser.time) &&
                this.#header &&
                !this.several &&
                !this.#closed &&
                !this.#flushed &&
                !parser.closed) {
                this.#level = parser.level;
                this.#more(bytes, start, end);
                return;
            }
            if (!this.#flushed)
                this.#close();
        }
        else if (end === start || (end === start + 1 && bytes[start] === 13))
            return;
        this.#begin(bytes, start, end);
    }
    /** What is the same for all events whose first line was read the quick way; set once for a row of them. */
    #beginQuick() {
        this.#quick = true;
        if (Number.isNaN(this.firstTime))
            this.firstTime = this.time;
        this.#header = true;
        this.#closed = false;
        this.#panic = false;
        this.#traceback = false;
        this.host = undefined;
        this.request = false;
        this.exception = "";
    }
    /** Opens the event that the line just read begins. */
    #begin(bytes, start, end) {
        const parser = this.#parser;
        const { part } = parser;
        if (!Number.isNaN(parser.time)) {
            this.time = parser.time;
            if (Number.isNaN(this.firstTime))
                this.firstTime = parser.time;
        }
        this.#open = true;
        this.#flushed = false;
        this.several = false;
        this.#level = parser.level;
        this.#header = parser.header;
        this.#closed = parser.closed;
        this.#panic = parser.level === _level_js__WEBPACK_IMPORTED_MODULE_0__/* .FATAL */ .t0 && !parser.header;
        this.#traceback = part === _line_js__WEBPACK_IMPORTED_MODULE_1__/* .TRACE */ ._P && bytes[start] === 84;
        this.host = parser.host;
        this.request = parser.request;
        this.exception = parser.exception;
        this.bytes = bytes;
        this.start = start;
        this.end = end;
        this.messageStart = start + parser.message;
        this.messageEnd = parser.messageEnd < 0 ? end : start + parser.messageEnd;
    }
    /** Whether a line without a header is a part of the open event. */
    #belongs(bytes, start, end) {
        if (this.#parser.level === _level_js__WEBPACK_IMPORTED_MODULE_0__/* .FATAL */ .t0)
            return false;
        if (this.#panic)
            return GO_FRAME.test(bytes.toString("latin1", start, Math.min(end, start + 400)));
        if (this.#traceback) {
            // The line that names a Python exception ends its trace.
            this.#traceback = false;
            return true;
        }
        return this.#header && !this.#closed && !Number.isNaN(this.firstTime);
    }
    #more(bytes, start, end) {
        if (this.#flushed)
            return;
        this.several = true;
        if (this.bytes === bytes && bytes !== this.#held) {
            this.end = end;
            return;
        }
        this.#hold();
        this.#append(bytes, start - (start > 0 ? 1 : 0), end, start === 0);
    }
    /** Moves the open event into memory of its own, since its chunk is about to go. */
    #hold() {
        if (this.#held !== undefined && this.bytes === this.#held)
            return;
        const offset = this.start;
        this.#held ??= Buffer.allocUnsafe(LONGEST);
        this.#heldLength = 0;
        this.#append(this.bytes, this.start, this.end, false);
        this.bytes = this.#held;
        this.start = 0;
        this.messageStart = Math.min(this.messageStart - offset, this.#heldLength);
        this.messageEnd = Math.min(this.messageEnd - offset, this.#heldLength);
        this.end = this.#heldLength;
    }
    #append(bytes, start, end, separate) {
        const held = this.#held ?? EMPTY;
        if (separate && this.#heldLength < LONGEST)
            held[this.#heldLength++] = 10;
        const length = Math.min(end - start, LONGEST - this.#heldLength);
        if (length > 0)
            bytes.copy(held, this.#heldLength, start, start + length);
        this.#heldLength += Math.max(0, length);
        this.end = this.#heldLength;
    }
    #close() {
        if (this.end - this.start > LONGEST)
            this.end = this.start + LONGEST;
        if (this.messageEnd > this.end)
            this.messageEnd = this.end;
        if (this.messageStart > this.messageEnd)
            this.messageStart = this.start;
        this.#sink.event(this.#level, this);
        this.#heldLength = 0;
    }
}
const EMPTY = Buffer.alloc(0);


/***/ }),

/***/ 7847:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Ar: () => (/* binding */ levelOfWord),
/* harmony export */   FP: () => (/* binding */ levelOfSeverity),
/* harmony export */   GB: () => (/* binding */ QUICK_LENGTHS),
/* harmony export */   M4: () => (/* binding */ quickLevel),
/* harmony export */   Xq: () => (/* binding */ levelOfBytes),
/* harmony export */   ZW: () => (/* binding */ WARN),
/* harmony export */   ff: () => (/* binding */ ERROR),
/* harmony export */   pE: () => (/* binding */ levelOfNumber),
/* harmony export */   rD: () => (/* binding */ INFO),
/* harmony export */   t0: () => (/* binding */ FATAL),
/* harmony export */   x3: () => (/* binding */ NONE)
/* harmony export */ });
/* unused harmony exports levels, TRACE, DEBUG */
/** How grave an event is; `none` is the level of a line that names none. The index is the code used in tables. */
const levels = (/* unused pure expression or super */ null && (["none", "trace", "debug", "info", "warn", "error", "fatal"]));
/** Codes of {@link levels}; arithmetic on them is what makes counting fast. */
const NONE = 0;
const TRACE = 1;
const DEBUG = 2;
const INFO = 3;
const WARN = 4;
const ERROR = 5;
const FATAL = 6;
const words = new Map([
    ...["trace", "trc", "trce", "finest", "finer", "verbose", "silly"].map((word) => [word, TRACE]),
    ...["debug", "dbg", "dbug", "fine", "config"].map((word) => [word, DEBUG]),
    ...["info", "inf", "information", "informational", "notice", "note", "log"].map((word) => [word, INFO]),
    ...["warn", "warning", "wrn"].map((word) => [word, WARN]),
    ...["error", "err", "eror", "severe", "fail"].map((word) => [word, ERROR]),
    ...["fatal", "ftl", "critical", "crit", "panic", "dpanic", "alert", "emerg", "emergency"].map((word) => [word, FATAL]),
]);
/** The level code of a word as loggers write it, in any case (`ERROR`, `err`, `Warning`); `undefined` for any other word. */
function levelOfWord(word) {
    return words.get(word.toLowerCase());
}
const byStart = new Map();
for (const [text, level] of words) {
    const word = Buffer.from(text);
    const key = startOf(word, 0, word.length);
    byStart.set(key, [...(byStart.get(key) ?? []), { word, level }]);
}
function startOf(bytes, start, end) {
    const [a = 0, b = 0, c = 0] = [bytes[start], bytes[start + 1], bytes[start + 2]];
    return ((a | 32) << 20) | ((b | 32) << 12) | ((c | 32) << 4) | (end - start);
}
/** The level code of the word in these bytes, in any case; -1 for any other word. */
function levelOfBytes(bytes, start, end) {
    const length = end - start;
    if (length < 3 || length > 13)
        return -1;
    const key = (((bytes[start] ?? 0) | 32) << 20) |
        (((bytes[start + 1] ?? 0) | 32) << 12) |
        (((bytes[start + 2] ?? 0) | 32) << 4) |
        length;
    const candidates = byStart.get(key);
    if (candidates === undefined)
        return -1;
    next: for (const { word, level } of candidates) {
        for (let i = 3; i < length; i++)
            if (((bytes[start + i] ?? 0) | 32) !== word[i])
                continue next;
        return level;
    }
    return -1;
}
/** The level code of a number: pino's and bunyan's scale (10 trace … 60 fatal), below 10 a syslog severity. */
function levelOfNumber(value) {
    if (!(value >= 0))
        return NONE;
    return value < 10 ? levelOfSeverity(value) : Math.min(FATAL, Math.floor(value / 10));
}
/** The level code of a syslog severity (RFC 5424, table 2): 0–2 fatal, 3 error, 4 warning, 5–6 info, 7 debug. */
function levelOfSeverity(severity) {
    if (severity <= 2)
        return FATAL;
    if (severity === 3)
        return ERROR;
    if (severity === 4)
        return WARN;
    return severity <= 6 ? INFO : DEBUG;
}
/** How many letters the word had that {@link quickLevel} found. */
const QUICK_LENGTHS = [0, 5, 5, 4, 4, 5, 5];
/** The level code of the commonest words in capitals, where one of them begins here and ends after it; -1 for anything else. */
function quickLevel(bytes, at) {
    let level;
    switch (bytes[at]) {
        case 73: // INFO
            if (bytes[at + 1] !== 78 || bytes[at + 2] !== 70 || bytes[at + 3] !== 79)
                return -1;
            level = INFO;
            break;
        case 69: // ERROR
            if (bytes[at + 1] !== 82 || bytes[at + 2] !== 82 || bytes[at + 3] !== 79 || bytes[at + 4] !== 82)
                return -1;
            level = ERROR;
            break;
        case 87: // WARN
            if (bytes[at + 1] !== 65 || bytes[at + 2] !== 82 || bytes[at + 3] !== 78)
                return -1;
            level = WARN;
            break;
        case 68: // DEBUG
            if (bytes[at + 1] !== 69 || bytes[at + 2] !== 66 || bytes[at + 3] !== 85 || bytes[at + 4] !== 71)
                return -1;
            level = DEBUG;
            break;
        case 70: // FATAL
            if (bytes[at + 1] !== 65 || bytes[at + 2] !== 84 || bytes[at + 3] !== 65 || bytes[at + 4] !== 76)
                return -1;
            level = FATAL;
            break;
        case 84: // TRACE
            if (bytes[at + 1] !== 82 || bytes[at + 2] !== 65 || bytes[at + 3] !== 67 || bytes[at + 4] !== 69)
                return -1;
            level = TRACE;
            break;
        default:
            return -1;
    }
    const after = bytes[at + (level === INFO || level === WARN ? 4 : 5)];
    // Only what certainly ends the word and closes nothing else: a blank or a bracket.
    return after === 32 || after === 93 ? level : -1;
}


/***/ }),

/***/ 4714:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  "in": () => (/* binding */ CONTINUATION),
  WS: () => (/* binding */ LineParser),
  d3: () => (/* binding */ START),
  _P: () => (/* binding */ TRACE)
});

// UNUSED EXPORTS: MESSAGE_KEYS

;// CONCATENATED MODULE: ./build/src/logs/json.js
/**
 * Finds the fields of a JSON object in its bytes, without building the object: lines are read by the million, and of
 * most of them only level and time matter. Depth costs nothing, since nested values are skipped by counting brackets.
 */
class JsonScanner {
    bytes = Buffer.alloc(0);
    #at = 0;
    #end = 0;
    /** Without quotes; what `next` found. */
    keyStart = 0;
    keyEnd = 0;
    /** With quotes or brackets. */
    valueStart = 0;
    valueEnd = 0;
    /** True after `next` answered false because the object ended as it should. */
    complete = false;
    /** Begins with the object whose `{` is at `start`; `end` is where its line ends. */
    open(bytes, start, end) {
        this.bytes = bytes;
        this.#at = start + 1;
        this.#end = end;
        this.complete = false;
    }
    /** Goes to the next field at the top of the object; false at its end, or where the text is no JSON. */
    next() {
        const { bytes } = this;
        const end = this.#end;
        let at = this.#at;
        let c = bytes[at];
        while (c === 32 || c === 44 || c === 9)
            c = bytes[++at];
        if (c !== 34) {
            this.complete = c === 125;
            return false;
        }
        this.keyStart = at + 1;
        at = stringEnd(bytes, at, end);
        if (at > end)
            return false;
        this.keyEnd = at - 1;
        c = bytes[at];
        while (c === 32)
            c = bytes[++at];
        if (c !== 58)
            return false;
        c = bytes[++at];
        while (c === 32)
            c = bytes[++at];
        this.valueStart = at;
        at =
            c === 34
                ? stringEnd(bytes, at, end)
                : c === 123 || c === 91
                    ? nestedEnd(bytes, at, end)
                    : scalarEnd(bytes, at, end);
        if (at > end || at === this.valueStart)
            return false;
        this.valueEnd = at;
        this.#at = at;
        return true;
    }
    /** Whether the key is this one, given as bytes. */
    keyIs(name) {
        const { bytes, keyStart } = this;
        const { length } = name;
        if (this.keyEnd - keyStart !== length)
            return false;
        for (let i = 0; i < length; i++)
            if (bytes[keyStart + i] !== name[i])
                return false;
        return true;
    }
    isString() {
        return this.bytes[this.valueStart] === 34;
    }
    isObject() {
        return this.bytes[this.valueStart] === 123;
    }
    /** The value as text: a string without its escapes, an array of bytes (journald's way with binary messages) decoded, anything else as written. */
    text() {
        const raw = this.bytes.toString("utf8", this.valueStart, this.valueEnd);
        const first = raw.charCodeAt(0);
        if (first !== 34 && !(first === 91 && /^\[[\d,\s]*\]$/.test(raw)))
            return raw;
        try {
            const value = JSON.parse(raw);
            return typeof value === "string" ? value : Buffer.from(value).toString("utf8");
        }
        catch {
            return raw.slice(1, -1);
        }
    }
}
/** The place after the closing quote of the string at `at`; beyond `end` where there is none. */
function stringEnd(bytes, at, end) {
    for (let i = at + 1; i < end; i++) {
        const c = bytes[i];
        if (c === 34)
            return i + 1;
        if (c === 92)
            i++;
    }
    return end + 1;
}
function scalarEnd(bytes, at, end) {
    let i = at;
    for (; i < end; i++) {
        const c = bytes[i];
        if (c === 44 || c === 125 || c === 32 || c === 93)
            break;
        if (c === 34 || c === 123 || c === 58)
            return at;
    }
    return i;
}
function nestedEnd(bytes, at, end) {
    let depth = 0;
    for (let i = at; i < end; i++) {
        const c = bytes[i];
        if (c === 34)
            i = stringEnd(bytes, i, end) - 1;
        else if (c === 123 || c === 91)
            depth++;
        else if ((c === 125 || c === 93) && --depth === 0)
            return i + 1;
    }
    return end + 1;
}

// EXTERNAL MODULE: ./build/src/logs/level.js
var logs_level = __webpack_require__(7847);
// EXTERNAL MODULE: ./build/src/logs/time.js
var time = __webpack_require__(3192);
;// CONCATENATED MODULE: ./build/src/logs/line.js



/** What a line is to the event before it. */
const START = 0;
/** Certainly a part of the event before. */
const CONTINUATION = 1;
/** The head of a stack trace: part of the event before where that is an error, else an error by itself. */
const TRACE = 2;
const names = (...words) => words.map((word) => Buffer.from(word));
const LEVEL_KEYS = names("level", "severity", "lvl", "levelname", "log.level", "@l", "loglevel", "severity_text", "Level");
const TIME_KEYS = names("time", "ts", "timestamp", "@timestamp", "t", "@t", "datetime", "date", "asctime", "eventTime", "Timestamp");
const HOST_KEYS = names("host", "hostname", "_HOSTNAME", "host.name", "pod", "instance");
const MESSAGE_KEYS = names("msg", "message", "MESSAGE", "@m", "@mt", "event", "text", "error");
const [LOG, LOG_OBJECT_LEVEL, STREAM, PRIORITY, REALTIME, MESSAGE, HOST_OBJECT_NAME] = names("log", "level", "stream", "PRIORITY", "__REALTIME_TIMESTAMP", "MESSAGE", "name");
const EXCEPTION_KEYS = names("err", "error", "exception", "exc_info", "stack", "stack_trace", "stacktrace", "error.type", "error.stack_trace");
const TYPE_KEYS = names("type", "name", "kind", "class");
const EXCEPTION_CLASS = /(?:[A-Za-z_$][\w$]*\.)*[\w$]*(?:Error|Exception|Throwable)\b/;
const CONTINUED = /^(?:Caused by: |Suppressed: |\.\.\. \d+ more|at \S+ ?\(|During handling of the above|The above exception was|goroutine \d+ \[|created by |exit status \d|\[signal )/;
const PANICKED = /^(?:panic: |fatal error: |thread '.{0,100}' panicked at )/;
const TRACED = /^(?:Traceback \(most recent call last\):|Exception in thread |Uncaught |Unhandled |(?:[\w$]+[.:/])*[\w$]*(?:Error|Exception|Throwable)(?: \[\w+\])?(?::|$))/;
/** First letters and characters with which one of the three above can begin; everything else is spared the expressions. */
const MAY_BE_TRACE = new Uint8Array(256);
for (let c = 0; c < 256; c++)
    MAY_BE_TRACE[c] = /[A-Za-z_$.[]/.test(String.fromCharCode(c)) ? 1 : 0;
const PREFIX = /^(?:\[?[A-Z][A-Z]{2,8}\]?:? +|\d+:[A-Z] |\[[^\]\s]{1,32}\] +){1,3}[[(]?/;
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
/**
 * Reads single lines. The answer stands in the fields until the next call: an object for each of millions of lines
 * would cost more than reading them.
 */
class LineParser {
    /** Code of `level.ts`. */
    level = logs_level/* NONE */.x3;
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
    /** What else tells the kind of an error: the class of an exception, the status of a request; empty where the line's fields name none. */
    exception = "";
    /** The machine or container that the line names; only looked for where asked. */
    host;
    #format;
    #times;
    #klog;
    #fieldTimes;
    #accessTimes;
    #json = new JsonScanner();
    #hosts;
    #quick;
    #from = 0;
    /** Where the last line's time and level stand, if it had the form of `quick` or was an object that told both at once; else -1. */
    #timeAt = -1;
    #levelAt = -1;
    #levelEnd = -1;
    /** `hosts`: whether to look for the machine that a line names, at the cost of reading each line to its end. */
    constructor(format, context, hosts = false) {
        this.#format = format;
        this.#hosts = hosts;
        this.#quick = !hosts && (format === "auto" || format === "plain");
        this.#times = new time/* TimeReader */.XQ(context);
        this.#klog = new time/* TimeReader */.XQ(context, time/* klogTime */.hM);
        this.#fieldTimes = new time/* TimeReader */.XQ(context, fieldTime);
        this.#accessTimes = new time/* TimeReader */.XQ(context);
    }
    /** Reads the line at `start`, without its line break, up to `end`. Never throws, whatever the bytes are. */
    parse(bytes, start, end) {
        this.level = logs_level/* NONE */.x3;
        this.time = Number.NaN;
        this.part = START;
        this.header = false;
        this.closed = false;
        this.request = false;
        this.message = 0;
        this.messageEnd = -1;
        this.exception = "";
        this.host = undefined;
        this.#from = start;
        this.#timeAt = -1;
        const stop = end > start && bytes[end - 1] === 13 ? end - 1 : end;
        this.#line(bytes, start, stop, 0);
    }
    /**
     * Reads a line of the commonest form, a time like the last line's and a level in capitals right after it: answers true
     * and fills in time and level, and for errors `message`. Anything else is left to {@link parse}.
     */
    quick(bytes, start, end) {
        if (!this.#quick)
            return false;
        const first = bytes[start];
        if (first === 123 || first === 32 || first === 9)
            return false;
        const opened = first === 91 ? 1 : 0;
        if (!this.#times.again(bytes, start + opened, end))
            return false;
        this.#timeAt = start + opened;
        let at = this.#times.end;
        if (opened === 1) {
            if (bytes[at] !== 93)
                return false;
            at++;
        }
        if (bytes[at] !== 32)
            return false;
        at++;
        if (bytes[at] === 91)
            at++;
        const level = (0,logs_level/* quickLevel */.M4)(bytes, at);
        if (level < 0)
            return false;
        this.#levelAt = at;
        at += logs_level/* QUICK_LENGTHS */.GB[level] ?? 0;
        this.#levelEnd = at;
        if (at >= end)
            return false;
        this.time = this.#times.time;
        this.level = level;
        if (level >= logs_level/* ERROR */.ff) {
            while (at < end && isCloser(bytes[at] ?? 0))
                at++;
            this.message = at - start;
        }
        return true;
    }
    /** The form of the line that was read last, by which the lines after it can be counted in a row; `undefined` where it has none. */
    form(bytes, start, end) {
        const [timeAt, levelAt, levelEnd] = [this.#timeAt, this.#levelAt, this.#levelEnd];
        if (timeAt < start || levelAt < start || levelEnd >= end)
            return undefined;
        const closed = bytes[start] === 123;
        const levelFirst = levelAt < timeAt;
        const epoch = closed && bytes[timeAt - 1] !== 34;
        let [secondsAt, momentEnd, after] = [timeAt, timeAt, 0];
        let [base, low, high] = [0, 0, 59_999];
        if (epoch) {
            // 13 digits: the first 8 of them stay the same for 100 seconds.
            const text = bytes.toString("latin1", timeAt, timeAt + 14);
            if (!/^\d{13}\D/.test(text))
                return undefined;
            secondsAt = timeAt + 8;
            momentEnd = timeAt + 13;
            after = momentEnd;
            base = Number(text.slice(0, 8)) * 1e5;
            const minute = Math.floor(Number(text.slice(0, 13)) / 60_000) * 60_000;
            low = Math.max(0, minute - base);
            high = Math.min(99_999, minute + 59_999 - base);
        }
        else {
            const { prefix, suffix, minute } = (closed ? this.#fieldTimes : this.#times).form;
            if (prefix === 0)
                return undefined;
            secondsAt = timeAt + prefix;
            momentEnd = secondsAt + 2;
            if (/^[.,]\d/.test(bytes.toString("latin1", momentEnd, momentEnd + 2))) {
                momentEnd++;
                while ((bytes[momentEnd] ?? 0) >= 48 && (bytes[momentEnd] ?? 0) <= 57)
                    momentEnd++;
            }
            after = momentEnd + suffix;
            base = minute;
        }
        if (after >= end)
            return undefined;
        const piece = (from, to) => Buffer.from(bytes.subarray(from, to));
        const literals = levelFirst
            ? [piece(start, levelAt), piece(levelEnd, secondsAt), piece(momentEnd, after + 1)]
            : [piece(start, secondsAt), piece(momentEnd, levelAt), piece(levelEnd, levelEnd + 1)];
        const levels = !closed ? 0 : bytes[levelAt - 1] === 34 ? 1 : 2;
        return { literals, levelFirst, levels, digits: epoch ? 5 : 0, low, high, base, closed };
    }
    /** Takes a level that was told beside the line, where the line itself names none. */
    adopt(word) {
        if (this.level !== logs_level/* NONE */.x3 || this.part === CONTINUATION)
            return;
        const level = (0,logs_level/* levelOfWord */.Ar)(word);
        if (level === undefined)
            return;
        this.level = level;
        this.header = true;
    }
    #line(bytes, start, end, depth) {
        const first = bytes[start];
        if (start >= end || first === 32 || first === 9) {
            this.part = CONTINUATION;
            return;
        }
        const format = this.#format;
        const any = format === "auto";
        if (first === 123 && (any || format === "json") && this.#object(bytes, start, end, depth))
            return;
        if (first === 27) {
            const clean = withoutColours(bytes, start, end);
            this.#line(clean, 0, clean.length, depth);
            this.message = 0;
            return;
        }
        if (first === 60 && (any || format === "syslog") && this.#syslog(bytes, start, end))
            return;
        const opened = first === 91 || first === 40 ? 1 : 0;
        const time = this.#times.read(bytes, start + opened, end);
        if (Number.isNaN(time)) {
            if ((any || format === "access") && this.#access(bytes, start, end))
                return;
            if ((any || format === "logfmt") && this.#logfmt(bytes, start, end))
                return;
            if ((any || format === "plain") && this.#kubernetes(bytes, start, end))
                return;
        }
        this.#plain(bytes, start, end, depth, opened, time);
    }
    #plain(bytes, start, end, depth, opened, timeAtStart) {
        const first = bytes[start];
        let at = start + opened;
        let time = timeAtStart;
        if (!Number.isNaN(time)) {
            at = this.#times.end;
            if (bytes[at] === 93 || bytes[at] === 41)
                at++;
        }
        else {
            const headless = bytes.toString("latin1", start, Math.min(end, start + 160));
            if (depth === 0 && this.#prefixed(bytes, start, end, headless))
                return;
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
                if (this.#trace(first ?? 0, headless))
                    return;
                at = start;
            }
        }
        if (!Number.isNaN(time)) {
            this.time = time;
            this.header = true;
            if (depth < 2 && bytes[at] === 32 && this.#wrapped(bytes, at, end, depth)) {
                if (Number.isNaN(this.time))
                    this.time = time;
                return;
            }
        }
        this.#head(bytes, at, end);
        if (this.level >= logs_level/* ERROR */.ff && this.#format === "syslog")
            this.#tag(bytes, at, end);
    }
    /** A container runtime's `… stdout F `, or an object after the time: the level is inside. */
    #wrapped(bytes, at, end, depth) {
        const next = bytes[at + 1];
        if (next === 123 && (this.#format === "auto" || this.#format === "json")) {
            return this.#object(bytes, at + 1, end, depth + 1);
        }
        if (next !== 115)
            return false;
        const stream = CONTAINER.exec(bytes.toString("latin1", at, Math.min(end, at + 12)));
        if (!stream)
            return false;
        const outer = this.time;
        this.time = Number.NaN;
        this.header = false;
        this.#line(bytes, at + stream[0].length, end, depth + 1);
        if (Number.isNaN(this.time) && this.part !== CONTINUATION)
            this.time = outer;
        return true;
    }
    /** `[pod/name/container] ` and `name  | ` before each line, as kubectl and compose print them. */
    #prefixed(bytes, start, end, text) {
        const match = (text.startsWith("[pod/") ? POD.exec(text) : null) ?? (text.includes(" | ") ? COMPOSE.exec(text) : null);
        if (!match || (0,logs_level/* levelOfWord */.Ar)(match[1] ?? "") !== undefined)
            return false;
        this.#line(bytes, start + match[0].length, end, 1);
        this.host = match[1];
        return true;
    }
    #trace(first, text) {
        if (MAY_BE_TRACE[first] !== 1)
            return false;
        if (PANICKED.test(text)) {
            this.level = logs_level/* FATAL */.t0;
            return true;
        }
        if (CONTINUED.test(text)) {
            this.part = CONTINUATION;
            return true;
        }
        if (!TRACED.test(text))
            return false;
        this.part = TRACE;
        this.level = logs_level/* ERROR */.ff;
        return true;
    }
    /**
     * The first level word in the head of a line, where loggers put it: in capitals, closed by `]`, `|`, `>`, `:` or a
     * dash, after `level=`, or the first word after a time.
     */
    #head(bytes, from, end) {
        const stop = Math.min(end, from + HEAD);
        const timed = this.header;
        let word = 0;
        let named = false;
        this.message = from - this.#from;
        for (let at = from; at < stop;) {
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
                }
                else
                    at++;
                continue;
            }
            const begin = at;
            let capitals = true;
            while (at < end && LETTER[bytes[at] ?? 0] !== 0)
                if (LETTER[bytes[at++] ?? 0] === 2)
                    capitals = false;
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
            const level = (0,logs_level/* levelOfBytes */.Xq)(bytes, begin, at);
            if (level >= 0) {
                const closed = next === 93 ||
                    next === 124 ||
                    next === 62 ||
                    next === 125 ||
                    next === 41 ||
                    (next === 58 && (at + 1 >= end || bytes[at + 1] === 32)) ||
                    (next === 32 && (bytes[at + 1] === 124 || (bytes[at + 1] === 45 && bytes[at + 2] === 32)));
                if (named || closed || (capitals && !isPlainWord(bytes, begin, at)) || (timed && word === 0)) {
                    this.level = level;
                    this.header = true;
                    while (at < end && isCloser(bytes[at] ?? 0))
                        at++;
                    this.message = at - this.#from;
                    return;
                }
            }
            named = false;
            word++;
        }
    }
    /** Host and tag of a classic syslog line, `host app[12]: `, which the message begins after. */
    #tag(bytes, at, end) {
        const tag = TAG.exec(bytes.toString("latin1", at, Math.min(end, at + 160)));
        if (!tag)
            return;
        if (this.#hosts)
            this.host = tag[1];
        this.message = at + tag[0].length - this.#from;
    }
    #syslog(bytes, start, end) {
        let at = start + 1;
        let priority = 0;
        for (let c = bytes[at] ?? 0; c >= 48 && c <= 57 && at < start + 5; c = bytes[++at] ?? 0)
            priority = priority * 10 + c - 48;
        if (at === start + 1 || bytes[at] !== 62 || priority > 191)
            return false;
        at++;
        const modern = bytes[at] === 49 && bytes[at + 1] === 32;
        if (modern)
            at += 2;
        this.level = (0,logs_level/* levelOfSeverity */.FP)(priority & 7);
        this.header = true;
        const time = this.#times.read(bytes, at, end);
        if (!Number.isNaN(time)) {
            this.time = time;
            at = this.#times.end;
        }
        this.message = at - this.#from;
        if (!modern) {
            if (this.level >= logs_level/* ERROR */.ff || this.#hosts)
                this.#tag(bytes, at, end);
        }
        else if (this.level >= logs_level/* ERROR */.ff || this.#hosts) {
            const rest = bytes.toString("latin1", at, Math.min(end, at + 2048));
            const head = /^(?: -)? (\S+) \S+ \S+ \S+ (?:-|(?:\[(?:[^\]"\\]|\\.|"(?:[^"\\]|\\.)*")*\])+) ?(?:\u00ef\u00bb\u00bf)?/.exec(rest);
            if (head) {
                this.message = at + head[0].length - this.#from;
                if (this.#hosts)
                    this.host = head[1];
            }
        }
        return true;
    }
    #kubernetes(bytes, start, end) {
        const first = bytes[start];
        if (first !== 73 && first !== 87 && first !== 69 && first !== 70)
            return false;
        const time = this.#klog.read(bytes, start + 1, end);
        if (Number.isNaN(time))
            return false;
        let at = this.#klog.end;
        while (bytes[at] === 32)
            at++;
        const thread = at;
        while (at < end && (bytes[at] ?? 0) >= 48 && (bytes[at] ?? 0) <= 57)
            at++;
        const close = at > thread && bytes[at] === 32 ? bytes.indexOf("] ", at, "latin1") : -1;
        if (close < 0 || close >= end || close - at > 200)
            return false;
        this.time = time;
        this.level = first === 73 ? logs_level/* INFO */.rD : first === 87 ? logs_level/* WARN */.ZW : first === 69 ? logs_level/* ERROR */.ff : logs_level/* FATAL */.t0;
        this.header = true;
        this.message = close + 2 - this.#from;
        return true;
    }
    /** nginx's and Apache's common and combined formats, with or without fields before the address: 5xx is an error. */
    #access(bytes, start, end) {
        const limit = Math.min(end, start + 256);
        let at = start;
        let spaces = 0;
        for (; at < limit; at++) {
            const c = bytes[at];
            if (c === 91)
                break;
            if (c === 32 && ++spaces > 5)
                return false;
            if (c === 34 || c === 61 || c === 123)
                return false;
        }
        if (at >= limit || spaces < 3)
            return false;
        const time = this.#accessTimes.read(bytes, at + 1, end);
        if (Number.isNaN(time))
            return false;
        at = this.#accessTimes.end;
        if (bytes[at] !== 93 || bytes[at + 1] !== 32 || bytes[at + 2] !== 34)
            return false;
        const request = at + 3;
        at = request;
        for (let c = bytes[at]; at < end && c !== 34; c = bytes[++at])
            if (c === 92)
                at++;
        if (at >= end || bytes[at + 1] !== 32)
            return false;
        const status = (bytes[at + 2] ?? 0) - 48;
        const after = bytes[at + 5];
        if (status < 1 || status > 5 || (at + 5 < end && after !== 32))
            return false;
        this.time = time;
        this.level = status === 5 ? logs_level/* ERROR */.ff : status === 4 ? logs_level/* WARN */.ZW : logs_level/* INFO */.rD;
        this.header = true;
        this.closed = true;
        this.request = true;
        this.message = request - this.#from;
        this.messageEnd = at - this.#from;
        if (status === 5)
            this.exception = bytes.toString("latin1", at + 2, at + 5);
        return true;
    }
    #logfmt(bytes, start, end) {
        const first = bytes[start] ?? 0;
        if (LETTER[first] === 0 && first !== 64 && first !== 95)
            return false;
        let at = start;
        let found = false;
        let messageStart = -1;
        let messageEnd = -1;
        while (at < end) {
            const key = at;
            while (at < end && isKeyPart(bytes[at] ?? 0))
                at++;
            if (at === key || bytes[at] !== 61) {
                if (key === start)
                    return false;
                while (at < end && bytes[at] !== 32)
                    at++;
                while (bytes[at] === 32)
                    at++;
                continue;
            }
            const keyEnd = at++;
            let value = at;
            let valueEnd;
            if (bytes[at] === 34) {
                value = ++at;
                for (let c = bytes[at]; at < end && c !== 34; c = bytes[++at])
                    if (c === 92)
                        at++;
                valueEnd = Math.min(at, end);
                at++;
            }
            else {
                while (at < end && bytes[at] !== 32)
                    at++;
                valueEnd = at;
            }
            while (bytes[at] === 32)
                at++;
            const length = keyEnd - key;
            if (length <= 9) {
                if (isLevelKey(bytes, key, keyEnd)) {
                    this.level = levelOfValue(bytes, value, valueEnd);
                    found = true;
                }
                else if (isTimeKey(bytes, key, keyEnd)) {
                    const time = this.#fieldTimes.read(bytes, value, valueEnd);
                    if (!Number.isNaN(time)) {
                        this.time = time;
                        found = true;
                    }
                }
                else if (length === 3 && bytes[key] === 109 && bytes[key + 1] === 115 && bytes[key + 2] === 103) {
                    messageStart = value;
                    messageEnd = valueEnd;
                }
                else if (this.#hosts && length >= 4 && bytes[key] === 104) {
                    const name = bytes.toString("latin1", key, keyEnd);
                    if (name === "host" || name === "hostname")
                        this.host = bytes.toString("utf8", value, valueEnd);
                }
            }
        }
        if (!found)
            return false;
        this.header = true;
        this.closed = true;
        if (messageStart >= 0) {
            this.message = messageStart - this.#from;
            this.messageEnd = messageEnd - this.#from;
        }
        return true;
    }
    #object(bytes, start, end, depth) {
        const json = this.#json;
        json.open(bytes, start, end);
        let level = -1;
        let time = Number.NaN;
        let journal = false;
        let stream = false;
        let inner;
        let fields = 0;
        let early = false;
        let [timeAt, levelAt, levelEnd] = [-1, -1, -1];
        while (json.next()) {
            fields++;
            const key = json.keyStart;
            const length = json.keyEnd - key;
            switch (bytes[json.keyStart]) {
                case 108: // l
                    if (length === 3 && json.keyIs(LOG)) {
                        if (json.isString())
                            inner ??= json.text();
                        else if (json.isObject() && level < 0)
                            level = this.#nested(LOG_OBJECT_LEVEL);
                        break;
                    }
                    if (level < 0 && (isLevel(bytes, key, length) || isOne(json, LEVEL_KEYS))) {
                        level = valueLevel(json);
                        const quoted = json.isString() ? 1 : 0;
                        levelAt = json.valueStart + quoted;
                        levelEnd = json.valueEnd - quoted;
                    }
                    break;
                case 115: // s
                    if (length === 6 && json.keyIs(STREAM))
                        stream = true;
                    else if (level < 0 && isOne(json, LEVEL_KEYS))
                        level = valueLevel(json);
                    break;
                case 76: // L
                    if (level < 0 && isOne(json, LEVEL_KEYS))
                        level = valueLevel(json);
                    break;
                case 80: // P
                    if (length === 8 && json.keyIs(PRIORITY))
                        level = valueLevel(json);
                    break;
                case 95: // _
                    if (length === 20 && json.keyIs(REALTIME)) {
                        journal = true;
                        time = Number(json.text()) / 1000;
                    }
                    else if (this.#hosts && isOne(json, HOST_KEYS))
                        this.host = json.text();
                    break;
                case 77: // M
                    if (length === 7 && json.keyIs(MESSAGE))
                        inner ??= json.text();
                    break;
                case 64: // @
                    if (length === 2 && level < 0 && isOne(json, LEVEL_KEYS))
                        level = valueLevel(json);
                    if (Number.isNaN(time) && isOne(json, TIME_KEYS))
                        time = this.#fieldTime();
                    break;
                case 116: // t
                    if (Number.isNaN(time) && (isTime(bytes, key, length) || isOne(json, TIME_KEYS))) {
                        time = this.#fieldTime();
                        timeAt = json.valueStart + (json.isString() ? 1 : 0);
                    }
                    break;
                case 100: // d
                case 97: // a
                case 101: // e
                case 84: // T
                    if (Number.isNaN(time) && isOne(json, TIME_KEYS))
                        time = this.#fieldTime();
                    break;
                case 104: // h
                case 112: // p
                case 105: // i
                    if (this.#hosts && this.host === undefined && isOne(json, HOST_KEYS)) {
                        if (json.isObject())
                            this.#hostObject();
                        else
                            this.host = json.text();
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
        if (!early && !json.complete && fields === 0)
            return false;
        this.header = true;
        this.closed = true;
        this.level = level < 0 ? logs_level/* NONE */.x3 : level;
        this.time = time;
        if (inner !== undefined && depth === 0 && (journal || stream))
            this.#inside(inner, journal);
        else if (level >= logs_level/* ERROR */.ff)
            this.#said(bytes, start, end);
        return true;
    }
    /** Message and exception of an error: read only then, since they stand after what every line is read for. */
    #said(bytes, start, end) {
        const json = this.#json;
        json.open(bytes, start, end);
        let rank = MESSAGE_KEYS.length;
        while (json.next()) {
            const length = json.keyEnd - json.keyStart;
            if (length < 2 || length > 17)
                continue;
            const key = bytes[json.keyStart];
            if (json.isString() && (key === 109 || key === 64 || key === 77 || key === 101 || key === 116)) {
                const at = MESSAGE_KEYS.findIndex((name) => json.keyIs(name));
                if (at >= 0 && at < rank) {
                    rank = at;
                    this.message = json.valueStart + 1 - this.#from;
                    this.messageEnd = json.valueEnd - 1 - this.#from;
                }
            }
            if ((key === 101 || key === 115) && this.exception === "" && isOne(json, EXCEPTION_KEYS))
                this.#thrown();
        }
    }
    #thrown() {
        const json = this.#json;
        if (!json.isObject()) {
            const text = json.bytes.toString("latin1", json.valueStart + 1, Math.min(json.valueEnd, json.valueStart + 2_048));
            this.exception = EXCEPTION_CLASS.exec(text)?.[0] ?? "";
            return;
        }
        const inner = new JsonScanner();
        inner.open(json.bytes, json.valueStart, json.valueEnd);
        while (inner.next()) {
            if (inner.isString() && isOne(inner, TYPE_KEYS))
                this.exception = inner.text().slice(0, 100);
        }
    }
    /** The application's own line inside a journal entry or a docker record: its level counts where it names one, its time too. */
    #inside(text, journal) {
        const { level, time, host } = this;
        const bytes = Buffer.from(text.replace(/\n$/, ""));
        this.#line(bytes, 0, bytes.length, 1);
        if (journal && this.part === CONTINUATION && level >= 0)
            this.part = START;
        if (this.level === logs_level/* NONE */.x3)
            this.level = level;
        // The record's own clock is the one that its window was asked for by.
        if (!Number.isNaN(time))
            this.time = time;
        this.host = host;
        this.header = this.header || journal;
        this.closed = journal;
        this.message = 0;
        this.messageEnd = -1;
    }
    /** The level in a nested object, as ECS writes it: `"log":{"level":"error"}`. */
    #nested(name) {
        const inner = new JsonScanner();
        inner.open(this.#json.bytes, this.#json.valueStart, this.#json.valueEnd);
        while (inner.next())
            if (inner.keyIs(name))
                return valueLevel(inner);
        return -1;
    }
    #hostObject() {
        const inner = new JsonScanner();
        inner.open(this.#json.bytes, this.#json.valueStart, this.#json.valueEnd);
        while (inner.next())
            if (inner.keyIs(HOST_OBJECT_NAME))
                this.host = inner.text();
    }
    #fieldTime() {
        const json = this.#json;
        const quoted = json.isString() ? 1 : 0;
        return this.#fieldTimes.read(json.bytes, json.valueStart + quoted, json.valueEnd - quoted);
    }
}
/** A time that fills a whole field: any text form, or an epoch number in any unit. */
function fieldTime(text, context) {
    const number = /^\d+(?:\.\d+)?(?:[eE]\+?\d+)?(?![\w:./-])/.exec(text)?.[0];
    if (number && number.length >= 9)
        return { time: (0,time/* epochTime */.Rl)(Number(number)), end: number.length, seconds: -1 };
    return (0,time/* timeAtStart */.DI)(text, context);
}
function valueLevel(json) {
    const quoted = json.isString() ? 1 : 0;
    return levelOfValue(json.bytes, json.valueStart + quoted, json.valueEnd - quoted);
}
function levelOfValue(bytes, start, end) {
    const first = bytes[start] ?? 0;
    if (first >= 48 && first <= 57)
        return (0,logs_level/* levelOfNumber */.pE)(Number(bytes.toString("latin1", start, end)));
    if (first !== 27 && first !== 92) {
        const level = (0,logs_level/* levelOfBytes */.Xq)(bytes, start, end);
        if (level >= 0)
            return level;
    }
    // winston's colours, escaped in JSON or raw.
    const clean = withoutColours(bytes, start, Math.min(end, start + 64)).toString("latin1");
    const word = /[A-Za-z]{3,13}/.exec(clean.replace(/\\u001b\[[0-9;]*m/gi, ""));
    return (word && (0,logs_level/* levelOfWord */.Ar)(word[0])) ?? logs_level/* NONE */.x3;
}
/** The commonest keys, compared by themselves since every line asks for them. */
function isLevel(bytes, at, length) {
    return (length === 5 && bytes[at + 1] === 101 && bytes[at + 2] === 118 && bytes[at + 3] === 101 && bytes[at + 4] === 108);
}
function isTime(bytes, at, length) {
    return length === 4 && bytes[at + 1] === 105 && bytes[at + 2] === 109 && bytes[at + 3] === 101;
}
function isOne(json, keys) {
    for (const key of keys)
        if (json.keyIs(key))
            return true;
    return false;
}
function isLevelKey(bytes, start, end) {
    const length = end - start;
    if (length !== 3 && length !== 5 && length !== 8)
        return false;
    const first = bytes[start];
    if (first !== 108 && first !== 115)
        return false;
    const name = bytes.toString("latin1", start, end);
    return name === "level" || name === "lvl" || name === "severity";
}
function isTimeKey(bytes, start, end) {
    if (bytes[start] !== 116)
        return false;
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
function isKeyPart(byte) {
    return KEY_PART[byte] === 1;
}
function isWordPart(byte) {
    return WORD_PART[byte] === 1;
}
function isCloser(byte) {
    return byte === 32 || byte === 93 || byte === 124 || byte === 58 || byte === 62 || byte === 45 || byte === 9;
}
function wordEnd(bytes, at, end) {
    let i = at;
    while (i < end && WORD_PART[bytes[i] ?? 0] === 1)
        i++;
    return i;
}
const PLAIN_WORDS = new Set(["LOG", "NOTE", "CONFIG", "FINE", "FAIL", "VERBOSE"]);
/** Words in capitals that are levels only where they are closed: `LOG:` is one, `LOG` in a sentence is none. */
function isPlainWord(bytes, start, end) {
    const first = bytes[start];
    if (first !== 76 && first !== 78 && first !== 67 && first !== 70 && first !== 86)
        return false;
    return PLAIN_WORDS.has(bytes.toString("latin1", start, end));
}
// biome-ignore lint/suspicious/noControlCharactersInRegex: terminal colours begin with the escape character
const COLOURS = /\u001b\[[0-9;:?]*[ -/]*[@-~]|\u001b/g;
function withoutColours(bytes, start, end) {
    return Buffer.from(bytes.toString("latin1", start, end).replace(COLOURS, ""), "latin1");
}


/***/ }),

/***/ 2884:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  X: () => (/* binding */ Looks)
});

// EXTERNAL MODULE: ./build/src/logs/pattern.js
var pattern = __webpack_require__(8615);
// EXTERNAL MODULE: ./build/src/logs/level.js
var level = __webpack_require__(7847);
;// CONCATENATED MODULE: ./build/src/logs/report.js

/** Probability by chance, over all kinds together, below which a kind counts as risen. */
const CHANCE = 0.001;
/** Kinds listed; the most frequent ones. */
const MOST_LISTED = 50;
/** The counts of a tally as the rest of the house sees them. */
function reportOf(tally, notes) {
    const data = tally.data();
    const lines = sum(data.levels, 0);
    const unreadable = [...notes.unreadable];
    if (data.lateMore > 0) {
        unreadable.push({
            path: "(events after the window)",
            reason: `${data.lateMore} events are dated after the end of the window: more than can be kept for later; check the clocks`,
        });
    }
    const dated = Number.isFinite(data.first);
    return {
        lines,
        errors: sum(data.levels, level/* ERROR */.ff),
        fatal: sum(data.levels, level/* FATAL */.t0),
        ...(dated ? { first: data.first, last: data.last } : {}),
        ...(data.sample === "" ? {} : { sample: data.sample }),
        unreadable,
        requests: data.requests,
        ...(notes.compared
            ? { baseline: { lines: sum(data.before, 0), errors: sum(data.before, level/* ERROR */.ff), fatal: sum(data.before, level/* FATAL */.t0) } }
            : {}),
        bucketWidth: data.width,
        buckets: data.buckets.map(([start, levels]) => ({
            start,
            lines: sum(levels, 0),
            errors: sum(levels, level/* ERROR */.ff),
            fatal: sum(levels, level/* FATAL */.t0),
            warnings: levels[level/* WARN */.ZW] ?? 0,
        })),
        sources: data.sources.map(([name, counts]) => ({ name, ...counts })).sort((a, b) => (a.name < b.name ? -1 : 1)),
        ...(notes.compared
            ? {
                silent: silentSources(new Map(data.sources.map(([name, counts]) => [name, counts.lines])), notes.history, notes),
            }
            : {}),
        ...(notes.signatures ? signaturesOf(tally.signatures.report(), data, notes.linesSoFar, notes.linesBefore) : {}),
        cutLines: notes.cutLines,
        bytes: notes.bytes,
    };
}
/** Lines that a source must have been expected to write before its silence means something. */
const EXPECTED = 20;
/** Names of sources that wrote nothing in a span in which, at their pace before the window, they would have written 20 lines or more. */
function silentSources(lines, history, spans) {
    if (!(spans.baselineSpan > 0))
        return [];
    const silent = [...history].filter(([name, before]) => (lines.get(name) ?? 0) === 0 && (before * spans.span) / spans.baselineSpan >= EXPECTED);
    return silent.map(([name]) => name).sort();
}
function signaturesOf(all, data, lines, before) {
    return {
        newSignatures: all.filter((one) => one.before === 0).slice(0, MOST_LISTED),
        risenSignatures: risen(all, before, lines).slice(0, MOST_LISTED),
        unsorted: data.overflow,
    };
}
/**
 * Kinds seen before whose share of all events has at least doubled, where that is not chance: given the events of the
 * kind, those in the window are binomial with the window's share of all events (the conditional test for two Poisson
 * rates), and the probability of so many is below 0.1% divided by the number of kinds.
 */
function risen(all, linesBefore, lines) {
    const share = lines / (lines + linesBefore);
    return all.filter((one) => {
        if (one.before === 0 || one.count / lines < (2 * one.before) / linesBefore)
            return false;
        return upperTail(one.count, one.count + one.before, share) < CHANCE / all.length;
    });
}
/** P(X ≥ k) for X binomial with n trials of probability p, summed until further terms no longer matter. */
function upperTail(k, n, p) {
    if (p >= 1)
        return 1;
    let term = Math.exp(logChoose(n, k) + k * Math.log(p) + (n - k) * Math.log1p(-p));
    let total = term;
    for (let i = k; i < n && term > total * 1e-12; i++) {
        term *= (((n - i) / (i + 1)) * p) / (1 - p);
        total += term;
    }
    return Math.min(1, total);
}
function logChoose(n, k) {
    return logFactorial(n) - logFactorial(k) - logFactorial(n - k);
}
/** Stirling's series, exact to 1e-10 from 20 on; below it is multiplied out. */
function logFactorial(n) {
    if (n < 20) {
        let product = 1;
        for (let i = 2; i <= n; i++)
            product *= i;
        return Math.log(product);
    }
    return n * Math.log(n) - n + Math.log(2 * Math.PI * n) / 2 + 1 / (12 * n) - 1 / (360 * n ** 3);
}
function sum(levels, from) {
    let total = 0;
    for (let i = from; i < levels.length; i++)
        total += levels[i] ?? 0;
    return total;
}

// EXTERNAL MODULE: ./build/src/logs/signature.js
var signature = __webpack_require__(3951);
// EXTERNAL MODULE: ./build/src/logs/tally.js
var logs_tally = __webpack_require__(8231);
;// CONCATENATED MODULE: ./build/src/logs/look.js




/** What looks of one source have in common and hand on to each other, whatever the source is. */
class Looks {
    match;
    ignore;
    #options;
    #control;
    #signatures = new signature/* SignatureTable */.B();
    #history = new Map();
    #linesBefore = 0;
    #lines = 0;
    #since = Number.NaN;
    #waiting = [];
    #first;
    #until = Number.NEGATIVE_INFINITY;
    /** `control`: whether other machines are read to compare with. Throws a ConfigurationError for an expression that cannot be used. */
    constructor(options, control = false) {
        this.#options = options;
        this.#control = control;
        this.match = options.match === undefined ? undefined : (0,pattern/* compilePattern */.E)(options.match, "match");
        this.ignore = options.ignore === undefined ? undefined : (0,pattern/* compilePattern */.E)(options.ignore, "ignore");
    }
    begin(window) {
        const baseline = this.#options.baseline ?? 0;
        this.#first ??= window.since;
        const before = Math.min(window.since, this.#first) - baseline;
        const options = {
            since: window.since,
            until: window.until,
            before,
            signatures: this.#options.signatures ?? false,
            match: this.match,
            ignore: this.ignore,
        };
        // Kinds are counted over all looks of one window: one that was new an hour ago is new still.
        if (window.since !== this.#since) {
            this.#signatures.restart();
            this.#lines = 0;
        }
        this.#since = window.since;
        const tally = new logs_tally/* Tally */.F(options, this.#options.bucket, this.#signatures);
        for (const event of this.#waiting)
            tally.recall(event);
        this.#waiting = [];
        return { window, from: before, tally, options, unreadable: [], cutLines: 0, bytes: 0 };
    }
    end(look) {
        const { tally, window } = look;
        const data = tally.data();
        this.#waiting = data.late;
        for (const [name, { before }] of data.sources) {
            if (before > 0)
                this.#history.set(name, (this.#history.get(name) ?? 0) + before);
        }
        this.#linesBefore += data.before.reduce((total, count) => total + count, 0);
        this.#lines += data.levels.reduce((total, count) => total + count, 0);
        const baseline = this.#options.baseline ?? 0;
        const report = reportOf(tally, {
            unreadable: look.unreadable,
            signatures: this.#options.signatures ?? false,
            compared: baseline > 0 || this.#control,
            cutLines: look.cutLines,
            bytes: look.bytes,
            linesBefore: this.#linesBefore,
            linesSoFar: this.#lines,
            span: window.until - Math.max(window.since, this.#until),
            baselineSpan: baseline,
            history: this.#history,
        });
        this.#until = Math.max(this.#until, window.until);
        return report;
    }
}


/***/ }),

/***/ 8615:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   E: () => (/* binding */ compilePattern)
/* harmony export */ });
/* harmony import */ var _platform_errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(5286);

/** Steps of the automaton; more would make a look at one byte expensive. */
const MOST_STEPS = 2_000;
/** Kept states; at so many the memory is emptied and filled anew. */
const MOST_STATES = 500;
/**
 * Compiles a regular expression for a search in bytes (UTF-8), in time proportional to the text, whatever the
 * expression is: it becomes an automaton whose states are made when they are first needed (Thompson, *Regular
 * expression search algorithm*, CACM 11(6), 1968). `^` and `$` hold at the ends of every line. `(?i)` at the beginning
 * ignores the case of ASCII letters. What needs backtracking (back references, look-around) and what is too large is
 * refused with a ConfigurationError that names the expression and the place.
 */
function compilePattern(source, name) {
    const parser = new Parser(source, name);
    return new Automaton(source, parser.parse(), (reason) => parser.refuse(reason));
}
class Parser {
    #source;
    #name;
    #text;
    #ignoreCase;
    #at = 0;
    #depth = 0;
    constructor(source, name) {
        this.#source = source;
        this.#name = name;
        this.#ignoreCase = source.startsWith("(?i)");
        this.#text = this.#ignoreCase ? source.slice(4) : source;
    }
    refuse(reason) {
        const column = this.#at + 1 + (this.#ignoreCase ? 4 : 0);
        throw new _platform_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .ConfigurationError */ .j1(`${this.#name}: cannot use "${this.#source}" (column ${column}): ${reason}`);
    }
    parse() {
        const node = this.#choice();
        if (this.#at < this.#text.length)
            this.refuse(`")" without "("; write "\\)" for the character`);
        return node;
    }
    #choice() {
        if (++this.#depth > 100)
            this.refuse("groups are nested more than 100 deep");
        const nodes = [this.#sequence()];
        while (this.#text[this.#at] === "|") {
            this.#at++;
            nodes.push(this.#sequence());
        }
        this.#depth--;
        return nodes.length === 1 && nodes[0] ? nodes[0] : { kind: "choice", nodes };
    }
    #sequence() {
        const nodes = [];
        for (let c = this.#text[this.#at]; c !== undefined && c !== "|" && c !== ")"; c = this.#text[this.#at]) {
            nodes.push(this.#repeated(this.#atom(c)));
        }
        return { kind: "sequence", nodes };
    }
    #repeated(atom) {
        let node = atom;
        for (;;) {
            const rest = this.#text.slice(this.#at, this.#at + 16);
            const match = /^(?:([*+?])|\{(\d+)(?:(,)(\d*))?\})/.exec(rest);
            if (!match)
                return node;
            if (node.kind === "assert")
                this.refuse(`nothing to repeat before "${match[0]}"`);
            this.#at += match[0].length;
            if (this.#text[this.#at] === "?")
                this.#at++;
            else if (this.#text[this.#at] === "+")
                this.refuse("possessive repeats are not supported; leave the second + out");
            const min = match[1] === "+" ? 1 : Number(match[2] ?? 0);
            const max = match[1] === "?" ? 1 : match[1] || (match[3] && !match[4]) ? Infinity : Number(match[4] || min);
            if (max < min)
                this.refuse(`"${match[0]}" ends before it begins`);
            if (min > MOST_STEPS || (max !== Infinity && max > MOST_STEPS))
                this.refuse(`a repeat of more than ${MOST_STEPS}`);
            node = { kind: "repeat", node, min, max };
        }
    }
    #atom(c) {
        if (c === "(")
            return this.#group();
        if (c === "[")
            return this.#class();
        if (c === "*" || c === "+" || c === "?")
            this.refuse(`nothing to repeat before "${c}"; write "\\${c}" for the character`);
        if (c === "\\")
            return this.#escape();
        this.#at++;
        if (c === "^" || c === "$")
            return { kind: "assert", assertion: c };
        if (c === ".")
            return any(setOf((byte) => byte !== 10));
        const code = c.charCodeAt(0);
        const character = code >= 0xd800 && code < 0xdc00 ? c + (this.#text[this.#at++] ?? "") : c;
        return this.#literal(character);
    }
    #group() {
        const opened = this.#at;
        const special = /^\(\?(?::|<[A-Za-z_]\w*>|P<[A-Za-z_]\w*>)/.exec(this.#text.slice(this.#at, this.#at + 64));
        if (special)
            this.#at += special[0].length;
        else if (this.#text[this.#at + 1] === "?") {
            this.refuse("look-ahead, look-behind and flags inside are not supported, since they cannot be searched in bounded time");
        }
        else
            this.#at++;
        const node = this.#choice();
        if (this.#text[this.#at] !== ")") {
            this.#at = opened;
            this.refuse(`"(" without ")"; write "\\(" for the character`);
        }
        this.#at++;
        return node;
    }
    #escape() {
        const next = this.#text[this.#at + 1];
        if (next === undefined)
            this.refuse(`a "\\" at the end; write "\\\\" for the character`);
        if (next === "b" || next === "B") {
            this.#at += 2;
            return { kind: "assert", assertion: next };
        }
        if (/[1-9k]/.test(next))
            this.refuse("back references are not supported, since they cannot be searched in bounded time");
        const { set, character } = this.#escaped();
        return set ? (set.negated ? any(set.bytes) : { kind: "set", set: set.bytes }) : this.#literal(character ?? "");
    }
    /** A `\` and what it stands for: one character, or a set of bytes. */
    #escaped() {
        const next = this.#text[this.#at + 1] ?? "";
        const named = { d: /[0-9]/, w: /\w/, s: /[ \t\n\r\f\v]/ }[next.toLowerCase()];
        if (named) {
            this.#at += 2;
            const negated = next !== next.toLowerCase();
            return { set: { bytes: setOf((byte) => named.test(String.fromCharCode(byte)) !== negated), negated } };
        }
        const plain = { n: "\n", r: "\r", t: "\t", f: "\f", v: "\v", "0": "\0" }[next];
        if (plain !== undefined) {
            this.#at += 2;
            return { character: plain };
        }
        const code = /^\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|u\{([0-9a-fA-F]{1,6})\})/.exec(this.#text.slice(this.#at, this.#at + 12));
        if (code) {
            const value = Number.parseInt(code[1] ?? code[2] ?? code[3] ?? "", 16);
            if (value > 0x10ffff)
                this.refuse(`"${code[0]}" is no character`);
            this.#at += code[0].length;
            return { character: String.fromCodePoint(value) };
        }
        if (/[A-Za-z]/.test(next))
            this.refuse(`"\\${next}" is not supported`);
        this.#at += 2;
        return { character: next };
    }
    #class() {
        const opened = this.#at++;
        const negated = this.#text[this.#at] === "^";
        if (negated)
            this.#at++;
        const bytes = new Uint8Array(256);
        const wide = [];
        let wideNegated = false;
        for (let first = true;; first = false) {
            const c = this.#text[this.#at];
            if (c === undefined) {
                this.#at = opened;
                this.refuse(`"[" without "]"; write "\\[" for the character`);
            }
            if (c === "]" && !first)
                break;
            if (c === "[" && this.#text[this.#at + 1] === ":")
                this.refuse("classes such as [:alpha:] are not supported; write A-Za-z");
            const from = this.#member();
            if (from.set) {
                for (let i = 0; i < 256; i++)
                    if (from.set.bytes[i])
                        bytes[i] = 1;
                wideNegated ||= from.set.negated;
                continue;
            }
            const low = from.character?.codePointAt(0) ?? 0;
            let high = low;
            if (this.#text[this.#at] === "-" && this.#text[this.#at + 1] !== "]" && this.#at + 1 < this.#text.length) {
                this.#at++;
                high = this.#member().character?.codePointAt(0) ?? -1;
                if (high < low)
                    this.refuse("a range that ends before it begins");
            }
            for (let i = low; i <= Math.min(high, 127); i++)
                bytes[i] = 1;
            if (high > 127 && high - Math.max(low, 128) > 255)
                this.refuse("a range of more than 256 characters beyond ASCII");
            for (let i = Math.max(low, 128); i <= high; i++)
                wide.push(String.fromCodePoint(i));
        }
        this.#at++;
        if (this.#ignoreCase)
            bothCases(bytes);
        if (!negated) {
            const set = wideNegated ? any(bytes) : { kind: "set", set: bytes };
            return wide.length === 0 ? set : { kind: "choice", nodes: [set, ...wide.map((c) => this.#literal(c))] };
        }
        if (wide.length > 0)
            this.refuse("a negated class with characters beyond ASCII is not supported");
        return any(setOf((byte) => (byte < 128 ? bytes[byte] === 0 : !wideNegated)));
    }
    #member() {
        if (this.#text[this.#at] === "\\") {
            if (this.#text[this.#at + 1] === "b")
                this.refuse(`"\\b" inside "[]" is not supported`);
            return this.#escaped();
        }
        const character = String.fromCodePoint(this.#text.codePointAt(this.#at) ?? 0);
        this.#at += character.length;
        return { character };
    }
    #literal(character) {
        const nodes = [...Buffer.from(character)].map((byte) => {
            const set = new Uint8Array(256);
            set[byte] = 1;
            if (this.#ignoreCase)
                bothCases(set);
            return { kind: "set", set };
        });
        return nodes.length === 1 && nodes[0] ? nodes[0] : { kind: "sequence", nodes };
    }
}
function setOf(has) {
    return Uint8Array.from({ length: 256 }, (_, byte) => (has(byte) ? 1 : 0));
}
function bothCases(set) {
    for (let c = 65; c <= 90; c++)
        if (set[c] || set[c + 32])
            set[c] = set[c + 32] = 1;
}
/** One character of a set that holds bytes beyond ASCII: its first byte, and the bytes that continue it. */
function any(set) {
    const more = { kind: "set", set: setOf((byte) => byte >= 0x80 && byte < 0xc0 && set[byte] === 1) };
    return {
        kind: "sequence",
        nodes: [
            { kind: "set", set },
            { kind: "repeat", node: more, min: 0, max: 3 },
        ],
    };
}
const UNKNOWN = -1;
const FOUND = -2;
class Automaton {
    source;
    #steps = [];
    #start;
    #states = [];
    #numbers = new Map();
    #refuse;
    constructor(source, node, refuse) {
        this.source = source;
        this.#refuse = refuse;
        this.#add({ next: [] });
        this.#start = this.#compile(node, 0);
        if (this.#holds([this.#start], 0, 0))
            refuse("it matches the empty text, and so every event");
    }
    test(bytes, start, end) {
        let number = this.#state([], 0);
        for (let i = start; i < end; i++) {
            const byte = bytes[i] ?? 0;
            let next = this.#states[number]?.to[byte] ?? UNKNOWN;
            if (next === UNKNOWN)
                next = this.#move(number, byte);
            if (next === FOUND)
                return true;
            number = next;
        }
        const state = this.#states[number];
        if (state === undefined)
            return false;
        if (state.atEnd === UNKNOWN)
            state.atEnd = this.#holds([this.#start, ...state.steps], state.before, 0) ? 1 : 0;
        return state.atEnd === 1;
    }
    #add(step) {
        if (this.#steps.length >= MOST_STEPS)
            this.#refuse(`it is too large: more than ${MOST_STEPS} steps when its repeats are written out`);
        return this.#steps.push(step) - 1;
    }
    /** Adds the steps of a node that go on to `next`; answers where they begin. Step 0 is the match. */
    #compile(node, next) {
        switch (node.kind) {
            case "set":
                return this.#add({ set: node.set, next: [next] });
            case "assert":
                return this.#add({ assertion: node.assertion, next: [next] });
            case "sequence":
                return node.nodes.reduceRight((after, part) => this.#compile(part, after), next);
            case "choice":
                return this.#add({ next: node.nodes.map((part) => this.#compile(part, next)) });
            case "repeat": {
                let after = next;
                if (node.max === Infinity) {
                    const targets = [next];
                    after = this.#add({ next: targets });
                    targets.push(this.#compile(node.node, after));
                }
                else
                    for (let i = node.min; i < node.max; i++)
                        after = this.#add({ next: [next, this.#compile(node.node, after)] });
                for (let i = 0; i < node.min; i++)
                    after = this.#compile(node.node, after);
                return after;
            }
        }
    }
    #state(steps, before) {
        const key = `${before}:${steps.join()}`;
        const known = this.#numbers.get(key);
        if (known !== undefined)
            return known;
        const number = this.#states.push({ steps, before, to: new Int32Array(256).fill(UNKNOWN), atEnd: UNKNOWN }) - 1;
        this.#numbers.set(key, number);
        return number;
    }
    #move(number, byte) {
        const state = this.#states[number];
        if (state === undefined)
            return FOUND;
        const kind = kindOf(byte);
        const reached = this.#reach([this.#start, ...state.steps], state.before, kind);
        let result = FOUND;
        if (!reached.has(0)) {
            const steps = new Set();
            for (const at of reached) {
                const step = this.#steps[at];
                if (step?.set?.[byte] === 1)
                    for (const next of step.next)
                        steps.add(next);
            }
            if (this.#states.length >= MOST_STATES) {
                this.#states = [];
                this.#numbers = new Map();
                return this.#state([...steps].sort((a, b) => a - b), kind);
            }
            result = this.#state([...steps].sort((a, b) => a - b), kind);
        }
        state.to[byte] = result;
        return result;
    }
    #holds(steps, before, after) {
        return this.#reach(steps, before, after).has(0);
    }
    /** All steps that are reached without reading a byte, between what stands before and after. */
    #reach(from, before, after) {
        const reached = new Set();
        const open = [...from];
        for (let at = open.pop(); at !== undefined; at = open.pop()) {
            if (reached.has(at))
                continue;
            reached.add(at);
            const step = this.#steps[at];
            if (step === undefined || step.set)
                continue;
            if (step.assertion && !satisfied(step.assertion, before, after))
                continue;
            open.push(...step.next);
        }
        return reached;
    }
}
function kindOf(byte) {
    if (byte === 10)
        return 0;
    const word = (byte >= 48 && byte <= 57) || (byte >= 65 && byte <= 90) || byte === 95 || (byte >= 97 && byte <= 122);
    return word ? 1 : 2;
}
function satisfied(assertion, before, after) {
    if (assertion === "^")
        return before === 0;
    if (assertion === "$")
        return after === 0;
    const boundary = (before === 1) !== (after === 1);
    return assertion === "b" ? boundary : !boundary;
}


/***/ }),

/***/ 308:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   S: () => (/* binding */ safeSample)
/* harmony export */ });
const SECRETS = [
    [/-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----[^-]*(?:-----END [A-Z ]{0,40}PRIVATE KEY-----)?/g, "***"],
    [/\b(authorization|proxy-authorization)(["']?\s*[:=]\s*["']?)(?:(?:bearer|basic|token)\s+)?[^\s"',;]+/gi, "$1$2***"],
    [/\b(bearer|basic)\s+[\w.~+/=-]{8,}/gi, "$1 ***"],
    [
        /\b([\w-]*(?:password|passwd|pwd|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|credential)s?)(["']?\s*[:=]\s*["']?)[^\s"',;&]+/gi,
        "$1$2***",
    ],
    [
        /\b(?:gh[pousr]_\w{16,}|github_pat_\w{16,}|xox[abprs]-[\w-]{8,}|AKIA[0-9A-Z]{16}|sk-[\w-]{16,}|glpat-[\w-]{16,})/g,
        "***",
    ],
    [/\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g, "***"],
    [/(\w+:\/\/[^\s:/@]{1,64}:)[^\s@/]{1,256}@/g, "$1***@"],
];
/** A text from outside as one harmless line: secrets masked, control characters and workflow commands broken, cut to `length` characters. */
function safeSample(text, length = 200) {
    let safe = text.slice(0, length * 8);
    for (const [pattern, mask] of SECRETS)
        safe = safe.replace(pattern, mask);
    safe = safe
        // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out
        .replace(/\u001b\[[0-9;:?]*[ -/]*[@-~]/g, "")
        .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ")
        .replace(/::(?=\w)/g, ": :")
        .replace(/##\[/g, "# #[")
        .trim();
    if (safe.length <= length)
        return safe;
    const cut = safe.charCodeAt(length - 2) >> 10 === 0x36 ? length - 2 : length - 1;
    return safe.slice(0, cut) + "…";
}


/***/ }),

/***/ 3951:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   B: () => (/* binding */ SignatureTable)
/* harmony export */ });
/* unused harmony export maskMessage */
/* harmony import */ var _safe_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(308);

/** Most kinds that are told apart; beyond, they are merged by their first word and length. */
const MOST = 2_000;
/** So many different words in one place, everything else the same, make that place variable. */
const VARIETY = 6;
/** Groups that are watched for a variable place. */
const MOST_GROUPS = 20_000;
const MOST_WILD = 200;
const MOST_TOKENS = 48;
/** Of a message so many bytes are looked at. */
const MOST_BYTES = 1_024;
const MOST_SOURCES = 20;
const SPACE = 1;
const WORD = 2;
const DIGIT = 3;
const QUOTE = 4;
const classes = new Uint8Array(256);
for (let c = 0; c < 256; c++) {
    const text = String.fromCharCode(c);
    classes[c] =
        c <= 32 || c === 127
            ? SPACE
            : /[0-9]/.test(text)
                ? DIGIT
                : /[\w.:/@$%~+*#?&-]/.test(text) || c >= 128
                    ? WORD
                    : /["'`]/.test(text)
                        ? QUOTE
                        : 0;
}
// What a byte of a word tells of the word.
const IS_SLASH = 1;
const IS_DIGIT = 2;
const IS_AT = 4;
const IS_NO_HEX = 8;
const IS_WORD = 16;
const traits = new Uint8Array(256);
for (let c = 0; c < 256; c++) {
    if (classes[c] === DIGIT)
        traits[c] = IS_WORD | IS_DIGIT;
    else if (classes[c] === WORD) {
        const hex = (c | 32) >= 97 && (c | 32) <= 102;
        traits[c] = IS_WORD | (c === 47 ? IS_SLASH : 0) | (c === 64 ? IS_AT : 0) | (hex ? 0 : IS_NO_HEX);
    }
}
/**
 * Masks a message: fills `out` with its bytes, words that hold values replaced by 0x01 and blanks by one 0x20, and
 * answers the length. Values are: what contains a digit, hexadecimal words, paths, URLs, mail addresses, quoted texts;
 * a list of values is one value.
 */
function maskMessage(bytes, start, end, out) {
    const stop = Math.min(end, start + MOST_BYTES);
    let length = 0;
    let at = start;
    let maskedAt = -1;
    while (at < stop) {
        const c = bytes[at] ?? 0;
        const kind = classes[c];
        if (kind === SPACE) {
            if (c === 27 && bytes[at + 1] === 91) {
                // A terminal's colour: skipped up to the letter that ends it.
                at += 2;
                while (at < stop && !((bytes[at] ?? 0) >= 64 && (bytes[at] ?? 0) <= 126))
                    at++;
                at++;
                continue;
            }
            if (length > 0 && out[length - 1] !== 32)
                out[length++] = 32;
            at++;
            continue;
        }
        if (kind === QUOTE) {
            const close = closingQuote(bytes, at, stop, start);
            if (close > 0) {
                at = close;
                length = mask(out, length, maskedAt);
                maskedAt = length;
                continue;
            }
            out[length++] = c;
            at++;
            continue;
        }
        if (kind === 0) {
            if (c === 92 && classes[bytes[at + 1] ?? 0] === QUOTE) {
                at++;
                continue;
            }
            out[length++] = c;
            at++;
            continue;
        }
        const begin = at;
        let seen = 0;
        let slashes = 0;
        // Copied while it is looked at; what turns out to be a value is overwritten.
        let copied = length;
        for (let b = c; at < stop; b = bytes[++at] ?? 0) {
            const trait = traits[b] ?? 0;
            if (trait === 0 && (b !== 61 || slashes < 2))
                break;
            seen |= trait;
            slashes += trait & IS_SLASH;
            out[copied++] = b;
        }
        let last = at;
        while (last > begin && isTrailing(bytes[last - 1] ?? 0))
            last--;
        const path = slashes > 1 || (slashes === 1 && c === 47 && last - begin > 1);
        if ((seen & (IS_DIGIT | IS_AT)) !== 0 || path || ((seen & IS_NO_HEX) === 0 && last - begin >= 8)) {
            length = mask(out, length, maskedAt);
            maskedAt = length;
            for (let i = last; i < at; i++)
                out[length++] = bytes[i] ?? 0;
        }
        else
            length = copied;
    }
    while (length > 0 && out[length - 1] === 32)
        length--;
    return length;
}
/** Writes a mask, unless only separators stand between it and the mask before. */
function mask(out, length, maskedAt) {
    if (maskedAt > 0) {
        let i = maskedAt;
        while (i < length && (out[i] === 44 || out[i] === 32 || out[i] === 59))
            i++;
        if (i === length && length - maskedAt <= 2)
            return maskedAt;
    }
    out[length] = 1;
    return length + 1;
}
function isTrailing(byte) {
    return byte === 46 || byte === 58 || byte === 63 || byte === 45;
}
/** The place after the quote that closes the one at `at`; 0 where it is an apostrophe or nothing closes it. */
function closingQuote(bytes, at, stop, start) {
    const quote = bytes[at];
    const before = at > start ? (classes[bytes[at - 1] ?? 0] ?? 0) : SPACE;
    if (quote === 39 && (before === WORD || before === DIGIT)) {
        const previous = bytes[at - 1] ?? 0;
        if (previous !== 58)
            return 0;
    }
    for (let i = at + 1; i < stop; i++) {
        if (bytes[i] !== quote)
            continue;
        if (quote === 39) {
            const after = classes[bytes[i + 1] ?? 32] ?? 0;
            if (i + 1 < stop && ((after === WORD && !isTrailing(bytes[i + 1] ?? 0)) || after === DIGIT))
                continue;
        }
        return i + 1;
    }
    return 0;
}
/** The template's words: masks are `<*>`; punctuation stays with its word. */
function tokensOf(masked, length) {
    const text = Buffer.from(masked.buffer, masked.byteOffset, length).toString("utf8").replaceAll("\u0001", "<*>");
    const tokens = text.split(" ");
    return tokens.length <= MOST_TOKENS ? tokens : [...tokens.slice(0, MOST_TOKENS), "…"];
}
/** FNV-1a beside a polynomial of 31, put together to 53 bits: enough that two of some thousand kinds never meet. */
function hashOf(bytes, length) {
    let a = 0x811c9dc5 | 0;
    let b = 0;
    for (let i = 0; i < length; i++) {
        const byte = bytes[i] ?? 0;
        a = Math.imul(a ^ byte, 0x01000193);
        b = ((b << 5) - b + byte) | 0;
    }
    return (a >>> 0) * 0x200000 + ((b ^ (b >>> 15)) & 0x1fffff);
}
const encoder = new TextEncoder();
function hashOfText(text) {
    const bytes = encoder.encode(text);
    return hashOf(bytes, bytes.length);
}
/**
 * Counts error events by kind. A kind is an exact template first; when one place of otherwise equal templates has shown
 * six different words, the place is taken for variable, and the templates become one (after Drain: He et al., ICWS
 * 2017). Beyond 2,000 kinds, further ones are merged by first word and number of words, so that memory is bounded.
 */
class SignatureTable {
    /** By hash of the masked bytes. */
    #byHash = new Map();
    /** By template text; wildcards and merged kinds included. */
    #byText = new Map();
    /** Templates with one place left out → the words seen there, or the kind that they became. */
    #groups = new Map();
    /** Kinds with a variable word, by number of words. */
    #wild = new Map();
    #masked = new Uint8Array(MOST_BYTES * 2);
    /** Events that were counted in merged kinds, because there were too many. */
    overflow = 0;
    /** Counts an event whose message is the range of bytes; `exception` is the class of a stack trace's exception. */
    add(bytes, start, end, exception, time, before, source, sample) {
        let length = maskMessage(bytes, start, end, this.#masked);
        if (exception !== "")
            length += encoder.encodeInto(` ${exception}`, this.#masked.subarray(length)).written;
        const hash = hashOf(this.#masked, length);
        let kind = this.#byHash.get(hash);
        if (kind === undefined) {
            kind = this.#find(tokensOf(this.#masked, length));
            if (this.#byHash.size >= 4 * MOST)
                this.#byHash.clear();
            this.#byHash.set(hash, kind);
        }
        while (kind.merged)
            kind = kind.merged;
        if (before) {
            kind.before++;
            return;
        }
        kind.count++;
        if (time < kind.first)
            kind.first = time;
        if (time > kind.last)
            kind.last = time;
        if (kind.sample === "")
            kind.sample = (0,_safe_js__WEBPACK_IMPORTED_MODULE_0__/* .safeSample */ .S)(sample());
        if (kind.sources[kind.sources.length - 1] !== source)
            addSource(kind, source);
    }
    /** Adds what another table, of another thread or an earlier look, has counted. */
    merge(others) {
        for (const other of others) {
            let kind = this.#find(other.tokens);
            while (kind.merged)
                kind = kind.merged;
            if (other.wild)
                this.#generalise(kind);
            absorb(kind, other);
        }
    }
    /** All kinds, as they are handed to {@link merge}. */
    *raw() {
        for (const kind of this.#byText.values()) {
            if (kind.merged || kind.count + kind.before === 0)
                continue;
            const { tokens, count, before, first, last, sources, sample, wild } = kind;
            yield { tokens, count, before, first, last, sources: [...sources], sample, wild };
        }
    }
    /** All kinds that were seen in the window, the most frequent first. */
    report() {
        return [...this.raw()]
            .filter((kind) => kind.count > 0)
            .sort((a, b) => b.count - a.count || (a.tokens.join(" ") < b.tokens.join(" ") ? -1 : 1))
            .map(({ tokens, count, before, first, last, sources, sample }) => {
            const template = tokens.join(" ");
            return {
                id: hashOfText(template).toString(16).padStart(14, "0").slice(-12),
                template: (0,_safe_js__WEBPACK_IMPORTED_MODULE_0__/* .safeSample */ .S)(template, 300),
                count,
                before,
                first,
                last,
                sources: [...sources].sort(),
                sample,
            };
        });
    }
    /** Forgets the counts of the window, keeps the kinds and what was before: another window counts anew. */
    restart() {
        for (const kind of this.#byText.values()) {
            kind.count = 0;
            kind.first = Number.POSITIVE_INFINITY;
            kind.last = Number.NEGATIVE_INFINITY;
            kind.sources = [];
            kind.sample = "";
        }
        this.overflow = 0;
    }
    #find(tokens) {
        const text = tokens.join(" ");
        const exact = this.#byText.get(text) ?? this.#wild.get(tokens.length)?.find((kind) => covers(kind.tokens, tokens));
        if (exact)
            return exact;
        const places = [];
        for (let i = 0; i < tokens.length; i++) {
            if (tokens[i] === "<*>")
                continue;
            const key = hashOfText(`${i} ${tokens.with(i, "<*>").join(" ")}`);
            const group = this.#groups.get(key);
            if (group !== undefined && !(group instanceof Set))
                return group;
            places.push(i, key);
        }
        for (let p = 0; p < places.length; p += 2) {
            const [i = 0, key = 0] = [places[p], places[p + 1]];
            let group = this.#groups.get(key);
            if (group === undefined) {
                if (this.#groups.size >= MOST_GROUPS)
                    continue;
                group = new Set();
                this.#groups.set(key, group);
            }
            if (!(group instanceof Set))
                continue;
            group.add(tokens[i] ?? "");
            if (group.size < VARIETY || tokens.length === 1)
                continue;
            const wild = this.#find(tokens.with(i, "<*>"));
            this.#generalise(wild);
            this.#groups.set(key, wild);
            return wild;
        }
        if (this.#byText.size < MOST)
            return this.#kind(tokens);
        this.overflow++;
        const coarse = [tokens[0] ?? "", `… (${tokens.length} words)`];
        const known = this.#byText.get(coarse.join(" "));
        if (known)
            return known;
        return this.#kind(this.#byText.size < MOST * 1.5 ? coarse : ["…", `(${tokens.length} words)`]);
    }
    /** Makes a kind the one of all templates that it covers. */
    #generalise(wild) {
        if (wild.wild)
            return;
        wild.wild = true;
        const siblings = this.#wild.get(wild.tokens.length) ?? [];
        if (siblings.length < MOST_WILD)
            siblings.push(wild);
        this.#wild.set(wild.tokens.length, siblings);
        for (const kind of [...this.#byText.values()]) {
            if (kind === wild || kind.tokens.length !== wild.tokens.length || !covers(wild.tokens, kind.tokens))
                continue;
            absorb(wild, kind);
            kind.merged = wild;
            this.#byText.delete(kind.tokens.join(" "));
        }
    }
    #kind(tokens) {
        const text = tokens.join(" ");
        const known = this.#byText.get(text);
        if (known)
            return known;
        const kind = {
            tokens,
            count: 0,
            before: 0,
            first: Number.POSITIVE_INFINITY,
            last: Number.NEGATIVE_INFINITY,
            sources: [],
            sample: "",
            wild: false,
            merged: undefined,
        };
        this.#byText.set(text, kind);
        return kind;
    }
}
function covers(wild, tokens) {
    for (let i = 0; i < wild.length; i++)
        if (wild[i] !== tokens[i] && wild[i] !== "<*>")
            return false;
    return true;
}
function absorb(kind, other) {
    kind.count += other.count;
    kind.before += other.before;
    kind.first = Math.min(kind.first, other.first);
    kind.last = Math.max(kind.last, other.last);
    if (kind.sample === "")
        kind.sample = other.sample;
    for (const source of other.sources)
        addSource(kind, source);
}
function addSource(kind, source) {
    const at = kind.sources.indexOf(source);
    if (at >= 0) {
        // The newest stands last, where the next look for it is cheap.
        kind.sources.splice(at, 1);
        kind.sources.push(source);
    }
    else if (kind.sources.length < MOST_SOURCES)
        kind.sources.push(source);
}


/***/ }),

/***/ 8231:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   F: () => (/* binding */ Tally)
/* harmony export */ });
/* harmony import */ var _level_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(7847);
/* harmony import */ var _safe_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(308);
/* harmony import */ var _signature_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(3951);



/** Widths of time buckets in milliseconds, from a second to a week; the next wider one is taken when there are too many. */
const WIDTHS = [1_000, 10_000, 60_000, 300_000, 900_000, 3_600_000, 21_600_000, 86_400_000, 604_800_000];
const MOST_BUCKETS = 3_000;
const MOST_SOURCES = 1_000;
const MOST_LATE = 100_000;
const MOST_UNDATED = 1_000;
const EXCEPTION = /^\s*(?:Caused by: |Exception in thread "[^"]{0,100}" )?((?:[\w$]+[./])*[\w$]*(?:Error|Exception|Throwable)\w*)(?=[:\s]|$)/m;
const noLevels = () => [0, 0, 0, 0, 0, 0, 0];
/** Counts events of a window by level, time, source and kind. Memory is bounded whatever comes in. */
class Tally {
    /** The name under which the next events are counted, unless they name their own host. */
    source = "";
    /** Whether events come from machines that are compared with: their window counts as what was before. */
    control = false;
    signatures;
    #options;
    #levels = noLevels();
    #before = noLevels();
    #requests = 0;
    #first = Number.POSITIVE_INFINITY;
    #last = Number.NEGATIVE_INFINITY;
    #sample = "";
    #width;
    #buckets = new Map();
    #bucket = noLevels();
    #bucketStart = Number.NaN;
    #sources = new Map();
    #sourceName;
    #sourceCounts = { lines: 0, errors: 0, fatal: 0, before: 0, beforeErrors: 0 };
    #late = [];
    #lateMore = 0;
    #undated = [];
    #undatedMore = 0;
    /** `width`: of a time bucket, in milliseconds, widened where the window is long. `signatures`: kinds that earlier looks know. */
    constructor(options, width = 60_000, signatures = new _signature_js__WEBPACK_IMPORTED_MODULE_1__/* .SignatureTable */ .B()) {
        this.#options = options;
        this.signatures = signatures;
        this.#width = WIDTHS.find((one) => one >= width) ?? 60_000;
    }
    event(level, reader) {
        const { time } = reader;
        const { since, until, before, match, ignore } = this.#options;
        if (time < before)
            return;
        if (match !== undefined && !match.test(reader.bytes, reader.start, reader.end))
            return;
        if (ignore?.test(reader.bytes, reader.start, reader.end))
            return;
        const source = reader.host ?? this.source;
        if (time > until || (Number.isNaN(time) && since !== Number.NEGATIVE_INFINITY)) {
            this.#wait(level, time, source, reader);
            return;
        }
        const old = this.control || time < since;
        this.#count(level, time, source, reader.request, old);
        if (level < _level_js__WEBPACK_IMPORTED_MODULE_0__/* .ERROR */ .ff)
            return;
        if (this.#sample === "" && !old)
            this.#sample = (0,_safe_js__WEBPACK_IMPORTED_MODULE_2__/* .safeSample */ .S)(sampleOf(reader));
        if (!this.#options.signatures)
            return;
        this.signatures.add(reader.bytes, reader.messageStart, Math.min(reader.messageEnd, lineEnd(reader)), exceptionOf(reader), time, old, source, () => sampleOf(reader));
    }
    accepts(from, to) {
        const { since, until, match, ignore } = this.#options;
        if (match !== undefined || ignore !== undefined || this.control || from < since || to > until)
            return false;
        return Math.floor(from / this.#width) === Math.floor(to / this.#width);
    }
    errorsByNumber() {
        return !this.#options.signatures && this.#sample !== "";
    }
    row(levels, first, last) {
        const offset = first - this.#bucketStart;
        const bucket = offset >= 0 && offset < this.#width ? this.#bucket : this.#bucketAt(first);
        const counts = this.source === this.#sourceName ? this.#sourceCounts : this.#sourceOf(this.source);
        for (let level = 0; level <= _level_js__WEBPACK_IMPORTED_MODULE_0__/* .FATAL */ .t0; level++) {
            const count = levels[level] ?? 0;
            if (count === 0)
                continue;
            if (level >= _level_js__WEBPACK_IMPORTED_MODULE_0__/* .ERROR */ .ff)
                counts.errors += count;
            if (level >= _level_js__WEBPACK_IMPORTED_MODULE_0__/* .FATAL */ .t0)
                counts.fatal += count;
            this.#levels[level] = (this.#levels[level] ?? 0) + count;
            bucket[level] = (bucket[level] ?? 0) + count;
            counts.lines += count;
        }
        if (first < this.#first)
            this.#first = first;
        if (last > this.#last)
            this.#last = last;
    }
    /** Gives a time to the events that had none; without one they stay, and are told by {@link TallyData.undated}. */
    date(time) {
        const { before, until } = this.#options;
        const events = this.#undated;
        this.#undated = [];
        if (time < before) {
            this.#undatedMore = 0;
            return;
        }
        for (const event of events) {
            if (time > until)
                this.#late.push({ ...event, time });
            else
                this.recall({ ...event, time });
        }
    }
    /** How many events have no time yet. */
    get undated() {
        return this.#undated.length + this.#undatedMore;
    }
    /** Forgets the events that have no time; answers how many they were. */
    dropUndated() {
        const count = this.undated;
        this.#undated = [];
        this.#undatedMore = 0;
        return count;
    }
    /** Counts an event that has waited. */
    recall(event) {
        const { since, until, before } = this.#options;
        if (event.time < before)
            return;
        if (event.time > until) {
            this.#late.push(event);
            return;
        }
        const old = this.control || event.time < since;
        this.#count(event.level, event.time, event.source, event.request, old);
        if (event.level < _level_js__WEBPACK_IMPORTED_MODULE_0__/* .ERROR */ .ff)
            return;
        if (this.#sample === "" && !old)
            this.#sample = event.sample;
        if (!this.#options.signatures)
            return;
        const bytes = Buffer.from(event.message);
        this.signatures.add(bytes, 0, bytes.length, event.exception, event.time, old, event.source, () => event.sample);
    }
    /** Adds what another tally of the same window has counted. */
    merge(data) {
        add(this.#levels, data.levels);
        add(this.#before, data.before);
        this.#requests += data.requests;
        this.#first = Math.min(this.#first, data.first);
        this.#last = Math.max(this.#last, data.last);
        if (this.#sample === "")
            this.#sample = data.sample;
        while (this.#width < data.width)
            this.#widen();
        for (const [start, levels] of data.buckets)
            add(this.#bucketAt(start), levels);
        for (const [name, counts] of data.sources) {
            const own = this.#sourceOf(name);
            own.lines += counts.lines;
            own.errors += counts.errors;
            own.fatal += counts.fatal;
            own.before += counts.before;
            own.beforeErrors += counts.beforeErrors;
        }
        this.signatures.merge(data.signatures);
        this.signatures.overflow += data.overflow;
        for (const event of data.late)
            this.#late.push(event);
        this.#lateMore += data.lateMore;
        for (const event of data.undated)
            this.#undated.push(event);
        this.#undatedMore += data.undatedMore;
    }
    /** Everything counted so far. */
    data() {
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
            overflow: this.signatures.overflow,
            late: this.#late,
            lateMore: this.#lateMore,
            undated: this.#undated,
            undatedMore: this.#undatedMore,
        };
    }
    #count(level, time, source, request, old) {
        const counts = source === this.#sourceName ? this.#sourceCounts : this.#sourceOf(source);
        if (old) {
            this.#before[level] = (this.#before[level] ?? 0) + 1;
            counts.before++;
            if (level >= _level_js__WEBPACK_IMPORTED_MODULE_0__/* .ERROR */ .ff)
                counts.beforeErrors++;
            return;
        }
        this.#levels[level] = (this.#levels[level] ?? 0) + 1;
        if (request)
            this.#requests++;
        counts.lines++;
        if (level >= _level_js__WEBPACK_IMPORTED_MODULE_0__/* .ERROR */ .ff) {
            counts.errors++;
            if (level >= _level_js__WEBPACK_IMPORTED_MODULE_0__/* .FATAL */ .t0)
                counts.fatal++;
        }
        if (Number.isNaN(time))
            return;
        if (time < this.#first)
            this.#first = time;
        if (time > this.#last)
            this.#last = time;
        const offset = time - this.#bucketStart;
        const bucket = offset >= 0 && offset < this.#width ? this.#bucket : this.#bucketAt(time);
        bucket[level] = (bucket[level] ?? 0) + 1;
    }
    #wait(level, time, source, reader) {
        const undated = Number.isNaN(time);
        if (undated ? this.#undated.length >= MOST_UNDATED : this.#late.length >= MOST_LATE) {
            if (undated)
                this.#undatedMore++;
            else
                this.#lateMore++;
            return;
        }
        const grave = level >= _level_js__WEBPACK_IMPORTED_MODULE_0__/* .ERROR */ .ff;
        (undated ? this.#undated : this.#late).push({
            time,
            level,
            source,
            request: reader.request,
            message: grave
                ? reader.bytes.toString("utf8", reader.messageStart, Math.min(reader.messageEnd, lineEnd(reader), reader.messageStart + 1024))
                : "",
            exception: grave ? exceptionOf(reader) : "",
            sample: grave ? (0,_safe_js__WEBPACK_IMPORTED_MODULE_2__/* .safeSample */ .S)(sampleOf(reader)) : "",
        });
    }
    #bucketAt(time) {
        let start = Math.floor(time / this.#width) * this.#width;
        let bucket = this.#buckets.get(start);
        if (bucket === undefined) {
            while (this.#buckets.size >= MOST_BUCKETS && this.#width < 604_800_000)
                this.#widen();
            start = Math.floor(time / this.#width) * this.#width;
            bucket = this.#buckets.get(start);
        }
        if (bucket === undefined) {
            bucket = noLevels();
            // Times of some 60 years, by week, are still told apart; what lies beyond is one bucket.
            if (this.#buckets.size >= MOST_BUCKETS)
                start = 0;
            bucket = this.#buckets.get(start) ?? bucket;
            this.#buckets.set(start, bucket);
        }
        this.#bucket = bucket;
        this.#bucketStart = start;
        return bucket;
    }
    #widen() {
        const width = WIDTHS.find((one) => one > this.#width) ?? this.#width;
        const wide = new Map();
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
    #sourceOf(name) {
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
function add(to, from) {
    for (let i = 0; i < from.length; i++)
        to[i] = (to[i] ?? 0) + (from[i] ?? 0);
}
function lineEnd(reader) {
    if (!reader.several)
        return reader.end;
    const end = reader.bytes.indexOf(10, reader.messageStart);
    return end < 0 || end > reader.end ? reader.end : end;
}
function sampleOf(reader) {
    return reader.bytes.toString("utf8", reader.start, Math.min(reader.end, reader.start + 2_048));
}
/** The class of the exception in an event's stack trace, the first that is named; empty where there is none. */
function exceptionOf(reader) {
    if (!reader.several || reader.exception !== "")
        return reader.exception;
    const from = lineEnd(reader);
    const first = EXCEPTION.exec(reader.bytes.toString("latin1", from + 1, Math.min(reader.end, from + 4_096)));
    return first?.[1] ?? "";
}


/***/ }),

/***/ 3192:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   DI: () => (/* binding */ timeAtStart),
/* harmony export */   H1: () => (/* binding */ zoneOrLocal),
/* harmony export */   Rl: () => (/* binding */ epochTime),
/* harmony export */   XQ: () => (/* binding */ TimeReader),
/* harmony export */   hM: () => (/* binding */ klogTime)
/* harmony export */ });
/* unused harmony exports localOffset, zoneOffset */
const MONTHS = "janfebmaraprmayjunjulaugsepoctnovdec";
const DAY = 86_400_000;
/** Offset of the machine's own zone, in minutes east of UTC, for a wall-clock time given as if it were UTC. */
function localOffset(wall) {
    const at = new Date(wall);
    const local = new Date(at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate(), at.getUTCHours(), at.getUTCMinutes(), at.getUTCSeconds());
    return -local.getTimezoneOffset();
}
/** The offset function of an IANA zone (`Europe/Berlin`) or of a fixed one (`+02:00`, `UTC`); throws a RangeError for an unknown zone. */
function zoneOffset(zone) {
    const format = new Intl.DateTimeFormat("en-US", { timeZone: zone, timeZoneName: "longOffset" });
    const at = (instant) => {
        const name = format.formatToParts(instant).find((part) => part.type === "timeZoneName")?.value ?? "GMT";
        const match = /([+-])(\d{2}):(\d{2})/.exec(name);
        return match ? (match[1] === "-" ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3])) : 0;
    };
    // The hour decides: offsets change at most a few times a year, and asking Intl for each line would cost microseconds.
    const known = new Map();
    return (wall) => {
        const hour = Math.floor(wall / 3_600_000);
        const cached = known.get(hour);
        if (cached !== undefined)
            return cached;
        const offset = at(wall - at(wall) * 60_000);
        if (known.size > 10_000)
            known.clear();
        known.set(hour, offset);
        return offset;
    };
}
const iso = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?(?: ?(?:Z|UTC|GMT|[+-]\d\d:?\d\d))?(?![\d:])/i;
const slashed = /^\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d(?:\.\d{1,9})?/;
const web = /^(\d\d)\/([A-Z][a-z]{2})\/(\d{4})[: ](\d\d):(\d\d):(\d\d)(?: ([+-]\d{4}))?/;
const dayFirst = /^(?:[A-Z][a-z]{2}, )?(\d{1,2})[ -]([A-Z][a-z]{2})[ -](\d{4}) (\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))?(?: (GMT|UTC|Z|[+-]\d{4}))?/;
const monthFirst = /^(?:[A-Z][a-z]{2} )?([A-Z][a-z]{2}) {1,2}(\d{1,2}) (\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?: ([A-Z]{3,4} )?(\d{4})(?![\d:]))?/;
const halfDay = /^([A-Z][a-z]{2}) (\d{1,2}), (\d{4}) (\d{1,2}):(\d\d):(\d\d) (AM|PM)/;
const epoch = /^\d{10}(?:\.\d{1,9}|\d{3}|\d{6}|\d{9})?(?![\d.])/;
/** The time at the very beginning of a text, in any common form; `undefined` where there is none. */
function timeAtStart(text, context) {
    const first = text.charCodeAt(0);
    if (first >= 48 && first <= 57) {
        const plain = iso.exec(text)?.[0] ?? slashed.exec(text)?.[0];
        if (plain)
            return found(isoTime(plain, context), plain.length, plain.charCodeAt(16) === 58 ? 17 : -1);
        const clf = web.exec(text);
        if (clf) {
            const wall = wallTime(clf[3], monthOf(clf[2]), clf[1], clf[4], clf[5], clf[6], "");
            return found(wall - zoneMinutes(clf[7] ?? "", wall, context) * 60_000, clf[0].length, 18);
        }
        const seconds = epoch.exec(text)?.[0];
        if (seconds)
            return found(epochTime(Number(seconds)), seconds.length, -1);
    }
    const spoken = dayFirst.exec(text);
    if (spoken) {
        const wall = wallTime(spoken[3], monthOf(spoken[2]), spoken[1], spoken[4], spoken[5], spoken[6], spoken[7]);
        return found(wall - zoneMinutes(spoken[8] ?? "", wall, context) * 60_000, spoken[0].length, spoken[0].indexOf(":") + 4);
    }
    const julian = halfDay.exec(text);
    if (julian) {
        const hour = (Number(julian[4]) % 12) + (julian[7] === "PM" ? 12 : 0);
        const wall = wallTime(julian[3], monthOf(julian[1]), julian[2], String(hour), julian[5], julian[6], "");
        return found(wall - zoneMinutes("", wall, context) * 60_000, julian[0].length, julian[0].indexOf(":") + 4);
    }
    const bsd = monthFirst.exec(text);
    if (!bsd)
        return undefined;
    const month = monthOf(bsd[1]);
    const parts = [bsd[2], bsd[3], bsd[4], bsd[5], bsd[6]];
    const place = bsd[0].indexOf(":") + 4;
    if (bsd[8] === undefined)
        return found(yearless(month, parts, context), bsd[0].length, place);
    const wall = wallTime(bsd[8], month, ...parts);
    return found(wall - zoneMinutes((bsd[7] ?? "").trim(), wall, context) * 60_000, bsd[0].length, place);
}
/** The instant of an epoch number in seconds, milliseconds, microseconds or nanoseconds, told apart by its size. */
function epochTime(value) {
    if (!(value > 0))
        return Number.NaN;
    if (value < 1e11)
        return value * 1000;
    if (value < 1e14)
        return value;
    return value < 1e17 ? value / 1e3 : value / 1e6;
}
function found(time, end, seconds) {
    return Number.isFinite(time) ? { time, end, seconds } : undefined;
}
function isoTime(text, context) {
    const fraction = /[.,](\d+)/.exec(text)?.[1];
    const seconds = text.charCodeAt(16) === 58 ? text.slice(17, 19) : "0";
    const wall = wallTime(text.slice(0, 4), Number(text.slice(5, 7)) - 1, text.slice(8, 10), text.slice(11, 13), text.slice(14, 16), seconds, fraction);
    const zone = /(?:Z|UTC|GMT|[+-]\d\d:?\d\d)$/i.exec(text.slice(16))?.[0] ?? "";
    return wall - zoneMinutes(zone, wall, context) * 60_000;
}
function wallTime(year, month, day, hour, minute, second, fraction) {
    const [d, h, m, s] = [Number(day), Number(hour), Number(minute), Number(second)];
    if (month < 0 || month > 11 || !(d >= 1 && d <= 31) || h > 24 || m > 59 || s > 60)
        return Number.NaN;
    const milliseconds = fraction ? Math.floor(Number(`0.${fraction}`) * 1000) : 0;
    return Date.UTC(Number(year), month, d, h, m, s, milliseconds);
}
function monthOf(name) {
    const at = MONTHS.indexOf((name ?? "?").toLowerCase());
    return at >= 0 && at % 3 === 0 ? at / 3 : -1;
}
/** Minutes east of UTC: `Z`, `+0200`, `-07:00`; an unknown abbreviation or none means the context's zone. */
function zoneMinutes(zone, wall, context) {
    if (/^(?:Z|UTC|GMT)$/i.test(zone))
        return 0;
    const match = /^([+-])(\d\d):?(\d\d)$/.exec(zone);
    if (match)
        return (match[1] === "-" ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3]));
    return Number.isFinite(wall) ? context.offset(wall) : 0;
}
/** The newest year in which the time lies no more than a day after the reference: on 1 January, `Dec 31` is last year's. */
function yearless(month, [day, hour, minute, second, fraction], context) {
    const year = new Date(context.reference).getUTCFullYear();
    for (const candidate of [year + 1, year, year - 1]) {
        const wall = wallTime(candidate, month, day, hour, minute, second, fraction);
        const time = wall - zoneMinutes("", wall, context) * 60_000;
        if (time <= context.reference + DAY)
            return time;
    }
    return Number.NaN;
}
/** klog's time after its letter, `1120 21:51:59.123456`: the year is the newest that fits the reference. */
function klogTime(text, context) {
    const match = /^(\d\d)(\d\d) (\d\d):(\d\d):(\d\d)\.(\d{1,9})/.exec(text);
    if (!match)
        return undefined;
    const time = yearless(Number(match[1]) - 1, [match[2], match[3], match[4], match[5], match[6]], context);
    return found(time, match[0].length, 11);
}
/** Longest text that a time is looked for in. */
const LONGEST = 48;
/**
 * Reads times from bytes. Neighbouring lines differ in little but their seconds, so the form of the last time is kept:
 * where all but seconds and fraction is the same, no date arithmetic is needed.
 */
class TimeReader {
    #context;
    #parse;
    #known = new Uint8Array(LONGEST);
    #prefix = 0;
    #suffix = 0;
    #base = 0;
    /** Where the last time that was found ends. */
    end = 0;
    /** The time that `again` found. A field, since a number returned is an object made, and there are millions. */
    time = Number.NaN;
    constructor(context, parse = timeAtStart) {
        this.#context = context;
        this.#parse = parse;
    }
    /** Of the time found last: how many bytes stand before its seconds (0: it has none), after its fraction, and its minute. */
    get form() {
        return { prefix: this.#prefix, suffix: this.#suffix, minute: this.#base };
    }
    /** Milliseconds since the epoch of the time that begins at `start`; NaN where none does. */
    read(bytes, start, end) {
        if (this.again(bytes, start, end))
            return this.time;
        return mayBeTime(bytes, start, end) ? this.#slow(bytes, start, end) : Number.NaN;
    }
    /** Whether a time of the same form and minute as the last begins at `start`; it stands in `time` then. */
    again(bytes, start, end) {
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
            if (i < 0)
                return this.#rest(bytes, start + prefix, end);
        }
        return false;
    }
    #rest(bytes, start, end) {
        const tens = (bytes[start] ?? 0) - 48;
        const ones = (bytes[start + 1] ?? 0) - 48;
        if (tens < 0 || tens > 6 || ones < 0 || ones > 9)
            return false;
        let time = this.#base + (tens * 10 + ones) * 1000;
        let at = start + 2;
        if (at < end && (bytes[at] === 46 || bytes[at] === 44) && isDigit(bytes[at + 1])) {
            at++;
            for (let scale = 100; at < end && isDigit(bytes[at]); at++, scale /= 10) {
                if (scale >= 1)
                    time += ((bytes[at] ?? 48) - 48) * scale;
            }
        }
        const known = this.#known;
        const length = this.#suffix;
        if (at + length > end)
            return false;
        for (let i = 0; i < length; i++, at++)
            if (bytes[at] !== known[this.#prefix + i])
                return false;
        if (at < end) {
            const next = bytes[at] ?? 0;
            if (isDigit(next) || next === 58)
                return false;
            if (length === 0 && mayBeZone(bytes, at, end))
                return false;
        }
        this.end = at;
        this.time = time;
        return true;
    }
    #slow(bytes, start, end) {
        const text = bytes.toString("latin1", start, Math.min(end, start + LONGEST));
        const found = this.#parse(text, this.#context);
        if (found === undefined)
            return Number.NaN;
        this.end = start + found.end;
        const { seconds } = found;
        if (seconds > 0) {
            let after = seconds + 2;
            if (/[.,]/.test(text[after] ?? "") && after < found.end) {
                after++;
                while (after < found.end && isDigit(text.charCodeAt(after)))
                    after++;
            }
            this.#prefix = seconds;
            this.#suffix = found.end - after;
            this.#base = Math.floor(found.time / 1000) * 1000 - Number(text.slice(seconds, seconds + 2)) * 1000;
            for (let i = 0; i < seconds; i++)
                this.#known[i] = text.charCodeAt(i);
            for (let i = 0; i < this.#suffix; i++)
                this.#known[seconds + i] = text.charCodeAt(after + i);
        }
        return found.time;
    }
}
function isDigit(byte) {
    return byte !== undefined && byte >= 48 && byte <= 57;
}
/** Whether a zone or a half of the day may begin here, which the kept form does not have. */
function mayBeZone(bytes, at, end) {
    const next = bytes[at] ?? 0;
    if (next === 90 || next === 122 || next === 43)
        return true;
    if (next === 45)
        return isDigit(bytes[at + 1]);
    if (next !== 32 || at + 1 >= end)
        return false;
    const after = bytes[at + 1] ?? 0;
    if (after === 43 || after === 45)
        return isDigit(bytes[at + 2]);
    if (isDigit(after))
        return isDigit(bytes[at + 2]) && isDigit(bytes[at + 3]) && isDigit(bytes[at + 4]);
    // U, G, Z, A, P: UTC, GMT, Z, AM, PM.
    return after === 85 || after === 71 || after === 90 || ((after === 65 || after === 80) && bytes[at + 2] === 77);
}
/** A cheap test that keeps most texts without a time from the expressions. */
function mayBeTime(bytes, start, end) {
    if (end - start < 10)
        return false;
    const first = bytes[start] ?? 0;
    if (isDigit(first)) {
        if (!isDigit(bytes[start + 1]))
            return bytes[start + 1] === 32 || bytes[start + 1] === 45;
        const third = bytes[start + 2] ?? 0;
        if (third === 47 || third === 32 || third === 45)
            return true;
        return isDigit(third) && isDigit(bytes[start + 3]);
    }
    const third = bytes[start + 2] ?? 0;
    const fourth = bytes[start + 3] ?? 0;
    return first >= 65 && first <= 87 && third >= 97 && third <= 122 && (fourth === 32 || fourth === 44);
}
/** The offset function of a zone, or of the machine's own where none is named. */
function zoneOrLocal(zone) {
    return zone === undefined ? localOffset : zoneOffset(zone);
}


/***/ })

};
;