import { readFile } from "node:fs/promises";
import { basename, dirname, join, relative, resolve } from "node:path";
import { parseArgs } from "node:util";
import { parseInventory, selectionMistake } from "../fleet/inventory.ts";
import { readDocument } from "../pipeline/document.ts";
import type { Pipeline } from "../pipeline/model.ts";
import { parsePipeline } from "../pipeline/parse.ts";
import { formatProblem, type Problem } from "../pipeline/problem.ts";
import { ConfigurationError, messageOf } from "../platform/errors.ts";
import type { Command, Io } from "./command.ts";

const DEFAULT_FILE = ".github/pipeline.yml";

/** `rocksolid validate`: every mistake of a pipeline file, and of the fleet's inventory that it names. */
export const validate: Command = {
  name: "validate",
  summary: "Checks a pipeline file and the fleet's inventory that it names.",
  usage: `Usage: rocksolid validate [--json] [FILE]

FILE is ${DEFAULT_FILE} unless said. Each mistake is a line: file:line:column: message.
--json   writes { version, ok, problems, warnings } instead; a problem has file, line, column, message, rule, suggestion.
Exit status: 0 no mistake, 1 mistakes, 2 the file could not be read or the command line is wrong.`,
  async run(args, io) {
    const { file, json } = argumentsOf(args);
    const text = await readText(resolve(io.cwd, file));
    if ("unreadable" in text) throw new ConfigurationError(`${file}: ${text.unreadable}`);
    const { problems, warnings } = await judge(text.content, file, io);
    const ok = problems.length === 0;
    if (json) io.out(`${JSON.stringify({ version: 1, ok, problems, warnings }, undefined, 2)}\n`);
    else {
      for (const problem of problems) io.err(`${formatProblem(problem)}\n`);
      for (const { message, ...warning } of warnings)
        io.err(`${formatProblem({ ...warning, message: `warning: ${message}` })}\n`);
      if (ok) io.out(`${file} is valid.\n`);
      else io.err(`${problems.length} ${problems.length === 1 ? "mistake" : "mistakes"}.\n`);
    }
    return ok ? 0 : 1;
  },
};

function argumentsOf(args: readonly string[]): { file: string; json: boolean } {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { json: { type: "boolean", default: false } },
      allowPositionals: true,
    });
    if (positionals.length > 1) throw new Error("it takes one file");
    return { file: positionals[0] ?? DEFAULT_FILE, json: values.json };
  } catch (error) {
    throw new ConfigurationError(`${messageOf(error)}; write rocksolid validate [--json] [FILE]`);
  }
}

type Text = { readonly content: string } | { readonly unreadable: string };

async function readText(path: string): Promise<Text> {
  try {
    return { content: new TextDecoder("utf-8", { fatal: true }).decode(await readFile(path)) };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "ENOENT") return { unreadable: "there is no such file" };
    if (code === "EISDIR") return { unreadable: "this is a folder, not a file" };
    if (code === "ERR_ENCODING_INVALID_ENCODED_DATA") return { unreadable: "the file is not UTF-8 text" };
    return { unreadable: messageOf(error) };
  }
}

async function judge(
  text: string,
  file: string,
  io: Io,
): Promise<{ problems: readonly Problem[]; warnings: readonly Problem[] }> {
  const parsed = parsePipeline(text, file);
  const { document } = readDocument(text, file);
  const written = parsed.ok ? parsed.pipeline.fleet : fleetOf(document?.value);
  const problems: Problem[] = parsed.ok ? [] : [...parsed.problems];
  const warnings = parsed.ok ? parsed.warnings : [];
  if (written === undefined || document === undefined) return { problems, warnings };

  const path = join(rootOf(resolve(io.cwd, file), io.cwd), written);
  const name = relative(io.cwd, path) || written;
  const inventory = await readText(path);
  if ("unreadable" in inventory) {
    problems.push(document.problem(["fleet"], `${name}: ${inventory.unreadable}`, { rule: "fleet" }));
    return { problems, warnings };
  }
  const fleet = parseInventory(inventory.content, name);
  if (!fleet.ok) problems.push(...fleet.problems);
  else if (parsed.ok) problems.push(...selections(parsed.pipeline));
  return { problems, warnings };

  function selections(pipeline: Pipeline): Problem[] {
    return pipeline.stages.flatMap(({ name: stage, targets }, index) => {
      const mistake = targets && fleet.ok ? selectionMistake(fleet.targets, targets) : undefined;
      if (mistake === undefined || document === undefined) return [];
      return [
        document.problem(["stages", index, "targets"], `stage "${stage}": targets: ${mistake}`, { rule: "targets" }),
      ];
    });
  }
}

/** The inventory of a file that has mistakes, so that those of both are reported in one go; nothing outside the repository is read. */
function fleetOf(value: unknown): string | undefined {
  const fleet = typeof value === "object" && value !== null ? (value as { fleet?: unknown }).fleet : undefined;
  if (typeof fleet !== "string" || fleet.startsWith("/") || fleet.split(/[/\\]/).includes("..")) return undefined;
  return fleet;
}

/** The root of the repository that a pipeline file belongs to: where its `.github` folder stands, else the working directory. */
function rootOf(path: string, cwd: string): string {
  const folder = dirname(path);
  return basename(folder) === ".github" ? dirname(folder) : cwd;
}
