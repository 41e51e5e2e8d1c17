import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import * as core from "@actions/core";
import { type Ledger, openLedger } from "../ledger/ledger.ts";
import { type Clock, clockFromEnvironment } from "../platform/clock.ts";
import { ConfigurationError } from "../platform/errors.ts";
import { connectGitHub, type GitHub } from "../platform/github.ts";
import { commandRunner, type RunCommand } from "../platform/process.ts";
import { createLogNeutraliser, neutraliseForLog } from "../report/neutralise.ts";
import { type JobContext, type ReadInput, readContext } from "./inputs.ts";

/** The runner, as an action sees it: its log, its files. Every text is neutralised here, so that nothing from outside becomes a workflow command. */
export interface Runner {
  readonly input: ReadInput;
  info(text: string): void;
  warning(text: string): void;
  /** Fails the step. */
  fail(reason: string): void;
  output(name: string, value: string): void;
  /** Adds Markdown to the job summary. */
  summary(markdown: string): Promise<void>;
  /** Hands a value to the step that runs at the end of the job. */
  save(name: string, value: string): void;
  saved(name: string): string;
}

/** Everything outside an action, so that a test can replace any of it. */
export interface World {
  readonly runner: Runner;
  readonly context: JobContext;
  readonly clock: Clock;
  /** Environment variables of the process and of `ROCKSOLID_VARIABLES`. */
  readonly env: Readonly<Record<string, string>>;
  /** The variables that the workflow handed over as one secret, for commands. */
  readonly variables: Readonly<Record<string, string>>;
  readonly runCommand: RunCommand;
  /** Aborted when the job is cancelled. */
  readonly cancelled: AbortSignal;
  /** When this job began, by this machine's clock, in milliseconds since the epoch; absent where it cannot be told. */
  readonly startedAt?: number;
  connect(token: string): { readonly github: GitHub; readonly ledger: Ledger };
}

/** The real world of a job: the runner's environment and files, GitHub over HTTP, processes. */
export function realWorld(env: NodeJS.ProcessEnv): World {
  const context = readContext(env);
  const clock = clockFromEnvironment(env);
  const variables = readVariables(env["ROCKSOLID_VARIABLES"] ?? "");
  for (const value of Object.values(variables)) if (value !== "") core.setSecret(value);
  const cancelled = new AbortController();
  // The runner sends SIGINT, SIGTERM 7.5 s later, and kills 2.5 s after that; commands are told at once.
  for (const signal of ["SIGINT", "SIGTERM"] as const)
    process.on(signal, () => cancelled.abort(new Error(`the job was cancelled (${signal})`)));
  const startedAt = jobStart(env);
  const runner = jobRunner();
  const neutralise = createLogNeutraliser();
  return {
    runner,
    context,
    clock,
    variables,
    env: {
      ...Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined)),
      ...variables,
    },
    runCommand: commandRunner((text) => process.stdout.write(neutralise(text))),
    cancelled: cancelled.signal,
    ...(startedAt !== undefined && { startedAt }),
    connect(token) {
      const github = connectGitHub({ token, repository: context.repository, clock, warn: runner.warning });
      return { github, ledger: openLedger(github, clock, context.run.url) };
    },
  };
}

function jobRunner(): Runner {
  return {
    input: (name) => core.getInput(name),
    info: (text) => core.info(neutraliseForLog(text)),
    warning: (text) => core.warning(text),
    fail: (reason) => core.setFailed(reason),
    output: (name, value) => core.setOutput(name, value),
    async summary(markdown) {
      await core.summary.addRaw(markdown, true).write();
    },
    save: (name, value) => core.saveState(name, value),
    saved: (name) => core.getState(name),
  };
}

/** The runner writes the event's file when the job begins. */
function jobStart(env: NodeJS.ProcessEnv): number | undefined {
  try {
    return statSync(env["GITHUB_EVENT_PATH"] ?? "").mtimeMs;
  } catch {
    return undefined;
  }
}

/** Reads lines of `NAME=value`; blank lines and lines that start with `#` are left out. Throws for anything else, without showing values. */
export function readVariables(text: string): Readonly<Record<string, string>> {
  const variables: Record<string, string> = {};
  text.split(/\r?\n/).forEach((line, index) => {
    if (line.trim() === "" || line.startsWith("#")) return;
    const [, name, value] = /^([A-Za-z_][A-Za-z0-9_]*)=(.*)$/.exec(line) ?? [];
    if (name === undefined || value === undefined) {
      throw new ConfigurationError(
        `the secret "variables" has a mistake in line ${index + 1}: each line is NAME=value`,
      );
    }
    variables[name] = value;
  });
  return variables;
}

/** Reads a file of the workspace; throws {@link ConfigurationError} where it is missing. */
export function readWorkspaceFile(context: JobContext, path: string, what: string): string {
  try {
    return readFileSync(join(context.workspace, path), "utf8");
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === "ENOENT";
    throw new ConfigurationError(
      missing
        ? `${what} ${path} is not in the workspace: is there a step "uses: actions/checkout" before this one?`
        : `${what} ${path} cannot be read: ${(error as Error).message}`,
    );
  }
}
