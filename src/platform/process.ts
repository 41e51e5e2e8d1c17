/** How a command ended. */
export interface CommandResult {
  /** Exit status; 128 + n where a signal ended it. */
  readonly exitCode: number;
  /** Why it was stopped by us, where it was. */
  readonly stopped?: "timeout" | "cancelled";
  /** The last 4,000 characters of what it printed, both streams as they came. Text from outside: neutralise before showing. */
  readonly tail: string;
  /** Standard output, up to 16 MiB, where `capture` was asked for. */
  readonly stdout?: string;
}

export interface CommandOptions {
  readonly cwd: string;
  /** Added to the process's own environment. Values reach the command only this way, never as text in it. */
  readonly env: Readonly<Record<string, string>>;
  /** Real milliseconds until it is interrupted, and killed 10 seconds later. */
  readonly timeout: number;
  readonly signal?: AbortSignal;
  /** Keep standard output. */
  readonly capture?: boolean;
}

/** Runs one command line of the pipeline file in a shell. A command that cannot be started is a result with exit code 127, not a throw. */
export type RunCommand = (command: string, options: CommandOptions) => Promise<CommandResult>;
