import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { parseArgs } from "node:util";
import type { Check, Pipeline, Stage } from "../pipeline/model.ts";
import { loadPipeline } from "../pipeline/parse.ts";
import { ConfigurationError, messageOf } from "../platform/errors.ts";
import { type Evidence, judgeEvidence } from "../report/evidence.ts";
import { neutraliseForLog, oneLine } from "../report/neutralise.ts";
import { parseEvidence } from "../report/read-evidence.ts";
import { explainOne } from "../report/series.ts";
import type { Explanation } from "../verdict/account.ts";
import { judgeLine } from "../verdict/series/cases.ts";
import type { Command, Io } from "./command.ts";

/** `rocksolid replay`: judges recorded evidence or series again, offline. */
export const replay: Command = {
  name: "replay",
  summary: "Judges recorded evidence again, offline, by its own rules or by edited ones.",
  usage: `Usage: rocksolid replay EVIDENCE [--pipeline FILE]
       rocksolid replay --jsonl < cases > verdicts

EVIDENCE is the JSON document that a gate or bake wrote. It is judged again by the rules it was judged by, or by those of
the checks of the same names in FILE. Exit status: 0 pass, 1 no pass, 2 it could not be judged.

--jsonl  reads one case a line, { "id", "check", "falseAlarm", "checks", "candidate", "baseline", "history",
         "baselineHistory" }, and writes one verdict a line, { "id", "phase", "reason", "stoppedAt", "effect" }.
         A check is written as in the pipeline file; a series is a list of [seconds, value] or [seconds, value, total],
         or a mapping of machines to such lists; null is no number. A line that cannot be judged is answered with the
         phase "error", and "error" says why.
         Exit status: 0 everything was judged, 1 some lines could not be, 2 the command line is wrong.`,
  async run(args, io) {
    const { jsonl, evidence, pipeline } = argumentsOf(args);
    if (jsonl) return judgeLines(io);
    if (evidence === undefined) throw new ConfigurationError(`nothing to replay; ${REMEDY}`);
    return judgeDocument(evidence, pipeline, io);
  },
};

const REMEDY = "write rocksolid replay EVIDENCE [--pipeline FILE], or rocksolid replay --jsonl < cases";

interface Arguments {
  readonly jsonl: boolean;
  readonly evidence: string | undefined;
  readonly pipeline: string | undefined;
}

function argumentsOf(args: readonly string[]): Arguments {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { jsonl: { type: "boolean", default: false }, pipeline: { type: "string" } },
      allowPositionals: true,
    });
    if (positionals.length > 1) throw new Error("it takes one evidence document");
    if (values.jsonl && (positionals.length > 0 || values.pipeline !== undefined)) {
      throw new Error("--jsonl stands alone");
    }
    return { jsonl: values.jsonl, evidence: positionals[0], pipeline: values.pipeline };
  } catch (error) {
    throw new ConfigurationError(`${messageOf(error)}; ${REMEDY}`);
  }
}

async function judgeDocument(file: string, pipelineFile: string | undefined, io: Io): Promise<number> {
  const recorded = parseEvidence(await read(file, io), file);
  const edited =
    pipelineFile === undefined ? undefined : loadPipeline(await read(pipelineFile, io), pipelineFile).pipeline;
  const evidence = edited ? withRulesOf(edited, recorded, io) : recorded;
  const judged = judgeEvidence(evidence);
  if (!judged) {
    throw new ConfigurationError(`${file} cannot be judged again: looks were left out of it, or it has none`);
  }
  const { phase, reasons } = judged.verdict;
  const was = recorded.verdict.phase;
  io.out(`${phase}${was === phase ? ", as recorded" : `, recorded as ${was}`}\n`);
  const checks = new Map(evidence.checks.map((check) => [check.name, check]));
  const told = judged.explanations.map((one) => ({ one, check: checks.get(one.check) }));
  for (const reason of reasons.filter((each) => !told.some(({ one }) => each === prefixed(one)))) say(io, reason);
  for (const { one, check } of told) {
    say(io, `${one.phase}${check?.dryRun ? " (dry run)" : ""}: ${explainOne(one, check, (text) => text)}`);
  }
  return phase === "pass" ? 0 : 1;
}

function say(io: Io, text: string): void {
  io.out(`  ${neutraliseForLog(oneLine(text))}\n`);
}

function prefixed({ check, target, reason }: Explanation): string {
  return `${check}${target === undefined ? "" : ` (${target})`}: ${reason}`;
}

/** The evidence as if it had been gathered under the rules of another pipeline file. */
function withRulesOf(pipeline: Pipeline, evidence: Evidence, io: Io): Evidence {
  const checks = evidence.checks.flatMap((check) => {
    const edited = Object.hasOwn(pipeline.checks, check.name) ? pipeline.checks[check.name] : undefined;
    if (!edited) {
      io.err(`${check.name}: not in ${pipeline.file}, no longer judged\n`);
      return [];
    }
    return [withKnownLimits(edited, check, io)];
  });
  const names = new Set(checks.map(({ name }) => name));
  const kept = evidence.observations.map(({ check }) => names.has(check));
  const { falseAlarm: _, ...rest } = evidence;
  const falseAlarm = falseAlarmOf(
    pipeline.stages.find(({ name }) => name === evidence.stage),
    evidence,
  );
  return {
    ...rest,
    ...(falseAlarm === undefined ? {} : { falseAlarm }),
    checks,
    observations: evidence.observations.filter((_, i) => kept[i]),
    measurements: evidence.measurements.filter((_, i) => kept[i]),
  };
}

function falseAlarmOf(stage: Stage | undefined, { kind, falseAlarm }: Evidence): number | undefined {
  return kind === "bake" && stage?.bake ? stage.bake.falseAlarm : falseAlarm;
}

/** What the names in an arithmetic limit stood for is only known where the evidence was gathered: such a limit stays as it was. */
function withKnownLimits(edited: Check, recorded: Check, io: Io): Check {
  if (!("limits" in edited)) return edited;
  const { min, max } = edited.limits;
  const unknown = [min, max].some((bound) => bound && "expression" in bound);
  if (!unknown) return edited;
  if (!("limits" in recorded)) throw new ConfigurationError(`${edited.name}: its limits are arithmetic, write numbers`);
  io.err(`${edited.name}: its limits are arithmetic and stay as they were recorded\n`);
  return { ...edited, limits: recorded.limits };
}

async function read(file: string, io: Io): Promise<string> {
  try {
    return await readFile(resolve(io.cwd, file), "utf8");
  } catch (error) {
    throw new ConfigurationError(`${file} cannot be read: ${messageOf(error)}`);
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
    const verdict = judgeLine(number === 1 ? line.replace(/^\uFEFF/, "") : line, number);
    if (verdict.error !== undefined) wrong += 1;
    io.out(`${JSON.stringify(verdict)}\n`);
  }
  return wrong > 0 ? 1 : 0;
}
