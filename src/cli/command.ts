/** What a command of `rocksolid` may touch of the world. */
export interface Io {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Writes to standard output; the line break is the caller's. */
  readonly out: (text: string) => void;
  /** Writes to standard error; the line break is the caller's. */
  readonly err: (text: string) => void;
  /** Standard input; the process's own unless given. */
  readonly stdin?: AsyncIterable<string | Uint8Array>;
}

/** One command of `rocksolid`: a file of its own and a line in `commands.ts`. What it needs beyond the ordinary it imports when it runs. */
export interface Command {
  readonly name: string;
  /** One line for `--help`. */
  readonly summary: string;
  /** The text of `rocksolid NAME --help`. */
  readonly usage: string;
  /** Answers the exit status: 0 for yes, 1 for no, 2 where it could not be carried out. */
  run(args: readonly string[], io: Io): Promise<number>;
}
