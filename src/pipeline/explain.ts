import type * as z from "zod/mini";
import type { Document, Path } from "./document.ts";
import { nearest } from "./nearest.ts";
import { list, type Problem, show } from "./problem.ts";
import { at, checkKind, isMapping, placeName, sourceKind } from "./raw.ts";
import { checkKinds, sourceKinds } from "./schema.ts";

type Issue = z.core.$ZodIssue;

/** Turns what zod found into sentences with a place: zod's messages are the forms that `schema.ts` gave it. */
export function explain(issues: readonly Issue[], document: Document): Problem[] {
  return issues.flatMap((issue) => explainOne(issue, [], document));
}

function explainOne(issue: Issue, base: Path, document: Document): Problem[] {
  const path = [...base, ...(issue.path as (string | number)[])];
  const value = at(document.value, path);
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => unknownKey(key, path, issue.message.split(" "), document));
  }
  if (issue.code === "invalid_key") {
    const form = issue.issues[0]?.message ?? "a name";
    const message = `${placeName(document.value, path.slice(0, -1))}: a key must be ${form}, not ${show(path.at(-1))}`;
    return [document.problem(path, message, { key: true, rule: "name" })];
  }
  if (issue.code === "invalid_union") {
    const branch = kindBranch(path, value, issue.errors, document) ?? branchByType(issue.errors);
    if (branch !== undefined)
      return Array.isArray(branch) ? branch.flatMap((inner) => explainOne(inner, path, document)) : [branch as Problem];
  }
  if (value === undefined) {
    const owner = placeName(document.value, path.slice(0, -1));
    const message = `${owner} lacks the key "${path.at(-1)}": write ${issue.message}`;
    return [document.problem(path, message, { rule: "missing-key" })];
  }
  return [
    document.problem(path, `${placeName(document.value, path)} must be ${issue.message}, not ${show(value)}`, {
      rule: "form",
    }),
  ];
}

function unknownKey(key: string, path: Path, valid: readonly string[], document: Document): Problem {
  const owner = placeName(document.value, path);
  const place = [...path, key];
  const [section] = path;
  const kinds =
    path.length === 2 && section === "checks"
      ? checkKinds
      : path.length === 2 && section === "sources"
        ? sourceKinds
        : {};
  if (Object.hasOwn(kinds, key)) {
    const message = `${owner} is of one kind, "${valid[0]}": "${key}" needs a ${section === "checks" ? "check" : "source"} of its own`;
    return document.problem(place, message, { key: true, rule: "one-kind" });
  }
  const suggestion = nearest(key, valid);
  const remedy = suggestion === undefined ? `the keys are ${valid.join(", ")}` : `did you mean "${suggestion}"?`;
  const detail = suggestion === undefined ? {} : { suggestion };
  return document.problem(place, `unknown key ${show(key)} in ${owner}: ${remedy}`, {
    key: true,
    rule: "unknown-key",
    ...detail,
  });
}

/** Of a source or check, the issues of its own kind; a problem where it names none. */
function kindBranch(
  path: Path,
  value: unknown,
  errors: readonly Issue[][],
  document: Document,
): Issue[] | Problem | undefined {
  const [section] = path;
  if (path.length !== 2 || (section !== "checks" && section !== "sources") || !isMapping(value)) return undefined;
  const kinds: Readonly<Record<string, unknown>> = section === "checks" ? checkKinds : sourceKinds;
  const kind = section === "checks" ? checkKind(value) : sourceKind(value);
  if (kind !== undefined) return errors[Object.keys(kinds).indexOf(kind)];
  const names = Object.keys(kinds);
  const near = Object.keys(value).map((key) => ({ key, suggestion: nearest(key, names) }));
  const [meant] = near.filter(({ suggestion }) => suggestion !== undefined);
  const owner = placeName(document.value, path);
  if (meant?.suggestion !== undefined) {
    const message = `unknown key ${show(meant.key)} in ${owner}: did you mean "${meant.suggestion}"?`;
    return document.problem([...path, meant.key], message, {
      key: true,
      rule: "unknown-key",
      suggestion: meant.suggestion,
    });
  }
  return document.problem(path, `${owner} says no kind: it needs one of the keys ${list(names.slice(0, 10))}`, {
    key: true,
    rule: "no-kind",
  });
}

/** Of alternatives that differ in type, the issues of the one whose type the value has. */
function branchByType(errors: readonly Issue[][]): Issue[] | undefined {
  return errors.find((issues) => issues.every((issue) => issue.path.length > 0 || issue.code === "unrecognized_keys"));
}
