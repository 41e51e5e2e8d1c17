"use strict";
exports.id = 236;
exports.ids = [236];
exports.modules = {

/***/ 6677:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   F: () => (/* binding */ ReadError),
/* harmony export */   e: () => (/* binding */ askJson)
/* harmony export */ });
/* harmony import */ var _platform_errors_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(5286);
/* harmony import */ var _safe_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(308);


/** Milliseconds for one page. */
const PATIENCE = 30_000;
const LONGEST = 256 << 20;
/** A server did not give what was asked for; the message is one harmless line. */
class ReadError extends Error {
    name = "ReadError";
}
/**
 * One answer in JSON. Throws a {@link ReadError} that names the address without its query, and the status. Redirects are
 * refused, since headers with tokens would go along.
 */
async function askJson(ports, url, headers, body) {
    const place = `${url.origin}${url.pathname}`;
    let text;
    let status;
    try {
        const answer = await ports.fetch(url.href, {
            method: body === undefined ? "GET" : "POST",
            headers: {
                accept: "application/json",
                ...(body === undefined ? {} : { "content-type": "application/json" }),
                ...headers,
            },
            ...(body === undefined ? {} : { body: JSON.stringify(body) }),
            signal: AbortSignal.timeout(PATIENCE),
            redirect: "error",
        });
        status = answer.status;
        text = await answer.text();
        if (!answer.ok)
            throw new ReadError((0,_safe_js__WEBPACK_IMPORTED_MODULE_0__/* .safeSample */ .S)(`${place} answered ${status}: ${text.slice(0, 300)}`, 300));
    }
    catch (error) {
        if (error instanceof ReadError)
            throw error;
        const cause = error instanceof Error && error.cause !== undefined ? `: ${(0,_platform_errors_js__WEBPACK_IMPORTED_MODULE_1__/* .messageOf */ .bD)(error.cause)}` : "";
        throw new ReadError((0,_safe_js__WEBPACK_IMPORTED_MODULE_0__/* .safeSample */ .S)(`${place} cannot be reached: ${(0,_platform_errors_js__WEBPACK_IMPORTED_MODULE_1__/* .messageOf */ .bD)(error)}${cause}`, 300));
    }
    if (text.length > LONGEST)
        throw new ReadError(`${place} answered with more than 256 MiB`);
    try {
        const value = JSON.parse(text);
        if (typeof value === "object" && value !== null)
            return value;
    }
    catch {
        // The same as any other answer that is no object.
    }
    throw new ReadError((0,_safe_js__WEBPACK_IMPORTED_MODULE_0__/* .safeSample */ .S)(`${place} answered ${status} with something that is no JSON object: ${text.slice(0, 100)}`));
}


/***/ }),

/***/ 7236:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

__webpack_require__.r(__webpack_exports__);
/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   openLoki: () => (/* binding */ openLoki)
/* harmony export */ });
/* harmony import */ var node_crypto__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(7598);
/* harmony import */ var _http_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(6677);
/* harmony import */ var _remote_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(519);



const SOURCE_LABELS = ["host", "hostname", "instance", "node", "node_name", "pod", "container", "service_name", "job"];
const LEVEL_LABELS = ["level", "detected_level", "severity"];
/**
 * Logs in Grafana Loki, by `query_range`, oldest first. `index/stats` is asked first how much there is, so that too wide
 * a query is refused before it is read.
 */
function openLoki(options, ports) {
    return (0,_remote_js__WEBPACK_IMPORTED_MODULE_1__/* .openRemote */ .d)(options, new Loki(options, ports));
}
class Loki {
    name = "loki";
    #options;
    #ports;
    constructor(options, ports) {
        this.#options = options;
        this.#ports = ports;
    }
    async *read(query, from, until) {
        const page = this.#options.page ?? 5_000;
        await this.#refuseTooMuch(query ?? "", from, until);
        let start = BigInt(Math.floor(from)) * 1000000n;
        // The end is exclusive for Loki.
        const end = (BigInt(Math.floor(until)) + 1n) * 1000000n;
        let last = new Set();
        while (start < end) {
            const url = this.#url("query_range", {
                query: query ?? "",
                start: String(start),
                end: String(end),
                limit: String(page),
                direction: "forward",
            });
            const rows = rowsOf(await (0,_http_js__WEBPACK_IMPORTED_MODULE_2__/* .askJson */ .e)(this.#ports, url, this.#options.headers), this.#options.sourceLabels ?? SOURCE_LABELS);
            const fresh = rows.filter((row) => !last.has(row.key));
            yield fresh.map((row) => row.entry);
            const newest = rows.at(-1)?.nanoseconds;
            if (rows.length < page || newest === undefined)
                return;
            if (fresh.length === 0) {
                throw new _http_js__WEBPACK_IMPORTED_MODULE_2__/* .ReadError */ .F(`more than ${page} entries have the same time ${newest}, so that they cannot be paged; raise Loki's max_entries_limit_per_query and the page`);
            }
            // The next page begins with the last page's newest instant, since that may have been cut.
            start = newest;
            last = new Set(rows.filter((row) => row.nanoseconds === newest).map((row) => row.key));
        }
    }
    async #refuseTooMuch(query, from, until) {
        const selector = /^\s*\{(?:[^"`}]|"(?:[^"\\]|\\.)*"|`[^`]*`)*\}/.exec(query)?.[0];
        if (selector === undefined)
            throw new _http_js__WEBPACK_IMPORTED_MODULE_2__/* .ReadError */ .F(`the query has no stream selector: write {app="…"} first`);
        const url = this.#url("index/stats", {
            query: selector,
            start: `${Math.floor(from)}000000`,
            end: `${Math.floor(until)}000000`,
        });
        const stats = await (0,_http_js__WEBPACK_IMPORTED_MODULE_2__/* .askJson */ .e)(this.#ports, url, this.#options.headers);
        const entries = Number(stats["entries"] ?? 0);
        if (entries > _remote_js__WEBPACK_IMPORTED_MODULE_1__/* .MOST_ENTRIES */ .V) {
            throw new _http_js__WEBPACK_IMPORTED_MODULE_2__/* .ReadError */ .F(`about ${entries} entries match ${selector}, more than ${_remote_js__WEBPACK_IMPORTED_MODULE_1__/* .MOST_ENTRIES */ .V}: narrow the query, or look more often`);
        }
    }
    #url(path, parameters) {
        const url = new URL(`${this.#options.url.replace(/\/+$/, "")}/loki/api/v1/${path}`);
        for (const [name, value] of Object.entries(parameters))
            url.searchParams.set(name, value);
        return url;
    }
}
function rowsOf(answer, sourceLabels) {
    const data = answer["data"];
    if (answer["status"] !== "success" || data?.resultType !== "streams" || !Array.isArray(data.result)) {
        throw new _http_js__WEBPACK_IMPORTED_MODULE_2__/* .ReadError */ .F(`the answer holds no streams (${String(data?.resultType)}): the query must select lines, not count them`);
    }
    const rows = [];
    for (const one of data.result) {
        const labels = one.stream ?? {};
        const source = sourceLabels.map((label) => labels[label]).find((value) => value !== undefined) ?? "loki";
        const level = LEVEL_LABELS.map((label) => labels[label]).find((value) => value !== undefined && value !== "unknown");
        const stream = (0,node_crypto__WEBPACK_IMPORTED_MODULE_0__.createHash)("sha1")
            .update(JSON.stringify(Object.entries(labels).sort()))
            .digest("base64");
        for (const [nanoseconds, line] of one.values ?? []) {
            const identity = `${nanoseconds} ${stream} ${line}`;
            const time = Number(BigInt(nanoseconds) / 1000000n);
            rows.push({ nanoseconds: BigInt(nanoseconds), key: identity, entry: { time, line, source, identity, level } });
        }
    }
    // Streams come one after the other; the page is in order of time only within each.
    return rows.sort((a, b) => (a.nanoseconds < b.nanoseconds ? -1 : a.nanoseconds > b.nanoseconds ? 1 : 0));
}


/***/ }),

/***/ 519:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   V: () => (/* binding */ MOST_ENTRIES),
/* harmony export */   d: () => (/* binding */ openRemote)
/* harmony export */ });
/* harmony import */ var _platform_errors_js__WEBPACK_IMPORTED_MODULE_5__ = __webpack_require__(5286);
/* harmony import */ var _events_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(4452);
/* harmony import */ var _line_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(4714);
/* harmony import */ var _look_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(2884);
/* harmony import */ var _safe_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(308);
/* harmony import */ var _seen_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(2154);






/** More entries in one look than this are an error: the query is to be narrowed. */
const MOST_ENTRIES = 2_000_000;
/** Logs of a server. Entries of different streams come mixed, so each stream's lines are put together by themselves. */
function openRemote(options, server) {
    const looks = new _look_js__WEBPACK_IMPORTED_MODULE_2__/* .Looks */ .X(options, options.control !== undefined);
    const seen = [new _seen_js__WEBPACK_IMPORTED_MODULE_3__/* .SeenEvents */ .B(), new _seen_js__WEBPACK_IMPORTED_MODULE_3__/* .SeenEvents */ .B()];
    return {
        async scan(window) {
            const look = looks.begin(window);
            await readInto(look, server, options.query, seen[0], false);
            if (options.control !== undefined)
                await readInto(look, server, options.control, seen[1], true);
            return looks.end(look);
        },
        async close() { },
    };
}
async function readInto(look, server, query, seen, control) {
    look.tally.control = control;
    const streams = new Map();
    const from = Math.max(control ? look.window.since : look.from, seen.horizon, 0);
    try {
        for await (const page of server.read(query, from, look.window.until)) {
            for (const entry of page) {
                if (!seen.isNew(entry.time, `${entry.source} ${entry.identity}`))
                    continue;
                let stream = streams.get(entry.source);
                if (stream === undefined) {
                    if (streams.size >= MOST_STREAMS) {
                        for (const one of streams.values())
                            one.reader.finish();
                        streams.clear();
                    }
                    stream = new Stream(entry.source, look);
                    streams.set(entry.source, stream);
                }
                stream.push(entry);
                look.bytes += entry.line.length;
            }
        }
    }
    catch (error) {
        look.unreadable.push({ path: server.name, reason: (0,_safe_js__WEBPACK_IMPORTED_MODULE_4__/* .safeSample */ .S)((0,_platform_errors_js__WEBPACK_IMPORTED_MODULE_5__/* .messageOf */ .bD)(error), 300) });
    }
    for (const stream of streams.values())
        stream.finish(look);
    seen.turn();
}
const MOST_STREAMS = 500;
/** The lines of one stream: times and, where the server keeps them, levels are the entries' own. */
class Stream {
    reader;
    #name;
    #look;
    #parser;
    constructor(name, look) {
        this.#name = name;
        this.#look = look;
        this.#parser = new EntryParser("auto", { reference: look.window.until, offset: () => 0 });
        this.reader = new _events_js__WEBPACK_IMPORTED_MODULE_0__/* .EventReader */ .i(this.#parser, this);
    }
    push(entry) {
        this.#parser.entryTime = entry.time;
        this.#parser.word = entry.level;
        // An entry that holds line breaks is one event all the same, so its further lines are indented.
        this.reader.push(Buffer.from(`${entry.line.replace(/\n+$/, "").replaceAll("\n", "\n\t")}\n`));
    }
    finish(look) {
        this.reader.finish();
        look.cutLines += this.reader.cut;
    }
    event(level, reader) {
        this.#look.tally.source = this.#name;
        this.#look.tally.event(level, reader);
    }
}
class EntryParser extends _line_js__WEBPACK_IMPORTED_MODULE_1__/* .LineParser */ .WS {
    entryTime = Number.NaN;
    word;
    quick() {
        return false;
    }
    parse(bytes, start, end) {
        super.parse(bytes, start, end);
        this.time = this.entryTime;
        if (this.word !== undefined)
            this.adopt(this.word);
    }
}


/***/ }),

/***/ 2154:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   B: () => (/* binding */ SeenEvents),
/* harmony export */   Y: () => (/* binding */ NewEvents)
/* harmony export */ });
/** How far back events may still arrive that are older than others already read. Milliseconds. */
const LATENESS = 60_000;
const MOST = 200_000;
/**
 * Lets each event of a source that always answers from its beginning (a command, an HTTP API) through once. Older than a
 * minute before the newest event that the look before saw: read already. Younger: read if a look before saw its like.
 */
class SeenEvents {
    #horizon = Number.NEGATIVE_INFINITY;
    #newest = Number.NEGATIVE_INFINITY;
    #cut = Number.NEGATIVE_INFINITY;
    #known = new Set();
    #next = new Map();
    /** The time from which on the next look has to ask: nothing new is older. -Infinity before the first look. */
    get horizon() {
        return this.#horizon;
    }
    /** Whether the event is new. `identity` tells events of the same time apart. */
    isNew(time, identity) {
        if (time < this.#horizon)
            return false;
        const key = `${time} ${identity}`;
        if (time > this.#newest)
            this.#newest = time;
        if (time >= this.#newest - LATENESS) {
            this.#next.set(key, time);
            if (this.#next.size > 2 * MOST)
                this.#prune(this.#newest - LATENESS);
            if (this.#next.size > 2 * MOST)
                this.#prune(this.#newest);
        }
        return !this.#known.has(key);
    }
    /** Ends a look: what it saw is known from now on. */
    turn() {
        this.#prune(this.#newest - LATENESS);
        if (this.#next.size > MOST)
            this.#prune(this.#newest);
        this.#horizon = Math.max(this.#horizon, this.#newest - LATENESS, this.#cut);
        this.#known = new Set(this.#next.keys());
    }
    /** Forgets single events before a time; where that cuts into the last minute, what is older counts as read. */
    #prune(before) {
        for (const [key, time] of this.#next)
            if (time < before)
                this.#next.delete(key);
        if (before > this.#newest - LATENESS)
            this.#cut = before;
    }
}
/** A sink that hands on what is new. Events without a time are handed on too: the caller says what they mean. */
class NewEvents {
    #seen;
    #sink;
    constructor(seen, sink) {
        this.#seen = seen;
        this.#sink = sink;
    }
    event(level, reader) {
        const { time } = reader;
        if (!Number.isNaN(time)) {
            const identity = `${reader.host ?? ""} ${identityOf(reader)}`;
            if (!this.#seen.isNew(time, identity))
                return;
        }
        this.#sink.event(level, reader);
    }
}
/** A number for an event's text that does not depend on the order of a JSON line's fields: journalctl shuffles them at every run. */
function identityOf({ bytes, start, end }) {
    let total = 0;
    let hash = 0x811c9dc5;
    for (let i = start; i < end; i++) {
        const byte = bytes[i] ?? 0;
        if (byte === 44) {
            total += hash >>> 0;
            hash = 0x811c9dc5;
        }
        else if (byte !== 123 && byte !== 125)
            hash = Math.imul(hash ^ byte, 0x01000193);
    }
    return total + (hash >>> 0);
}


/***/ })

};
;