import type { LogScanner } from "../logs/types.ts";
import type { Check, LogsCheck, Source, Target, Text } from "../pipeline/model.ts";
import { namesIn, type TextContext, type TextName, textNames } from "../pipeline/text.ts";
import type { Clock } from "../platform/clock.ts";
import type { RunCommand } from "../platform/process.ts";
import type { Observation } from "./observation.ts";

/** All that evidence asks of the world. */
export interface EvidencePorts {
  readonly clock: Clock;
  readonly fetch: typeof globalThis.fetch;
  readonly runCommand: RunCommand;
  readonly files: Files;
  /** Throws a ConfigurationError for a source that cannot be scanned. */
  openLogs(source: Source, check: LogsCheck, context: TextContext): LogScanner;
}

/** Reading of files. Paths are relative to `directory`, or absolute. */
export interface Files {
  /** Paths of the files that match, sorted. */
  glob(pattern: string, directory: string): Promise<readonly string[]>;
  /** Undefined where there is no such file; throws where it cannot be read, or is larger than `limit` bytes. */
  read(path: string, directory: string, limit: number): Promise<FileContent | undefined>;
}

export interface FileContent {
  readonly text: string;
  /** Milliseconds since the epoch, by the clock of the machine that holds the file. */
  readonly modified: number;
}

/** The stage whose checks are read. */
export interface Scope {
  /** Values of `${…}`; those of a target are added for each target. */
  readonly context: TextContext;
  readonly targets: readonly Target[];
  /** All targets of the fleet, of which a baseline may choose; none unless said. */
  readonly fleet?: readonly Target[];
  /** Milliseconds between the looks of a bake; what keeps a past is read at such steps. Absent for a gate. */
  readonly every?: number;
  /** The directory in which files are found and commands run. */
  readonly workspace: string;
  /** The `ROCKSOLID_*` variables of commands. */
  readonly env: Readonly<Record<string, string>>;
  /**
   * When this job began, in milliseconds since the epoch, by the clock of the machine that holds the workspace. A report
   * written before is a leftover of another run and does not count.
   */
  readonly startedAt?: number;
  readonly signal?: AbortSignal;
}

/** Where one reader reads: the stage, or one target of it. */
export interface Place {
  readonly scope: Scope;
  readonly target?: Target;
  /** The scope's context with the target's own names. */
  readonly context: TextContext;
  /** Fills `${…}`; throws a ConfigurationError for a name without a value. */
  fill(text: Text): string;
}

/** One look: the window since the deploy. */
export interface Look {
  readonly since: number;
  readonly until: number;
  /** Makes something once for all readers of this look, so that checks of one endpoint see one answer. */
  once<T>(key: string, make: () => Promise<T>): Promise<T>;
}

/** An observation without its check, target and time. */
export type Reading = Omit<Observation, "check" | "target" | "at">;

/** Reads one check in one place, look after look. May throw: the observer makes that an unreadable observation. */
export interface Reader {
  read(look: Look): Promise<Reading>;
  close?(): Promise<void>;
}

/** One kind of source of evidence; a new one is a file in this folder and a line in `readers.ts`. */
export interface ReaderKind {
  accepts(check: Check): boolean;
  /** Whether the check is read once for each target of the stage, not once for the stage. */
  perTarget(check: Check): boolean;
  open(check: Check, place: Place, ports: EvidencePorts): Reader;
}

/** Whether one of the texts names a target: `${target}`, `${address}`, `${ring}`, `${region}` or `${zone}`. */
export function namesTarget(texts: readonly Text[]): boolean {
  return texts.some((text) =>
    namesIn(text).some((name) => Object.hasOwn(textNames, name) && textNames[name as TextName] === "target"),
  );
}

/** A kind of reader for the checks that `is` accepts, written with the narrower type. */
export function defineReader<C extends Check>(kind: {
  is(check: Check): check is C;
  perTarget(check: C): boolean;
  open(check: C, place: Place, ports: EvidencePorts): Reader;
}): ReaderKind {
  return {
    accepts: kind.is,
    perTarget: (check) => kind.is(check) && kind.perTarget(check),
    open(check, place, ports) {
      if (!kind.is(check)) throw new TypeError(`this reader does not read "${check.name}"`);
      return kind.open(check, place, ports);
    },
  };
}
