import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { parseArgs } from "node:util";
import { ConfigurationError, messageOf } from "../platform/errors.ts";
import { judgeLine } from "../verdict/series/cases.ts";
import type { Command, Io } from "./command.ts";

/** `rocksolid replay`: judges recorded series again, offline. */
export const replay: Command = {
  name: "replay",
  summary: "Judges recorded data again, offline.",
  usage: `Usage: rocksolid replay --jsonl < cases > verdicts

--jsonl  reads one case a line, { "id", "check", "falseAlarm", "checks", "candidate", "baseline", "history",
         "baselineHistory" }, and writes one verdict a line, { "id", "phase", "reason", "stoppedAt", "effect" }.
         A check is written as in the pipeline file; a series is a list of [seconds, value] or [seconds, value, total],
         or a mapping of machines to such lists. A line that cannot be judged is answered by { "id", "error" }.
Exit status: 0 everything was judged, 1 some lines could not be, 2 the command line is wrong.`,
  async run(args, io) {
    const { jsonl } = argumentsOf(args);
    if (!jsonl) throw new ConfigurationError("nothing to replay; write rocksolid replay --jsonl < cases");
    return judgeLines(io);
  },
};

function argumentsOf(args: readonly string[]): { jsonl: boolean } {
  try {
    return parseArgs({ args: [...args], options: { jsonl: { type: "boolean", default: false } } }).values;
  } catch (error) {
    throw new ConfigurationError(`${messageOf(error)}; write rocksolid replay --jsonl < cases`);
  }
}

async function judgeLines(io: Io): Promise<number> {
  let number = 0;
  let wrong = 0;
  const lines = createInterface({
    input: Readable.from(io.stdin ?? process.stdin),
    crlfDelay: Number.POSITIVE_INFINITY,
  });
  for await (const line of lines) {
    number += 1;
    if (line.trim() === "") continue;
    const verdict = judgeLine(line, number);
    if ("error" in verdict) wrong += 1;
    io.out(`${JSON.stringify(verdict)}\n`);
  }
  return wrong > 0 ? 1 : 0;
}
