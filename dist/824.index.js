"use strict";
exports.id = 824;
exports.ids = [824];
exports.modules = {

/***/ 9824:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

__webpack_require__.r(__webpack_exports__);
/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   openLogCommand: () => (/* binding */ openLogCommand)
/* harmony export */ });
/* harmony import */ var node_child_process__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(1421);
/* harmony import */ var _platform_errors_js__WEBPACK_IMPORTED_MODULE_6__ = __webpack_require__(5286);
/* harmony import */ var _events_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(4452);
/* harmony import */ var _line_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(4714);
/* harmony import */ var _look_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(9344);
/* harmony import */ var _safe_js__WEBPACK_IMPORTED_MODULE_7__ = __webpack_require__(308);
/* harmony import */ var _seen_js__WEBPACK_IMPORTED_MODULE_5__ = __webpack_require__(2154);
/* harmony import */ var _time_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(3192);








/** Logs that a command prints (`journalctl -o json`, `kubectl logs`, `docker logs`), run anew for each look. */
function openLogCommand(options, ports) {
    const looks = new _look_js__WEBPACK_IMPORTED_MODULE_3__/* .Looks */ .X(options);
    const seen = new _seen_js__WEBPACK_IMPORTED_MODULE_5__/* .SeenEvents */ .B();
    const zone = (0,_time_js__WEBPACK_IMPORTED_MODULE_4__/* .zoneOrLocal */ .H1)(options.zone);
    let taken = false;
    return {
        async scan(window) {
            const look = looks.begin(window);
            look.tally.source = options.name;
            const parser = new _line_js__WEBPACK_IMPORTED_MODULE_2__/* .LineParser */ .WS(options.format, { reference: window.until, offset: zone }, true);
            const reader = new _events_js__WEBPACK_IMPORTED_MODULE_1__/* .EventReader */ .i(parser, new _seen_js__WEBPACK_IMPORTED_MODULE_5__/* .NewEvents */ .Y(seen, look.tally));
            const from = Math.max(look.from, seen.horizon);
            const failed = await runInto(reader, options, ports, from, window.until);
            reader.finish();
            seen.turn();
            look.cutLines = reader.cut;
            if (failed !== undefined)
                look.unreadable.push({ path: options.name, reason: failed });
            // At the first look the command itself is trusted to have printed no more than it was asked for.
            if (!taken)
                look.tally.date(Number.isNaN(reader.firstTime) ? window.until : reader.firstTime);
            const undated = look.tally.dropUndated();
            if (undated > 0) {
                look.unreadable.push({
                    path: options.name,
                    reason: `${undated} lines have no time, so that new ones cannot be told from old; let the command print times (journalctl -o json, kubectl logs --timestamps, docker logs --timestamps)`,
                });
            }
            taken = true;
            return looks.end(look);
        },
        async close() { },
    };
}
/** Runs the command and reads its output; answers why it failed, if it did. */
async function runInto(reader, options, ports, since, until) {
    const seconds = (time) => String(Number.isFinite(time) ? Math.floor(time / 1000) : 0);
    const shell = process.platform === "win32" ? "bash" : "sh";
    const timeout = options.timeout ?? 60_000;
    const child = (0,node_child_process__WEBPACK_IMPORTED_MODULE_0__.spawn)(shell, ["-e", "-c", options.command], {
        cwd: ports.directory,
        env: { ...process.env, ...ports.env, ROCKSOLID_SINCE: seconds(since), ROCKSOLID_UNTIL: seconds(until + 999) },
        stdio: ["ignore", "pipe", "pipe"],
        // A group of its own, so that what the shell starts is stopped with it.
        detached: process.platform !== "win32",
    });
    let stopped;
    const stop = (reason) => {
        stopped ??= reason;
        try {
            if (child.pid !== undefined && process.platform !== "win32")
                process.kill(-child.pid, "SIGKILL");
            else
                child.kill("SIGKILL");
        }
        catch {
            // It has ended by itself.
        }
    };
    const timer = setTimeout(() => stop(`it was stopped after ${timeout / 1000} s`), timeout);
    const cancel = () => stop("it was cancelled");
    ports.signal?.addEventListener("abort", cancel, { once: true });
    let complaint = "";
    child.stderr.on("data", (chunk) => {
        complaint = (complaint + chunk.toString("utf8")).slice(-1_000);
    });
    try {
        const ended = new Promise((resolve) => {
            child.on("error", (error) => resolve((0,_platform_errors_js__WEBPACK_IMPORTED_MODULE_6__/* .messageOf */ .bD)(error)));
            child.on("close", (code, signal) => resolve(code === 0 ? undefined : `it ended with ${code ?? signal}`));
        });
        for await (const chunk of child.stdout)
            reader.push(chunk);
        const result = stopped ?? (await ended);
        if (stopped !== undefined || result === undefined)
            return stopped;
        const last = complaint.trim().split("\n").at(-1) ?? "";
        return (0,_safe_js__WEBPACK_IMPORTED_MODULE_7__/* .safeSample */ .S)(last === "" ? result : `${result}: ${last}`);
    }
    finally {
        clearTimeout(timer);
        ports.signal?.removeEventListener("abort", cancel);
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