import { messageOf } from "../platform/errors.ts";
import { EventReader, type EventSink } from "./events.ts";
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

/** A log server: all entries of a span of time, both ends included, in order of time. */
export interface EntryServer {
  /** The name in messages. */
  readonly name: string;
  read(query: string | undefined, from: number, until: number): AsyncIterable<readonly Entry[]>;
}

export interface RemoteOptions extends CountOptions {
  readonly query: string | undefined;
  /** A query for the machines that are compared with: what they write counts as what was before. */
  readonly control?: string;
}

/** More entries in one look than this are an error: the query is to be narrowed. */
export const MOST_ENTRIES = 2_000_000;

/** Logs of a server. Entries of different streams come mixed, so each stream's lines are put together by themselves. */
export function openRemote(options: RemoteOptions, server: EntryServer): LogScanner {
  const looks = new Looks(options, options.control !== undefined);
  const seen = [new SeenEvents(), new SeenEvents()] as const;
  return {
    async scan(window) {
      const look = looks.begin(window);
      await readInto(look, server, options.query, seen[0], false);
      if (options.control !== undefined) await readInto(look, server, options.control, seen[1], true);
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
  control: boolean,
): Promise<void> {
  look.tally.control = control;
  const streams = new Map<string, Stream>();
  const from = Math.max(control ? look.window.since : look.from, seen.horizon, 0);
  try {
    for await (const page of server.read(query, from, look.window.until)) {
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
    look.unreadable.push({ path: server.name, reason: safeSample(messageOf(error), 300) });
  }
  for (const stream of streams.values()) stream.finish(look);
  seen.turn();
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
