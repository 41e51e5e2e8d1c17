import { ConfigurationError } from "../platform/errors.ts";
import type { Bound } from "./model.ts";
import { nearest } from "./nearest.ts";
import { show } from "./problem.ts";
import { parseQuantity } from "./quantities.ts";

/**
 * The closed list of names that `${…}` may hold. A `number` may stand in arithmetic; a `target` name has a value only
 * where a check is read for each target of a stage.
 */
export const textNames = {
  service: "text",
  stage: "text",
  environment: "text",
  version: "text",
  commit: "text",
  digest: "text",
  previous_version: "text",
  previous_commit: "text",
  deployment_id: "number",
  run_id: "number",
  /** Unix time in seconds. */
  since: "number",
  /** Unix time in seconds. */
  until: "number",
  target: "target",
  address: "target",
  ring: "target",
  region: "target",
  zone: "target",
  wave: "text",
  /** Targets of the stage. */
  hosts: "number",
  /** Targets of the last stage. */
  prod_hosts: "number",
} as const satisfies Readonly<Record<string, "text" | "number" | "target">>;

/** A name of the closed list; names of the file's `values:` come on top of it. */
export type TextName = keyof typeof textNames;

/** The values from which texts are filled. A name without a value is an error where a text needs it. */
export interface TextContext {
  /** Values of the closed list and of `values:`, by name. */
  readonly names: Readonly<Partial<Record<string, string | number>>>;
  /** Environment variables, for `${env:NAME}` in headers and URLs. */
  readonly env?: Readonly<Partial<Record<string, string>>>;
}

const PLACEHOLDER = /\$\{([^{}]*)\}/g;
const ENV_NAME = /^env:([A-Za-z_][A-Za-z0-9_]*)$/;

/** What may stand in a text: which names the file's `values:` adds, and whether `${env:NAME}` may. */
export interface TextRules {
  readonly values: ReadonlySet<string>;
  readonly env: boolean;
}

/** A mistake in a text, with the nearest valid name where one is near. */
export interface TextMistake {
  readonly message: string;
  readonly suggestion?: string;
}

/** The names used in a text, each once, `env:NAME` included. */
export function namesIn(text: string): string[] {
  return [...new Set(Array.from(text.matchAll(PLACEHOLDER), (match) => match[1] ?? ""))];
}

/** Every mistake in a text that may hold `${name}`: unknown names, `${env:…}` where it is not allowed, a `${` that nothing closes. */
export function checkText(text: string, rules: TextRules): TextMistake[] {
  const mistakes: TextMistake[] = [];
  if (text.replaceAll(PLACEHOLDER, "").includes("${")) {
    mistakes.push({ message: `\${ is not closed in ${show(text)}: write \${name}` });
  }
  for (const name of namesIn(text)) {
    if (Object.hasOwn(textNames, name) || rules.values.has(name)) continue;
    if (ENV_NAME.test(name)) {
      if (!rules.env) {
        mistakes.push({
          message: `\${${name}} is allowed only in the headers and the URL of a source or a check: a secret has no place elsewhere`,
        });
      }
      continue;
    }
    mistakes.push(unknownName(name, [...Object.keys(textNames), ...rules.values]));
  }
  return mistakes;
}

function unknownName(name: string, valid: readonly string[]): TextMistake {
  const suggestion = nearest(name, valid);
  const message = `unknown name \${${name.length > 60 ? "…" : show(name).slice(1, -1)}}`;
  return suggestion === undefined
    ? { message: `${message}: the names are ${valid.join(", ")}, and env:NAME in headers and URLs` }
    : { message: `${message}: did you mean \${${suggestion}}?`, suggestion };
}

/** The environment variable in which commands find a name: `version` is `ROCKSOLID_VERSION`. */
export function variableOf(name: string): string {
  return `ROCKSOLID_${name.toUpperCase().replaceAll("-", "_")}`;
}

/** What commands are given instead of texts: every name that has a value, as `ROCKSOLID_…`. */
export function commandVariables(context: TextContext): Record<string, string> {
  const variables: Record<string, string> = {};
  for (const [name, value] of Object.entries(context.names)) {
    if (value !== undefined) variables[variableOf(name)] = String(value);
  }
  return variables;
}

/**
 * Mistakes in a command: our `${name}` is never pasted into one, because a value could then become shell code. What is
 * not a name of ours, `${HOME}` or `${1:-x}`, is the shell's and stays.
 */
export function checkCommand(command: string, values: ReadonlySet<string>): TextMistake[] {
  const mistakes: TextMistake[] = [];
  for (const [whole, name = ""] of command.matchAll(PLACEHOLDER)) {
    const env = ENV_NAME.exec(name)?.[1];
    if (env === undefined && !Object.hasOwn(textNames, name) && !values.has(name)) continue;
    const suggestion = `"$${env ?? variableOf(name)}"`;
    mistakes.push({ message: `nothing is pasted into a command: write ${suggestion} instead of ${whole}`, suggestion });
  }
  return mistakes;
}

function lookUp(name: string, context: TextContext): string | number {
  const env = ENV_NAME.exec(name)?.[1];
  const value = env === undefined ? own(context.names, name) : own(context.env ?? {}, env);
  if (value === undefined || value === "") {
    throw new ConfigurationError(
      env === undefined
        ? `\${${name}} has no value here`
        : `the environment variable ${env} is not set: hand it to this step by env:, \${${name}} needs it`,
    );
  }
  return value;
}

function own<T>(record: Readonly<Partial<Record<string, T>>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}

/**
 * Fills every `${name}` of a text.
 * @throws ConfigurationError where a name has no value, or one with control characters, which could split a header or a query.
 */
export function render(text: string, context: TextContext): string {
  return text.replaceAll(PLACEHOLDER, (_, name: string) => {
    const value = String(lookUp(name, context));
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    if (/[\u0000-\u001f\u007f]/.test(value)) {
      throw new ConfigurationError(
        `the value of \${${name}} holds a line break or another control character: remove it`,
      );
    }
    return value;
  });
}

type Token = { readonly kind: "number" | "name" | "symbol"; readonly text: string };

const TOKEN = /\s*(?:([0-9]+(?:\.[0-9]+)?)|\$\{([^{}]*)\}|([-+*/()]))/y;

function tokens(expression: string): Token[] | undefined {
  const found: Token[] = [];
  const end = expression.trimEnd().length;
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < end) {
    const match = TOKEN.exec(expression);
    if (match === null) return undefined;
    const [, number, name, symbol] = match;
    if (number !== undefined) found.push({ kind: "number", text: number });
    else if (name !== undefined) found.push({ kind: "name", text: name });
    else found.push({ kind: "symbol", text: symbol ?? "" });
  }
  return found;
}

/** Parentheses and signs may nest so deep; more is no limit that a person wrote. */
const DEEPEST = 50;

/** Evaluates by recursive descent: sums of products of signed numbers, names and parentheses. Undefined where the syntax is wrong. */
function arithmetic(expression: string, valueOfName: (name: string) => number): number | undefined {
  const all = tokens(expression);
  if (all === undefined) return undefined;
  let position = 0;
  const take = (...symbols: string[]): string | undefined => {
    const token = all[position];
    if (token?.kind !== "symbol" || !symbols.includes(token.text)) return undefined;
    position++;
    return token.text;
  };
  const factor = (depth: number): number | undefined => {
    if (depth > DEEPEST) return undefined;
    if (take("-")) {
      const value = factor(depth + 1);
      return value === undefined ? undefined : -value;
    }
    if (take("(")) {
      const value = sum(depth + 1);
      return take(")") ? value : undefined;
    }
    const token = all[position];
    if (token === undefined || token.kind === "symbol") return undefined;
    position++;
    return token.kind === "number" ? Number(token.text) : valueOfName(token.text);
  };
  const chain = (next: (depth: number) => number | undefined, signs: readonly string[], depth: number) => {
    let value = next(depth);
    for (let sign = take(...signs); sign !== undefined; sign = take(...signs)) {
      const right = next(depth);
      if (value === undefined || right === undefined) return undefined;
      if (sign === "+") value += right;
      else if (sign === "-") value -= right;
      else if (sign === "*") value *= right;
      else value /= right;
    }
    return value;
  };
  const product = (depth: number) => chain(factor, ["*", "/"], depth);
  const sum = (depth: number): number | undefined => chain(product, ["+", "-"], depth);
  const value = sum(0);
  return position === all.length ? value : undefined;
}

/**
 * Mistakes in arithmetic: its syntax, and names that hold no number. `numeric` are the names of `values:` that are numbers.
 */
export function checkExpression(expression: string, rules: TextRules, numeric: ReadonlySet<string>): TextMistake[] {
  const mistakes = checkText(expression, { ...rules, env: false });
  for (const name of namesIn(expression)) {
    const kind = Object.hasOwn(textNames, name) ? textNames[name as TextName] : undefined;
    if ((kind !== undefined && kind !== "number") || (rules.values.has(name) && !numeric.has(name))) {
      mistakes.push({ message: `\${${name}} is a text, and arithmetic needs a number` });
    }
  }
  if (mistakes.length === 0 && arithmetic(expression, () => 1) === undefined) {
    mistakes.push({
      message: `${show(expression)} is not a limit: write a number (80, 80%, 500ms, 1MiB per hour), or arithmetic with + - * / ( ) over numbers and \${names}`,
    });
  }
  return mistakes;
}

/**
 * The value of a limit in base units.
 * @throws ConfigurationError where a name has no value or no number, or the result is no finite number (a division by zero).
 */
export function evaluate(bound: Bound, context: TextContext): number {
  if (!("expression" in bound)) return bound.value;
  const value = arithmetic(bound.expression, (name) => {
    const written = lookUp(name, context);
    const number = (parseQuantity(written) ?? parseQuantity(String(written)))?.value;
    if (number === undefined)
      throw new ConfigurationError(`\${${name}} is ${show(written)}, and arithmetic needs a number`);
    return number;
  });
  if (value === undefined)
    throw new ConfigurationError(`${show(bound.expression)} is not arithmetic over numbers and names`);
  if (!Number.isFinite(value))
    throw new ConfigurationError(`${show(bound.expression)} has no value: it divides by zero or overflows`);
  return value;
}
