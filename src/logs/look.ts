import { compilePattern, type Pattern } from "./pattern.ts";
import { ListeningTally, Presence } from "./presence.ts";
import { reportOf } from "./report.ts";
import { SignatureTable } from "./signature.ts";
import { Tally, type TallyOptions, type WaitingEvent } from "./tally.ts";
import type { LogCounts } from "./types.ts";

/** What every source of logs can be told to count. */
export interface CountOptions {
  /** Regular expressions (see `pattern.ts`): only these events count; these events never count. `(?i)` first ignores case. */
  readonly match?: string;
  readonly ignore?: string;
  /** Tell kinds of errors apart, and say which are new. */
  readonly signatures?: boolean;
  /** Milliseconds before the first window that are read too, to compare with. */
  readonly baseline?: number;
  /** Zone of times that name none: an IANA name or `+02:00`; the machine's own unless given. */
  readonly zone?: string;
  /** Width of time buckets in milliseconds; a minute unless given. */
  readonly bucket?: number;
}

export interface Window {
  readonly since: number;
  readonly until: number;
}

/** One look in progress: where events are counted, and what could not be read. */
export interface Look {
  readonly window: Window;
  /** Where the time begins that has to be read: the window, and on the first look the time before it. */
  readonly from: number;
  readonly tally: Tally;
  readonly options: TallyOptions;
  readonly unreadable: { path: string; reason: string }[];
  cutLines: number;
  bytes: number;
}

/** What looks of one source have in common and hand on to each other, whatever the source is. */
export class Looks {
  readonly match: Pattern | undefined;
  readonly ignore: Pattern | undefined;
  readonly #options: CountOptions;
  readonly #control: boolean;
  readonly #signatures = new SignatureTable();
  #presence: Presence | undefined;
  #linesBefore = 0;
  #lines = 0;
  #since = Number.NaN;
  #waiting: readonly WaitingEvent[] = [];
  #first: number | undefined;

  /** `control`: whether other machines are read to compare with. Throws a ConfigurationError for an expression that cannot be used. */
  constructor(options: CountOptions, control = false) {
    this.#options = options;
    this.#control = control;
    this.match = options.match === undefined ? undefined : compilePattern(options.match, "match");
    this.ignore = options.ignore === undefined ? undefined : compilePattern(options.ignore, "ignore");
  }

  begin(window: Window): Look {
    const baseline = this.#options.baseline ?? 0;
    this.#first ??= window.since;
    const before = Math.min(window.since, this.#first) - baseline;
    const options: TallyOptions = {
      since: window.since,
      until: window.until,
      before,
      signatures: this.#options.signatures ?? false,
      match: this.match,
      ignore: this.ignore,
    };
    // Kinds are counted over all looks of one window: one that was new an hour ago is new still.
    if (window.since !== this.#since) {
      this.#signatures.restart();
      this.#lines = 0;
    }
    this.#since = window.since;
    if (baseline > 0 && Number.isFinite(this.#first)) this.#presence ??= new Presence(before, this.#first);
    const tally = this.#presence
      ? new ListeningTally(this.#presence, options, this.#options.bucket, this.#signatures)
      : new Tally(options, this.#options.bucket, this.#signatures);
    for (const event of this.#waiting) tally.recall(event);
    this.#waiting = [];
    return { window, from: before, tally, options, unreadable: [], cutLines: 0, bytes: 0 };
  }

  end(look: Look): LogCounts {
    const { tally, window } = look;
    const data = tally.data();
    this.#waiting = data.late;
    this.#linesBefore += data.before.reduce((total, count) => total + count, 0);
    this.#lines += data.levels.reduce((total, count) => total + count, 0);
    return reportOf(tally, {
      unreadable: look.unreadable,
      signatures: this.#options.signatures ?? false,
      compared: (this.#options.baseline ?? 0) > 0 || this.#control,
      cutLines: look.cutLines,
      bytes: look.bytes,
      linesBefore: this.#linesBefore,
      linesSoFar: this.#lines,
      // Who could not be read is not silent.
      ...(this.#presence && look.unreadable.length === 0 && { silent: this.#presence.silent(window.until) }),
    });
  }
}
