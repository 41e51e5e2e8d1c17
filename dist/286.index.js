"use strict";
exports.id = 286;
exports.ids = [286];
exports.modules = {

/***/ 3286:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

__webpack_require__.r(__webpack_exports__);
/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   openElasticsearch: () => (/* binding */ openElasticsearch)
/* harmony export */ });
/* harmony import */ var _http_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(6677);
/* harmony import */ var _remote_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(519);


/** Logs in Elasticsearch or OpenSearch: `_count` first, so that too wide a query is refused, then `_search` paged by `search_after`. */
function openElasticsearch(options, ports) {
    return (0,_remote_js__WEBPACK_IMPORTED_MODULE_1__/* .openRemote */ .d)(options, new Elasticsearch(options, ports), ports.signal);
}
class Elasticsearch {
    name = "elasticsearch";
    #options;
    #ports;
    constructor(options, ports) {
        this.#options = options;
        this.#ports = ports;
    }
    async *read(text, from, until, counted, signal) {
        const { timeField = "@timestamp", page = 5_000 } = this.#options;
        const query = this.#queryOf(text, from, until);
        if (counted === 0)
            await this.#refuseUndated(text, signal);
        let read = 0;
        let after;
        let last = new Set();
        for (;;) {
            const answer = await this.#ask("_search", signal, {
                size: page,
                query,
                // Milliseconds whatever the mapping is: nanoseconds do not fit a number of JSON.
                sort: [{ [timeField]: { order: "asc", numeric_type: "date" } }],
                track_total_hits: false,
                // One step back: documents of the same millisecond may not all have fitted on the page before.
                ...(after === undefined ? {} : { search_after: [after - 1] }),
            });
            const hits = hitsOf(answer, Math.max(Math.floor(from), after ?? 0), Math.ceil(until));
            const fresh = hits.filter((hit) => !last.has(hit.identity));
            read += fresh.length;
            yield fresh;
            const newest = hits.at(-1)?.time;
            if (hits.length < page || newest === undefined)
                break;
            if (fresh.length === 0) {
                throw new _http_js__WEBPACK_IMPORTED_MODULE_0__/* .ReadError */ .F(`more than ${page} documents have the same millisecond ${newest}, so that they cannot be paged: narrow the query`);
            }
            after = newest;
            last = new Set(hits.filter((hit) => hit.time === newest).map((hit) => hit.identity));
        }
        if (read < counted)
            throw new _http_js__WEBPACK_IMPORTED_MODULE_0__/* .ReadError */ .F(`only ${read} of ${counted} documents could be read`);
    }
    async count(text, from, until, signal) {
        return await this.#count(this.#queryOf(text, from, until), signal);
    }
    #queryOf(text, from, until) {
        const { timeField = "@timestamp" } = this.#options;
        const range = { gte: Math.floor(from), lte: Math.ceil(until), format: "epoch_millis" };
        return { bool: { filter: [{ range: { [timeField]: range } }, ...chosenBy(text)] } };
    }
    /** Nothing in a span of time may also mean that the field of the time is misnamed. */
    async #refuseUndated(text, signal) {
        const { timeField = "@timestamp" } = this.#options;
        const query = { bool: { filter: chosenBy(text), must_not: [{ exists: { field: timeField } }] } };
        const undated = await this.#count(query, signal);
        if (undated === 0)
            return;
        throw new _http_js__WEBPACK_IMPORTED_MODULE_0__/* .ReadError */ .F(`${undated} of the matching documents have no field ${timeField}, by which they would be dated`);
    }
    async #count(query, signal) {
        const { count } = await this.#ask("_count", signal, { query });
        if (typeof count !== "number")
            throw new _http_js__WEBPACK_IMPORTED_MODULE_0__/* .ReadError */ .F("the answer of _count holds no count");
        return count;
    }
    async #ask(path, signal, body) {
        // Without allow_no_indices a pattern that matches no index is answered like one whose indices are empty.
        const whole = `${encodeURIComponent(this.#options.index)}/${path}?allow_no_indices=false`;
        const answer = await (0,_http_js__WEBPACK_IMPORTED_MODULE_0__/* .askJson */ .e)(this.#ports, this.#options, whole, signal, body);
        if (answer["timed_out"] === true)
            throw new _http_js__WEBPACK_IMPORTED_MODULE_0__/* .ReadError */ .F(`${path} timed out on the server: its answer is not complete`);
        const shards = missing(answer["_shards"], "failed");
        if (shards > 0)
            throw new _http_js__WEBPACK_IMPORTED_MODULE_0__/* .ReadError */ .F(`${shards} shards failed: the answer of ${path} is not complete`);
        const clusters = missing(answer["_clusters"], "failed", "skipped", "partial");
        if (clusters > 0)
            throw new _http_js__WEBPACK_IMPORTED_MODULE_0__/* .ReadError */ .F(`${clusters} clusters did not answer ${path} in full`);
        return answer;
    }
}
function chosenBy(text) {
    return text === undefined ? [] : [{ query_string: { query: text } }];
}
function missing(part, ...names) {
    if (typeof part !== "object" || part === null)
        return 0;
    return names.reduce((total, name) => total + Number(part[name] ?? 0), 0);
}
function hitsOf(answer, from, until) {
    let newest = from;
    const hits = answer["hits"]?.hits;
    if (!Array.isArray(hits))
        throw new _http_js__WEBPACK_IMPORTED_MODULE_0__/* .ReadError */ .F("the answer of _search holds no hits");
    return hits.map((hit) => {
        const time = Number(hit?.sort?.[0]);
        if (!hit || !Number.isFinite(time))
            throw new _http_js__WEBPACK_IMPORTED_MODULE_0__/* .ReadError */ .F("a hit has no sort value: the time field is missing or no date");
        if (time < newest || time > until)
            throw new _http_js__WEBPACK_IMPORTED_MODULE_0__/* .ReadError */ .F(`the answer holds a document of ${time}, out of order or of the time that was asked for`);
        newest = time;
        if (typeof hit._id !== "string")
            throw new _http_js__WEBPACK_IMPORTED_MODULE_0__/* .ReadError */ .F("a hit has no _id, by which it is told from others");
        const source = hit._source ?? {};
        const line = typeof source["message"] === "string" ? source["message"] : JSON.stringify(source);
        return {
            time,
            line,
            source: textAt(source, "host", "name") ??
                textAt(source, "host", "hostname") ??
                textAt(source, "host") ??
                textAt(source, "kubernetes", "pod", "name") ??
                textAt(source, "service", "name") ??
                "elasticsearch",
            identity: `${hit._index} ${hit._id}`,
            level: textAt(source, "log", "level") ?? textAt(source, "level") ?? textAt(source, "severity"),
        };
    });
}
/** The text at a path of a document, whether it is nested or its key is dotted. */
function textAt(document, ...path) {
    const dotted = document[path.join(".")];
    if (typeof dotted === "string")
        return dotted;
    let value = document;
    for (const key of path)
        value = typeof value === "object" && value !== null ? value[key] : undefined;
    return typeof value === "string" ? value : undefined;
}


/***/ }),

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