import { spawn } from "node:child_process";
import type { LogFormat } from "../pipeline/model.ts";
import { messageOf } from "../platform/errors.ts";
import { EventReader } from "./events.ts";
import { LineParser } from "./line.ts";
import { type CountOptions, Looks } from "./look.ts";
import { safeSample } from "./safe.ts";
import { NewEvents, SeenEvents } from "./seen.ts";
import { zoneOrLocal } from "./time.ts";
import type { LogScanner } from "./types.ts";

export interface LogCommandOptions extends CountOptions {
  /** A command line for the shell, whose standard output is read. `ROCKSOLID_SINCE` and `ROCKSOLID_UNTIL` are Unix times in seconds. */
  readonly command: string;
  readonly format: LogFormat;
  /** The source's name, for events that name no host. */
  readonly name: string;
  /** Milliseconds until it is stopped; a minute unless given. */
  readonly timeout?: number;
}

export interface CommandPorts {
  readonly directory: string;
  /** Added to the process's own environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** Logs that a command prints (`journalctl -o json`, `kubectl logs`, `docker logs`), run anew for each look. */
export function openLogCommand(options: LogCommandOptions, ports: CommandPorts): LogScanner {
  const looks = new Looks(options);
  const seen = new SeenEvents();
  const zone = zoneOrLocal(options.zone);
  let taken = false;
  return {
    async scan(window) {
      const look = looks.begin(window);
      look.tally.source = options.name;
      const parser = new LineParser(options.format, { reference: window.until, offset: zone }, true);
      const reader = new EventReader(parser, new NewEvents(seen, look.tally));
      const from = Math.max(look.from, seen.horizon);
      const failed = await runInto(reader, options, ports, from, window.until);
      reader.finish();
      seen.turn();
      look.cutLines = reader.cut;
      if (failed !== undefined) look.unreadable.push({ path: options.name, reason: failed });
      // At the first look the command itself is trusted to have printed no more than it was asked for.
      if (!taken) look.tally.date(Number.isNaN(reader.firstTime) ? window.until : reader.firstTime);
      const undated = look.tally.dropUndated();
      if (undated > 0) {
        look.unreadable.push({
          path: options.name,
          reason: `${undated} lines have no time, so that new ones cannot be told from old; let the command print times (journalctl -o json, kubectl logs --timestamps, docker logs --timestamps)`,
        });
      }
      taken = true;
      return looks.end(look);
    },
    async close() {},
  };
}

/** Runs the command and reads its output; answers why it failed, if it did. */
async function runInto(
  reader: EventReader,
  options: LogCommandOptions,
  ports: CommandPorts,
  since: number,
  until: number,
): Promise<string | undefined> {
  const seconds = (time: number): string => String(Number.isFinite(time) ? Math.floor(time / 1000) : 0);
  const shell = process.platform === "win32" ? "bash" : "sh";
  const timeout = options.timeout ?? 60_000;
  const child = spawn(shell, ["-e", "-c", options.command], {
    cwd: ports.directory,
    env: { ...process.env, ...ports.env, ROCKSOLID_SINCE: seconds(since), ROCKSOLID_UNTIL: seconds(until + 999) },
    stdio: ["ignore", "pipe", "pipe"],
    // A group of its own, so that what the shell starts is stopped with it.
    detached: process.platform !== "win32",
  });
  let stopped: string | undefined;
  const stop = (reason: string): void => {
    stopped ??= reason;
    try {
      if (child.pid !== undefined && process.platform !== "win32") process.kill(-child.pid, "SIGKILL");
      else child.kill("SIGKILL");
    } catch {
      // It has ended by itself.
    }
  };
  const timer = setTimeout(() => stop(`it was stopped after ${timeout / 1000} s`), timeout);
  const cancel = (): void => stop("it was cancelled");
  ports.signal?.addEventListener("abort", cancel, { once: true });
  let complaint = "";
  child.stderr.on("data", (chunk: Buffer) => {
    complaint = (complaint + chunk.toString("utf8")).slice(-1_000);
  });
  try {
    const ended = new Promise<string | undefined>((resolve) => {
      child.on("error", (error) => resolve(messageOf(error)));
      child.on("close", (code, signal) => resolve(code === 0 ? undefined : `it ended with ${code ?? signal}`));
    });
    for await (const chunk of child.stdout) reader.push(chunk as Buffer);
    const result = stopped ?? (await ended);
    if (stopped !== undefined || result === undefined) return stopped;
    const last = complaint.trim().split("\n").at(-1) ?? "";
    return safeSample(last === "" ? result : `${result}: ${last}`);
  } finally {
    clearTimeout(timer);
    ports.signal?.removeEventListener("abort", cancel);
  }
}
