import type { Signature } from "./signature.ts";

export type { Signature } from "./signature.ts";

/** Events of one machine, file or stream. */
export interface SourceReport {
  readonly name: string;
  readonly lines: number;
  readonly errors: number;
  readonly fatal: number;
  /** Events and errors before the window; 0 where no time before it was read. */
  readonly before: number;
  readonly beforeErrors: number;
}

/** A machine, file or stream that has fallen silent, and what it did before. Spans of time are in milliseconds. */
export interface SilentSource {
  readonly name: string;
  /** Since its last line, or since the window began. */
  readonly quiet: number;
  /** In how many of so many spans of such a length before the window it wrote. */
  readonly wroteIn: number;
  readonly spans: number;
  readonly span: number;
  /** Its longest pause there. */
  readonly pause: number;
}

/** Events of one span of time. */
export interface Bucket {
  /** Its beginning, in milliseconds since the epoch. */
  readonly start: number;
  readonly lines: number;
  readonly errors: number;
  readonly fatal: number;
  readonly warnings: number;
}

/** What a scan of logs found in a window of time. */
export interface LogCounts {
  /** Events that counted: lines, where a stack trace is one. */
  readonly lines: number;
  /** Of these, events at level error or worse (fatal included). */
  readonly errors: number;
  readonly fatal: number;
  /** Time of the first and last event that counted, in milliseconds since the epoch; absent where none had a time. */
  readonly first?: number;
  readonly last?: number;
  /** One error event, secrets masked, cut to 200 characters, control characters removed. */
  readonly sample?: string;
  /** What could not be read, and why. Anything here makes the check an `error`. */
  readonly unreadable: readonly { readonly path: string; readonly reason: string }[];
  /** Of the events, lines of access logs: each is a request. */
  readonly requests?: number;
  /** What was read of the time before the window and of control machines; absent where none was asked for. */
  readonly baseline?: { readonly lines: number; readonly errors: number; readonly fatal: number };
  /** By time, the earliest first; `bucketWidth` is in milliseconds. */
  readonly buckets?: readonly Bucket[];
  readonly bucketWidth?: number;
  readonly sources?: readonly SourceReport[];
  /** Machines, files or streams that wrote before the window and have fallen silent in it beyond chance, the surest first; absent where something could not be read. */
  readonly silent?: readonly SilentSource[];
  /**
   * Kinds of errors in the window that were seen neither before it nor on control machines, over all looks with the same
   * `since`; at most 50, the most frequent. Present where signatures were asked for.
   */
  readonly newSignatures?: readonly Signature[];
  /** How many kinds are new: of those listed and the others; at least so many where `unsorted` is not 0. */
  readonly newSignatureCount?: number;
  /** Kinds that were known and have become more frequent beyond chance, over the same looks. */
  readonly risenSignatures?: readonly Signature[];
  /** Error events of kinds beyond the 2,000 that are told apart, over the same looks. */
  readonly unsorted?: number;
  /** Lines of which only the beginning was looked at, since they are longer than 64 KiB. */
  readonly cutLines?: number;
  /** Bytes read in this look. */
  readonly bytes?: number;
}

/** Log lines of one source. Each call of `scan` answers for the events that are new since the call before and lie in the window. */
export interface LogScanner {
  scan(window: { readonly since: number; readonly until: number }): Promise<LogCounts>;
  close(): Promise<void>;
}
