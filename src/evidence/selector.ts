import { createContext, Script } from "node:vm";
import { ConfigurationError, messageOf } from "../platform/errors.ts";
import { Cursor, type Series } from "./exposition.ts";

/** `name{label="x",other!="y",third=~"re",fourth!~"re"}`. */
export interface Selector {
  readonly text: string;
  readonly name: string;
  readonly matchers: readonly Matcher[];
}

interface Matcher {
  readonly label: string;
  readonly operator: "=" | "!=" | "=~" | "!~";
  readonly value: string;
}

const LONGEST_PATTERN = 1_000;

/**
 * Reads a selector, in double or single quotes.
 * @throws ConfigurationError with the mistake, or for a regular expression that is none.
 */
export function parseSelector(text: string): Selector {
  const cursor = new Cursor(text.trim(), (reason) => {
    throw new ConfigurationError(
      `"${text}" is not a metric of a scrape: ${reason}; write name or name{label="value", other=~"regular expression"}`,
    );
  });
  const name = cursor.peek() === '"' ? cursor.quoted() : cursor.name();
  cursor.blanks();
  const matchers: Matcher[] = [];
  if (cursor.take("{")) {
    cursor.blanks();
    while (!cursor.take("}")) {
      const label = cursor.peek() === '"' ? cursor.quoted() : cursor.name();
      cursor.blanks();
      const operator = (["=~", "!~", "!=", "="] as const).find((symbol) => cursor.take(symbol));
      if (!operator) return cursor.fail("expected =, !=, =~ or !~ after a label");
      cursor.blanks();
      const value = cursor.quoted(cursor.peek() === "'" ? "'" : '"');
      if (operator.endsWith("~")) checkPattern(value, cursor);
      matchers.push({ label, operator, value });
      cursor.blanks();
      if (cursor.take(",")) cursor.blanks();
      else if (cursor.peek() !== "}") cursor.fail('expected "," or "}"');
    }
    cursor.blanks();
  }
  if (!cursor.done())
    cursor.fail(`unexpected "${cursor.rest().slice(0, 40)}": functions and ranges need a metrics server`);
  return { text, name, matchers };
}

function checkPattern(pattern: string, cursor: Cursor): void {
  if (pattern.length > LONGEST_PATTERN) cursor.fail("a regular expression of more than 1,000 characters");
  try {
    anchored(pattern);
  } catch (error) {
    cursor.fail(messageOf(error));
  }
}

function anchored(pattern: string): RegExp {
  return new RegExp(`^(?:${pattern})$`, "su");
}

/** The series that match; a label that a series lacks has the value "". */
export function select(series: readonly Series[], matchers: readonly Matcher[]): readonly Series[] {
  let left = series;
  for (const { label, operator, value } of matchers) {
    const of = (one: Series) => one.labels.get(label) ?? "";
    let matching: ReadonlySet<string>;
    if (operator === "=" || operator === "!=") matching = new Set([value]);
    else matching = matchingValues(value, new Set(left.map(of)));
    const wanted = !operator.startsWith("!");
    left = left.filter((one) => matching.has(of(one)) === wanted);
  }
  return left;
}

/** Real milliseconds for all values of one matcher. V8 stops a regular expression that backtracks, at its next step. */
const MATCH_TIMEOUT = 250;
const matchScript = new Script(
  'const re = new RegExp("^(?:" + pattern + ")$", "su"); JSON.stringify(JSON.parse(values).filter((value) => re.test(value)))',
);

function matchingValues(pattern: string, values: ReadonlySet<string>): ReadonlySet<string> {
  try {
    const context = createContext({ pattern, values: JSON.stringify([...values]) });
    return new Set(JSON.parse(String(matchScript.runInContext(context, { timeout: MATCH_TIMEOUT }))) as string[]);
  } catch (error) {
    // What a context throws is no Error of this one.
    if (
      typeof error === "object" &&
      error !== null &&
      "code" in error &&
      error.code === "ERR_SCRIPT_EXECUTION_TIMEOUT"
    ) {
      throw new Error(`the regular expression "${pattern}" takes too long: write it without nested repetition`);
    }
    throw error;
  }
}
