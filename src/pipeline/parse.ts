import { readDocument } from "./document.ts";
import { explain } from "./explain.ts";
import type { Pipeline } from "./model.ts";
import { NotSupported, normalise } from "./normalise.ts";
import { type Problem, problemsError } from "./problem.ts";
import { isMapping } from "./raw.ts";
import { applyRules } from "./rules.ts";
import { pipelineSchema } from "./schema.ts";

export type Parsed =
  | { readonly ok: true; readonly pipeline: Pipeline; readonly warnings: readonly Problem[] }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** More than a person mends in one go, and a bound for the report of a file that is something else. */
const MOST_PROBLEMS = 100;

/**
 * Parses the text of a pipeline file. `file` is its name in messages and in the result. Every mistake of the file is
 * reported in one go, in the order of the file; warnings are what is allowed and likely not meant. Never throws.
 */
export function parsePipeline(text: string, file: string): Parsed {
  const { document, problems } = readDocument(text, file);
  if (document === undefined) return { ok: false, problems };
  if (!isMapping(document.value)) {
    // What stands in a file that YAML could not read to the end says nothing about its shape.
    const shape = document.problem([], "the file must be a mapping with service, checks and stages", { rule: "form" });
    return { ok: false, problems: problems.length > 0 ? sorted(problems) : [shape] };
  }
  const shape = pipelineSchema.safeParse(document.value, { jitless: true });
  if (!shape.success) problems.push(...explain(shape.error.issues, document));
  const judged = applyRules(document);
  problems.push(...judged.problems);
  if (!shape.success || problems.length > 0) return { ok: false, problems: sorted(problems) };
  try {
    return { ok: true, pipeline: normalise(shape.data, file), warnings: sorted(judged.warnings) };
  } catch (error) {
    if (!(error instanceof NotSupported)) throw error;
    return { ok: false, problems: [document.problem(error.path, error.message, { rule: "not-supported-yet" })] };
  }
}

/**
 * The pipeline of a file's text.
 * @throws ConfigurationError that holds every mistake, a line each.
 */
export function loadPipeline(text: string, file: string): { pipeline: Pipeline; warnings: readonly Problem[] } {
  const parsed = parsePipeline(text, file);
  if (!parsed.ok) throw problemsError(parsed.problems);
  return parsed;
}

function sorted(problems: readonly Problem[]): Problem[] {
  const once = new Map(problems.map((problem) => [`${problem.line}:${problem.column}:${problem.message}`, problem]));
  return [...once.values()].sort((a, b) => a.line - b.line || a.column - b.column).slice(0, MOST_PROBLEMS);
}
