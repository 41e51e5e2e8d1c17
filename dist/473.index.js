"use strict";
exports.id = 473;
exports.ids = [473];
exports.modules = {

/***/ 4452:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   i: () => (/* binding */ EventReader)
/* harmony export */ });
/* unused harmony export LONGEST */
/* harmony import */ var _kernel_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(2770);
/* harmony import */ var _level_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(7847);
/* harmony import */ var _line_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(4714);



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
    /** What the message is a range of, where that is not `bytes`. */
    inner;
    /** Counts rows of lines of one form, where chunks are read into its memory. */
    kernel;
    #sink;
    #parser;
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
    #partial = Buffer.allocUnsafe(LONGEST + 2);
    #partialLength = 0;
    #skipping = false;
    #torn = false;
    #open = false;
    #quick = false;
    #flushed = false;
    #level = _level_js__WEBPACK_IMPORTED_MODULE_1__/* .NONE */ .x3;
    #header = false;
    #closed = false;
    #panic = false;
    #traceback = false;
    /** Whether the event is an object that is spread over several lines, and not at its end yet. */
    #spread = false;
    /** Streams, as bits, whose last line the container runtime has cut. */
    #unfinished = 0;
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
            if (end < 0)
                break;
            if (end - start > LONGEST) {
                this.cut++;
                this.#line(chunk, start, start + LONGEST);
            }
            else {
                this.#line(chunk, start, end);
                if (inKernel && this.#level > _level_js__WEBPACK_IMPORTED_MODULE_1__/* .NONE */ .x3 && this.start === start)
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
        const from = chunk.byteOffset;
        const next = kernel.rows(from + start, from + chunk.length, this.#sink.errorsInRows ?? _kernel_js__WEBPACK_IMPORTED_MODULE_0__/* .ERRORS_STOP */ .zq) - from;
        this.#stopped = kernel.stopped;
        const { lines } = kernel;
        if (lines === 0)
            return start;
        if (this.#open && !this.#flushed)
            this.#close();
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
    #indented(chunk, start) {
        const { kernel } = this;
        if (kernel === undefined)
            return start;
        const from = chunk.byteOffset;
        const next = kernel.indented(from + start, from + chunk.length) - from;
        if (next === start)
            return start;
        this.lines += kernel.lines;
        this.#quick = false;
        this.#more(chunk, start, next - 1);
        return next;
    }
    /** Tells the kernel the form of the line that was read last. */
    #learn(chunk, end) {
        if (this.#level >= _level_js__WEBPACK_IMPORTED_MODULE_1__/* .ERROR */ .ff) {
            const stopped = this.#stopped;
            this.#stopped = 0;
            if (stopped === 2)
                this.kernel?.learn(chunk.byteOffset + this.start, chunk.byteOffset + end, this.#parser.messageField);
            if (stopped > 0 || (this.#sink.errorsInRows ?? _kernel_js__WEBPACK_IMPORTED_MODULE_0__/* .ERRORS_STOP */ .zq) === _kernel_js__WEBPACK_IMPORTED_MODULE_0__/* .ERRORS_STOP */ .zq)
                return;
        }
        if (this.#patience-- > 0)
            return;
        this.#penalty = this.#yield >= 8 ? 1 : Math.min(1_024, this.#penalty * 2);
        this.#patience = this.#penalty > 8 ? this.#penalty : 0;
        this.#yield = 0;
        this.#formed = false;
        const form = this.#parser.form(chunk, this.start, end);
        if (form === undefined || !this.#sink.accepts?.(form.base + form.low, form.base + form.high))
            return;
        this.#formed = this.kernel?.form(form, form.closed) ?? false;
        this.#rowsBegin = form.literals[0][0] ?? -1;
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
            if (parser.level >= _level_js__WEBPACK_IMPORTED_MODULE_1__/* .ERROR */ .ff) {
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
            if (this.#spread && bytes[start] === 125) {
                this.#more(bytes, start, end);
                this.#endSpread();
                return;
            }
            if (parser.stream > 0 && this.#continued()) {
                this.#more(bytes, start, end);
                return;
            }
            if (part === _line_js__WEBPACK_IMPORTED_MODULE_2__/* .CONTINUATION */ ["in"] || (part === _line_js__WEBPACK_IMPORTED_MODULE_2__/* .TRACE */ ._P && this.#level >= _level_js__WEBPACK_IMPORTED_MODULE_1__/* .ERROR */ .ff)) {
                if (part === _line_js__WEBPACK_IMPORTED_MODULE_2__/* .TRACE */ ._P)
                    this.#traceback = bytes[start] === 84;
                this.#more(bytes, start, end);
                return;
            }
            if (part === _line_js__WEBPACK_IMPORTED_MODULE_2__/* .START */ .d3 && !parser.header && this.#belongs(bytes, start, end)) {
                this.#more(bytes, start, end);
                return;
            }
            // java.util.logging writes time and class in one line, level and message in the next.
            if (this.#level === _level_js__WEBPACK_IMPORTED_MODULE_1__/* .NONE */ .x3 &&
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
    /** Whether the line goes on with one that the container runtime has cut; notes whether it is cut itself. */
    #continued() {
        const { stream, unfinished } = this.#parser;
        const goesOn = (this.#unfinished & stream) !== 0;
        this.#unfinished = unfinished ? this.#unfinished | stream : this.#unfinished & ~stream;
        return goesOn;
    }
    /** Takes level, time and message of an object that is spread over several lines from the whole of it. */
    #endSpread() {
        this.#spread = false;
        if (this.#flushed)
            return;
        const parser = this.#parser;
        parser.parseObject(this.bytes, this.start, this.end);
        if (!parser.header)
            return;
        this.#take(this.start, this.end);
        // What follows is no part of it, even without a header.
        this.#closed = true;
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
        this.inner = undefined;
        this.#spread = false;
    }
    /** Opens the event that the line just read begins. */
    #begin(bytes, start, end) {
        const parser = this.#parser;
        this.#open = true;
        this.#flushed = false;
        this.several = false;
        this.#traceback = parser.part === _line_js__WEBPACK_IMPORTED_MODULE_2__/* .TRACE */ ._P && bytes[start] === 84;
        this.#panic = parser.level === _level_js__WEBPACK_IMPORTED_MODULE_1__/* .FATAL */ .t0 && !parser.header;
        this.#spread = bytes[start] === 123 && (end === start + 1 || (end === start + 2 && bytes[start + 1] === 13));
        if (parser.stream > 0)
            this.#continued();
        this.bytes = bytes;
        this.start = start;
        this.end = end;
        this.#take(start, end);
    }
    /** Takes what the parser has found. */
    #take(start, end) {
        const parser = this.#parser;
        if (!Number.isNaN(parser.time)) {
            this.time = parser.time;
            if (Number.isNaN(this.firstTime))
                this.firstTime = parser.time;
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
    #belongs(bytes, start, end) {
        if (this.#parser.level === _level_js__WEBPACK_IMPORTED_MODULE_1__/* .FATAL */ .t0)
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
        if (this.inner === undefined) {
            this.messageStart = Math.min(this.messageStart - offset, this.#heldLength);
            this.messageEnd = Math.min(this.messageEnd - offset, this.#heldLength);
        }
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
        if (this.inner === undefined && this.messageEnd > this.end)
            this.messageEnd = this.end;
        if (this.messageStart > this.messageEnd)
            this.messageStart = this.start;
        this.#sink.event(this.#level, this);
        this.#heldLength = 0;
    }
}
function isBlank(byte) {
    return byte === 9 || byte === 32;
}
const EMPTY = Buffer.alloc(0);


/***/ }),

/***/ 2770:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  m$: () => (/* binding */ CHUNK),
  Uq: () => (/* binding */ ERRORS_COUNT),
  fw: () => (/* binding */ ERRORS_LIST),
  zq: () => (/* binding */ ERRORS_STOP),
  MB: () => (/* binding */ Kernel),
  dg: () => (/* binding */ LISTED_AS)
});

// EXTERNAL MODULE: ./build/src/logs/mask.js
var mask = __webpack_require__(4525);
;// CONCATENATED MODULE: ./build/src/logs/wasm.js
/**
 * Compiles a small language to WebAssembly, so that what must run on every byte can be written, and read, as
 * expressions. Everything is a number of 32 bits, compared without sign; vectors of 16 bytes only live inside an
 * expression. `'info'` is four characters as one number; unknown names are errors.
 *
 *     fn name(a, b) { c = a + u8(b); while (c < LIMIT) { if (!c) { return 0; } c = c + 1; } return c; }
 */
function compile(source, constants, 
/** Of 64 KiB. */
pages, exported) {
    const functions = new Map();
    for (const [, name = "", list = ""] of source.matchAll(/\bfn (\w+)\(([^)]*)\)/g)) {
        functions.set(name, { index: functions.size, parameters: list.split(/,\s*/) });
    }
    const bodies = new Compiler(source, constants, functions).program();
    const all = [...functions.values()];
    const counts = [...new Set(all.map(({ parameters }) => parameters.length))];
    const named = (name) => [name.length, ...Buffer.from(name)];
    return Uint8Array.from([
        ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
        ...section(1, counts.map((count) => [0x60, count, ...Array(count).fill(I32), 1, I32])),
        ...section(3, all.map(({ parameters }) => [counts.indexOf(parameters.length)])),
        ...section(5, [[0, ...unsigned(pages)]]),
        ...section(7, [
            [...named("memory"), 2, 0],
            ...exported.map((name) => [...named(name), 0, functions.get(name)?.index ?? unknown(name)]),
        ]),
        ...section(10, bodies),
    ]);
}
// Instructions by their numbers in the specification (WebAssembly 2.0, chapter 5.4).
const I32 = 0x7f;
const OPERATORS = [
    { "||": 0 },
    { "&&": 0 },
    { "|": 0x72 },
    { "^": 0x73 },
    { "&": 0x71 },
    { "==": 0x46, "!=": 0x47 },
    { "<": 0x49, ">": 0x4b, "<=": 0x4d, ">=": 0x4f },
    { "<<": 0x74, ">>": 0x76 },
    { "+": 0x6a, "-": 0x6b },
    { "*": 0x6c, "/": 0x6e },
];
/** These end with an offset that is added to the address. */
const LOADS = { u8: [0x2d, 0], i32: [0x28, 2], v: [0xfd, 0x00, 0] };
const BUILT_IN = {
    put: [0x36, 2, 0],
    ctz: [0x68],
    vsplat: [0xfd, 0x0f],
    vequal: [0xfd, 0x23],
    vand: [0xfd, 0x4e],
    vor: [0xfd, 0x50],
    vxor: [0xfd, 0x51],
    vany: [0xfd, 0x53],
    vbits: [0xfd, 0x64],
};
const TOKEN = /\s*(?:\/\/.*\s*)*(?:(\w+)|'([^']*)'|([<>=!]=|<<|>>|&&|\|\||[-+*/&|^<>=!(){},;]))/y;
class Compiler {
    #tokens = [];
    #constants;
    #functions;
    #at = 0;
    #locals = [];
    #sum;
    /** Blocks around the statement, up to the loop that `break` leaves. */
    #depth = 0;
    constructor(source, constants, functions) {
        this.#constants = constants;
        this.#functions = functions;
        TOKEN.lastIndex = 0;
        for (let end = 0; end < source.trimEnd().length; end = TOKEN.lastIndex) {
            const [, word, text, sign] = TOKEN.exec(source) ?? [];
            const token = word ?? (text === undefined ? sign : String(characters(text)));
            this.#tokens.push(token ?? unknown(source.slice(end, end + 20)));
        }
    }
    program() {
        const bodies = [];
        while (this.#at < this.#tokens.length) {
            this.#expect("fn");
            const parameters = this.#functions.get(this.#next())?.parameters ?? [];
            this.#at = this.#tokens.indexOf("{", this.#at);
            this.#locals = [...parameters];
            const code = this.#block();
            const locals = this.#locals.length - parameters.length;
            const body = [...(locals > 0 ? [1, ...unsigned(locals), I32] : [0]), ...code, 0x41, 0, 0x0b];
            bodies.push([...unsigned(body.length), ...body]);
        }
        return bodies;
    }
    #next() {
        return this.#tokens[this.#at++] ?? unknown("the end");
    }
    #expect(token) {
        const found = this.#next();
        if (found !== token)
            unknown(`${found} instead of ${token}`);
    }
    #block() {
        const code = [];
        this.#expect("{");
        while (this.#tokens[this.#at] !== "}")
            code.push(...this.#statement());
        this.#at++;
        return code;
    }
    #statement() {
        const word = this.#next();
        if (word === "if")
            return this.#if();
        if (word === "while") {
            const condition = this.#expression();
            const around = this.#depth;
            this.#depth = 1;
            const body = this.#block();
            this.#depth = around;
            return [0x02, 0x40, 0x03, 0x40, ...condition, 0x45, 0x0d, 1, ...body, 0x0c, 0, 0x0b, 0x0b];
        }
        let code;
        if (word === "return")
            code = [...this.#expression(), 0x0f];
        else if (word === "break")
            code = [0x0c, this.#depth];
        else if (this.#tokens[this.#at] === "=") {
            this.#at++;
            const value = this.#expression();
            if (!this.#locals.includes(word))
                this.#locals.push(word);
            code = [...value, 0x21, this.#locals.indexOf(word)];
        }
        else {
            this.#at--;
            code = this.#expression();
            if (word !== "put")
                code.push(0x1a);
        }
        this.#expect(";");
        return code;
    }
    #if() {
        const condition = this.#expression();
        this.#depth++;
        const code = [...condition, 0x04, 0x40, ...this.#block()];
        if (this.#tokens[this.#at] === "else") {
            this.#at++;
            code.push(0x05, ...(this.#tokens[this.#at] === "if" ? this.#statement() : this.#block()));
        }
        this.#depth--;
        return [...code, 0x0b];
    }
    #expression(strength = 0) {
        let left = strength === OPERATORS.length ? this.#operand() : this.#expression(strength + 1);
        for (;;) {
            const sign = this.#tokens[this.#at] ?? "";
            const operator = OPERATORS[strength]?.[sign];
            if (operator === undefined)
                return left;
            this.#at++;
            const from = this.#at;
            const right = this.#expression(strength + 1);
            if (sign === "&&")
                left = [...left, 0x04, I32, ...right, 0x05, 0x41, 0, 0x0b];
            else if (sign === "||")
                left = [...left, 0x04, I32, 0x41, 1, 0x05, ...right, 0x0b];
            else {
                const sum = [...left, ...right, operator];
                // Remembered, since an instruction that loads adds a constant to its address for nothing.
                if (sign === "+" && right[0] === 0x41 && this.#at === from + 1) {
                    this.#sum = { code: sum, left, value: this.#value(this.#tokens[from] ?? "") };
                }
                left = sum;
            }
        }
    }
    #operand() {
        const token = this.#next();
        if (token === "!")
            return [...this.#operand(), 0x45];
        if (token === "(") {
            const inner = this.#expression();
            this.#expect(")");
            return inner;
        }
        if (this.#tokens[this.#at] === "(")
            return this.#call(token);
        const local = this.#locals.indexOf(token);
        return local >= 0 ? [0x20, local] : [0x41, ...signed(this.#value(token))];
    }
    #value(token) {
        return /^-?\d/.test(token) ? Number(token) : (this.#constants[token] ?? unknown(token));
    }
    #call(name) {
        const values = [];
        this.#expect("(");
        for (;;) {
            values.push(this.#expression());
            if (this.#tokens[this.#at++] !== ",")
                break;
        }
        const load = LOADS[name];
        if (load) {
            const sum = this.#sum?.code === values[0] ? this.#sum : undefined;
            return sum ? [...sum.left, ...load, ...unsigned(sum.value)] : [...values.flat(), ...load, 0];
        }
        return [...values.flat(), ...(BUILT_IN[name] ?? [0x10, this.#functions.get(name)?.index ?? unknown(name)])];
    }
}
function characters(text) {
    const bytes = Buffer.from(text, "latin1");
    return bytes.length === 4 ? bytes.readInt32LE() : bytes.length === 1 ? (bytes[0] ?? 0) : unknown(`'${text}'`);
}
function unknown(what) {
    throw new Error(`the program for the log scan is wrong at ${what}`);
}
function section(id, parts) {
    const bytes = parts.flat();
    const count = unsigned(parts.length);
    return [id, ...unsigned(bytes.length + count.length), ...count, ...bytes];
}
function signed(value) {
    const bytes = [];
    for (let rest = value | 0;;) {
        const byte = rest & 0x7f;
        rest >>= 7;
        if ((rest === 0 && (byte & 0x40) === 0) || (rest === -1 && (byte & 0x40) !== 0))
            return [...bytes, byte];
        bytes.push(byte | 0x80);
    }
}
function unsigned(value) {
    return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)];
}

;// CONCATENATED MODULE: ./build/src/logs/kernel.js


/** Bytes of a chunk; what the program is told and tells lies behind it. */
const CHUNK = 1 << 20;
const LITERAL_BYTES = 48;
/** Errors that are listed of one row. */
const LISTED = 1_000;
/** Forms of objects that are known at a time, and most fields of one. */
const SHAPES = 64;
const MOST_FIELDS = 40;
/** As {@link CHUNK}'s lines are looked at by the ordinary code. */
const LONGEST_LINE = 65_536;
// Places in the program's memory. What a literal is: its bytes, their mask, their number.
const LITERALS = CHUNK + 256;
const LITERAL = 2 * LITERAL_BYTES + 16;
const TOLD = LITERALS + 3 * LITERAL;
const COUNTS = TOLD + 64;
const TELLS = COUNTS + 32;
const KNOWN_SHAPES = TELLS + 64;
const CLASSES = KNOWN_SHAPES + SHAPES * 8;
const TRAITS = CLASSES + 256;
const TEXTS = TRAITS + 256;
const LIST = TEXTS + MOST_FIELDS * 8;
const ENTRY = 28;
const PAGES = Math.ceil((LIST + LISTED * ENTRY) / 65_536);
const told = {
    /** 1 where the level stands before the moment. */
    LEVEL_FIRST: TOLD,
    /** 0: capitals; 1: words in any case; 2: pino's numbers. */
    LEVELS: TOLD + 4,
    DIGITS: TOLD + 8,
    LOW: TOLD + 12,
    HIGH: TOLD + 16,
    ERRORS: TOLD + 20,
    OBJECTS: TOLD + 24,
};
const tells = {
    FIRST: TELLS,
    LAST: TELLS + 4,
    LINES: TELLS + 8,
    NEWEST: TELLS + 12,
    NEWEST_LEVEL: TELLS + 16,
    LENGTH: TELLS + 20,
    MOMENT: TELLS + 24,
    KEYS: TELLS + 28,
    HASH_A: TELLS + 32,
    HASH_B: TELLS + 36,
    BEGIN: TELLS + 40,
    END: TELLS + 44,
    STOPPED: TELLS + 48,
    HELD_MOMENT: TELLS + 52,
};
/** How errors of a row are treated: the row ends before them, they are counted, or they are counted and listed with the hash of their template. */
const ERRORS_STOP = 0;
const ERRORS_COUNT = 1;
const ERRORS_LIST = 2;
/**
 * Counts rows of lines of one form with SIMD: everything up to the seconds and the level the same. It stops at the first
 * line that is anything else, which the ordinary code reads; what it does by itself it does as the ordinary code would.
 */
const program = `
// Not 0 where the bytes are not those of the literal.
fn differs(at, literal) {
  return vany(vor(vor(
    vand(vxor(v(at), v(literal)), v(literal + 48)),
    vand(vxor(v(at + 16), v(literal + 16)), v(literal + 64))),
    vand(vxor(v(at + 32), v(literal + 32)), v(literal + 80))));
}

// The level's code and, from bit 8 on, the number of its bytes; 0 for anything unknown, and for errors that end the row.
fn level(at) {
  mode = i32(LEVELS);
  errors = i32(ERRORS);
  if (mode == 2) {
    digit = u8(at) - '0';
    if (u8(at + 1) == '0' && digit > 0 && (digit < 5 || (errors && digit < 7))) { return digit | 512; }
    return 0;
  }
  word = i32(at);
  fifth = u8(at + 4);
  // Capitals have no bit 5.
  if (mode == 0 && (word & 0x20202020)) { return 0; }
  word = word | 0x20202020;
  if (word == 'info') { return 0x403; }
  if (word == 'warn') { return 0x404; }
  if (mode == 0 && (fifth & 32)) { return 0; }
  fifth = fifth | 32;
  if (word == 'debu' && fifth == 'g') { return 0x502; }
  if (word == 'trac' && fifth == 'e') { return 0x501; }
  if (errors) {
    if (word == 'erro' && fifth == 'r') { return 0x505; }
    if (word == 'fata' && fifth == 'l') { return 0x506; }
  }
  return 0;
}

// Where seconds and fraction, or the last digits of an epoch number, end; 0 where they are none or out of range.
fn moment(at) {
  value = 0;
  left = i32(DIGITS);
  if (left) {
    while (left) {
      digit = u8(at) - '0';
      if (digit > 9) { return 0; }
      value = value * 10 + digit;
      at = at + 1;
      left = left - 1;
    }
  } else {
    digit = u8(at) - '0';
    ones = u8(at + 1) - '0';
    if (digit > 5 || ones > 9) { return 0; }
    value = (digit * 10 + ones) * 1000;
    at = at + 2;
    if ((u8(at) == '.' || u8(at) == ',') && u8(at + 1) - '0' < 10) {
      at = at + 1;
      scale = 100;
      digit = u8(at) - '0';
      while (digit < 10) {
        value = value + digit * scale;
        scale = scale / 10;
        at = at + 1;
        digit = u8(at) - '0';
      }
    }
  }
  if (value < i32(LOW) || value > i32(HIGH)) { return 0; }
  put(MOMENT, value);
  return at;
}

// Where the line ends; at least \`end\` where it is not whole.
fn lineEnd(at, end) {
  while (at < end) {
    breaks = vbits(vequal(v(at), vsplat(10)));
    if (breaks) { return at + ctz(breaks); }
    at = at + 16;
  }
  return at;
}

// Where the first whole line begins that does not begin with a blank; LINES are those before it.
fn indented(at, end) {
  lines = 0;
  while (at < end && (u8(at) == 9 || u8(at) == ' ')) {
    next = lineEnd(at, end);
    if (next >= end || next - at > LONGEST_LINE) { break; }
    lines = lines + 1;
    at = next + 1;
  }
  put(LINES, lines);
  return at;
}

// Counts a line.
fn count(level, moment) {
  put(COUNTS + level * 4, i32(COUNTS + level * 4) + 1);
  if (moment < i32(FIRST)) { put(FIRST, moment); }
  if (moment > i32(LAST)) { put(LAST, moment); }
  put(LINES, i32(LINES) + 1);
  put(NEWEST, moment);
  put(NEWEST_LEVEL, level);
  return 0;
}

// Finds the message of an error; 0 where it is in an object of unknown keys.
fn hold(at, levelEnd, end) {
  put(STOPPED, 2);
  if (i32(OBJECTS)) { if (!message(at, end)) { return 0; } }
  else {
    while (levelEnd < end && closer(u8(levelEnd))) { levelEnd = levelEnd + 1; }
    put(BEGIN, levelEnd);
    put(END, end);
  }
  put(STOPPED, 1);
  put(HELD_MOMENT, i32(MOMENT));
  return 1;
}

// Counts the error that was held, and adds it to the list.
fn list(level, begin, end) {
  moment = i32(HELD_MOMENT);
  count(level, moment);
  mask(i32(BEGIN), i32(END));
  entry = LIST + i32(LENGTH) * ENTRY;
  put(entry, moment);
  put(entry + 4, begin);
  put(entry + 8, end);
  put(entry + 12, i32(BEGIN));
  put(entry + 16, i32(END));
  put(entry + 20, i32(HASH_A));
  put(entry + 24, i32(HASH_B));
  put(LENGTH, i32(LENGTH) + 1);
  put(STOPPED, 0);
  return i32(LENGTH) < LISTED;
}

// Where the first line begins that is of another form, or not whole. What follows an error that is listed may belong to
// it: it only counts once the line after it is of the form too.
fn rows(at, end) {
  first = i32(LEVEL_FIRST);
  gravest = 4;
  if (i32(ERRORS) < 2) { gravest = 6; }
  held = 0;
  stop = at;
  while (at < end) {
    if (differs(at, LITERAL_1)) { return stop; }
    next = at + i32(LITERAL_1 + 96);
    if (first) {
      code = level(next);
      if (!code) { return stop; }
      next = next + (code >> 8);
    } else {
      next = moment(next);
      if (!next) { return stop; }
    }
    if (differs(next, LITERAL_2)) { return stop; }
    next = next + i32(LITERAL_2 + 96);
    if (first) {
      next = moment(next);
      if (!next) { return stop; }
    } else {
      code = level(next);
      if (!code) { return stop; }
      next = next + (code >> 8);
    }
    if (differs(next, LITERAL_3)) { return stop; }
    levelEnd = next;
    next = lineEnd(next + i32(LITERAL_3 + 96), end);
    if (next >= end || next - at > LONGEST_LINE) { return stop; }
    if (held) {
      more = list(held, stop, at - 1);
      held = 0;
      stop = at;
      if (!more) { return stop; }
    }
    code = code & 255;
    if (code > gravest) {
      if (!hold(at, levelEnd, next)) { return stop; }
      held = code;
    } else {
      count(code, i32(MOMENT));
      stop = next + 1;
    }
    at = next + 1;
  }
  return stop;
}

// What stands between a level and the message.
fn closer(c) {
  return c == ' ' || c == ']' || c == '|' || c == ':' || c == '>' || c == '-' || c == 9;
}

// The place after the string whose quote is at the place; 0 where it has no end.
fn afterString(at, end) {
  at = at + 1;
  while (at < end) {
    c = u8(at);
    if (c == '"') { return at + 1; }
    if (c == BACKSLASH) { at = at + 1; }
    at = at + 1;
  }
  return 0;
}

// Goes through a flat object: KEYS becomes the hash of its keys in order and of which values are texts; where the texts
// begin and end goes to TEXTS. 0 where it is not flat, not whole, or has too many fields.
fn shape(at, end) {
  hash = FNV;
  field = TEXTS;
  at = at + 1;
  while (at < end && field < TEXTS_END) {
    c = u8(at);
    while (c == ' ' || c == ',' || c == 9) { at = at + 1; c = u8(at); }
    if (c == '}') { put(KEYS, hash); return 1; }
    if (c != '"') { return 0; }
    at = at + 1;
    c = u8(at);
    while (c != '"') {
      if (c == BACKSLASH || at >= end) { return 0; }
      hash = (hash ^ c) * PRIME;
      at = at + 1;
      c = u8(at);
    }
    at = at + 1;
    while (u8(at) == ' ') { at = at + 1; }
    if (u8(at) != ':') { return 0; }
    at = at + 1;
    while (u8(at) == ' ') { at = at + 1; }
    c = u8(at);
    begin = at;
    if (c == '"') {
      hash = (hash ^ 256) * PRIME;
      at = afterString(at, end);
      if (!at) { return 0; }
      put(field, begin + 1);
      put(field + 4, at - 1);
    } else {
      hash = (hash ^ 257) * PRIME;
      while (at < end && c != ',' && c != '}' && c != ' ') {
        if (c == '{' || c == '[' || c == ']' || c == '"' || c == ':') { return 0; }
        at = at + 1;
        c = u8(at);
      }
      if (at == begin) { return 0; }
    }
    field = field + 8;
  }
  return 0;
}

// BEGIN and END become the message of an object whose keys are known; 0 where they are not.
fn message(at, end) {
  if (!shape(at, end)) { return 0; }
  known = KNOWN_SHAPES + (i32(KEYS) & SHAPE_MASK) * 8;
  field = i32(known + 4);
  if (i32(known) != i32(KEYS) || !field) { return 0; }
  put(BEGIN, i32(field));
  put(END, i32(field + 4));
  return 1;
}
${mask/* masking */.Lq}`;
const { Module, Instance, CompileError } = globalThis.WebAssembly;
let compiled;
function assemble() {
    const constants = {
        ...told,
        ...tells,
        ...mask/* maskingConstants */.OS,
        LITERAL_1: LITERALS,
        LITERAL_2: LITERALS + LITERAL,
        LITERAL_3: LITERALS + 2 * LITERAL,
        COUNTS,
        LISTED,
        LIST,
        ENTRY,
        LONGEST_LINE,
        KNOWN_SHAPES,
        SHAPE_MASK: SHAPES - 1,
        TEXTS,
        TEXTS_END: TEXTS + MOST_FIELDS * 8,
        CLASSES,
        TRAITS,
    };
    return new Module(compile(program, constants, PAGES, ["rows", "indented", "shape", "mask"]));
}
/** The program with a memory of its own, whose first mebibyte is the chunk to be read. */
class Kernel {
    /** Read into this, so that nothing has to be copied. */
    chunk;
    /** Of the last row: events by level. */
    levels;
    #words;
    #bytes;
    #exports;
    constructor(exports) {
        const { buffer } = exports.memory;
        this.chunk = Buffer.from(buffer, 0, CHUNK);
        this.levels = new Int32Array(buffer, COUNTS, 8);
        this.#words = new Int32Array(buffer);
        this.#bytes = new Uint8Array(buffer);
        this.#bytes.set(mask/* classes */.Ly, CLASSES);
        this.#bytes.set(mask/* traits */.I5, TRAITS);
        this.#exports = exports;
    }
    /** A kernel; `undefined` where this Node or processor has no SIMD, and everything is read the ordinary way. */
    static create() {
        try {
            compiled ??= assemble();
            return new Kernel(new Instance(compiled).exports);
        }
        catch (error) {
            if (error instanceof CompileError)
                return undefined;
            throw error;
        }
    }
    /** Sets the form of the next rows; false where it is too long. `objects`: whether its lines are JSON. */
    form(form, objects) {
        if (form.literals.some((one) => one.length > LITERAL_BYTES))
            return false;
        for (const [i, bytes] of form.literals.entries()) {
            const at = LITERALS + i * LITERAL;
            this.#bytes.fill(0, at, at + 2 * LITERAL_BYTES);
            this.#bytes.set(bytes, at);
            this.#bytes.fill(0xff, at + LITERAL_BYTES, at + LITERAL_BYTES + bytes.length);
            this.#set(at + 2 * LITERAL_BYTES, bytes.length);
        }
        this.#set(told.LEVEL_FIRST, form.levelFirst ? 1 : 0);
        this.#set(told.LEVELS, form.levels);
        this.#set(told.DIGITS, form.digits);
        this.#set(told.LOW, form.low);
        this.#set(told.HIGH, form.high);
        this.#set(told.OBJECTS, objects ? 1 : 0);
        return true;
    }
    /** Counts lines of the form from `at` on; answers where the first other line begins. `errors`: one of the constants above. */
    rows(at, end, errors) {
        this.#set(told.ERRORS, errors);
        this.levels.fill(0);
        this.#set(tells.FIRST, 0x7fffffff);
        this.#set(tells.LAST, 0);
        this.#set(tells.LINES, 0);
        this.#set(tells.LENGTH, 0);
        this.#set(tells.STOPPED, 0);
        return this.#exports.rows(at, end);
    }
    /** Counts, in `lines`, the lines that begin with a blank; answers where the first other or unfinished one begins. */
    indented(at, end) {
        return this.#exports.indented(at, end);
    }
    /** Learns that in objects with the keys of the one at `at` the message is the text of a field, counted from 0. */
    learn(at, end, field) {
        if (field < 0 || field >= MOST_FIELDS || this.#exports.shape(at, end) === 0)
            return;
        const keys = this.#get(tells.KEYS);
        const known = KNOWN_SHAPES + (keys & (SHAPES - 1)) * 8;
        this.#set(known, keys);
        this.#set(known + 4, TEXTS + field * 8);
    }
    /** The hash of a message's template, as two halves in `hash`; the message stands in `chunk`. */
    mask(start, end) {
        this.#exports.mask(start, end);
        return [this.#get(tells.HASH_A), this.#get(tells.HASH_B)];
    }
    get first() {
        return this.#get(tells.FIRST);
    }
    get last() {
        return this.#get(tells.LAST);
    }
    /** Moment of the last line of the row. */
    get newest() {
        return this.#get(tells.NEWEST);
    }
    /** Level of the last line of the row. */
    get newestLevel() {
        return this.#get(tells.NEWEST_LEVEL);
    }
    get lines() {
        return this.#get(tells.LINES);
    }
    /** Why the row ended: 0 the line is of another form, 1 it may have more lines, 2 it is an object of unknown keys. */
    get stopped() {
        return this.#get(tells.STOPPED);
    }
    /** Errors listed of the row. */
    get listed() {
        return this.#get(tells.LENGTH);
    }
    /** One number of an error listed: by the names of {@link LISTED_AS}. */
    entry(index, what) {
        return this.#words[((LIST + index * ENTRY) >> 2) + what] ?? 0;
    }
    #get(at) {
        return this.#words[at >> 2] ?? 0;
    }
    #set(at, value) {
        this.#words[at >> 2] = value;
    }
}
/** What {@link Kernel.entry} is asked for; places count from the beginning of the chunk. */
const LISTED_AS = { moment: 0, start: 1, end: 2, messageStart: 3, messageEnd: 4, hashA: 5, hashB: 6 };


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
/**
 * The level code of a number: below 10 a syslog severity, then pino's and bunyan's scale (10 trace … 60 fatal), monolog's
 * (100 debug … 400 error … 600), java.util.logging's (500 and less are monolog's; 900 warning, 1000 severe) and logback's
 * (10000 debug … 40000 error).
 */
function levelOfNumber(value) {
    if (!(value >= 0))
        return NONE;
    if (value < 10)
        return levelOfSeverity(value);
    if (value < 100)
        return Math.min(FATAL, Math.floor(value / 10));
    if (value < 700)
        return Math.min(FATAL, Math.floor(value / 100) + 1);
    if (value < 5_000)
        return value < 900 ? INFO : value < 1_000 ? WARN : ERROR;
    return value < 10_000 ? TRACE : Math.min(FATAL, Math.floor(value / 10_000) + 1);
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
  _P: () => (/* binding */ TRACE),
  dX: () => (/* binding */ exceptionEnd)
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
        while (isSpace(c) || c === 44)
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
        while (isSpace(c))
            c = bytes[++at];
        if (c !== 58)
            return false;
        c = bytes[++at];
        while (isSpace(c))
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
function isSpace(byte) {
    return byte === 32 || byte === 9 || byte === 10 || byte === 13;
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
        if (c === 44 || c === 125 || c === 93 || isSpace(c))
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
const LEVEL_KEYS = names("level", "severity", "lvl", "levelname", "log.level", "@l", "loglevel", "severity_text", "severityText", "level_name", "levelName", "Level", "LEVEL");
const TIME_KEYS = names("time", "ts", "timestamp", "@timestamp", "t", "@t", "datetime", "date", "asctime", "eventTime", "timeMillis", "instant", "Timestamp");
const HOST_KEYS = names("host", "hostname", "_HOSTNAME", "host.name", "pod", "instance");
const MESSAGE_KEYS = names("msg", "message", "MESSAGE", "@m", "@mt", "event", "text", "error", "body", "Message", "MessageTemplate");
const LOG_LEVEL = names("level");
const [LOG, STREAM, PRIORITY, REALTIME, MESSAGE, HOST_OBJECT_NAME] = names("log", "stream", "PRIORITY", "__REALTIME_TIMESTAMP", "MESSAGE", "name");
const EXCEPTION_KEYS = names("err", "error", "exception", "exc_info", "stack", "stack_trace", "stacktrace", "error.type", "error.stack_trace");
/** Of an object in a level's place, and of one in a time's place: MongoDB's, log4j's, fluentd's. */
const LEVEL_PARTS = names("name", "text", "label", "level", "value");
const [DATE, ...SECONDS] = names("$date", "epochSecond", "seconds");
const NANOSECONDS = names("nanoOfSecond", "nanos");
const TYPE_KEYS = names("type", "name", "kind", "class");
const EXCEPTION_CLASS = /(?:[A-Za-z_$][\w$]*\.)*[\w$]*(?:Error|Exception|Throwable)\b/;
const CONTINUED = /^(?:Caused by: |Suppressed: |\.\.\. \d+ more|at \S+ ?\(|During handling of the above|The above exception was|goroutine \d+ \[|created by |exit status \d|\[signal )/;
const PANICKED = /^(?:panic: |fatal error: |thread '.{0,100}' panicked at )/;
const TRACED = /^(?:Traceback \(most recent call last\):|Exception in thread |Uncaught |Unhandled |(?:[\w$]+[.:/])*[\w$]*(?:Error|Exception|Throwable)(?: \[\w+\])?(?::|$))/;
/** First letters and characters with which one of the three above can begin; everything else is spared the expressions. */
const MAY_BE_TRACE = new Uint8Array(256);
for (let c = 0; c < 256; c++)
    MAY_BE_TRACE[c] = /[A-Za-z_$.[]/.test(String.fromCharCode(c)) ? 1 : 0;
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
    /** Of an object that is an error: which of its fields, counted from 0, is the message, where the keys alone tell that; else -1. */
    messageField = -1;
    /** What else tells the kind of an error: the class of an exception, the status of a request; empty where the line's fields name none. */
    exception = "";
    /** The application's own line, where a journal entry or docker record holds an error: `message` and `messageEnd` count in it then. */
    inner;
    /** The stream of a container runtime's line: 1 or 2, 0 for none; and whether the runtime has cut the line, so that the stream's next goes on with it. */
    stream = 0;
    unfinished = false;
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
    /** Reads an object that is spread over several lines. */
    parseObject(bytes, start, end) {
        this.parse(bytes, start, start);
        this.part = START;
        this.#object(bytes, start, end, 0);
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
        // Also found further below, at many times the cost: every stack trace has these.
        if (exceptionEnd(bytes, start, end) > 0) {
            this.part = TRACE;
            this.level = logs_level/* ERROR */.ff;
            return;
        }
        if (first === 67 && startsWith(bytes, start, CAUSED_BY)) {
            this.part = CONTINUATION;
            return;
        }
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
                if (Number.isNaN(this.time))
                    this.time = time;
                return;
            }
        }
        this.#head(bytes, at, end);
        if (this.level >= logs_level/* ERROR */.ff && this.#format === "syslog")
            this.#tag(bytes, at, end);
        if (this.level === logs_level/* NONE */.x3 && this.header && depth === 0 && bytes[at] === 32)
            this.#stamped(bytes, at + 1, end);
    }
    /** A line of a program that `kubectl logs --timestamps` or docker put a time before: of those whose level no word tells. */
    #stamped(bytes, start, end) {
        const { time } = this;
        const first = bytes[start] ?? 0;
        if (first === 9 || INDENTED.test(bytes.toString("latin1", start, Math.min(end, start + 40)))) {
            this.part = CONTINUATION;
            return;
        }
        const known = ((this.#format === "auto" || this.#format === "plain") && this.#kubernetes(bytes, start, end)) ||
            ((this.#format === "auto" || this.#format === "access") && this.#access(bytes, start, end));
        if (!known && this.#trace(first, bytes.toString("latin1", start, Math.min(end, start + 160)))) {
            this.message = start - this.#from;
        }
        this.time = time;
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
        this.stream = stream[0][4] === "o" ? 1 : 2;
        this.unfinished = stream[0].endsWith("P ");
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
                        if (json.isString())
                            inner ??= json.text();
                        else if (json.isObject() && level < 0)
                            level = this.#nested(LOG_LEVEL);
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
                    if (length === 6 && json.keyIs(STREAM))
                        stream = true;
                    else if (level < 0 && length === 1 && dated)
                        level = levelOfLetter(bytes[json.valueStart + 1]);
                    else if (level < 0 && isOne(json, LEVEL_KEYS))
                        level = json.isObject() ? this.#nested(LEVEL_PARTS) : valueLevel(json);
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
                        dated = json.isObject() && length === 1;
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
                    if (Number.isNaN(time) && isOne(json, TIME_KEYS))
                        time = this.#fieldTime();
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
        let thrown = false;
        this.messageField = -1;
        for (let field = 0; json.next(); field++) {
            const length = json.keyEnd - json.keyStart;
            if (length < 2 || length > 17)
                continue;
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
                if (this.exception === "")
                    this.#thrown();
            }
        }
        if (thrown)
            this.messageField = -1;
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
        const from = this.#from;
        const bytes = Buffer.from(text.replace(/\n$/, ""));
        const lineBreak = bytes.indexOf(10);
        const end = lineBreak < 0 ? bytes.length : lineBreak;
        this.#from = 0;
        this.#line(bytes, 0, end, 1);
        this.#from = from;
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
        if (this.level < logs_level/* ERROR */.ff)
            return;
        this.inner = bytes;
        if (this.messageEnd < 0)
            this.messageEnd = end;
        if (this.exception === "" && lineBreak >= 0) {
            this.exception = EXCEPTION_CLASS.exec(bytes.toString("latin1", lineBreak, lineBreak + 2_048))?.[0] ?? "";
        }
    }
    /** The level in a nested object, as ECS writes it: `"log":{"level":"error"}`. */
    #nested(names) {
        const inner = new JsonScanner();
        inner.open(this.#json.bytes, this.#json.valueStart, this.#json.valueEnd);
        while (inner.next())
            if (isOne(inner, names))
                return valueLevel(inner);
        return -1;
    }
    #objectTime() {
        const inner = new JsonScanner();
        inner.open(this.#json.bytes, this.#json.valueStart, this.#json.valueEnd);
        let time = Number.NaN;
        let fraction = 0;
        while (inner.next()) {
            const quoted = inner.isString() ? 1 : 0;
            if (inner.keyIs(DATE))
                time = this.#fieldTimes.read(inner.bytes, inner.valueStart + quoted, inner.valueEnd - quoted);
            else if (isOne(inner, SECONDS))
                time = Number(inner.text()) * 1_000;
            else if (isOne(inner, NANOSECONDS))
                fraction = Math.floor(Number(inner.text()) / 1e6);
        }
        return time + fraction;
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
        if (json.isObject())
            return this.#objectTime();
        const quoted = json.isString() ? 1 : 0;
        return this.#fieldTimes.read(json.bytes, json.valueStart + quoted, json.valueEnd - quoted);
    }
}
/** The level of MongoDB's letter. */
function levelOfLetter(letter) {
    return letter === 70 ? logs_level/* FATAL */.t0 : letter === 69 ? logs_level/* ERROR */.ff : letter === 87 ? logs_level/* WARN */.ZW : letter === 73 ? logs_level/* INFO */.rD : logs_level/* NONE */.x3;
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
function startsWith(bytes, at, text) {
    for (let i = 0; i < text.length; i++)
        if (bytes[at + i] !== text[i])
            return false;
    return true;
}
/** Where the name of an exception ends that begins here, as `java.io.IOException`, and is followed by `:` or the line's end; -1 where there is none. */
function exceptionEnd(bytes, start, end) {
    let at = start;
    let named = false;
    for (; at < end; at++) {
        const c = bytes[at] ?? 0;
        if (LETTER[c] !== 0 || c === 95 || c === 36 || (named && c >= 48 && c <= 57))
            named = true;
        else if (named && (c === 46 || c === 47))
            named = false;
        else
            break;
    }
    if (!named || (at < end && bytes[at] !== 58 && bytes[at] !== 10))
        return -1;
    const last = bytes[at - 1];
    if (last !== 114 && last !== 110 && last !== 101)
        return -1;
    for (const ending of EXCEPTION_ENDS)
        if (at - ending.length >= start && startsWith(bytes, at - ending.length, ending))
            return at;
    return -1;
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

/***/ 9344:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  X: () => (/* binding */ Looks)
});

// EXTERNAL MODULE: ./build/src/logs/pattern.js
var pattern = __webpack_require__(8615);
// EXTERNAL MODULE: ./build/src/logs/tally.js
var logs_tally = __webpack_require__(8231);
;// CONCATENATED MODULE: ./build/src/logs/presence.js

/** Probability by chance, over all sources and the whole window, below which a silence is one. */
const CHANCE = 0.001;
/** Milliseconds. Shorter silences are those of buffers, of clocks and of restarts. */
const SHORTEST = 60_000;
const MOST_SOURCES = 1_000;
/** Into how many spans the time before the window is divided: of a minute, more where it is short, longer where it is long. */
const LEAST_SPANS = 60;
const MOST_SPANS = 1_440;
/** Lines to a span from which on a source of which only the number is known is taken for one that wrote all the time. */
const STEADY = 100;
/** When each source wrote, in the time before a window and in it: who has fallen silent, and who is quiet by nature. */
class Presence {
    #from;
    #since;
    #span;
    #spans;
    #voices = new Map();
    #name;
    #voice;
    #earliest = Number.POSITIVE_INFINITY;
    #newest = Number.NEGATIVE_INFINITY;
    /** The time before the window begins at `from`, the window at `since`; milliseconds since the epoch. */
    constructor(from, since) {
        this.#from = from;
        this.#since = since;
        const before = since - from;
        this.#span = Math.max(before / MOST_SPANS, Math.min(60_000, before / LEAST_SPANS));
        this.#spans = Math.ceil(before / this.#span);
    }
    /** A source wrote at a time, or all through a short span of it. Times before all, and unknown ones, do not count. */
    hear(source, first, last = first) {
        if (!(first >= this.#from))
            return;
        const voice = source === this.#name ? this.#voice : this.#voiceOf(source);
        if (voice === undefined)
            return;
        if (!(voice.last >= last) && last >= this.#since)
            voice.last = last;
        if (last > this.#newest)
            this.#newest = last;
        if (first >= this.#since)
            return;
        if (first < this.#earliest)
            this.#earliest = first;
        const end = Math.min(this.#spans - 1, this.#at(last));
        for (let i = this.#at(first); i <= end; i++)
            voice.wrote[i] = 1;
    }
    /** A source wrote so many lines before the window, nobody knows when. */
    hearBefore(source, lines) {
        if (lines < STEADY * this.#spans)
            return;
        this.#voiceOf(source)?.wrote.fill(1);
        this.#earliest = Math.min(this.#earliest, this.#from);
    }
    /**
     * Sources that have been silent for so long, up to `end`, as chance would have it in less than one of 1,000 windows,
     * and for more than twice as long as they ever paused before the window. The spans before the window, written in or not,
     * tell the probability of a span without a line with its uncertainty (Beta-binomial with Jeffreys' prior), which is added
     * up over all sources and over all moments at which the silence could have begun. As many as have appeared since the
     * window began are left out: they have been replaced.
     */
    silent(end) {
        // Where the window is open, what was written last tells how far it reaches.
        const until = Number.isFinite(end) ? end : this.#newest;
        if (this.#earliest === Number.POSITIVE_INFINITY || !(until > this.#since))
            return [];
        // What nobody logged yet, or nobody keeps any more, is no pause.
        const begin = this.#at(this.#earliest);
        const spans = this.#spans - begin;
        const moments = Math.max(1, (until - this.#since) / this.#span);
        const known = [...this.#voices].filter(([, { wrote }]) => wrote.includes(1));
        const silent = known.flatMap(([name, voice]) => {
            const quiet = until - (Number.isNaN(voice.last) ? this.#since : voice.last);
            if (quiet < SHORTEST)
                return [];
            const { wroteIn, pause } = habitsOf(voice.wrote.subarray(begin));
            const missed = Math.floor(quiet / this.#span);
            if (missed <= 2 * pause)
                return [];
            const chance = known.length * moments * (moments + 1) * chanceOfNothing(wroteIn, spans, missed);
            return chance < CHANCE ? [{ name, quiet, wroteIn, spans, span: this.#span, pause: pause * this.#span }] : [];
        });
        const newcomers = this.#voices.size - known.length;
        return silent
            .sort((a, b) => b.wroteIn - a.wroteIn || (a.name < b.name ? -1 : 1))
            .slice(0, Math.max(0, silent.length - newcomers));
    }
    #at(time) {
        return Math.floor((time - this.#from) / this.#span);
    }
    #voiceOf(source) {
        let voice = this.#voices.get(source);
        if (voice === undefined && this.#voices.size < MOST_SOURCES) {
            voice = { wrote: new Uint8Array(this.#spans), last: Number.NaN };
            this.#voices.set(source, voice);
        }
        this.#name = source;
        this.#voice = voice;
        return voice;
    }
}
/** In how many spans something was written, and the longest row of others. */
function habitsOf(wrote) {
    let [wroteIn, pause, row] = [0, 0, 0];
    for (const one of wrote) {
        wroteIn += one;
        row = one === 1 ? 0 : row + 1;
        pause = Math.max(pause, row);
    }
    return { wroteIn, pause };
}
/** Probability that the next `missed` spans are all without a line, after `wroteIn` of `spans` had one. */
function chanceOfNothing(wroteIn, spans, missed) {
    let chance = 1;
    const most = Math.min(missed, 1_000_000);
    for (let i = 0; i < most && chance > 1e-30; i++)
        chance *= (spans - wroteIn + 0.5 + i) / (spans + 1 + i);
    return chance;
}
/** A tally that also notes who wrote when, whatever `match` and `ignore` leave out of the counts. */
class ListeningTally extends logs_tally/* Tally */.F {
    #presence;
    #until;
    constructor(presence, options, width, signatures) {
        super(options, width, signatures);
        this.#presence = presence;
        this.#until = options.until;
    }
    event(level, reader) {
        if (!this.control && reader.time <= this.#until)
            this.#presence.hear(reader.host ?? this.source, reader.time);
        super.event(level, reader);
    }
    row(kernel, base) {
        if (!this.control)
            this.#presence.hear(this.source, base + kernel.first, base + kernel.last);
        super.row(kernel, base);
    }
    recall(event) {
        if (!this.control && event.time <= this.#until)
            this.#presence.hear(event.source, event.time);
        super.recall(event);
    }
    merge(data) {
        if (!this.control) {
            for (const [name, { lines, before }] of data.sources) {
                if (lines > 0)
                    this.#presence.hear(name, data.last);
                this.#presence.hearBefore(name, before);
            }
        }
        super.merge(data);
    }
}

// EXTERNAL MODULE: ./build/src/logs/level.js
var level = __webpack_require__(7847);
// EXTERNAL MODULE: ./build/src/logs/safe.js
var safe = __webpack_require__(308);
;// CONCATENATED MODULE: ./build/src/logs/report.js


/** Probability by chance, over all kinds together, below which a kind counts as risen. */
const report_CHANCE = 0.001;
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
    const kinds = notes.signatures ? tally.signatures.report() : [];
    const mixed = kinds.filter(({ coarse, before }) => coarse && before > 0);
    if (mixed.length > 0) {
        const count = mixed.reduce((total, one) => total + one.count, 0);
        unreadable.push({
            path: "(kinds of errors)",
            reason: `${count} errors are of so many kinds that new ones cannot be told from known ones; leave out by "ignore" what is no error, or write messages whose words stay the same`,
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
        ...(notes.silent && { silent: notes.silent }),
        ...(notes.signatures ? signaturesOf(kinds, notes.linesSoFar, notes.linesBefore) : {}),
        cutLines: notes.cutLines,
        bytes: notes.bytes,
    };
}
function signaturesOf(found, lines, before) {
    const all = found.map((one) => ({ ...one, template: (0,safe/* safeTemplate */.a)(one.template, one.sample) }));
    const fresh = all.filter((one) => one.before === 0);
    return {
        newSignatures: fresh.slice(0, MOST_LISTED),
        newSignatureCount: fresh.length,
        risenSignatures: risen(all, before, lines).slice(0, MOST_LISTED),
        unsorted: all.reduce((total, one) => total + (one.coarse ? one.count : 0), 0),
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
        return upperTail(one.count, one.count + one.before, share) < report_CHANCE / all.length;
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
;// CONCATENATED MODULE: ./build/src/logs/look.js





/** What looks of one source have in common and hand on to each other, whatever the source is. */
class Looks {
    match;
    ignore;
    #options;
    #control;
    #signatures = new signature/* SignatureTable */.B();
    #presence;
    #linesBefore = 0;
    #lines = 0;
    #since = Number.NaN;
    #waiting = [];
    #first;
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
        if (baseline > 0 && Number.isFinite(this.#first))
            this.#presence ??= new Presence(before, this.#first);
        const tally = this.#presence
            ? new ListeningTally(this.#presence, options, this.#options.bucket, this.#signatures)
            : new logs_tally/* Tally */.F(options, this.#options.bucket, this.#signatures);
        for (const event of this.#waiting)
            tally.recall(event);
        this.#waiting = [];
        return { window, from: before, tally, options, unreadable: [], cutLines: 0, bytes: 0 };
    }
    end(look) {
        const { tally, window } = look;
        const data = tally.data();
        this.#waiting = data.late;
        this.#linesBefore += data.before.reduce((total, count) => total + count, 0);
        this.#lines += data.levels.reduce((total, count) => total + count, 0);
        return reportOf(tally, {
            unreadable: look.unreadable,
            signatures: this.#options.signatures ?? false,
            compared: (this.#options.baseline ?? 0) > 0 || this.#control,
            cutLines: look.cutLines,
            bytes: look.bytes,
            linesBefore: this.#linesBefore,
            linesSoFar: this.#lines,
            // Who could not be read is not silent.
            ...(this.#presence && look.unreadable.length === 0 && { silent: this.#presence.silent(window.until) }),
        });
    }
}


/***/ }),

/***/ 4525:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   I1: () => (/* binding */ maskMessage),
/* harmony export */   I5: () => (/* binding */ traits),
/* harmony export */   Lq: () => (/* binding */ masking),
/* harmony export */   Ly: () => (/* binding */ classes),
/* harmony export */   OS: () => (/* binding */ maskingConstants),
/* harmony export */   qQ: () => (/* binding */ hashOf),
/* harmony export */   uZ: () => (/* binding */ MOST_BYTES),
/* harmony export */   zd: () => (/* binding */ hashFrom)
/* harmony export */ });
/** Of a message so many bytes are looked at. */
const MOST_BYTES = 1_024;
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
/** FNV-1a beside a polynomial of 31, put together to 53 bits: enough that two of some thousand kinds never meet. */
function hashOf(bytes, length) {
    let a = 0x811c9dc5 | 0;
    let b = 0;
    for (let i = 0; i < length; i++) {
        const byte = bytes[i] ?? 0;
        a = Math.imul(a ^ byte, 0x01000193);
        b = ((b << 5) - b + byte) | 0;
    }
    return hashFrom(a, b);
}
/** The one number of the two halves. */
function hashFrom(a, b) {
    return (a >>> 0) * 0x200000 + ((b ^ (b >>> 15)) & 0x1fffff);
}
/**
 * {@link maskMessage} and {@link hashOf} in one pass, for `wasm.ts`: mask(start, end) leaves the halves of the hash in
 * HASH_A and HASH_B. What a word turns out to be is known at its end, so the state from before it is kept.
 */
const masking = `
fn trailing(c) {
  return c == '.' || c == ':' || c == '?' || c == '-';
}

// The place after the quote that closes the one at the place; 0 where it is an apostrophe or nothing closes it.
fn closing(at, stop, start) {
  quote = u8(at);
  if (quote == APOSTROPHE && at > start) {
    before = u8(at - 1);
    kind = u8(CLASSES + before);
    if ((kind == WORD || kind == DIGIT) && before != ':') { return 0; }
  }
  at = at + 1;
  while (at < stop) {
    if (u8(at) == quote) {
      closes = 1;
      if (quote == APOSTROPHE && at + 1 < stop) {
        after = u8(at + 1);
        kind = u8(CLASSES + after);
        if (kind == DIGIT || (kind == WORD && !trailing(after))) { closes = 0; }
      }
      if (closes) { return at + 1; }
    }
    at = at + 1;
  }
  return 0;
}

fn mask(start, end) {
  stop = end;
  if (end - start > MOST_BYTES) { stop = start + MOST_BYTES; }
  at = start;
  a = FNV;
  b = 0;
  // State after the mask before, and how many separators stand since; many where it is anything else.
  maskedA = 0;
  maskedB = 0;
  gap = 9;
  some = 0;
  blank = 0;
  while (at < stop) {
    c = u8(at);
    kind = u8(CLASSES + c);
    if (kind == SPACE) {
      at = at + 1;
      if (c == 27 && u8(at) == '[') {
        at = at + 1;
        while (at < stop && u8(at) - 64 > 62) { at = at + 1; }
        at = at + 1;
      } else { blank = some; }
    } else {
      beforeA = a;
      beforeB = b;
      if (blank) { a = (a ^ 32) * PRIME; b = b * 31 + 32; }
      beginA = a;
      beginB = b;
      begin = at;
      last = at;
      value = 0;
      if (kind == QUOTE) {
        last = closing(at, stop, start);
        if (last) { value = 1; at = last; }
      } else if (kind) {
        seen = 0;
        slashes = 0;
        letter = c;
        while (at < stop) {
          trait = u8(TRAITS + letter);
          if (!trait) { if (letter != '=' || slashes < 2) { break; } }
          seen = seen | trait;
          slashes = slashes + (trait & IS_SLASH);
          a = (a ^ letter) * PRIME;
          b = b * 31 + letter;
          at = at + 1;
          letter = u8(at);
        }
        last = at;
        while (last > begin && trailing(u8(last - 1))) { last = last - 1; }
        value = (seen & IS_DIGIT_OR_AT) || slashes > 1 || (slashes == 1 && c == '/' && last - begin > 1)
          || (!(seen & IS_NO_HEX) && last - begin >= 8);
      }
      if (value) {
        if (gap + blank < 3) { a = maskedA; b = maskedB; }
        else { a = (beginA ^ 1) * PRIME; b = beginB * 31 + 1; maskedA = a; maskedB = b; }
        gap = 0;
        while (last < at) {
          letter = u8(last);
          a = (a ^ letter) * PRIME;
          b = b * 31 + letter;
          last = last + 1;
          gap = 9;
        }
        blank = 0;
        some = 1;
      } else if (at > begin) {
        gap = 9;
        blank = 0;
        some = 1;
      } else {
        at = at + 1;
        if (c == BACKSLASH && u8(CLASSES + u8(at)) == QUOTE) { a = beforeA; b = beforeB; }
        else {
          a = (a ^ c) * PRIME;
          b = b * 31 + c;
          if (c == ',' || c == ';') { gap = gap + 1 + blank; } else { gap = 9; }
          blank = 0;
          some = 1;
        }
      }
    }
  }
  put(HASH_A, a);
  put(HASH_B, b);
  return 0;
}
`;
/** What the program is told by name. */
const maskingConstants = {
    SPACE,
    WORD,
    DIGIT,
    QUOTE,
    IS_SLASH,
    IS_DIGIT_OR_AT: IS_DIGIT | IS_AT,
    IS_NO_HEX,
    MOST_BYTES,
    APOSTROPHE: 39,
    BACKSLASH: 92,
    FNV: 0x811c9dc5,
    PRIME: 0x01000193,
};


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

/***/ 3951:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   B: () => (/* binding */ SignatureTable)
/* harmony export */ });
/* harmony import */ var _mask_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(4525);
/* harmony import */ var _safe_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(308);


/** Most kinds that are told apart; beyond, they are merged by their first word and length. */
const MOST = 2_000;
/** Most kinds, merged ones included; beyond, those are merged by their length alone. */
const MOST_COARSE = MOST * 1.5;
/** What stands for the first word there. */
const ANY = "…";
/** So many different words in one place, everything else the same, make that place variable. */
const VARIETY = 6;
/** Groups that are watched for a variable place. */
const MOST_GROUPS = 20_000;
const MOST_WILD = 200;
const MOST_TOKENS = 48;
const MOST_SOURCES = 20;
/** A power of two. */
const RECENT = 1_024;
/** The template's words: masks are `<*>`; punctuation stays with its word. */
function tokensOf(masked, length) {
    const text = Buffer.from(masked.buffer, masked.byteOffset, length).toString("utf8").replaceAll("\u0001", "<*>");
    const tokens = text.split(" ");
    return tokens.length <= MOST_TOKENS ? tokens : [...tokens.slice(0, MOST_TOKENS), "…"];
}
const encoder = new TextEncoder();
function hashOfText(text) {
    const bytes = encoder.encode(text);
    return (0,_mask_js__WEBPACK_IMPORTED_MODULE_0__/* .hashOf */ .qQ)(bytes, bytes.length);
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
    /** Templates with one place left out → hashes of the words seen there (of one alone mostly), or the kind that they became. */
    #groups = new Map();
    /** Kinds with a variable word, by number of words. */
    #wild = new Map();
    /** The kinds that were last met, by the halves of their hash: most errors are of few kinds. */
    #recent = Array.from({ length: RECENT }, () => undefined);
    #recentA = new Int32Array(RECENT);
    #recentB = new Int32Array(RECENT);
    /** By the hashes of all words; and merged kinds by those of the first word and the number of words. */
    #byTotal = new Map();
    #coarseByStart = new Map();
    #words = new Float64Array(MOST_TOKENS);
    /** The exception that was last met, and its hash. */
    #exception = "";
    #exceptionHash = 0;
    #masked = new Uint8Array(_mask_js__WEBPACK_IMPORTED_MODULE_0__/* .MOST_BYTES */ .uZ * 2);
    /** Counts an event whose message is the range of bytes; `exception` is the class of a stack trace's exception. The kernel masks what stands in its chunk. */
    add(bytes, start, end, exception, time, before, source, sample, kernel) {
        if (kernel !== undefined && bytes.buffer === kernel.chunk.buffer) {
            const [a, b] = kernel.mask(bytes.byteOffset + start, bytes.byteOffset + end);
            if (exception !== this.#exception) {
                this.#exception = exception;
                this.#exceptionHash = exception === "" ? 0 : hashOfText(exception) | 0;
            }
            const also = this.#exceptionHash;
            this.count(this.kindOf(a ^ also, (b + also) | 0, bytes, start, end, exception), time, before, source, sample);
            return;
        }
        const length = this.#mask(bytes, start, end, exception);
        const hash = (0,_mask_js__WEBPACK_IMPORTED_MODULE_0__/* .hashOf */ .qQ)(this.#masked, length);
        this.count(this.#byHash.get(hash) ?? this.#named(hash, length), time, before, source, sample);
    }
    #mask(bytes, start, end, exception) {
        const length = (0,_mask_js__WEBPACK_IMPORTED_MODULE_0__/* .maskMessage */ .I1)(bytes, start, end, this.#masked);
        if (exception === "")
            return length;
        return length + encoder.encodeInto(` ${exception}`, this.#masked.subarray(length)).written;
    }
    /** The kind of a message that has been masked already: of the halves of its hash. */
    kindOf(a, b, bytes, start, end, exception = "") {
        const slot = (a ^ b) & (RECENT - 1);
        const recent = this.#recent[slot];
        if (recent !== undefined && this.#recentA[slot] === a && this.#recentB[slot] === b)
            return recent;
        const hash = (0,_mask_js__WEBPACK_IMPORTED_MODULE_0__/* .hashFrom */ .zd)(a, b);
        const kind = this.#byHash.get(hash) ?? this.#named(hash, this.#mask(bytes, start, end, exception));
        this.#recent[slot] = kind;
        this.#recentA[slot] = a;
        this.#recentB[slot] = b;
        return kind;
    }
    /** Counts an event of a kind. */
    count(named, time, before, source, sample) {
        let kind = named;
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
            kind.sample = (0,_safe_js__WEBPACK_IMPORTED_MODULE_1__/* .safeSample */ .S)(sample());
        if (kind.sources[kind.sources.length - 1] !== source)
            addSource(kind, source);
    }
    #named(hash, length) {
        const full = this.#byText.size >= MOST && this.#groups.size >= MOST_GROUPS;
        const quick = full ? this.#findFull(length) : undefined;
        if (quick)
            return quick;
        const tokens = tokensOf(this.#masked, length);
        const kind = this.#find(tokens);
        if (kind.coarse) {
            const start = kind.tokens[0] === ANY ? 0 : hashOfWord(tokens[0] ?? "", 0);
            this.#coarseByStart.set(startKey(start, tokens.length), kind);
        }
        if (this.#byHash.size >= 4 * MOST)
            this.#byHash.clear();
        this.#byHash.set(hash, kind);
        return kind;
    }
    /** Adds what another table, of another thread or an earlier look, has counted. */
    merge(others) {
        for (const other of others) {
            let kind = other.coarse ? this.#coarse(other.tokens) : this.#find(other.tokens);
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
            const { merged: _, words: __, ...raw } = kind;
            yield { ...raw, sources: [...raw.sources] };
        }
    }
    /** All kinds that were seen in the window, the most frequent first. */
    report() {
        return [...this.raw()]
            .filter((kind) => kind.count > 0)
            .sort((a, b) => b.count - a.count || (a.tokens.join(" ") < b.tokens.join(" ") ? -1 : 1))
            .map(({ tokens, count, before, first, last, sources, sample, coarse }) => {
            const template = tokens.join(" ");
            return {
                id: hashOfText(template).toString(16).padStart(14, "0").slice(-12),
                template: (0,_safe_js__WEBPACK_IMPORTED_MODULE_1__/* .safeSample */ .S)(template, 300),
                count,
                before,
                first,
                last,
                sources: [...sources].sort(),
                sample,
                ...(coarse && { coarse }),
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
    }
    #find(tokens) {
        const text = tokens.join(" ");
        const exact = this.#byText.get(text) ?? this.#wild.get(tokens.length)?.find((kind) => covers(kind.tokens, tokens));
        if (exact)
            return exact;
        const keys = keysWithout(tokens);
        for (const key of keys) {
            const group = key === undefined ? undefined : this.#groups.get(key);
            if (group instanceof Object && !Array.isArray(group))
                return group;
        }
        for (const [i, token] of tokens.entries()) {
            const key = keys[i];
            if (key === undefined)
                continue;
            const group = this.#groups.get(key);
            if (group === undefined && this.#groups.size >= MOST_GROUPS)
                continue;
            const word = hashOfWord(token, i);
            if (group === undefined || typeof group === "number") {
                if (group !== word)
                    this.#groups.set(key, group === undefined ? word : [group, word]);
                continue;
            }
            if (!Array.isArray(group))
                continue;
            if (!group.includes(word))
                group.push(word);
            if (group.length < VARIETY || tokens.length === 1)
                continue;
            const wild = this.#find(tokens.with(i, "<*>"));
            if (wild.coarse)
                return wild;
            this.#generalise(wild);
            this.#groups.set(key, wild);
            return wild;
        }
        if (this.#byText.size < MOST)
            return this.#kind(tokens);
        return this.#coarse([tokens[0] ?? "", `… (${tokens.length} words)`]);
    }
    /**
     * What {@link #find} would find where no further kinds and groups are made, straight from the masked bytes: of millions
     * of different messages the words would be garbage. `undefined` where it takes more than a look at tables.
     */
    #findFull(length) {
        const words = this.#words;
        const count = hashWords(this.#masked, length, words);
        if (count === 0)
            return undefined;
        let total = count;
        for (let i = 0; i < count; i++)
            total = (total + (words[i] ?? 0)) % WRAP;
        const exact = this.#byTotal.get(total);
        if (exact)
            return exact;
        for (const wild of this.#wild.get(count) ?? [])
            if (coversWords(wild, words))
                return wild;
        for (let i = 0; i < count; i++) {
            if (words[i] === MASKS[i])
                continue;
            const group = this.#groups.get((total - (words[i] ?? 0) + (MASKS[i + MOST_TOKENS] ?? 0) + WRAP) % WRAP);
            if (group !== undefined)
                return group instanceof Object && !Array.isArray(group) ? group : undefined;
        }
        const known = this.#coarseByStart.get(startKey(words[0] ?? 0, count));
        return known ?? (this.#byText.size < MOST_COARSE ? undefined : this.#coarseByStart.get(startKey(0, count)));
    }
    /** The kind of all that begins with a word and has so many words, once there are too many; then of all that has so many. */
    #coarse(tokens) {
        const known = this.#byText.get(tokens.join(" "));
        if (known)
            return known;
        return this.#kind(this.#byText.size < MOST_COARSE ? tokens : [ANY, tokens.at(-1) ?? ""], true);
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
            this.#byTotal.delete(totalOf(kind.words));
            this.#byText.delete(kind.tokens.join(" "));
        }
    }
    #kind(tokens, coarse = false) {
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
            coarse,
            merged: undefined,
            words: tokens.map(hashOfWord),
        };
        this.#byText.set(text, kind);
        if (!coarse)
            this.#byTotal.set(totalOf(kind.words), kind);
        return kind;
    }
}
/**
 * For each place a number that is the same for all templates that differ in this place alone; the places of `<*>` have
 * none. Sums of words' hashes, so that all places together cost one look at each word.
 */
function keysWithout(tokens) {
    const hashes = tokens.map(hashOfWord);
    const total = totalOf(hashes);
    return tokens.map((token, i) => token === "<*>" ? undefined : (total - (hashes[i] ?? 0) + hashOfWord("<*>", i + MOST_TOKENS) + WRAP) % WRAP);
}
/** Of hashes of words: three of them still add up exactly. */
const WRAP = 2 ** 51;
function totalOf(hashes) {
    return hashes.reduce((sum, hash) => (sum + hash) % WRAP, hashes.length);
}
function startKey(word, count) {
    return (word + count * 0x9e3779b1) % WRAP;
}
function hashOfWord(word, place) {
    let a = 0x811c9dc5 ^ Math.imul(place + 1, 0x9e3779b1);
    let b = place;
    for (let i = 0; i < word.length; i++) {
        const unit = word.charCodeAt(i);
        a = Math.imul(a ^ unit, 0x01000193);
        b = (Math.imul(b, 31) + unit) | 0;
    }
    return (0,_mask_js__WEBPACK_IMPORTED_MODULE_0__/* .hashFrom */ .zd)(a, b) % WRAP;
}
/** Hashes of the mask at each place, and at those of a place left out. */
const MASKS = Float64Array.from({ length: 2 * MOST_TOKENS + 1 }, (_, place) => hashOfWord("<*>", place));
const MASK = Buffer.from("<*>");
/** {@link hashOfWord} of each word of a masked message; answers their number, 0 where there are too many or not all is ASCII. */
function hashWords(masked, length, words) {
    let count = 0;
    for (let at = 0; at <= length; at++) {
        if (count >= words.length)
            return 0;
        let a = 0x811c9dc5 ^ Math.imul(count + 1, 0x9e3779b1);
        let b = count;
        for (; at < length && masked[at] !== 32; at++) {
            const byte = masked[at] ?? 0;
            if (byte >= 128)
                return 0;
            for (let i = 0; i < (byte === 1 ? 3 : 1); i++) {
                const unit = byte === 1 ? (MASK[i] ?? 0) : byte;
                a = Math.imul(a ^ unit, 0x01000193);
                b = (Math.imul(b, 31) + unit) | 0;
            }
        }
        words[count++] = (0,_mask_js__WEBPACK_IMPORTED_MODULE_0__/* .hashFrom */ .zd)(a, b) % WRAP;
    }
    return count;
}
function coversWords(wild, words) {
    for (let i = 0; i < wild.words.length; i++) {
        if (wild.words[i] !== words[i] && wild.tokens[i] !== "<*>")
            return false;
    }
    return true;
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
/* harmony import */ var _kernel_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(2770);
/* harmony import */ var _level_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(7847);
/* harmony import */ var _line_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(4714);
/* harmony import */ var _safe_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(308);
/* harmony import */ var _signature_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(3951);





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
    constructor(options, width = 60_000, signatures = new _signature_js__WEBPACK_IMPORTED_MODULE_3__/* .SignatureTable */ .B()) {
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
        if (level < _level_js__WEBPACK_IMPORTED_MODULE_1__/* .ERROR */ .ff)
            return;
        if (this.#sample === "" && !old)
            this.#sample = (0,_safe_js__WEBPACK_IMPORTED_MODULE_4__/* .safeSample */ .S)(sampleOf(reader));
        if (!this.#options.signatures)
            return;
        const end = lineEnd(reader);
        this.signatures.add(reader.inner ?? reader.bytes, reader.messageStart, reader.inner === undefined ? Math.min(reader.messageEnd, end) : reader.messageEnd, exceptionOf(reader, end), time, old, source, () => sampleOf(reader), reader.kernel);
    }
    accepts(from, to) {
        const { since, until, before, match, ignore } = this.#options;
        if (match !== undefined || ignore !== undefined || from < before || to > until)
            return false;
        if (this.control || to < since)
            return true;
        return from >= since && Math.floor(from / this.#width) === Math.floor(to / this.#width);
    }
    get errorsInRows() {
        if (this.#options.signatures)
            return _kernel_js__WEBPACK_IMPORTED_MODULE_0__/* .ERRORS_LIST */ .fw;
        return this.#sample === "" ? _kernel_js__WEBPACK_IMPORTED_MODULE_0__/* .ERRORS_STOP */ .zq : _kernel_js__WEBPACK_IMPORTED_MODULE_0__/* .ERRORS_COUNT */ .Uq;
    }
    row(kernel, base) {
        const [first, last] = [base + kernel.first, base + kernel.last];
        const old = this.control || last < this.#options.since;
        const counts = this.source === this.#sourceName ? this.#sourceCounts : this.#sourceOf(this.source);
        const offset = first - this.#bucketStart;
        const bucket = old || (offset >= 0 && offset < this.#width) ? this.#bucket : this.#bucketAt(first);
        const sums = old ? this.#before : this.#levels;
        for (let level = 0; level <= _level_js__WEBPACK_IMPORTED_MODULE_1__/* .FATAL */ .t0; level++) {
            const count = kernel.levels[level] ?? 0;
            if (count === 0)
                continue;
            sums[level] = (sums[level] ?? 0) + count;
            if (old) {
                counts.before += count;
                if (level >= _level_js__WEBPACK_IMPORTED_MODULE_1__/* .ERROR */ .ff)
                    counts.beforeErrors += count;
                continue;
            }
            counts.lines += count;
            if (level >= _level_js__WEBPACK_IMPORTED_MODULE_1__/* .ERROR */ .ff)
                counts.errors += count;
            if (level >= _level_js__WEBPACK_IMPORTED_MODULE_1__/* .FATAL */ .t0)
                counts.fatal += count;
            bucket[level] = (bucket[level] ?? 0) + count;
        }
        if (!old && first < this.#first)
            this.#first = first;
        if (!old && last > this.#last)
            this.#last = last;
        const { listed } = kernel;
        let i = 0;
        const sample = () => textOf(kernel.chunk, kernel.entry(i, _kernel_js__WEBPACK_IMPORTED_MODULE_0__/* .LISTED_AS */ .dg.start), kernel.entry(i, _kernel_js__WEBPACK_IMPORTED_MODULE_0__/* .LISTED_AS */ .dg.end));
        for (; i < listed; i++) {
            if (this.#sample === "" && !old)
                this.#sample = (0,_safe_js__WEBPACK_IMPORTED_MODULE_4__/* .safeSample */ .S)(sample());
            const [start, end] = [kernel.entry(i, _kernel_js__WEBPACK_IMPORTED_MODULE_0__/* .LISTED_AS */ .dg.messageStart), kernel.entry(i, _kernel_js__WEBPACK_IMPORTED_MODULE_0__/* .LISTED_AS */ .dg.messageEnd)];
            const time = base + kernel.entry(i, _kernel_js__WEBPACK_IMPORTED_MODULE_0__/* .LISTED_AS */ .dg.moment);
            const kind = this.signatures.kindOf(kernel.entry(i, _kernel_js__WEBPACK_IMPORTED_MODULE_0__/* .LISTED_AS */ .dg.hashA), kernel.entry(i, _kernel_js__WEBPACK_IMPORTED_MODULE_0__/* .LISTED_AS */ .dg.hashB), kernel.chunk, start, end);
            this.signatures.count(kind, time, old, this.source, sample);
        }
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
        if (event.level < _level_js__WEBPACK_IMPORTED_MODULE_1__/* .ERROR */ .ff)
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
            if (level >= _level_js__WEBPACK_IMPORTED_MODULE_1__/* .ERROR */ .ff)
                counts.beforeErrors++;
            return;
        }
        this.#levels[level] = (this.#levels[level] ?? 0) + 1;
        if (request)
            this.#requests++;
        counts.lines++;
        if (level >= _level_js__WEBPACK_IMPORTED_MODULE_1__/* .ERROR */ .ff) {
            counts.errors++;
            if (level >= _level_js__WEBPACK_IMPORTED_MODULE_1__/* .FATAL */ .t0)
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
        const grave = level >= _level_js__WEBPACK_IMPORTED_MODULE_1__/* .ERROR */ .ff;
        (undated ? this.#undated : this.#late).push({
            time,
            level,
            source,
            request: reader.request,
            message: grave
                ? (reader.inner ?? reader.bytes).toString("utf8", reader.messageStart, Math.min(reader.messageEnd, reader.inner === undefined ? lineEnd(reader) : reader.messageEnd, reader.messageStart + 1024))
                : "",
            exception: grave ? exceptionOf(reader, lineEnd(reader)) : "",
            sample: grave ? (0,_safe_js__WEBPACK_IMPORTED_MODULE_4__/* .safeSample */ .S)(sampleOf(reader)) : "",
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
/** Where the event's first line ends. */
function lineEnd(reader) {
    if (!reader.several)
        return reader.end;
    if (reader.inner === undefined && reader.bytes[reader.messageEnd] === 10)
        return reader.messageEnd;
    const end = reader.bytes.indexOf(10, reader.inner === undefined ? reader.messageEnd : reader.start);
    return end < 0 || end > reader.end ? reader.end : end;
}
function sampleOf(reader) {
    return textOf(reader.bytes, reader.start, reader.end);
}
function textOf(bytes, start, end) {
    return bytes.toString("utf8", start, Math.min(end, start + 2_048));
}
let lastException = Buffer.alloc(0);
let lastExceptionText = "";
/** The bytes as text. Most exceptions are the one before, and a comparison is cheaper than a text. */
function textOfException(bytes, start, end) {
    let same = end - start === lastException.length;
    for (let i = 0; same && i < lastException.length; i++)
        same = bytes[start + i] === lastException[i];
    if (!same) {
        lastException = Buffer.from(bytes.subarray(start, end));
        lastExceptionText = lastException.toString("latin1");
    }
    return lastExceptionText;
}
/** The class of the exception in an event's stack trace, the first that is named; empty where there is none. */
function exceptionOf(reader, lineEnd) {
    if (!reader.several || reader.exception !== "")
        return reader.exception;
    const { bytes, end } = reader;
    const from = lineEnd + 1;
    const named = (0,_line_js__WEBPACK_IMPORTED_MODULE_2__/* .exceptionEnd */ .dX)(bytes, from, end);
    if (named > 0)
        return textOfException(bytes, from, named);
    return EXCEPTION.exec(bytes.toString("latin1", from, Math.min(end, from + 4_095)))?.[1] ?? "";
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
    return offsetOf(wall, (instant) => -new Date(instant).getTimezoneOffset());
}
/**
 * The offset that a wall-clock time has, by a function that tells the offset of an instant. Where the clock was put back
 * and the time came twice, the later one's; where it was put forward and the time never came, the one from before.
 */
function offsetOf(wall, at) {
    const [before, after] = [at(wall - DAY), at(wall + DAY)];
    for (const offset of before < after ? [before, after] : [after, before]) {
        if (at(wall - offset * 60_000) === offset)
            return offset;
    }
    return before;
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
        const offset = offsetOf(wall, at);
        if (known.size > 10_000)
            known.clear();
        known.set(hour, offset);
        return offset;
    };
}
/**
 * Abbreviations of zones that mean one thing everywhere, in minutes east of UTC: those of RFC 822 and of some regions.
 * CST, IST and BST mean several, and are taken for the context's zone, as no zone is.
 */
const ZONES = {
    ...{ Z: 0, UTC: 0, GMT: 0, WET: 0, WEST: 60, CET: 60, CEST: 120, EET: 120, EEST: 180, MSK: 180, JST: 540, KST: 540 },
    ...{ EST: -300, EDT: -240, CDT: -300, MST: -420, MDT: -360, PST: -480, PDT: -420, AEST: 600, AEDT: 660 },
    ...{ NZST: 720, NZDT: 780 },
};
const zoneNames = Object.keys(ZONES).join("|");
const iso = new RegExp(`^\\d{4}-\\d\\d-\\d\\d[Tt ]\\d\\d:\\d\\d(?::\\d\\d(?:[.,]\\d{1,9})?)?(?: ?(?:z|${zoneNames})\\b| ?[+-]\\d\\d:?\\d\\d|[+-]\\d\\d)?(?![\\d:])`);
const isoZone = new RegExp(`(?:z|${zoneNames}|[+-]\\d\\d(?::?\\d\\d)?)$`);
const slashed = /^\d{4}([/.])\d\d\1\d\d \d\d:\d\d:\d\d(?:\.\d{1,9})?/;
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
    const fraction = /[.,](\d+)/.exec(text.slice(16))?.[1];
    const seconds = text.charCodeAt(16) === 58 ? text.slice(17, 19) : "0";
    const wall = wallTime(text.slice(0, 4), Number(text.slice(5, 7)) - 1, text.slice(8, 10), text.slice(11, 13), text.slice(14, 16), seconds, fraction);
    const zone = isoZone.exec(text.slice(16))?.[0] ?? "";
    return wall - zoneMinutes(zone, wall, context) * 60_000;
}
function wallTime(year, month, day, hour, minute, second, fraction) {
    const [d, h, m, s] = [Number(day), Number(hour), Number(minute), Number(second)];
    if (month < 0 || month > 11 || !(d >= 1 && d <= 31) || h > 24 || m > 59 || s > 60)
        return Number.NaN;
    if (d > 28 && d > new Date(Date.UTC(Number(year), month + 1, 0)).getUTCDate())
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
    const named = ZONES[zone.toUpperCase()];
    if (named !== undefined)
        return named;
    const match = /^([+-])(\d\d):?(\d\d)?$/.exec(zone);
    if (match)
        return (match[1] === "-" ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3] ?? 0));
    return Number.isFinite(wall) ? context.offset(wall) : 0;
}
/** The newest year in which the time lies no more than a day after the reference: on 1 January, `Dec 31` is last year's. */
function yearless(month, [day, hour, minute, second, fraction], context) {
    const year = new Date(context.reference).getUTCFullYear();
    // Eight years back there was a 29 February, whatever the century.
    for (let candidate = year + 1; candidate >= year - 8; candidate--) {
        const wall = wallTime(candidate, month, day, hour, minute, second, fraction);
        const time = wall - zoneMinutes("", wall, context) * 60_000;
        if (time <= context.reference + DAY)
            return time;
    }
    return Number.NaN;
}
/** klog's and glog's time after its letter, `1120 21:51:59.123456` or with the year before it; else that is the newest that fits the reference. */
function klogTime(text, context) {
    const match = /^(\d{4})?(\d\d)(\d\d) (\d\d):(\d\d):(\d\d)\.(\d{1,9})/.exec(text);
    if (!match)
        return undefined;
    const [, year, month] = match;
    const parts = [match[3], match[4], match[5], match[6], match[7]];
    if (year === undefined)
        return found(yearless(Number(month) - 1, parts, context), match[0].length, 11);
    const wall = wallTime(year, Number(month) - 1, ...parts);
    return found(wall - zoneMinutes("", wall, context) * 60_000, match[0].length, 15);
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
const ZONE_STARTS = new Set(Object.keys(ZONES).map((name) => (name.charCodeAt(0) << 16) | (name.charCodeAt(1) << 8) | name.charCodeAt(2)));
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
    if (after === 90 || ((after === 65 || after === 80) && bytes[at + 2] === 77))
        return true;
    return ZONE_STARTS.has((after << 16) | ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0));
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