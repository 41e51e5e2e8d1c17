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
/* harmony import */ var node_timers_promises__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(8500);
/* harmony import */ var _pipeline_format_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(9433);
/* harmony import */ var _platform_errors_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(5286);
/* harmony import */ var _safe_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(308);




const TRIES = 3;
/** Milliseconds; a server that asks for a longer pause is asked again at the next look. */
const LONGEST_PAUSE = 30_000;
/** Statuses that say "later", with or without `Retry-After`. */
const LATER = [429, 502, 503, 504];
/** A server did not give what was asked for; the message is one harmless line without secrets. */
class ReadError extends Error {
    name = "ReadError";
}
/**
 * One answer in JSON, within the time of `signal`. What may be over in a moment (429, 502–504, a broken connection) is tried
 * three times, after the pause that the server asks for. Throws a {@link ReadError} that names the address without its query,
 * and what is to be changed. Redirects are refused, since headers with tokens would go along.
 */
async function askJson(ports, server, path, signal, body) {
    const url = new URL(`${server.url.replace(/\/+$/, "")}/${path}`);
    const place = `${url.origin}${url.pathname}`;
    const told = (text) => new ReadError(`${place} ${text}`);
    for (let tries = 1;; tries++) {
        const answer = await askOnce(ports, server, url, signal, body);
        if ("text" in answer && answer.status < 300) {
            const value = objectIn(answer.text);
            if (value)
                return value;
            throw told(`answered ${answer.status} with something that is no JSON object, as a login page or another server would: ${quoted(answer.text, server, 100)}`);
        }
        if (signal.aborted || tries === TRIES || !mayPass(answer))
            throw told(complaint(answer, server));
        const pause = answer.pause ?? 500 * 2 ** (tries - 1);
        if (pause > LONGEST_PAUSE)
            throw told(`${complaint(answer, server)}; it asks to wait for ${(0,_pipeline_format_js__WEBPACK_IMPORTED_MODULE_1__/* .formatDuration */ .a3)(pause)}`);
        await (ports.sleep ?? ((ms, by) => (0,node_timers_promises__WEBPACK_IMPORTED_MODULE_0__.setTimeout)(ms, undefined, { signal: by })))(pause, signal).catch(() => undefined);
    }
}
async function askOnce({ fetch }, { headers, patience = 30_000, largest = 256 << 20 }, url, signal, body) {
    const timeout = AbortSignal.timeout(patience);
    let begun = false;
    try {
        const answer = await fetch(url.href, {
            method: body === undefined ? "GET" : "POST",
            headers: {
                accept: "application/json",
                ...(body === undefined ? {} : { "content-type": "application/json" }),
                ...headers,
            },
            ...(body === undefined ? {} : { body: JSON.stringify(body) }),
            signal: AbortSignal.any([signal, timeout]),
            redirect: "manual",
        });
        begun = true;
        const text = await textOf(answer, largest);
        if (text === undefined)
            return { failed: `answered with more than ${(0,_pipeline_format_js__WEBPACK_IMPORTED_MODULE_1__/* .formatBytes */ .z3)(largest)}`, lasting: true };
        const pause = pauseOf(answer.headers.get("retry-after"));
        const location = answer.headers.get("location");
        return {
            status: answer.status,
            text,
            ...(pause !== undefined && { pause }),
            ...(location !== null && { location }),
        };
    }
    catch (error) {
        if (signal.aborted)
            return { failed: "was given up: the look took too long, or the job was cancelled", lasting: true };
        if (timeout.aborted)
            return { failed: `did not answer within ${(0,_pipeline_format_js__WEBPACK_IMPORTED_MODULE_1__/* .formatDuration */ .a3)(patience)}`, lasting: true };
        const cause = error instanceof Error && error.cause !== undefined ? `: ${(0,_platform_errors_js__WEBPACK_IMPORTED_MODULE_2__/* .messageOf */ .bD)(error.cause)}` : "";
        const how = begun ? "broke off in the middle of its answer" : "cannot be reached";
        return { failed: `${how}: ${(0,_platform_errors_js__WEBPACK_IMPORTED_MODULE_2__/* .messageOf */ .bD)(error)}${cause}`, lasting: false };
    }
}
/** The body, or undefined where it is larger than that; a body without end is let go there. */
async function textOf(answer, largest) {
    const chunks = [];
    let size = 0;
    if (answer.body === null)
        return "";
    // Leaving the loop closes the connection.
    for await (const chunk of answer.body) {
        size += chunk.length;
        if (size > largest)
            return undefined;
        chunks.push(chunk);
    }
    return Buffer.concat(chunks).toString("utf8");
}
function objectIn(text) {
    try {
        const value = JSON.parse(text);
        return typeof value === "object" && value !== null && !Array.isArray(value)
            ? value
            : undefined;
    }
    catch {
        return undefined;
    }
}
function mayPass(answer) {
    return "failed" in answer ? !answer.lasting : LATER.includes(answer.status);
}
/** Seconds or a date, in milliseconds from now; undefined where nothing readable was said. */
function pauseOf(header) {
    if (header === null)
        return undefined;
    const ms = /^\d{1,9}$/.test(header) ? Number(header) * 1_000 : Date.parse(header) - Date.now();
    return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}
/** What went wrong, and what is to be changed where that can be told. */
function complaint(answer, server) {
    const { headers, variables = [] } = server;
    if ("failed" in answer)
        return quoted(answer.failed, server);
    const { status, text, location } = answer;
    const said = text.trim() === "" ? "" : `: ${quoted(text, server)}`;
    if (status >= 300 && status < 400) {
        const target = location === undefined ? "" : ` to ${quoted(location.replace(/[?#].*$/s, ""), server)}`;
        return `answered ${status}, a redirect${target}, and none is followed, since the headers would go along: write the last address into the source`;
    }
    if (/no org id/i.test(text)) {
        return `answered ${status}${said}: it wants to know the tenant: add headers: { X-Scope-OrgID: … } to the source`;
    }
    if (status !== 401 && status !== 403)
        return `answered ${status}${said}`;
    const sent = Object.keys(headers);
    if (sent.length === 0) {
        return `answered ${status}${said}: it wants to know who asks: add headers: { Authorization: "Bearer \${env:NAME}" } to the source, and set NAME in the workflow's env`;
    }
    const from = variables.length === 0 ? "" : `, filled from ${variables.join(", ")}`;
    return `answered ${status}${said}: it does not accept the source's headers (${sent.join(", ")}${from})`;
}
/** What others said, as one harmless line: a server may repeat what it was sent. */
function quoted(text, { headers }, length = 200) {
    let safe = text.slice(0, 4 * length);
    for (const value of Object.values(headers)) {
        for (const secret of [value, value.replace(/^\w+\s+/, "")])
            if (secret.length >= 4)
                safe = safe.replaceAll(secret, "***");
    }
    return (0,_safe_js__WEBPACK_IMPORTED_MODULE_3__/* .safeSample */ .S)(safe, length);
}


/***/ }),

/***/ 7236:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

__webpack_require__.r(__webpack_exports__);
/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   openLoki: () => (/* binding */ openLoki)
/* harmony export */ });
/* harmony import */ var node_crypto__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(7598);
/* harmony import */ var _http_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(6677);
/* harmony import */ var _remote_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(519);
/* harmony import */ var _safe_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(308);




const SOURCE_LABELS = ["host", "hostname", "instance", "node", "node_name", "pod", "container", "service_name", "job"];
const LEVEL_LABELS = ["level", "detected_level", "severity"];
/**
 * Logs in Grafana Loki, by `query_range`, oldest first. `index/stats` is asked first how much there is, so that too wide
 * a query is refused before it is read.
 */
function openLoki(options, ports) {
    return (0,_remote_js__WEBPACK_IMPORTED_MODULE_2__/* .openRemote */ .d)(options, new Loki(options, ports), ports.signal);
}
class Loki {
    name = "loki";
    #options;
    #ports;
    constructor(options, ports) {
        this.#options = options;
        this.#ports = ports;
    }
    async *read(query, from, until, _, signal) {
        const { sourceLabels = SOURCE_LABELS } = this.#options;
        let page = this.#options.page ?? 5_000;
        let start = BigInt(Math.floor(from)) * 1000000n;
        // The end is exclusive for Loki.
        const end = (BigInt(Math.floor(until)) + 1n) * 1000000n;
        let last = new Set();
        while (start < end) {
            let rows;
            try {
                const parameters = {
                    query: query ?? "",
                    start: `${start}`,
                    end: `${end}`,
                    limit: `${page}`,
                    direction: "forward",
                };
                rows = rowsOf(await this.#ask("query_range", parameters, signal), sourceLabels, start, end);
            }
            catch (error) {
                const allowed = Number(LIMIT.exec(error instanceof _http_js__WEBPACK_IMPORTED_MODULE_1__/* .ReadError */ .F ? error.message : "")?.[1]);
                if (!(allowed > 0 && allowed < page))
                    throw error;
                page = allowed;
                continue;
            }
            const fresh = rows.filter((row) => !last.has(row.key));
            yield fresh.map((row) => row.entry);
            const newest = rows.at(-1)?.nanoseconds;
            if (newest === undefined)
                return;
            if (fresh.length === 0) {
                // A page may be shorter than was asked for, where something between cuts it, so only one with nothing new is the last.
                if (rows.length < page)
                    return;
                throw new _http_js__WEBPACK_IMPORTED_MODULE_1__/* .ReadError */ .F(`more than ${page} entries have the same time ${newest}, so that they cannot be paged: raise Loki's max_entries_limit_per_query, or narrow the query`);
            }
            // The next page begins with the last page's newest instant, since that may have been cut.
            start = newest;
            last = new Set(rows.filter((row) => row.nanoseconds === newest).map((row) => row.key));
        }
    }
    /** By the index, which knows streams and no filters: never fewer than {@link read} would give. */
    async count(query, from, until, signal) {
        const selector = /^\s*\{(?:[^"`}]|"(?:[^"\\]|\\.)*"|`[^`]*`)*\}/.exec(query ?? "")?.[0];
        if (selector === undefined)
            throw new _http_js__WEBPACK_IMPORTED_MODULE_1__/* .ReadError */ .F(`the query has no stream selector: write {app="…"} first`);
        const parameters = { query: selector, start: `${Math.floor(from)}000000`, end: `${Math.floor(until)}000000` };
        const entries = (await this.#ask("index/stats", parameters, signal))["entries"];
        if (typeof entries !== "number")
            throw new _http_js__WEBPACK_IMPORTED_MODULE_1__/* .ReadError */ .F("the answer of index/stats holds no number of entries");
        return entries;
    }
    async #ask(path, parameters, signal) {
        const answer = await (0,_http_js__WEBPACK_IMPORTED_MODULE_1__/* .askJson */ .e)(this.#ports, this.#options, `loki/api/v1/${path}?${new URLSearchParams(parameters)}`, signal);
        const { warnings } = answer;
        if (Array.isArray(warnings) && warnings.length > 0)
            throw new _http_js__WEBPACK_IMPORTED_MODULE_1__/* .ReadError */ .F(`the answer is not complete by the server's own words: ${(0,_safe_js__WEBPACK_IMPORTED_MODULE_3__/* .safeSample */ .S)(warnings.map(String).join("; "))}`);
        return answer;
    }
}
/** How Loki refuses a page: `max entries limit per query exceeded, limit > max_entries_limit_per_query (5000 > 1000)`. */
const LIMIT = /max_entries_limit\w*[^(]{0,20}\(\d+ > (\d+)\)/;
function rowsOf(answer, sourceLabels, start, end) {
    const data = answer["data"];
    if (answer["status"] !== "success" || data?.resultType !== "streams" || !Array.isArray(data.result)) {
        throw new _http_js__WEBPACK_IMPORTED_MODULE_1__/* .ReadError */ .F(`the answer holds no streams (${(0,_safe_js__WEBPACK_IMPORTED_MODULE_3__/* .safeSample */ .S)(String(data?.resultType), 40)}): the query must select lines, not count them`);
    }
    const rows = [];
    for (const one of data.result) {
        const labels = labelsOf(one?.stream);
        if (labels === undefined || !Array.isArray(one?.values))
            throw new _http_js__WEBPACK_IMPORTED_MODULE_1__/* .ReadError */ .F("a stream has no labels or no values");
        const source = sourceLabels.map((label) => labels[label]).find((value) => value !== undefined) ?? "loki";
        const level = LEVEL_LABELS.map((label) => labels[label]).find((value) => value !== undefined && value !== "unknown");
        const stream = hashed(JSON.stringify(Object.entries(labels).sort()));
        for (const value of one.values) {
            const [at, line] = Array.isArray(value) ? value : [];
            if (typeof at !== "string" || !/^\d{1,19}$/.test(at) || typeof line !== "string")
                throw new _http_js__WEBPACK_IMPORTED_MODULE_1__/* .ReadError */ .F(`a value is not a pair of nanoseconds and a line: ${(0,_safe_js__WEBPACK_IMPORTED_MODULE_3__/* .safeSample */ .S)(String(JSON.stringify(value)), 100)}`);
            const nanoseconds = BigInt(at);
            if (nanoseconds < start || nanoseconds >= end)
                throw new _http_js__WEBPACK_IMPORTED_MODULE_1__/* .ReadError */ .F(`the answer holds an entry of ${at}, which is not in the time that was asked for`);
            // A line may be large, and its identity is kept for a while.
            const identity = `${at} ${stream} ${line.length < 40 ? line : hashed(line)}`;
            const time = Number(nanoseconds / 1000000n);
            rows.push({ nanoseconds, key: identity, entry: { time, line, source, identity, level } });
        }
    }
    // Streams come one after the other; the page is in order of time only within each.
    return rows.sort((a, b) => (a.nanoseconds < b.nanoseconds ? -1 : a.nanoseconds > b.nanoseconds ? 1 : 0));
}
function labelsOf(stream) {
    if (typeof stream !== "object" || stream === null)
        return undefined;
    const labels = Object.entries(stream).filter((pair) => typeof pair[1] === "string");
    return Object.fromEntries(labels);
}
function hashed(text) {
    return (0,node_crypto__WEBPACK_IMPORTED_MODULE_0__.createHash)("sha1").update(text).digest("base64");
}


/***/ }),

/***/ 519:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   d: () => (/* binding */ openRemote)
/* harmony export */ });
/* harmony import */ var _pipeline_format_js__WEBPACK_IMPORTED_MODULE_7__ = __webpack_require__(9433);
/* harmony import */ var _platform_errors_js__WEBPACK_IMPORTED_MODULE_6__ = __webpack_require__(5286);
/* harmony import */ var _events_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(4452);
/* harmony import */ var _http_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(6677);
/* harmony import */ var _line_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(4714);
/* harmony import */ var _look_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(9344);
/* harmony import */ var _safe_js__WEBPACK_IMPORTED_MODULE_5__ = __webpack_require__(308);
/* harmony import */ var _seen_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(2154);








/** More entries in one look than this are an error: the query is to be narrowed. */
const MOST_ENTRIES = 2_000_000;
/** Entries before the window that are read where only silence is told from them. */
const ENOUGH_BEFORE = 200_000;
/** Milliseconds after which a look is given up. */
const LONGEST_LOOK = 600_000;
/** Logs of a server. Entries of different streams come mixed, so each stream's lines are put together by themselves. */
function openRemote(options, server, cancelled) {
    const looks = new _look_js__WEBPACK_IMPORTED_MODULE_3__/* .Looks */ .X(options, options.control !== undefined);
    const seen = [new _seen_js__WEBPACK_IMPORTED_MODULE_4__/* .SeenEvents */ .B(), new _seen_js__WEBPACK_IMPORTED_MODULE_4__/* .SeenEvents */ .B()];
    return {
        async scan(window) {
            const look = looks.begin(window);
            const timeout = AbortSignal.timeout(LONGEST_LOOK);
            const signal = cancelled ? AbortSignal.any([cancelled, timeout]) : timeout;
            await readInto(look, server, options.query, seen[0], signal);
            look.tally.control = true;
            if (options.control !== undefined)
                await readInto(look, server, options.control, seen[1], signal);
            return looks.end(look);
        },
        async close() { },
    };
}
async function readInto(look, server, query, seen, signal) {
    const streams = new Map();
    const { since, until } = look.window;
    let from = Math.max(look.tally.control ? since : look.from, seen.horizon, 0);
    let read = 0;
    try {
        if (from < since && look.options.signatures === false)
            from = await enough(server, query, from, since, signal);
        const counted = await server.count(query, from, until, signal);
        refuseTooMany(counted);
        for await (const page of server.read(query, from, until, counted, signal)) {
            read += page.length;
            refuseTooMany(read);
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
        const reason = error instanceof _http_js__WEBPACK_IMPORTED_MODULE_1__/* .ReadError */ .F ? error.message : (0,_safe_js__WEBPACK_IMPORTED_MODULE_5__/* .safeSample */ .S)((0,_platform_errors_js__WEBPACK_IMPORTED_MODULE_6__/* .messageOf */ .bD)(error), 400);
        look.unreadable.push({ path: server.name, reason });
    }
    for (const stream of streams.values())
        stream.finish(look);
    seen.turn();
}
/** For who writes and who is silent, the newest of the lines before the window tell enough: where their time begins. */
async function enough(server, query, from, since, signal) {
    const before = await server.count(query, from, since, signal);
    return before <= ENOUGH_BEFORE ? from : since - (since - from) * (ENOUGH_BEFORE / before);
}
function refuseTooMany(entries) {
    if (entries <= MOST_ENTRIES)
        return;
    throw new _http_js__WEBPACK_IMPORTED_MODULE_1__/* .ReadError */ .F(`about ${(0,_pipeline_format_js__WEBPACK_IMPORTED_MODULE_7__/* .formatNumber */ .ZV)(entries)} entries match, more than ${(0,_pipeline_format_js__WEBPACK_IMPORTED_MODULE_7__/* .formatNumber */ .ZV)(MOST_ENTRIES)}: narrow the query, or look more often`);
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
class EntryParser extends _line_js__WEBPACK_IMPORTED_MODULE_2__/* .LineParser */ .WS {
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