import type { EventReader } from "./events.ts";
import type { Kernel } from "./kernel.ts";
import type { SignatureTable } from "./signature.ts";
import { Tally, type TallyData, type TallyOptions, type WaitingEvent } from "./tally.ts";
import type { SilentSource } from "./types.ts";

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

interface Voice {
  /** 1 for each span before the window in which it wrote. */
  readonly wrote: Uint8Array;
  /** Its last line in the window, in milliseconds since the epoch; NaN before the first. */
  last: number;
}

/** When each source wrote, in the time before a window and in it: who has fallen silent, and who is quiet by nature. */
export class Presence {
  readonly #from: number;
  readonly #since: number;
  readonly #span: number;
  readonly #spans: number;
  readonly #voices = new Map<string, Voice>();
  #name: string | undefined;
  #voice: Voice | undefined;
  #earliest = Number.POSITIVE_INFINITY;
  #newest = Number.NEGATIVE_INFINITY;

  /** The time before the window begins at `from`, the window at `since`; milliseconds since the epoch. */
  constructor(from: number, since: number) {
    this.#from = from;
    this.#since = since;
    const before = since - from;
    this.#span = Math.max(before / MOST_SPANS, Math.min(60_000, before / LEAST_SPANS));
    this.#spans = Math.ceil(before / this.#span);
  }

  /** A source wrote at a time, or all through a short span of it. Times before all, and unknown ones, do not count. */
  hear(source: string, first: number, last = first): void {
    if (!(first >= this.#from)) return;
    const voice = source === this.#name ? this.#voice : this.#voiceOf(source);
    if (voice === undefined) return;
    if (!(voice.last >= last) && last >= this.#since) voice.last = last;
    if (last > this.#newest) this.#newest = last;
    if (first >= this.#since) return;
    if (first < this.#earliest) this.#earliest = first;
    const end = Math.min(this.#spans - 1, this.#at(last));
    for (let i = this.#at(first); i <= end; i++) voice.wrote[i] = 1;
  }

  /** A source wrote so many lines before the window, nobody knows when. */
  hearBefore(source: string, lines: number): void {
    if (lines < STEADY * this.#spans) return;
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
  silent(end: number): SilentSource[] {
    // Where the window is open, what was written last tells how far it reaches.
    const until = Number.isFinite(end) ? end : this.#newest;
    if (this.#earliest === Number.POSITIVE_INFINITY || !(until > this.#since)) return [];
    // What nobody logged yet, or nobody keeps any more, is no pause.
    const begin = this.#at(this.#earliest);
    const spans = this.#spans - begin;
    const moments = Math.max(1, (until - this.#since) / this.#span);
    const known = [...this.#voices].filter(([, { wrote }]) => wrote.includes(1));
    const silent = known.flatMap(([name, voice]): SilentSource[] => {
      const quiet = until - (Number.isNaN(voice.last) ? this.#since : voice.last);
      if (quiet < SHORTEST) return [];
      const { wroteIn, pause } = habitsOf(voice.wrote.subarray(begin));
      const missed = Math.floor(quiet / this.#span);
      if (missed <= 2 * pause) return [];
      const chance = known.length * moments * (moments + 1) * chanceOfNothing(wroteIn, spans, missed);
      return chance < CHANCE ? [{ name, quiet, wroteIn, spans, span: this.#span, pause: pause * this.#span }] : [];
    });
    const newcomers = this.#voices.size - known.length;
    return silent
      .sort((a, b) => b.wroteIn - a.wroteIn || (a.name < b.name ? -1 : 1))
      .slice(0, Math.max(0, silent.length - newcomers));
  }

  #at(time: number): number {
    return Math.floor((time - this.#from) / this.#span);
  }

  #voiceOf(source: string): Voice | undefined {
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
function habitsOf(wrote: Uint8Array): { readonly wroteIn: number; readonly pause: number } {
  let [wroteIn, pause, row] = [0, 0, 0];
  for (const one of wrote) {
    wroteIn += one;
    row = one === 1 ? 0 : row + 1;
    pause = Math.max(pause, row);
  }
  return { wroteIn, pause };
}

/** Probability that the next `missed` spans are all without a line, after `wroteIn` of `spans` had one. */
export function chanceOfNothing(wroteIn: number, spans: number, missed: number): number {
  let chance = 1;
  const most = Math.min(missed, 1_000_000);
  for (let i = 0; i < most && chance > 1e-30; i++) chance *= (spans - wroteIn + 0.5 + i) / (spans + 1 + i);
  return chance;
}

/** A tally that also notes who wrote when, whatever `match` and `ignore` leave out of the counts. */
export class ListeningTally extends Tally {
  readonly #presence: Presence;
  readonly #until: number;

  constructor(presence: Presence, options: TallyOptions, width?: number, signatures?: SignatureTable) {
    super(options, width, signatures);
    this.#presence = presence;
    this.#until = options.until;
  }

  override event(level: number, reader: EventReader): void {
    if (!this.control && reader.time <= this.#until) this.#presence.hear(reader.host ?? this.source, reader.time);
    super.event(level, reader);
  }

  override row(kernel: Kernel, base: number): void {
    if (!this.control) this.#presence.hear(this.source, base + kernel.first, base + kernel.last);
    super.row(kernel, base);
  }

  override recall(event: WaitingEvent): void {
    if (!this.control && event.time <= this.#until) this.#presence.hear(event.source, event.time);
    super.recall(event);
  }

  override merge(data: TallyData): void {
    if (!this.control) {
      for (const [name, { lines, before }] of data.sources) {
        if (lines > 0) this.#presence.hear(name, data.last);
        this.#presence.hearBefore(name, before);
      }
    }
    super.merge(data);
  }
}
