import { formatNumber } from "../pipeline/format.ts";
import { messageOf } from "../platform/errors.ts";
import { EventReader, type EventSink } from "./events.ts";
import { ReadError } from "./http.ts";
import { LineParser } from "./line.ts";
import { type CountOptions, type Look, Looks } from "./look.ts";
import { safeSample } from "./safe.ts";
import { SeenEvents } from "./seen.ts";
import type { LogScanner } from "./types.ts";

/** One entry of a log server. */
export interface Entry {
  /** Milliseconds since the epoch, by the server's index. */
  readonly time: number;
  readonly line: string;
  /** The machine, pod or stream that wrote it. */
  readonly source: string;
  /** Tells entries of the same time and source apart. */
  readonly identity: string;
  /** The level that the server keeps beside the line, as a word; the line's own counts where there is none. */
  readonly level?: string | undefined;
}

/** A log server. Spans of time are in milliseconds since the epoch, both ends included. */
export interface EntryServer {
  /** The name in messages. */
  readonly name: string;
  /** About how many entries there are; never fewer. */
  count(query: string | undefined, from: number, until: number, signal: AbortSignal): Promise<number>;
  /** All entries, in order of time, page by page; throws where one may be missing. */
  read(
    query: string | undefined,
    from: number,
    until: number,
    /** What {@link count} said of the same span. */
    counted: number,
    signal: AbortSignal,
  ): AsyncIterable<readonly Entry[]>;
}

export interface RemoteOptions extends CountOptions {
  readonly query: string | undefined;
  /** A query for the machines that are compared with: what they write counts as what was before. */
  readonly control?: string;
}

/** More entries in one look than this are an error: the query is to be narrowed. */
const MOST_ENTRIES = 2_000_000;

/** Entries before the window that are read where only silence is told from them. */
const ENOUGH_BEFORE = 200_000;

/** Milliseconds after which a look is given up. */
const LONGEST_LOOK = 600_000;

/** Logs of a server. Entries of different streams come mixed, so each stream's lines are put together by themselves. */
export function openRemote(options: RemoteOptions, server: EntryServer, cancelled?: AbortSignal): LogScanner {
  const looks = new Looks(options, options.control !== undefined);
  const seen = [new SeenEvents(), new SeenEvents()] as const;
  return {
    async scan(window) {
      const look = looks.begin(window);
      const timeout = AbortSignal.timeout(LONGEST_LOOK);
      const signal = cancelled ? AbortSignal.any([cancelled, timeout]) : timeout;
      await readInto(look, server, options.query, seen[0], signal);
      look.tally.control = true;
      if (options.control !== undefined) await readInto(look, server, options.control, seen[1], signal);
      return looks.end(look);
    },
    async close() {},
  };
}

async function readInto(
  look: Look,
  server: EntryServer,
  query: string | undefined,
  seen: SeenEvents,
  signal: AbortSignal,
): Promise<void> {
  const streams = new Map<string, Stream>();
  const { since, until } = look.window;
  let from = Math.max(look.tally.control ? since : look.from, seen.horizon, 0);
  let read = 0;
  try {
    if (from < since && look.options.signatures === false) from = await enough(server, query, from, since, signal);
    const counted = await server.count(query, from, until, signal);
    refuseTooMany(counted);
    for await (const page of server.read(query, from, until, counted, signal)) {
      read += page.length;
      refuseTooMany(read);
      for (const entry of page) {
        if (!seen.isNew(entry.time, `${entry.source} ${entry.identity}`)) continue;
        let stream = streams.get(entry.source);
        if (stream === undefined) {
          if (streams.size >= MOST_STREAMS) {
            for (const one of streams.values()) one.reader.finish();
            streams.clear();
          }
          stream = new Stream(entry.source, look);
          streams.set(entry.source, stream);
        }
        stream.push(entry);
        look.bytes += entry.line.length;
      }
    }
  } catch (error) {
    const reason = error instanceof ReadError ? error.message : safeSample(messageOf(error), 400);
    look.unreadable.push({ path: server.name, reason });
  }
  for (const stream of streams.values()) stream.finish(look);
  seen.turn();
}

/** For who writes and who is silent, the newest of the lines before the window tell enough: where their time begins. */
async function enough(
  server: EntryServer,
  query: string | undefined,
  from: number,
  since: number,
  signal: AbortSignal,
): Promise<number> {
  const before = await server.count(query, from, since, signal);
  return before <= ENOUGH_BEFORE ? from : since - (since - from) * (ENOUGH_BEFORE / before);
}

function refuseTooMany(entries: number): void {
  if (entries <= MOST_ENTRIES) return;
  throw new ReadError(
    `about ${formatNumber(entries)} entries match, more than ${formatNumber(MOST_ENTRIES)}: narrow the query, or look more often`,
  );
}

const MOST_STREAMS = 500;

/** The lines of one stream: times and, where the server keeps them, levels are the entries' own. */
class Stream implements EventSink {
  readonly reader: EventReader;
  readonly #name: string;
  readonly #look: Look;
  readonly #parser: EntryParser;

  constructor(name: string, look: Look) {
    this.#name = name;
    this.#look = look;
    this.#parser = new EntryParser("auto", { reference: look.window.until, offset: () => 0 });
    this.reader = new EventReader(this.#parser, this);
  }

  push(entry: Entry): void {
    this.#parser.entryTime = entry.time;
    this.#parser.word = entry.level;
    // An entry that holds line breaks is one event all the same, so its further lines are indented.
    this.reader.push(Buffer.from(`${entry.line.replace(/\n+$/, "").replaceAll("\n", "\n\t")}\n`));
  }

  finish(look: Look): void {
    this.reader.finish();
    look.cutLines += this.reader.cut;
  }

  event(level: number, reader: EventReader): void {
    this.#look.tally.source = this.#name;
    this.#look.tally.event(level, reader);
  }
}

class EntryParser extends LineParser {
  entryTime = Number.NaN;
  word: string | undefined;

  override quick(): boolean {
    return false;
  }

  override parse(bytes: Buffer, start: number, end: number): void {
    super.parse(bytes, start, end);
    this.time = this.entryTime;
    if (this.word !== undefined) this.adopt(this.word);
  }
}
