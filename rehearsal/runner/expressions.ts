import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import type { data as Data, Expr } from "@actions/expressions";
import type { MappingToken, TemplateToken } from "@actions/workflow-parser/templates/tokens/index";
import { ConfigurationError, messageOf } from "../../src/platform/errors.ts";
import { formatPosition, type Position, positionOf } from "./mistakes.ts";
import type { Parser } from "./parser.ts";
import { globMatches } from "./patterns.ts";

type ExpressionData = Data.ExpressionData;

/** What `success()`, `failure()`, `cancelled()` answer where an expression stands; the names are of jobs. */
export interface StatusFunctions {
  success(names: readonly string[]): boolean;
  failure(names: readonly string[]): boolean;
  cancelled(): boolean;
}

/** What an expression can see. */
export interface Scope {
  /** Values by context name (`github`, `needs`, …) as JSON; a context that is missing is null. */
  readonly contexts: Readonly<Record<string, unknown>>;
  /** The file that the expression stands in, for messages. */
  readonly file: string;
  readonly status?: StatusFunctions;
  /** The folder in which `hashFiles` looks. */
  readonly workspace?: string;
}

const CONTEXTS = [..."github inputs vars needs strategy matrix secrets steps job jobs runner env".split(" ")];
const FUNCTIONS = [
  { name: "success", minArgs: 0, maxArgs: Number.MAX_SAFE_INTEGER },
  { name: "failure", minArgs: 0, maxArgs: Number.MAX_SAFE_INTEGER },
  { name: "always", minArgs: 0, maxArgs: 0 },
  { name: "cancelled", minArgs: 0, maxArgs: 0 },
  { name: "hashFiles", minArgs: 1, maxArgs: 255 },
];

/** Evaluates tokens and conditions of GitHub's parser by GitHub's expression language. */
export class Expressions {
  readonly #parser: Parser;
  readonly #parsed = new Map<string, Expr>();

  constructor(parser: Parser) {
    this.#parser = parser;
  }

  /** The value of a token as JSON. Throws a ConfigurationError with its place where it cannot be evaluated. */
  value(token: TemplateToken | undefined, scope: Scope): unknown {
    const { tokens } = this.#parser;
    if (token === undefined || token instanceof tokens.NullToken) return null;
    if (token instanceof tokens.BasicExpressionToken) return toJson(this.#at(token, scope, token.expression));
    if (
      token instanceof tokens.StringToken ||
      token instanceof tokens.NumberToken ||
      token instanceof tokens.BooleanToken
    ) {
      return token.value;
    }
    if (token instanceof tokens.SequenceToken) return [...token].map((item) => this.value(item, scope));
    if (token instanceof tokens.MappingToken) {
      return Object.fromEntries(
        [...token].map(({ key, value }) => [String(this.value(key, scope)), this.value(value, scope)]),
      );
    }
    throw failure(token, scope, "the insert directive is not supported in a rehearsal");
  }

  /** The value of a token as the text that GitHub makes of it; objects and lists are refused. */
  text(token: TemplateToken | undefined, scope: Scope): string {
    const { tokens } = this.#parser;
    if (token === undefined) return "";
    if (token instanceof tokens.BasicExpressionToken) {
      const result = this.#at(token, scope, token.expression);
      if (!result.primitive) throw failure(token, scope, "the value is an object or a list; write toJSON(…) around it");
      return result.coerceString();
    }
    if (token instanceof tokens.NullToken) return "";
    if (token.isScalar) return token.toString();
    throw failure(token, scope, "a single value was expected");
  }

  /** A mapping of texts, as `env` and `with` are. */
  texts(token: MappingToken | undefined, scope: Scope): Record<string, string> {
    const result: Record<string, string> = {};
    for (const { key, value } of token ?? []) result[this.text(key, scope)] = this.text(value, scope);
    return result;
  }

  /** A number of `timeout-minutes` or `max-parallel`; undefined where it is absent or empty. */
  number(token: TemplateToken | undefined, scope: Scope): number | undefined {
    const text = this.text(token, scope);
    if (text === "") return undefined;
    const number = Number(text);
    if (!Number.isFinite(number)) throw failure(token, scope, `a number was expected, not ${JSON.stringify(text)}`);
    return number;
  }

  /** A boolean of `continue-on-error`, `fail-fast`, `cancel-in-progress`; `otherwise` where it is absent or empty. */
  boolean(token: TemplateToken | undefined, scope: Scope, otherwise: boolean): boolean {
    const text = this.text(token, scope);
    if (text === "") return otherwise;
    if (text === "true" || text === "false") return text === "true";
    throw failure(token, scope, `true or false was expected, not ${JSON.stringify(text)}`);
  }

  /**
   * Whether a condition holds, by GitHub's rules of what is true. Throws a ConfigurationError with the place of what the
   * condition belongs to where it cannot be evaluated.
   */
  condition(expression: string, scope: Scope, position: Position): boolean {
    try {
      const result = toJson(this.#evaluate(expression, scope));
      return !(result === null || result === false || result === 0 || result === "" || Number.isNaN(result));
    } catch (error) {
      throw new ConfigurationError(`${formatPosition(position)}: if: ${messageOf(error)}`);
    }
  }

  #at(token: TemplateToken, scope: Scope, expression: string): ExpressionData {
    try {
      return this.#evaluate(expression, scope);
    } catch (error) {
      throw failure(token, scope, messageOf(error));
    }
  }

  #evaluate(expression: string, scope: Scope): ExpressionData {
    const { Evaluator, data } = this.#parser.expressions;
    let parsed = this.#parsed.get(expression);
    if (parsed === undefined) {
      parsed = this.#parse(expression);
      this.#parsed.set(expression, parsed);
    }
    // Contexts are turned into the language's own values only where an expression asks for them.
    const known = new Map<string, ExpressionData>();
    const root = new data.Dictionary();
    root.get = (key) => {
      const name = key.toLowerCase();
      let value = known.get(name);
      if (value === undefined) {
        value = this.#toData(scope.contexts[name]);
        known.set(name, value);
      }
      return value;
    };
    return new Evaluator(parsed, root, this.#functions(scope)).evaluate();
  }

  #parse(expression: string): Expr {
    const { Lexer, Parser: ExpressionParser } = this.#parser.expressions;
    // The lexer (0.3.61) turns only the first '' of a text into a quote, GitHub's servers and runner all of them.
    const tokens = new Lexer(expression).lex().tokens.map((token) => {
      const text = /^'(.*)'$/s.exec(token.lexeme)?.[1];
      return typeof token.value === "string" && text !== undefined
        ? { ...token, value: text.replaceAll("''", "'") }
        : token;
    });
    return new ExpressionParser(tokens, CONTEXTS, FUNCTIONS).parse();
  }

  #functions(
    scope: Scope,
  ): Map<
    string,
    { name: string; minArgs: number; maxArgs: number; call: (...args: ExpressionData[]) => ExpressionData }
  > {
    const { data } = this.#parser.expressions;
    const status = scope.status;
    const boolean = (value: boolean | undefined): ExpressionData => {
      if (value === undefined) throw new Error("status functions are not available here");
      return new data.BooleanData(value);
    };
    const texts = (args: ExpressionData[]): string[] => args.map((arg) => arg.coerceString());
    const calls: Record<string, (...args: ExpressionData[]) => ExpressionData> = {
      success: (...args) => boolean(status?.success(texts(args))),
      failure: (...args) => boolean(status?.failure(texts(args))),
      cancelled: () => boolean(status?.cancelled()),
      always: () => new data.BooleanData(true),
      hashFiles: (...args) => new data.StringData(hashFiles(scope.workspace, texts(args))),
    };
    return new Map(
      FUNCTIONS.map((info) => {
        const call = calls[info.name];
        if (call === undefined) throw new Error(`no function ${info.name}`);
        return [info.name.toLowerCase(), { ...info, call }];
      }),
    );
  }

  #toData(value: unknown): ExpressionData {
    const { data } = this.#parser.expressions;
    if (value === null || value === undefined) return new data.Null();
    if (typeof value === "string") return new data.StringData(value);
    if (typeof value === "number") return new data.NumberData(value);
    if (typeof value === "boolean") return new data.BooleanData(value);
    if (Array.isArray(value)) return new data.Array(...value.map((item) => this.#toData(item)));
    return new data.Dictionary(
      ...Object.entries(value as object).map(([key, item]) => ({ key, value: this.#toData(item) })),
    );
  }
}

function failure(token: TemplateToken | undefined, scope: Scope, message: string): ConfigurationError {
  return new ConfigurationError(`${formatPosition(positionOf(scope.file, token))}: ${message}`);
}

function toJson(value: ExpressionData): unknown {
  if ("pairs" in value) return Object.fromEntries(value.pairs().map((pair) => [pair.key, toJson(pair.value)]));
  if ("values" in value) return value.values().map(toJson);
  return "value" in value ? value.value : null;
}

/** SHA-256 over the SHA-256 of each file that matches, in order of their names, as GitHub's `hashFiles`; empty for none. */
function hashFiles(workspace: string | undefined, patterns: readonly string[]): string {
  if (workspace === undefined) throw new Error("hashFiles is not available here");
  if (patterns.some((pattern) => pattern.split("**/").length > 6))
    throw new Error("hashFiles: at most five ** in a pattern");
  const matches = (pattern: string, file: string): boolean => globMatches(pattern.replace(/^\.\//, ""), file);
  const names = readdirSync(workspace, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(workspace, path.join(entry.parentPath, entry.name)))
    .filter((file) => !file.startsWith(`.git${path.sep}`))
    .filter((file) => patterns.some((pattern) => !pattern.startsWith("!") && matches(pattern, file)))
    .filter((file) => !patterns.some((pattern) => pattern.startsWith("!") && matches(pattern.slice(1), file)))
    .sort();
  if (names.length === 0) return "";
  const hash = createHash("sha256");
  for (const name of names)
    hash.update(
      createHash("sha256")
        .update(readFileSync(path.join(workspace, name)))
        .digest(),
    );
  return hash.digest("hex");
}
