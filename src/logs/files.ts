import { constants } from "node:fs";
import { type FileHandle, glob, open, readdir, realpath } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { dirname, isAbsolute, relative, resolve, sep } from "node:path";
import { pipeline, Readable } from "node:stream";
import * as zlib from "node:zlib";
import type { LogFormat } from "../pipeline/model.ts";
import { ConfigurationError, messageOf } from "../platform/errors.ts";
import { DISORDER, offsetOfTime, timedLineAfter } from "./bisect.ts";
import { EventReader } from "./events.ts";
import { CHUNK, Kernel } from "./kernel.ts";
import { LineParser } from "./line.ts";
import { type CountOptions, type Look, Looks } from "./look.ts";
import { isRotationOf, type RotatedName, rotatedName } from "./rotation.ts";
import { safeSample } from "./safe.ts";
import { zoneOrLocal } from "./time.ts";
import type { LogScanner } from "./types.ts";
import { ownEntry, type Piece, type PieceResult, ScanThread, scanPiece } from "./worker.ts";

export interface LogFileOptions extends CountOptions {
  /** A glob, relative to the directory of the ports. Rotations of the files it matches (`.1`, `.2.gz`, `-20261120`) are read too. */
  readonly files: string;
  readonly format: LogFormat;
  /** A glob of files of machines that are compared with: what they write counts as what was before. */
  readonly control?: string;
}

export interface LogPorts {
  /** The directory that relative patterns begin in. */
  readonly directory: string;
  /** URL of the module that threads load, where it is not the usual one. */
  readonly threadEntry?: string;
  /** Is told what makes a look slower, but not wrong. */
  readonly warn?: (text: string) => void;
  /** The file system's clock, in milliseconds since the epoch: tells whether a line without a line break is still being written. */
  readonly now?: () => number;
}

/** Bytes of a file's beginning, and before the place read up to, that tell whether it is the same content. */
const HEAD = 1_024;
const TAIL = 256;
/** New bytes from which on threads are worth their start, and the size of the pieces. */
const LARGE = 128 << 20;
const PIECE = 16 << 20;
/** A line without a line break counts once its file has rested so long. */
const SETTLED = 1_000;

/** One content, whatever its file is called at the moment, and how far it has been read. */
interface Content {
  device: number;
  inode: number;
  path: string;
  readonly family: string;
  head: Buffer;
  tail: Buffer;
  offset: number;
  reader: EventReader;
  readonly context: { reference: number; offset: (wall: number) => number };
  readonly wide: Decoding | undefined;
  /** Size at the look before, where a line was left without its line break. */
  torn: number;
  active: boolean;
  seen: boolean;
}

interface Found {
  readonly path: string;
  readonly name: RotatedName;
  readonly control: boolean;
}

interface Opened extends Found {
  readonly handle: FileHandle;
  readonly size: number;
  readonly device: number;
  readonly inode: number;
  readonly modified: number;
  readonly born: number;
  head: Buffer;
  /** Time of the first line that has one; NaN where the beginning has none. */
  first: number;
}

/** Logs in files. Throws a ConfigurationError for a regular expression or zone that cannot be used. */
export function openLogFiles(options: LogFileOptions, ports: LogPorts): LogScanner {
  return new FileScanner(options, ports);
}

class FileScanner implements LogScanner {
  readonly #options: LogFileOptions;
  readonly #ports: LogPorts;
  readonly #looks: Looks;
  readonly #zone: (wall: number) => number;
  readonly #contents: Content[] = [];
  /** Packed files that have been read: identity, size and time. */
  readonly #done = new Set<string>();
  readonly #threads: ScanThread[] = [];
  /** Whether a thread failed: then it is done without. */
  #alone = false;
  readonly #kernel = Kernel.create();
  #taken = false;

  constructor(options: LogFileOptions, ports: LogPorts) {
    this.#options = options;
    this.#ports = ports;
    this.#looks = new Looks(options, options.control !== undefined);
    try {
      this.#zone = zoneOrLocal(options.zone);
    } catch {
      throw new ConfigurationError(
        `zone: "${options.zone}" is no time zone; write a name such as Europe/Berlin or +02:00`,
      );
    }
  }

  async scan(window: { readonly since: number; readonly until: number }) {
    const look = this.#looks.begin(window);
    for (const content of this.#contents) content.seen = false;
    const missing = await this.#readAll(look, await this.#find(look), new Set());
    if (missing.length > 0) {
      // Renamed between finding and opening: it has another name now, unless it is really gone.
      const again = await this.#find(look);
      const gone = missing.filter((one) => !again.some(({ path }) => path === one.path));
      await this.#readAll(look, again, new Set(missing.map(({ path }) => path)));
      for (const { path } of gone) {
        const moved = again.some(({ path: other, name }) => name.family === rotatedName(path).family && other !== path);
        if (!moved) look.unreadable.push({ path: this.#show(path), reason: "it disappeared before it could be read" });
      }
    }
    for (const content of this.#contents) {
      if (content.seen || !content.active) continue;
      look.unreadable.push({
        path: this.#show(content.path),
        reason: "it was removed or overwritten since the last look: what was written to it after that is lost",
      });
    }
    for (let i = this.#contents.length - 1; i >= 0; i--) if (!this.#contents[i]?.seen) this.#contents.splice(i, 1);
    this.#taken = true;
    return this.#looks.end(look);
  }

  async close(): Promise<void> {
    this.#contents.length = 0;
    await Promise.all(this.#threads.splice(0).map((thread) => thread.close()));
  }

  async #find(look: Look): Promise<Found[]> {
    const found = await this.#expand(this.#options.files, false, look);
    const control = this.#options.control;
    if (control !== undefined) found.push(...(await this.#expand(control, true, look)));
    return found;
  }

  async #expand(pattern: string, control: boolean, look: Look): Promise<Found[]> {
    const absolute = resolve(this.#ports.directory, pattern);
    const magic = /[*?[\]{}]/;
    const literal = !magic.test(pattern);
    const paths = new Set<string>();
    try {
      if (literal) paths.add(absolute);
      else {
        const options = { cwd: this.#ports.directory, withFileTypes: true } as const;
        for await (const entry of glob(pattern, options)) {
          if (!entry.isDirectory()) paths.add(resolve(entry.parentPath, entry.name));
        }
      }
      for (const path of [...paths]) {
        if (rotatedName(path).age > 0) continue;
        const names = await readdir(dirname(path)).catch(() => []);
        for (const name of names) {
          const other = resolve(dirname(path), name);
          if (isRotationOf(path, other)) paths.add(other);
        }
      }
      const parts = absolute.split(sep);
      const base = literal
        ? dirname(absolute)
        : parts
            .slice(
              0,
              parts.findIndex((part) => magic.test(part)),
            )
            .join(sep) || sep;
      return await this.#inside([...paths].sort(), base, control, look);
    } catch (error) {
      look.unreadable.push({ path: safeSample(pattern), reason: safeSample(messageOf(error)) });
      return [];
    }
  }

  /** Leaves out, and tells, links that lead out of the directory: whoever may write there could have any file read and shown. */
  async #inside(paths: readonly string[], base: string, control: boolean, look: Look): Promise<Found[]> {
    const found: Found[] = [];
    const root = await realpath(base).catch(() => base);
    for (const path of paths) {
      const real = await realpath(path).catch(() => undefined);
      if (real === undefined) {
        // The literal name of a log that was just rotated, or does not exist: opening it tells which.
        found.push({ path, name: rotatedName(path), control });
        continue;
      }
      const way = relative(root, real);
      if (way === ".." || way.startsWith(`..${sep}`) || isAbsolute(way)) {
        const reason = `it is a link to ${real}, outside of ${base}; name the file that it leads to instead`;
        look.unreadable.push({ path: this.#show(path), reason: safeSample(reason, 400) });
        continue;
      }
      found.push({ path: real, name: rotatedName(real), control });
    }
    return found.filter((one, i) => found.findIndex((other) => other.path === one.path) === i);
  }

  /** Reads what is new in the files, the oldest rotation first; answers those that were no longer there. */
  async #readAll(look: Look, found: readonly Found[], missed: ReadonlySet<string>): Promise<Found[]> {
    const missing: Found[] = [];
    const families = Map.groupBy(found, ({ name, control }) => `${control}:${name.family}`);
    for (const family of families.values()) {
      const opened: Opened[] = [];
      try {
        // From the newest to the oldest; once one begins before the window, all older ones lie before it.
        for (const file of family.sort((a, b) => a.name.age - b.name.age)) {
          const one = await this.#open(file, look, missing, family.length === 1 && missed.size === 0);
          if (one === undefined) continue;
          opened.push(one);
          if (one.first < look.from - DISORDER) break;
        }
        for (const one of opened.reverse()) await this.#read(one, look);
      } finally {
        for (const { handle } of opened) await handle.close();
      }
    }
    return missing;
  }

  async #open(file: Found, look: Look, missing: Found[], only: boolean): Promise<Opened | undefined> {
    let handle: FileHandle | undefined;
    try {
      // Without waiting, or a pipe without a writer would hold us for ever; without following, since the path is resolved.
      handle = await open(file.path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
      const stats = await handle.stat();
      if (!stats.isFile()) throw new Error("it is no regular file");
      const one: Opened = {
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
    } catch (error) {
      await handle?.close();
      if ((error as NodeJS.ErrnoException).code === "ENOENT") {
        const literal =
          only && !this.#taken && !/[*?[\]{}]/.test(file.control ? (this.#options.control ?? "") : this.#options.files);
        if (literal) look.unreadable.push({ path: this.#show(file.path), reason: "no such file" });
        else missing.push(file);
      } else look.unreadable.push({ path: this.#show(file.path), reason: reasonOf(error) });
      return undefined;
    }
  }

  async #lookAtHead(one: Opened): Promise<void> {
    const block = Buffer.alloc(16_384);
    if (one.name.packed === undefined) {
      const { bytesRead } = await one.handle.read(block, 0, block.length, 0);
      one.head = block.subarray(0, bytesRead);
    } else if (one.name.packed !== "other") {
      try {
        for await (const chunk of unpacked(one)) {
          one.head = Buffer.from(chunk).subarray(0, block.length);
          break;
        }
      } catch {
        // Reading it whole will say what is wrong with it.
      }
    }
    const parser = this.#parser({ reference: one.modified, offset: this.#zone });
    for (let start = 0, end = one.head.indexOf(10); end >= 0; start = end + 1, end = one.head.indexOf(10, start)) {
      parser.parse(one.head, start, end);
      if (Number.isNaN(parser.time)) continue;
      one.first = parser.time;
      break;
    }
    one.head = one.head.subarray(0, HEAD);
  }

  #parser(context: { reference: number; offset: (wall: number) => number }): LineParser {
    return new LineParser(this.#options.format, context);
  }

  async #read(one: Opened, look: Look): Promise<void> {
    look.tally.control = one.control;
    look.tally.source = this.#show(one.name.family);
    const packedKey = `${one.device}:${one.inode}:${one.size}:${one.modified}`;
    try {
      if (one.name.packed === "other") throw new Error("this compression cannot be read; gzip and zstd can");
      const known = await this.#contentOf(one);
      if (one.name.packed !== undefined && this.#done.has(packedKey)) {
        if (known) known.seen = true;
        return;
      }
      const content = known ?? (await this.#newContent(one, look));
      if (content === undefined) return;
      content.seen = true;
      content.active = one.name.age === 0 && one.name.packed === undefined;
      content.reader.sink = look.tally;
      content.context.reference = one.modified;
      const cutBefore = content.reader.cut;
      if (one.name.packed !== undefined) {
        await this.#readPacked(one, content, look);
        this.#done.add(packedKey);
      } else {
        await this.#readPlain(one, content, look);
        content.device = one.device;
        content.inode = one.inode;
        content.path = one.path;
      }
      this.#settle(one, content, look);
      look.cutLines += content.reader.cut - cutBefore;
    } catch (error) {
      const twin =
        one.name.packed !== undefined &&
        this.#contents.some((other) => other.seen && other.path === unpackedPath(one.path));
      if (twin && (error as NodeJS.ErrnoException).code === "Z_BUF_ERROR") return;
      look.unreadable.push({ path: this.#show(one.path), reason: reasonOf(error) });
    }
  }

  /** A path as the user would write it, harmless to show. */
  #show(path: string): string {
    const way = relative(this.#ports.directory, path);
    return safeSample(way.startsWith("..") ? path : way);
  }

  /** The content that this file holds, where a look before knows it: by its beginning, and by what stood before the place read up to. */
  async #contentOf(one: Opened): Promise<Content | undefined> {
    for (const content of this.#contents) {
      if (content.family !== one.name.family) continue;
      const { head, offset, tail } = content;
      if (
        head.length === 0 ||
        one.head.length < head.length ||
        one.head.compare(head, 0, head.length, 0, head.length) !== 0
      )
        continue;
      if (one.name.packed === undefined) {
        // A copy that is still growing may hold less than was read of the original.
        if (one.size < offset) {
          if (one.inode !== content.inode || one.device !== content.device) return content;
          continue;
        }
        const there = Buffer.alloc(tail.length);
        await one.handle.read(there, 0, tail.length, offset - tail.length);
        if (!there.equals(tail)) continue;
      }
      return content;
    }
    return undefined;
  }

  async #newContent(one: Opened, look: Look): Promise<Content | undefined> {
    if (one.size === 0) return undefined;
    const context = { reference: one.modified, offset: this.#zone };
    const parser = this.#parser(context);
    const wide = decodingOf(one.head);
    let offset = 0;
    const skippable =
      one.name.packed === undefined && wide === undefined && one.size > 4 * TAIL && !(one.first >= look.from);
    if (skippable && look.from !== Number.NEGATIVE_INFINITY) {
      offset = await offsetOfTime(one.handle, one.size, look.from, parser, (bytes) => {
        look.bytes += bytes;
      });
    }
    // What is new since the look before was written in this look's window; so was a file that is younger than the window.
    const fresh = this.#taken || one.born >= look.window.since;
    const assumed = fresh && Number.isNaN(one.first) ? look.window.until : Number.NaN;
    const content: Content = {
      device: one.device,
      inode: one.inode,
      path: one.path,
      family: one.name.family,
      head: Buffer.from(one.head),
      tail: Buffer.alloc(0),
      offset,
      reader: new EventReader(parser, look.tally, assumed),
      context,
      wide,
      torn: -1,
      active: false,
      seen: true,
    };
    this.#contents.push(content);
    return content;
  }

  async #readPlain(one: Opened, content: Content, look: Look): Promise<void> {
    if (one.head.length > content.head.length) content.head = Buffer.from(one.head);
    if (one.size - content.offset >= LARGE && content.wide === undefined) await this.#readLarge(one, content, look);
    await this.#readTo(one.size, one, content, look);
    const length = Math.min(TAIL, content.offset);
    content.tail = Buffer.alloc(length);
    await one.handle.read(content.tail, 0, length, content.offset - length);
  }

  async #readTo(end: number, one: Opened, content: Content, look: Look): Promise<void> {
    const buffer = this.#buffer(end - content.offset);
    content.reader.kernel = this.#kernel;
    while (content.offset < end) {
      const wanted = Math.min(buffer.length, end - content.offset);
      const { bytesRead } = await one.handle.read(buffer, 0, wanted, content.offset);
      // Truncated while it was read; the next look finds another beginning and starts anew.
      if (bytesRead === 0) return;
      const chunk = buffer.subarray(0, bytesRead);
      content.reader.push(content.wide ? content.wide.decode(chunk) : chunk);
      content.offset += bytesRead;
      look.bytes += bytesRead;
    }
  }

  #buffer(length: number): Buffer {
    return this.#kernel?.chunk ?? Buffer.allocUnsafeSlow(Math.max(1, Math.min(CHUNK, length)));
  }

  /** Cuts what is new into pieces at lines with a time of their own, and counts them in several threads. */
  async #readLarge(one: Opened, content: Content, look: Look): Promise<void> {
    const cuts: number[] = [];
    const parser = this.#parser({ reference: one.modified, offset: this.#zone });
    for (let at = content.offset + PIECE; at < one.size - PIECE / 2; at += PIECE) {
      const line = await timedLineAfter(one.handle, at, one.size, parser);
      if (line === undefined) return;
      if (line.offset > (cuts.at(-1) ?? 0)) cuts.push(line.offset);
    }
    const last = cuts.pop();
    if (last === undefined) return;
    const { options } = look;
    const pieces = cuts.map(
      (start, i): Piece => ({
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
      }),
    );
    const wanted = this.#alone ? 0 : Math.min(availableParallelism(), 4, pieces.length + 1) - 1;
    while (this.#threads.length < wanted) this.#threads.push(new ScanThread(this.#ports.threadEntry ?? ownEntry));
    const add = (result: PieceResult): void => {
      look.tally.merge(result.data);
      look.cutLines += result.cut;
      look.bytes += result.bytes;
    };
    const counting = this.#threads.slice(0, wanted).map(async (thread) => {
      for (let piece = pieces.shift(); piece; piece = pieces.shift()) {
        try {
          add(await thread.scan(piece));
        } catch (error) {
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
    } finally {
      // Nobody may read by the file's number once it is closed.
      pieces.length = 0;
      await others;
    }
    content.reader.flush();
    const { firstTime } = content.reader;
    look.cutLines += content.reader.cut;
    content.reader = new EventReader(this.#parser(content.context), look.tally);
    content.reader.firstTime = firstTime;
    content.offset = last;
  }

  #giveUpThreads(error: unknown): void {
    if (!this.#alone) {
      this.#ports.warn?.(`logs are read by one thread, since another could not do it: ${safeSample(messageOf(error))}`);
    }
    this.#alone = true;
    for (const thread of this.#threads.splice(0)) void thread.close();
  }

  async #readPacked(one: Opened, content: Content, look: Look): Promise<void> {
    let at = 0;
    for await (const chunk of unpacked(one)) {
      const bytes = Buffer.from(chunk);
      const fresh = bytes.subarray(Math.max(0, content.offset - at));
      at += bytes.length;
      look.bytes += fresh.length;
      if (fresh.length === 0) continue;
      content.reader.push(content.wide ? content.wide.decode(fresh) : fresh);
      content.offset = at;
    }
  }

  /** Ends a look at one content: the last line, the open event, and events without a time. */
  #settle(one: Opened, content: Content, look: Look): void {
    const { reader } = content;
    const now = this.#ports.now?.() ?? Date.now();
    if (reader.pending > 0 && (one.name.age > 0 || content.torn === one.size || now - one.modified >= SETTLED))
      reader.finish();
    else reader.flush();
    content.torn = reader.pending > 0 ? one.size : -1;
    if (look.tally.undated === 0) return;
    const time = Number.isNaN(reader.firstTime) ? one.first : reader.firstTime;
    if (!Number.isNaN(time)) look.tally.date(time);
    else if (one.modified < look.from) look.tally.dropUndated();
    const undated = look.tally.dropUndated();
    if (undated === 0) return;
    look.unreadable.push({
      path: this.#show(one.path),
      reason: `${undated} lines have no time, and some are older than the window: they cannot be told apart; let the program write times, or let the log begin anew at the deploy`,
    });
  }
}

function unpackedPath(path: string): string {
  return path.replace(/\.(?:gz|zst)$/, "");
}

function unpacked(one: Opened): Readable {
  const unpack = one.name.packed === "gz" ? zlib.createGunzip({ chunkSize: 1 << 18 }) : zstd();
  // Errors of either end come out where the unpacked bytes are read.
  pipeline(Readable.from(blocksOf(one), { objectMode: false }), unpack, () => undefined);
  return unpack;
}

/** The file's bytes by position, so that it can be read more than once through one handle. */
async function* blocksOf({ handle, size }: Opened): AsyncGenerator<Buffer> {
  for (let at = 0; at < size; ) {
    const block = Buffer.allocUnsafe(Math.min(1 << 18, size - at));
    const { bytesRead } = await handle.read(block, 0, block.length, at);
    if (bytesRead === 0) return;
    at += bytesRead;
    yield block.subarray(0, bytesRead);
  }
}

function zstd() {
  // Node gained it within version 22; the actions' Node 24 has it.
  if (typeof zlib.createZstdDecompress !== "function") throw new Error("this version of Node cannot read zstd; use 24");
  return zlib.createZstdDecompress();
}

interface Decoding {
  decode(chunk: Buffer): Buffer;
}

/** UTF-16 by its byte order mark, or by its NULs; `undefined` for everything whose lines end in single bytes. */
function decodingOf(head: Buffer): Decoding | undefined {
  const [a, b, c, d] = head;
  const encoding =
    a === 0xff && b === 0xfe
      ? "utf-16le"
      : a === 0xfe && b === 0xff
        ? "utf-16be"
        : a !== 0 && b === 0 && c !== 0 && d === 0
          ? "utf-16le"
          : a === 0 && b !== 0 && c === 0 && d !== 0
            ? "utf-16be"
            : undefined;
  if (encoding === undefined) return undefined;
  const decoder = new TextDecoder(encoding);
  return { decode: (chunk) => Buffer.from(decoder.decode(chunk, { stream: true })) };
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: "no right to read it: give the runner's user read access",
  EISDIR: "it is a directory",
  ENXIO: "it is no regular file",
  ELOOP: "it is a link that changed while it was opened",
  Z_BUF_ERROR: "the compressed file ends too early",
  Z_DATA_ERROR: "the compressed file is damaged",
};

function reasonOf(error: unknown): string {
  return REASONS[(error as NodeJS.ErrnoException).code ?? ""] ?? safeSample(messageOf(error));
}
