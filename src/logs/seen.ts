import type { EventReader, EventSink } from "./events.ts";

/** How far back events may still arrive that are older than others already read. Milliseconds. */
const LATENESS = 60_000;
const MOST = 200_000;

/**
 * Lets each event of a source that always answers from its beginning (a command, an HTTP API) through once. Older than a
 * minute before the newest event that the look before saw: read already. Younger: read if a look before saw its like.
 */
export class SeenEvents {
  #horizon = Number.NEGATIVE_INFINITY;
  #newest = Number.NEGATIVE_INFINITY;
  #cut = Number.NEGATIVE_INFINITY;
  #known = new Set<string>();
  #next = new Map<string, number>();

  /** The time from which on the next look has to ask: nothing new is older. -Infinity before the first look. */
  get horizon(): number {
    return this.#horizon;
  }

  /** Whether the event is new. `identity` tells events of the same time apart. */
  isNew(time: number, identity: string): boolean {
    if (time < this.#horizon) return false;
    const key = `${time} ${identity}`;
    if (time > this.#newest) this.#newest = time;
    if (time >= this.#newest - LATENESS) {
      this.#next.set(key, time);
      if (this.#next.size > 2 * MOST) this.#prune(this.#newest - LATENESS);
      if (this.#next.size > 2 * MOST) this.#prune(this.#newest);
    }
    return !this.#known.has(key);
  }

  /** Ends a look: what it saw is known from now on. */
  turn(): void {
    this.#prune(this.#newest - LATENESS);
    if (this.#next.size > MOST) this.#prune(this.#newest);
    this.#horizon = Math.max(this.#horizon, this.#newest - LATENESS, this.#cut);
    this.#known = new Set(this.#next.keys());
  }

  /** Forgets single events before a time; where that cuts into the last minute, what is older counts as read. */
  #prune(before: number): void {
    for (const [key, time] of this.#next) if (time < before) this.#next.delete(key);
    if (before > this.#newest - LATENESS) this.#cut = before;
  }
}

/** A sink that hands on what is new. Events without a time are handed on too: the caller says what they mean. */
export class NewEvents implements EventSink {
  readonly #seen: SeenEvents;
  readonly #sink: EventSink;

  constructor(seen: SeenEvents, sink: EventSink) {
    this.#seen = seen;
    this.#sink = sink;
  }

  event(level: number, reader: EventReader): void {
    const { time } = reader;
    if (!Number.isNaN(time)) {
      const identity = `${reader.host ?? ""} ${identityOf(reader)}`;
      if (!this.#seen.isNew(time, identity)) return;
    }
    this.#sink.event(level, reader);
  }
}

/** A number for an event's text that does not depend on the order of a JSON line's fields: journalctl shuffles them at every run. */
function identityOf({ bytes, start, end }: EventReader): number {
  let total = 0;
  let hash = 0x811c9dc5;
  for (let i = start; i < end; i++) {
    const byte = bytes[i] ?? 0;
    if (byte === 44) {
      total += hash >>> 0;
      hash = 0x811c9dc5;
    } else if (byte !== 123 && byte !== 125) hash = Math.imul(hash ^ byte, 0x01000193);
  }
  return total + (hash >>> 0);
}
