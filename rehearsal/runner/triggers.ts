import { ConfigurationError } from "../../src/platform/errors.ts";
import type { Expressions } from "./expressions.ts";
import type { InputDefinition, PushFilter, Workflow } from "./model.ts";
import { patternMatches } from "./patterns.ts";

/** Whether a push of `ref` starts a workflow with this filter, by GitHub's rules for `branches`, `tags` and their `-ignore`. */
export function pushMatches(filter: PushFilter, ref: string): boolean {
  const branch = /^refs\/heads\/(.+)$/.exec(ref)?.[1];
  const tag = /^refs\/tags\/(.+)$/.exec(ref)?.[1];
  const hasBranches = filter.branches !== undefined || filter.branchesIgnore !== undefined;
  const hasTags = filter.tags !== undefined || filter.tagsIgnore !== undefined;
  if (branch !== undefined) {
    return hasBranches ? passes(filter.branches, filter.branchesIgnore, branch) : !hasTags;
  }
  if (tag !== undefined) return hasTags ? passes(filter.tags, filter.tagsIgnore, tag) : !hasBranches;
  return false;
}

function passes(only: readonly string[] | undefined, ignore: readonly string[] | undefined, name: string): boolean {
  if (only !== undefined) return matchesPatterns(only, name);
  return !(ignore ?? []).some((pattern) => patternMatches(pattern, name));
}

/** Whether a list of filter patterns selects a name: the last one that matches decides, `!` takes away. */
export function matchesPatterns(patterns: readonly string[], name: string): boolean {
  let selected = false;
  for (const pattern of patterns) {
    if (pattern.startsWith("!")) selected &&= !patternMatches(pattern.slice(1), name);
    else selected ||= patternMatches(pattern, name);
  }
  return selected;
}

/**
 * The `inputs` context of a dispatched workflow: typed, with defaults. Throws a ConfigurationError that names every
 * input which is unknown, missing or not of its type.
 */
export function dispatchInputs(
  workflow: Workflow,
  definitions: readonly InputDefinition[],
  given: Readonly<Record<string, string>>,
  expressions: Expressions,
): Record<string, unknown> {
  const problems: string[] = [];
  const known = definitions.map((definition) => definition.name.toLowerCase());
  for (const name of Object.keys(given)) {
    if (!known.includes(name.toLowerCase())) {
      problems.push(
        `${workflow.file}: there is no input ${JSON.stringify(name)}; it has ${definitions.map((one) => one.name).join(", ") || "none"}`,
      );
    }
  }
  const inputs: Record<string, unknown> = {};
  for (const definition of definitions) {
    const entry = Object.entries(given).find(([name]) => name.toLowerCase() === definition.name.toLowerCase());
    const text =
      entry?.[1] ?? (definition.default && expressions.text(definition.default, { contexts: {}, file: workflow.file }));
    if (definition.required && (text === undefined || text === "")) {
      problems.push(`${workflow.file}: the input ${JSON.stringify(definition.name)} is required`);
      continue;
    }
    const value = typedInput(definition, text);
    if (value instanceof Error) problems.push(`${workflow.file}: ${value.message}`);
    else inputs[definition.name] = value;
  }
  if (problems.length > 0) throw new ConfigurationError(problems.join("\n"));
  return inputs;
}

/** An input's value by its type; absent texts become the type's empty value, as on GitHub. */
export function typedInput(definition: InputDefinition, text: string | undefined): unknown {
  const name = JSON.stringify(definition.name);
  switch (definition.type) {
    case "boolean":
      if (text === undefined || text === "") return false;
      if (text === "true" || text === "false") return text === "true";
      return new Error(`the input ${name} is a boolean: true or false, not ${JSON.stringify(text)}`);
    case "number": {
      const number = Number(text ?? 0);
      return Number.isFinite(number) ? number : new Error(`the input ${name} is a number, not ${JSON.stringify(text)}`);
    }
    case "choice":
      if (text === undefined || definition.options.includes(text)) return text ?? definition.options[0] ?? "";
      return new Error(`the input ${name} is one of ${definition.options.join(", ")}, not ${JSON.stringify(text)}`);
    default:
      return text ?? "";
  }
}
