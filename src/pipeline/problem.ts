import { ConfigurationError } from "../platform/errors.ts";

/** One mistake in a file of the user, at the place where it stands. Lines and columns count from 1. */
export interface Problem {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** A whole sentence: what is wrong, the rule, and what to write instead. */
  readonly message: string;
  /** A stable name of the rule, for machines: `unknown-key`. */
  readonly rule?: string;
  /** The nearest valid name, alone. */
  readonly suggestion?: string;
}

/** `file:line:column: message`, the form that editors and CI systems turn into links. */
export function formatProblem(problem: Problem): string {
  return `${problem.file}:${problem.line}:${problem.column}: ${problem.message}`;
}

/** All problems as one {@link ConfigurationError}, a line each. */
export function problemsError(problems: readonly Problem[]): ConfigurationError {
  return new ConfigurationError(problems.map(formatProblem).join("\n"));
}

/** Text of the user inside a message: quoted, on one line, at most 60 characters, without characters that move the cursor or the reading direction. */
export function show(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : "a list";
  if (typeof value === "object" && value !== null) return "a mapping";
  if (value === null) return "nothing";
  if (typeof value !== "string") return String(value);
  const cut = value.length > 60 ? `${value.slice(0, 59).replace(/[\uD800-\uDBFF]$/, "")}…` : value;
  return JSON.stringify(cut).replace(
    /[\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** The names of a list for a message: ten at most, then how many more there are. */
export function list(names: Iterable<string>): string {
  const all = [...names];
  if (all.length === 0) return "none";
  return all.length <= 10 ? all.join(", ") : `${all.slice(0, 10).join(", ")} and ${all.length - 10} more`;
}
