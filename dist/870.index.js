"use strict";
exports.id = 870;
exports.ids = [870];
exports.modules = {

/***/ 4870:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

// ESM COMPAT FLAG
__webpack_require__.r(__webpack_exports__);

// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  openLogFiles: () => (/* binding */ openLogFiles)
});

// EXTERNAL MODULE: external "node:fs"
var external_node_fs_ = __webpack_require__(3024);
// EXTERNAL MODULE: external "node:fs/promises"
var promises_ = __webpack_require__(1455);
// EXTERNAL MODULE: external "node:os"
var external_node_os_ = __webpack_require__(8161);
// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __webpack_require__(6760);
// EXTERNAL MODULE: external "node:stream"
var external_node_stream_ = __webpack_require__(7075);
// EXTERNAL MODULE: external "node:zlib"
var external_node_zlib_ = __webpack_require__(8522);
// EXTERNAL MODULE: ./build/src/platform/errors.js
var errors = __webpack_require__(5286);
// EXTERNAL MODULE: ./build/src/logs/line.js + 1 modules
var line = __webpack_require__(4714);
;// CONCATENATED MODULE: ./build/src/logs/bisect.js

/** Lines of several writers are not quite in order; so far back is read. Milliseconds. */
const DISORDER = 60_000;
const BLOCK = 65_536;
/** A stack trace so long without a single time is read through instead of searched in. */
const PATIENCE = 16;
/** The first line with a time of its own that begins at or after `offset` and before `end`; `undefined` where 1 MiB has none. */
async function timedLineAfter(handle, offset, end, parser, read) {
    const block = Buffer.allocUnsafe(BLOCK);
    // A line that begins exactly at the offset counts, so the byte before it is looked at.
    let at = Math.max(0, offset - 1);
    let whole = offset === 0;
    for (let tries = 0; tries < PATIENCE && at < end; tries++) {
        const { bytesRead } = await handle.read(block, 0, Math.min(BLOCK, end - at), at);
        if (bytesRead === 0)
            return undefined;
        read?.(bytesRead);
        let start = whole ? 0 : block.indexOf(10) + 1;
        if (!whole && (start === 0 || start > bytesRead)) {
            at += bytesRead;
            continue;
        }
        whole = true;
        for (let stop = block.indexOf(10, start); stop >= 0 && stop < bytesRead; stop = block.indexOf(10, start)) {
            parser.parse(block, start, stop);
            if (!Number.isNaN(parser.time) && parser.part !== line/* CONTINUATION */["in"])
                return { offset: at + start, time: parser.time };
            start = stop + 1;
        }
        if (start === 0)
            whole = false;
        at += start === 0 ? bytesRead : start;
    }
    return undefined;
}
/**
 * Where to begin reading so that nothing at or after `time` is missed, as far as lines are in order of time to within a
 * minute: the start of a line. 0 where the times give no hint.
 */
async function offsetOfTime(handle, size, time, parser, read) {
    const target = time - DISORDER;
    let low = 0;
    let start = 0;
    let high = size;
    while (high - low > BLOCK) {
        const middle = Math.floor((low + high) / 2);
        const line = await timedLineAfter(handle, middle, high, parser, read);
        if (line !== undefined && line.time < target) {
            low = Math.max(middle, line.offset);
            start = line.offset;
        }
        else
            high = middle;
    }
    return start;
}

// EXTERNAL MODULE: ./build/src/logs/events.js
var events = __webpack_require__(4452);
// EXTERNAL MODULE: ./build/src/logs/kernel.js + 1 modules
var logs_kernel = __webpack_require__(2770);
// EXTERNAL MODULE: ./build/src/logs/look.js + 2 modules
var look = __webpack_require__(9344);
;// CONCATENATED MODULE: ./build/src/logs/rotation.js

const PACKED = /\.(gz|zst|bz2|xz|lz4|zip)$/;
const NUMBERED = /^(.+?)\.(\d{1,5})$/;
const DATED = /^(.+?)[.-](\d{4}-?\d\d-?\d\d)(?:[T_-]?(\d\d[:-]?\d\d(?:[:-]?\d\d)?|\d{1,10}))?(?:\.\d{1,3})?(\.[A-Za-z]+)?$/;
/** Takes a path apart: `app.log.2.gz`, `app.log-20261120`, `app-2026-11-20.log`, `app.2026-11-20.0.log`. */
function rotatedName(path) {
    const directory = (0,external_node_path_.dirname)(path);
    let name = (0,external_node_path_.basename)(path);
    const suffix = PACKED.exec(name)?.[1];
    if (suffix)
        name = name.slice(0, -suffix.length - 1);
    const packed = suffix === undefined ? undefined : suffix === "gz" || suffix === "zst" ? suffix : "other";
    const numbered = NUMBERED.exec(name);
    if (numbered)
        return { family: (0,external_node_path_.join)(directory, numbered[1] ?? ""), age: Number(numbered[2]) + 1, packed };
    const dated = DATED.exec(name);
    if (!dated)
        return { family: (0,external_node_path_.join)(directory, name), age: 0, packed };
    const day = Number((dated[2] ?? "").replaceAll("-", ""));
    const clock = `${dated[3] ?? ""}`.replace(/\D/g, "").padEnd(6, "0").slice(0, 6);
    return {
        family: (0,external_node_path_.join)(directory, (dated[1] ?? "") + (dated[4] ?? "")),
        age: 1e15 - (day * 1e6 + Number(clock)),
        packed,
    };
}
/** Whether a file in the same directory is a rotation of the log. */
function isRotationOf(log, path) {
    const rotated = rotatedName(path);
    return rotated.age > 0 && rotated.family === log;
}

// EXTERNAL MODULE: ./build/src/logs/safe.js
var safe = __webpack_require__(308);
// EXTERNAL MODULE: ./build/src/logs/time.js
var time = __webpack_require__(3192);
// EXTERNAL MODULE: external "node:worker_threads"
var external_node_worker_threads_ = __webpack_require__(5919);
// EXTERNAL MODULE: ./build/src/logs/pattern.js
var pattern = __webpack_require__(8615);
// EXTERNAL MODULE: ./build/src/logs/tally.js
var logs_tally = __webpack_require__(8231);
;// CONCATENATED MODULE: ./build/src/logs/worker.js








/** Counts one piece of a file; the kernel's memory is what it is read into. */
function scanPiece(piece, kernel) {
    const buffer = kernel?.chunk ?? Buffer.allocUnsafeSlow(logs_kernel/* CHUNK */.m$);
    const tally = new logs_tally/* Tally */.F({
        since: piece.since,
        until: piece.until,
        before: piece.before,
        signatures: piece.signatures,
        match: piece.match === undefined ? undefined : (0,pattern/* compilePattern */.E)(piece.match, "match"),
        ignore: piece.ignore === undefined ? undefined : (0,pattern/* compilePattern */.E)(piece.ignore, "ignore"),
    }, piece.bucket);
    tally.source = piece.source;
    tally.control = piece.control;
    const parser = new line/* LineParser */.WS(piece.format, { reference: piece.reference, offset: (0,time/* zoneOrLocal */.H1)(piece.zone) });
    const reader = new events/* EventReader */.i(parser, tally);
    reader.kernel = kernel;
    let at = piece.start;
    while (at < piece.end) {
        const length = (0,external_node_fs_.readSync)(piece.descriptor, buffer, 0, Math.min(logs_kernel/* CHUNK */.m$, piece.end - at), at);
        if (length === 0)
            break;
        reader.push(length === logs_kernel/* CHUNK */.m$ ? buffer : buffer.subarray(0, length));
        at += length;
    }
    reader.finish();
    return { data: tally.data(), cut: reader.cut, bytes: at - piece.start };
}
/** What a thread does that {@link ScanThread} started: counts the pieces it is sent. */
function serveScanThread() {
    const port = parentPort;
    if (port === null)
        throw new Error("not a thread");
    const kernel = Kernel.create();
    port.on("message", (piece) => {
        try {
            port.postMessage({ result: scanPiece(piece, kernel) });
        }
        catch (error) {
            port.postMessage({ failed: String(error) });
        }
    });
}
/** The module that threads load: this file, or in a bundle the one that `scripts/bundle.ts` puts beside it. */
const ownEntry = /\/logs\/worker\.[jt]s$/.test(require("url").pathToFileURL(__filename).href)
    ? require("url").pathToFileURL(__filename).href
    : require("url").pathToFileURL(__filename).href.replace(/[^/]*$/, "scan-thread.js");
/** A thread that counts pieces. */
class ScanThread {
    #worker;
    /** `entry`: URL of a module that exports {@link serveScanThread}, as CommonJS or not. */
    constructor(entry) {
        // The thread begins with a text instead of a file, so that a module of either kind will do.
        const code = `import(require("node:worker_threads").workerData.entry).then((all) => (all.serveScanThread ?? all.default.serveScanThread)())`;
        this.#worker = new external_node_worker_threads_.Worker(code, {
            eval: true,
            workerData: { entry },
            stdout: true,
            stderr: true,
            // A table of kinds is a few megabytes; with the usual limits what is left of old ones would be collected late.
            resourceLimits: { maxYoungGenerationSizeMb: 8, maxOldGenerationSizeMb: 128 },
        });
        this.#worker.unref();
    }
    async scan(piece) {
        const worker = this.#worker;
        worker.ref();
        try {
            return await new Promise((resolve, reject) => {
                const settle = (action) => {
                    worker.off("message", onMessage);
                    worker.off("error", onError);
                    worker.off("exit", onExit);
                    action();
                };
                const onMessage = (message) => settle(() => message.result ? resolve(message.result) : reject(new Error(message.failed ?? "a thread sent no result")));
                const onError = (error) => settle(() => reject(error));
                const onExit = () => settle(() => reject(new Error("a thread ended before its result")));
                worker.on("message", onMessage);
                worker.on("error", onError);
                worker.on("exit", onExit);
                worker.postMessage(piece);
            });
        }
        finally {
            worker.unref();
        }
    }
    async close() {
        await this.#worker.terminate();
    }
}

;// CONCATENATED MODULE: ./build/src/logs/files.js
















/** Bytes of a file's beginning, and before the place read up to, that tell whether it is the same content. */
const HEAD = 1_024;
const TAIL = 256;
/** New bytes from which on threads are worth their start, and the size of the pieces. */
const LARGE = 128 << 20;
const PIECE = 16 << 20;
/** A line without a line break counts once its file has rested so long. */
const SETTLED = 1_000;
/** Logs in files. Throws a ConfigurationError for a regular expression or zone that cannot be used. */
function openLogFiles(options, ports) {
    return new FileScanner(options, ports);
}
class FileScanner {
    #options;
    #ports;
    #looks;
    #zone;
    #contents = [];
    /** Packed files that have been read: identity, size and time. */
    #done = new Set();
    #threads = [];
    /** Whether a thread failed: then it is done without. */
    #alone = false;
    #kernel = logs_kernel/* Kernel */.MB.create();
    #taken = false;
    constructor(options, ports) {
        this.#options = options;
        this.#ports = ports;
        this.#looks = new look/* Looks */.X(options, options.control !== undefined);
        try {
            this.#zone = (0,time/* zoneOrLocal */.H1)(options.zone);
        }
        catch {
            throw new errors/* ConfigurationError */.j1(`zone: "${options.zone}" is no time zone; write a name such as Europe/Berlin or +02:00`);
        }
    }
    async scan(window) {
        const look = this.#looks.begin(window);
        for (const content of this.#contents)
            content.seen = false;
        const missing = await this.#readAll(look, await this.#find(look), new Set());
        if (missing.length > 0) {
            // Renamed between finding and opening: it has another name now, unless it is really gone.
            const again = await this.#find(look);
            const gone = missing.filter((one) => !again.some(({ path }) => path === one.path));
            await this.#readAll(look, again, new Set(missing.map(({ path }) => path)));
            for (const { path } of gone) {
                const moved = again.some(({ path: other, name }) => name.family === rotatedName(path).family && other !== path);
                if (!moved)
                    look.unreadable.push({ path: this.#show(path), reason: "it disappeared before it could be read" });
            }
        }
        for (const content of this.#contents) {
            if (content.seen || !content.active)
                continue;
            look.unreadable.push({
                path: this.#show(content.path),
                reason: "it was removed or overwritten since the last look: what was written to it after that is lost",
            });
        }
        for (let i = this.#contents.length - 1; i >= 0; i--)
            if (!this.#contents[i]?.seen)
                this.#contents.splice(i, 1);
        this.#taken = true;
        return this.#looks.end(look);
    }
    async close() {
        this.#contents.length = 0;
        await Promise.all(this.#threads.splice(0).map((thread) => thread.close()));
    }
    async #find(look) {
        const found = await this.#expand(this.#options.files, false, look);
        const control = this.#options.control;
        if (control !== undefined)
            found.push(...(await this.#expand(control, true, look)));
        return found;
    }
    async #expand(pattern, control, look) {
        const absolute = (0,external_node_path_.resolve)(this.#ports.directory, pattern);
        const magic = /[*?[\]{}]/;
        const literal = !magic.test(pattern);
        const paths = new Set();
        try {
            if (literal)
                paths.add(absolute);
            else {
                const options = { cwd: this.#ports.directory, withFileTypes: true };
                for await (const entry of (0,promises_.glob)(pattern, options)) {
                    if (!entry.isDirectory())
                        paths.add((0,external_node_path_.resolve)(entry.parentPath, entry.name));
                }
            }
            for (const path of [...paths]) {
                if (rotatedName(path).age > 0)
                    continue;
                const names = await (0,promises_.readdir)((0,external_node_path_.dirname)(path)).catch(() => []);
                for (const name of names) {
                    const other = (0,external_node_path_.resolve)((0,external_node_path_.dirname)(path), name);
                    if (isRotationOf(path, other))
                        paths.add(other);
                }
            }
            const parts = absolute.split(external_node_path_.sep);
            const base = literal
                ? (0,external_node_path_.dirname)(absolute)
                : parts
                    .slice(0, parts.findIndex((part) => magic.test(part)))
                    .join(external_node_path_.sep) || external_node_path_.sep;
            return await this.#inside([...paths].sort(), base, control, look);
        }
        catch (error) {
            look.unreadable.push({ path: (0,safe/* safeSample */.S)(pattern), reason: (0,safe/* safeSample */.S)((0,errors/* messageOf */.bD)(error)) });
            return [];
        }
    }
    /** Leaves out, and tells, links that lead out of the directory: whoever may write there could have any file read and shown. */
    async #inside(paths, base, control, look) {
        const found = [];
        const root = await (0,promises_.realpath)(base).catch(() => base);
        for (const path of paths) {
            const real = await (0,promises_.realpath)(path).catch(() => undefined);
            if (real === undefined) {
                // The literal name of a log that was just rotated, or does not exist: opening it tells which.
                found.push({ path, name: rotatedName(path), control });
                continue;
            }
            const way = (0,external_node_path_.relative)(root, real);
            if (way === ".." || way.startsWith(`..${external_node_path_.sep}`) || (0,external_node_path_.isAbsolute)(way)) {
                const reason = `it is a link to ${real}, outside of ${base}; name the file that it leads to instead`;
                look.unreadable.push({ path: this.#show(path), reason: (0,safe/* safeSample */.S)(reason, 400) });
                continue;
            }
            found.push({ path: real, name: rotatedName(real), control });
        }
        return found.filter((one, i) => found.findIndex((other) => other.path === one.path) === i);
    }
    /** Reads what is new in the files, the oldest rotation first; answers those that were no longer there. */
    async #readAll(look, found, missed) {
        const missing = [];
        const families = Map.groupBy(found, ({ name, control }) => `${control}:${name.family}`);
        for (const family of families.values()) {
            const opened = [];
            try {
                // From the newest to the oldest; once one begins before the window, all older ones lie before it.
                for (const file of family.sort((a, b) => a.name.age - b.name.age)) {
                    const one = await this.#open(file, look, missing, family.length === 1 && missed.size === 0);
                    if (one === undefined)
                        continue;
                    opened.push(one);
                    if (one.first < look.from - DISORDER)
                        break;
                }
                for (const one of opened.reverse())
                    await this.#read(one, look);
            }
            finally {
                for (const { handle } of opened)
                    await handle.close();
            }
        }
        return missing;
    }
    async #open(file, look, missing, only) {
        let handle;
        try {
            // Without waiting, or a pipe without a writer would hold us for ever; without following, since the path is resolved.
            handle = await (0,promises_.open)(file.path, external_node_fs_.constants.O_RDONLY | external_node_fs_.constants.O_NONBLOCK | external_node_fs_.constants.O_NOFOLLOW);
            const stats = await handle.stat();
            if (!stats.isFile())
                throw new Error("it is no regular file");
            const one = {
                ...file,
                handle,
                size: stats.size,
                device: stats.dev,
                inode: stats.ino,
                modified: stats.mtimeMs,
                born: stats.birthtimeMs,
                head: Buffer.alloc(0),
                first: Number.NaN,
            };
            await this.#lookAtHead(one);
            return one;
        }
        catch (error) {
            await handle?.close();
            if (error.code === "ENOENT") {
                const literal = only && !this.#taken && !/[*?[\]{}]/.test(file.control ? (this.#options.control ?? "") : this.#options.files);
                if (literal)
                    look.unreadable.push({ path: this.#show(file.path), reason: "no such file" });
                else
                    missing.push(file);
            }
            else
                look.unreadable.push({ path: this.#show(file.path), reason: reasonOf(error) });
            return undefined;
        }
    }
    async #lookAtHead(one) {
        const block = Buffer.alloc(16_384);
        if (one.name.packed === undefined) {
            const { bytesRead } = await one.handle.read(block, 0, block.length, 0);
            one.head = block.subarray(0, bytesRead);
        }
        else if (one.name.packed !== "other") {
            try {
                for await (const chunk of unpacked(one)) {
                    one.head = Buffer.from(chunk).subarray(0, block.length);
                    break;
                }
            }
            catch {
                // Reading it whole will say what is wrong with it.
            }
        }
        const parser = this.#parser({ reference: one.modified, offset: this.#zone });
        for (let start = 0, end = one.head.indexOf(10); end >= 0; start = end + 1, end = one.head.indexOf(10, start)) {
            parser.parse(one.head, start, end);
            if (Number.isNaN(parser.time))
                continue;
            one.first = parser.time;
            break;
        }
        one.head = one.head.subarray(0, HEAD);
    }
    #parser(context) {
        return new line/* LineParser */.WS(this.#options.format, context);
    }
    async #read(one, look) {
        look.tally.control = one.control;
        look.tally.source = this.#show(one.name.family);
        const packedKey = `${one.device}:${one.inode}:${one.size}:${one.modified}`;
        try {
            if (one.name.packed === "other")
                throw new Error("this compression cannot be read; gzip and zstd can");
            const known = await this.#contentOf(one);
            if (one.name.packed !== undefined && this.#done.has(packedKey)) {
                if (known)
                    known.seen = true;
                return;
            }
            const content = known ?? (await this.#newContent(one, look));
            if (content === undefined)
                return;
            content.seen = true;
            content.active = one.name.age === 0 && one.name.packed === undefined;
            content.reader.sink = look.tally;
            content.context.reference = one.modified;
            const cutBefore = content.reader.cut;
            if (one.name.packed !== undefined) {
                await this.#readPacked(one, content, look);
                this.#done.add(packedKey);
            }
            else {
                await this.#readPlain(one, content, look);
                content.device = one.device;
                content.inode = one.inode;
                content.path = one.path;
            }
            this.#settle(one, content, look);
            look.cutLines += content.reader.cut - cutBefore;
        }
        catch (error) {
            const twin = one.name.packed !== undefined &&
                this.#contents.some((other) => other.seen && other.path === unpackedPath(one.path));
            if (twin && error.code === "Z_BUF_ERROR")
                return;
            look.unreadable.push({ path: this.#show(one.path), reason: reasonOf(error) });
        }
    }
    /** A path as the user would write it, harmless to show. */
    #show(path) {
        const way = (0,external_node_path_.relative)(this.#ports.directory, path);
        return (0,safe/* safeSample */.S)(way.startsWith("..") ? path : way);
    }
    /** The content that this file holds, where a look before knows it: by its beginning, and by what stood before the place read up to. */
    async #contentOf(one) {
        for (const content of this.#contents) {
            if (content.family !== one.name.family)
                continue;
            const { head, offset, tail } = content;
            if (head.length === 0 ||
                one.head.length < head.length ||
                one.head.compare(head, 0, head.length, 0, head.length) !== 0)
                continue;
            if (one.name.packed === undefined) {
                // A copy that is still growing may hold less than was read of the original.
                if (one.size < offset) {
                    if (one.inode !== content.inode || one.device !== content.device)
                        return content;
                    continue;
                }
                const there = Buffer.alloc(tail.length);
                await one.handle.read(there, 0, tail.length, offset - tail.length);
                if (!there.equals(tail))
                    continue;
            }
            return content;
        }
        return undefined;
    }
    async #newContent(one, look) {
        if (one.size === 0)
            return undefined;
        const context = { reference: one.modified, offset: this.#zone };
        const parser = this.#parser(context);
        const wide = decodingOf(one.head);
        let offset = 0;
        const skippable = one.name.packed === undefined && wide === undefined && one.size > 4 * TAIL && !(one.first >= look.from);
        if (skippable && look.from !== Number.NEGATIVE_INFINITY) {
            offset = await offsetOfTime(one.handle, one.size, look.from, parser, (bytes) => {
                look.bytes += bytes;
            });
        }
        // What is new since the look before was written in this look's window; so was a file that is younger than the window.
        const fresh = this.#taken || one.born >= look.window.since;
        const assumed = fresh && Number.isNaN(one.first) ? look.window.until : Number.NaN;
        const content = {
            device: one.device,
            inode: one.inode,
            path: one.path,
            family: one.name.family,
            head: Buffer.from(one.head),
            tail: Buffer.alloc(0),
            offset,
            reader: new events/* EventReader */.i(parser, look.tally, assumed),
            context,
            wide,
            torn: -1,
            active: false,
            seen: true,
        };
        this.#contents.push(content);
        return content;
    }
    async #readPlain(one, content, look) {
        if (one.head.length > content.head.length)
            content.head = Buffer.from(one.head);
        if (one.size - content.offset >= LARGE && content.wide === undefined)
            await this.#readLarge(one, content, look);
        await this.#readTo(one.size, one, content, look);
        const length = Math.min(TAIL, content.offset);
        content.tail = Buffer.alloc(length);
        await one.handle.read(content.tail, 0, length, content.offset - length);
    }
    async #readTo(end, one, content, look) {
        const buffer = this.#buffer(end - content.offset);
        content.reader.kernel = this.#kernel;
        while (content.offset < end) {
            const wanted = Math.min(buffer.length, end - content.offset);
            const { bytesRead } = await one.handle.read(buffer, 0, wanted, content.offset);
            // Truncated while it was read; the next look finds another beginning and starts anew.
            if (bytesRead === 0)
                return;
            const chunk = buffer.subarray(0, bytesRead);
            content.reader.push(content.wide ? content.wide.decode(chunk) : chunk);
            content.offset += bytesRead;
            look.bytes += bytesRead;
        }
    }
    #buffer(length) {
        return this.#kernel?.chunk ?? Buffer.allocUnsafeSlow(Math.max(1, Math.min(logs_kernel/* CHUNK */.m$, length)));
    }
    /** Cuts what is new into pieces at lines with a time of their own, and counts them in several threads. */
    async #readLarge(one, content, look) {
        const cuts = [];
        const parser = this.#parser({ reference: one.modified, offset: this.#zone });
        for (let at = content.offset + PIECE; at < one.size - PIECE / 2; at += PIECE) {
            const line = await timedLineAfter(one.handle, at, one.size, parser);
            if (line === undefined)
                return;
            if (line.offset > (cuts.at(-1) ?? 0))
                cuts.push(line.offset);
        }
        const last = cuts.pop();
        if (last === undefined)
            return;
        const { options } = look;
        const pieces = cuts.map((start, i) => ({
            descriptor: one.handle.fd,
            start,
            end: cuts[i + 1] ?? last,
            source: look.tally.source,
            control: one.control,
            format: this.#options.format,
            reference: one.modified,
            zone: this.#options.zone,
            since: options.since,
            until: options.until,
            before: options.before,
            signatures: options.signatures,
            match: this.#options.match,
            ignore: this.#options.ignore,
            bucket: this.#options.bucket,
        }));
        const wanted = this.#alone ? 0 : Math.min((0,external_node_os_.availableParallelism)(), 4, pieces.length + 1) - 1;
        while (this.#threads.length < wanted)
            this.#threads.push(new ScanThread(this.#ports.threadEntry ?? ownEntry));
        const add = (result) => {
            look.tally.merge(result.data);
            look.cutLines += result.cut;
            look.bytes += result.bytes;
        };
        const counting = this.#threads.slice(0, wanted).map(async (thread) => {
            for (let piece = pieces.shift(); piece; piece = pieces.shift()) {
                try {
                    add(await thread.scan(piece));
                }
                catch (error) {
                    // The piece is read below; what is wrong with the file itself shows there again.
                    pieces.push(piece);
                    this.#giveUpThreads(error);
                    return;
                }
            }
        });
        const others = Promise.all(counting);
        try {
            await this.#readTo(cuts[0] ?? last, one, content, look);
            do {
                for (let piece = pieces.shift(); piece; piece = pieces.shift()) {
                    add(scanPiece(piece, this.#kernel));
                    // Messages of the other threads are only taken between two turns of the event loop.
                    await new Promise((done) => setImmediate(done));
                }
                await others;
            } while (pieces.length > 0);
        }
        finally {
            // Nobody may read by the file's number once it is closed.
            pieces.length = 0;
            await others;
        }
        content.reader.flush();
        const { firstTime } = content.reader;
        look.cutLines += content.reader.cut;
        content.reader = new events/* EventReader */.i(this.#parser(content.context), look.tally);
        content.reader.firstTime = firstTime;
        content.offset = last;
    }
    #giveUpThreads(error) {
        if (!this.#alone) {
            this.#ports.warn?.(`logs are read by one thread, since another could not do it: ${(0,safe/* safeSample */.S)((0,errors/* messageOf */.bD)(error))}`);
        }
        this.#alone = true;
        for (const thread of this.#threads.splice(0))
            void thread.close();
    }
    async #readPacked(one, content, look) {
        let at = 0;
        for await (const chunk of unpacked(one)) {
            const bytes = Buffer.from(chunk);
            const fresh = bytes.subarray(Math.max(0, content.offset - at));
            at += bytes.length;
            look.bytes += fresh.length;
            if (fresh.length === 0)
                continue;
            content.reader.push(content.wide ? content.wide.decode(fresh) : fresh);
            content.offset = at;
        }
    }
    /** Ends a look at one content: the last line, the open event, and events without a time. */
    #settle(one, content, look) {
        const { reader } = content;
        const now = this.#ports.now?.() ?? Date.now();
        if (reader.pending > 0 && (one.name.age > 0 || content.torn === one.size || now - one.modified >= SETTLED))
            reader.finish();
        else
            reader.flush();
        content.torn = reader.pending > 0 ? one.size : -1;
        if (look.tally.undated === 0)
            return;
        const time = Number.isNaN(reader.firstTime) ? one.first : reader.firstTime;
        if (!Number.isNaN(time))
            look.tally.date(time);
        else if (one.modified < look.from)
            look.tally.dropUndated();
        const undated = look.tally.dropUndated();
        if (undated === 0)
            return;
        look.unreadable.push({
            path: this.#show(one.path),
            reason: `${undated} lines have no time, and some are older than the window: they cannot be told apart; let the program write times, or let the log begin anew at the deploy`,
        });
    }
}
function unpackedPath(path) {
    return path.replace(/\.(?:gz|zst)$/, "");
}
function unpacked(one) {
    const unpack = one.name.packed === "gz" ? external_node_zlib_.createGunzip({ chunkSize: 1 << 18 }) : zstd();
    // Errors of either end come out where the unpacked bytes are read.
    (0,external_node_stream_.pipeline)(external_node_stream_.Readable.from(blocksOf(one), { objectMode: false }), unpack, () => undefined);
    return unpack;
}
/** The file's bytes by position, so that it can be read more than once through one handle. */
async function* blocksOf({ handle, size }) {
    for (let at = 0; at < size;) {
        const block = Buffer.allocUnsafe(Math.min(1 << 18, size - at));
        const { bytesRead } = await handle.read(block, 0, block.length, at);
        if (bytesRead === 0)
            return;
        at += bytesRead;
        yield block.subarray(0, bytesRead);
    }
}
function zstd() {
    // Node gained it within version 22; the actions' Node 24 has it.
    if (typeof external_node_zlib_.createZstdDecompress !== "function")
        throw new Error("this version of Node cannot read zstd; use 24");
    return external_node_zlib_.createZstdDecompress();
}
/** UTF-16 by its byte order mark, or by its NULs; `undefined` for everything whose lines end in single bytes. */
function decodingOf(head) {
    const [a, b, c, d] = head;
    const encoding = a === 0xff && b === 0xfe
        ? "utf-16le"
        : a === 0xfe && b === 0xff
            ? "utf-16be"
            : a !== 0 && b === 0 && c !== 0 && d === 0
                ? "utf-16le"
                : a === 0 && b !== 0 && c === 0 && d !== 0
                    ? "utf-16be"
                    : undefined;
    if (encoding === undefined)
        return undefined;
    const decoder = new TextDecoder(encoding);
    return { decode: (chunk) => Buffer.from(decoder.decode(chunk, { stream: true })) };
}
const REASONS = {
    EACCES: "no right to read it: give the runner's user read access",
    EISDIR: "it is a directory",
    ENXIO: "it is no regular file",
    ELOOP: "it is a link that changed while it was opened",
    Z_BUF_ERROR: "the compressed file ends too early",
    Z_DATA_ERROR: "the compressed file is damaged",
};
function reasonOf(error) {
    return REASONS[error.code ?? ""] ?? (0,safe/* safeSample */.S)((0,errors/* messageOf */.bD)(error));
}


/***/ })

};
;