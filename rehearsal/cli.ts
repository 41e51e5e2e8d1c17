import { writeFile } from "node:fs/promises";
import { createInterface } from "node:readline/promises";
import type { Io } from "../src/cli/command.ts";
import { ConfigurationError, isExpected, messageOf } from "../src/platform/errors.ts";
import { candidateNames } from "./fleet/candidates.ts";
import { demoHosts } from "./fleet/machines.ts";
import type { PendingReview } from "./github/ports.ts";
import { parseOptions, type RehearsalOptions, usage } from "./options.ts";
import { rehearse, type Steering } from "./rehearse.ts";
import { plainView } from "./view/plain.ts";
import type { View } from "./view/progress.ts";
import { terminalView } from "./view/terminal.ts";
import { harmless } from "./view/text.ts";

/** A terminal gets the board; a pipe, CI and whoever asked for no colours get lines. */
function chooseView(io: Io): View {
  const lines = io.env["CI"] || io.env["NO_COLOR"] !== undefined || io.env["TERM"] === "dumb" || !process.stdout.isTTY;
  if (lines) return plainView(io.out);
  return terminalView({
    get columns() {
      return process.stdout.columns;
    },
    get rows() {
      return process.stdout.rows;
    },
    write: io.out,
  });
}

async function askPerson(view: View, { environment }: PendingReview, signal: AbortSignal): Promise<boolean> {
  view.pause();
  const prompt = createInterface({ input: process.stdin, output: process.stdout });
  try {
    const answer = await prompt.question(`Approve the deployment to ${harmless(environment)}? [y/N] `, { signal });
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    prompt.close();
    view.resume();
  }
}

async function play(options: RehearsalOptions, io: Io): Promise<number> {
  if (options.approve === "ask" && !process.stdin.isTTY) {
    throw new ConfigurationError("--approve ask needs a terminal: write --approve yes or --approve no");
  }
  const view = chooseView(io);
  const ended = new AbortController();
  const end = (name: NodeJS.Signals): void => ended.abort(new ConfigurationError(`ended by ${name}`));
  process.once("SIGINT", end);
  process.once("SIGTERM", end);
  process.once("SIGHUP", end);
  const steering: Steering = {
    view,
    signal: ended.signal,
    ask: (pending) => askPerson(view, pending, ended.signal).catch(() => false),
  };
  try {
    const result = await rehearse(options, steering);
    view.close();
    if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify(result, null, 2)}\n`);
    const seconds = Object.entries(result.actionSeconds).map(([name, value]) => `${name} ${value.toFixed(1)} s`);
    const { sent, failed, unreachable } = result.traffic;
    io.out(`\nrequests to GitHub: ${result.requests.total}; in our actions: ${seconds.join(", ") || "no time"}\n`);
    io.out(`customers: ${sent} requests, ${failed} failed, ${unreachable} unanswered while hosts were replaced\n`);
    io.out(`${harmless(result.sentence)}\n`);
    return result.exitStatus;
  } finally {
    process.off("SIGINT", end);
    process.off("SIGTERM", end);
    process.off("SIGHUP", end);
  }
}

/** `rocksolid rehearse` and `npm run rehearse`: answers the exit status, and never throws. */
export async function rehearseCommand(args: readonly string[], io: Io): Promise<number> {
  try {
    const candidates = candidateNames();
    const options = parseOptions(args, { candidates, hosts: demoHosts.map(({ name }) => name) });
    if (options === "help") {
      io.out(usage(candidates));
      return 0;
    }
    return await play(options, io);
  } catch (error) {
    const ours = !isExpected(error) && error instanceof Error;
    io.err(`rehearse: ${ours ? `a mistake of Rocksolid's own, please report it: ${error.stack}` : messageOf(error)}\n`);
    return 1;
  }
}
