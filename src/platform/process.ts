import { spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Writable } from "node:stream";
import { exec } from "@actions/exec";
import { messageOf } from "./errors.ts";

/** How a command ended. */
export interface CommandResult {
  /** Exit status; 128 + n where a signal ended it; 127 where it could not be started. */
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
  /** Added to the process's own environment, from which the action's inputs are taken out. Values reach the command only this way, never as text in it. */
  readonly env: Readonly<Record<string, string>>;
  /** Real milliseconds until it is interrupted, and killed 10 seconds later. */
  readonly timeout: number;
  readonly signal?: AbortSignal;
  /** Keep standard output. */
  readonly capture?: boolean;
}

/** Runs one command line of the pipeline file in a shell. A command that cannot be started is a result with exit code 127, not a throw. */
export type RunCommand = (command: string, options: CommandOptions) => Promise<CommandResult>;

/** Milliseconds between SIGINT, SIGTERM and SIGKILL: the runner's own, so that a command sees what it would see there. */
const TERMINATE_AFTER = 7_500;
const KILL_AFTER = 10_000;
const TAIL = 4_000;
const CAPTURE = 16 * 1024 * 1024;

/**
 * Runs commands through `@actions/exec` in `sh` (`bash` on Windows), handing everything they print to `print`. The
 * package tells no process id, so the shell writes its own to a file first: that is what timeout and cancel signal, with
 * all its descendants.
 */
export function commandRunner(print: (text: string) => void): RunCommand {
  return async (command, options) => {
    const pidFile = join(process.env["RUNNER_TEMP"] ?? tmpdir(), `rocksolid-${randomUUID()}.pid`);
    const shell = process.platform === "win32" ? "bash" : "sh";
    let stopped: CommandResult["stopped"];
    const timers: NodeJS.Timeout[] = [];
    const stop = (reason: "timeout" | "cancelled") => {
      if (stopped) return;
      stopped = reason;
      signalTree(pidFile, "SIGINT");
      timers.push(setTimeout(() => signalTree(pidFile, "SIGTERM"), TERMINATE_AFTER));
      timers.push(setTimeout(() => signalTree(pidFile, "SIGKILL"), KILL_AFTER));
    };
    const cancel = () => stop("cancelled");
    timers.push(setTimeout(() => stop("timeout"), options.timeout));
    options.signal?.addEventListener("abort", cancel, { once: true });

    let tail = "";
    let stdout = "";
    const take = (data: Buffer) => {
      const text = data.toString("utf8");
      tail = (tail + text).slice(-TAIL);
      print(text);
    };
    try {
      if (options.signal?.aborted) return { exitCode: 130, stopped: "cancelled", tail };
      const exitCode = await exec(shell, ["-c", 'echo "$$" >"$1"; exec "$0" -e -c "$2"', shell, pidFile, command], {
        cwd: options.cwd,
        env: { ...inheritedEnvironment(), ...options.env },
        silent: true,
        ignoreReturnCode: true,
        outStream: nowhere(),
        errStream: nowhere(),
        listeners: {
          stdout(data) {
            take(data);
            if (options.capture && stdout.length < CAPTURE) stdout += data.toString("utf8");
          },
          stderr: take,
        },
      });
      return { exitCode, tail, ...(stopped && { stopped }), ...(options.capture && { stdout }) };
    } catch (error) {
      return { exitCode: 127, tail: messageOf(error), ...(stopped && { stopped }) };
    } finally {
      for (const timer of timers) clearTimeout(timer);
      options.signal?.removeEventListener("abort", cancel);
      rmSync(pidFile, { force: true });
    }
  };
}

function nowhere(): Writable {
  return new Writable({ write: (_chunk, _encoding, done) => done() });
}

/** Variables in which the runner tells an action its inputs, the job's token among them: no business of the user's commands. */
const OF_THE_ACTION = /^(?:INPUT|STATE)_|^ROCKSOLID_VARIABLES$/i;

function inheritedEnvironment(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).filter(
      (entry): entry is [string, string] => entry[1] !== undefined && !OF_THE_ACTION.test(entry[0]),
    ),
  );
}

function signalTree(pidFile: string, signal: NodeJS.Signals): void {
  let root: number;
  try {
    root = Number(readFileSync(pidFile, "utf8"));
  } catch {
    return; // The shell has not started yet, or is gone.
  }
  if (!Number.isInteger(root) || root <= 1) return;
  for (const pid of [...descendants(root), root]) {
    try {
      process.kill(pid, signal);
    } catch {
      // It ended in the meantime.
    }
  }
}

function descendants(root: number): number[] {
  const { stdout } = spawnSync("ps", ["-eo", "pid=,ppid="], { encoding: "utf8" });
  const children = new Map<number, number[]>();
  for (const line of (stdout ?? "").split("\n")) {
    const [pid, parent] = line.trim().split(/\s+/).map(Number);
    if (pid && parent) children.set(parent, [...(children.get(parent) ?? []), pid]);
  }
  const found: number[] = [];
  const queue = [root];
  for (let pid = queue.pop(); pid !== undefined; pid = queue.pop()) {
    const next = children.get(pid) ?? [];
    found.push(...next);
    queue.push(...next);
  }
  return found;
}
