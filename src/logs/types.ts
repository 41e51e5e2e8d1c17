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
}

/** Log lines of one source. Each call of `scan` answers for the events that are new since the call before and lie in the window. */
export interface LogScanner {
  scan(window: { readonly since: number; readonly until: number }): Promise<LogCounts>;
  close(): Promise<void>;
}
