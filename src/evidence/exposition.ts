/**
 * The text formats in which services expose metrics: Prometheus text 0.0.4 and OpenMetrics 1.0, after
 * https://prometheus.io/docs/instrumenting/exposition_formats/ and the OpenMetrics specification.
 */

export type MetricType =
  | "counter"
  | "gauge"
  | "histogram"
  | "gaugehistogram"
  | "summary"
  | "info"
  | "stateset"
  | "unknown";

export interface Series {
  readonly labels: ReadonlyMap<string, string>;
  readonly value: number;
}

/** One answer of a metrics endpoint. */
export interface Exposition {
  /** Series by the name that stands on their lines, `http_requests_total` or `latency_seconds_bucket`. */
  readonly series: ReadonlyMap<string, readonly Series[]>;
  /** Types as declared, by the name of the family. */
  readonly types: ReadonlyMap<string, MetricType>;
}

/** The format was broken at a line (counted from 1); the whole answer is then refused, as a Prometheus server does. */
export class ExpositionError extends Error {
  override readonly name = "ExpositionError";
}

const MOST_SERIES = 200_000;
const LONGEST_LINE = 65_536;

/**
 * Parses an answer of at most 200,000 series. `openMetrics`: by the content type of the answer.
 * @throws ExpositionError
 */
export function parseExposition(text: string, openMetrics: boolean): Exposition {
  const series = new Map<string, Series[]>();
  const types = new Map<string, MetricType>();
  const seen = new Set<string>();
  let count = 0;
  let ended = false;
  let number = 0;
  for (let start = 0; start < text.length; ) {
    number += 1;
    let end = text.indexOf("\n", start);
    if (end < 0) end = text.length;
    const line = text.slice(start, end).replace(/\r$/, "");
    start = end + 1;
    const fail = (reason: string): never => {
      throw new ExpositionError(`line ${number}: ${reason}`);
    };
    if (ended) fail("there is more after # EOF");
    if (line.length > LONGEST_LINE) fail(`longer than ${LONGEST_LINE} characters`);
    const cursor = new Cursor(line, fail);
    cursor.blanks();
    if (cursor.done()) continue;
    if (cursor.peek() === "#") {
      ended = comment(line.trim(), types, openMetrics, fail);
      continue;
    }
    const { name, labels, value } = sample(cursor, openMetrics);
    count += 1;
    if (count > MOST_SERIES) fail(`more than ${MOST_SERIES} series`);
    const key = seriesKey(name, labels);
    if (seen.has(key)) fail(`the same series twice: ${key.slice(0, 200)}`);
    seen.add(key);
    const known = series.get(name);
    if (known) known.push({ labels, value });
    else series.set(name, [{ labels, value }]);
  }
  if (openMetrics && !ended) throw new ExpositionError("the answer ends without # EOF, so a part of it is missing");
  return { series, types };
}

/** A name for one series that does not depend on the order of its labels. */
export function seriesKey(name: string, labels: ReadonlyMap<string, string>): string {
  const parts = [...labels]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([label, value]) => `${label}=${JSON.stringify(value)}`);
  return `${name}{${parts.join(",")}}`;
}

type Fail = (reason: string) => never;

const typeNames: readonly string[] = [
  "counter",
  "gauge",
  "histogram",
  "gaugehistogram",
  "summary",
  "info",
  "stateset",
] satisfies readonly MetricType[];

/** Answers whether the line is the end mark of OpenMetrics. */
function comment(line: string, types: Map<string, MetricType>, openMetrics: boolean, fail: Fail): boolean {
  if (openMetrics && line === "# EOF") return true;
  const rest = /^#[ \t]+TYPE[ \t]+(.*)$/.exec(line)?.[1];
  if (rest === undefined) return false;
  const cursor = new Cursor(rest, fail);
  const name = cursor.peek() === '"' ? cursor.quoted() : cursor.name();
  cursor.blanks();
  const written = cursor.rest().toLowerCase();
  if (typeNames.includes(written)) types.set(name, written as MetricType);
  else if (written === "untyped" || written === "unknown") types.set(name, "unknown");
  else fail(`unknown type "${written.slice(0, 40)}"`);
  return false;
}

function sample(cursor: Cursor, openMetrics: boolean): { name: string; labels: Map<string, string>; value: number } {
  let name = cursor.peek() === "{" ? undefined : cursor.name();
  cursor.blanks();
  const labels = new Map<string, string>();
  if (cursor.take("{")) name = labelSet(cursor, labels, name);
  if (name === undefined) return cursor.fail("a series without a name");
  cursor.blanks();
  const value = parseValue(cursor.word()) ?? cursor.fail("the value is not a number");
  cursor.blanks();
  if (!cursor.done() && cursor.peek() !== "#") {
    const stamp = cursor.word();
    if (!(openMetrics ? /^[+-]?[0-9]+(\.[0-9]*)?([eE][+-]?[0-9]+)?$/ : /^[+-]?[0-9]{1,19}$/).test(stamp)) {
      cursor.fail(`"${stamp.slice(0, 40)}" is not a timestamp`);
    }
    cursor.blanks();
  }
  // An exemplar of OpenMetrics says nothing about the value.
  if (!cursor.done() && !(openMetrics && cursor.peek() === "#"))
    cursor.fail(`unexpected "${cursor.rest().slice(0, 40)}"`);
  return { name, labels, value };
}

/** Reads up to the closing brace; answers the name of the series, which may stand inside in quotes. */
function labelSet(cursor: Cursor, labels: Map<string, string>, before: string | undefined): string | undefined {
  let name = before;
  for (let first = true; ; first = false) {
    cursor.blanks();
    if (cursor.take("}")) return name;
    if (!first) {
      if (!cursor.take(",")) cursor.fail('expected "," or "}" after a label');
      cursor.blanks();
      if (cursor.take("}")) return name;
    }
    const quoted = cursor.peek() === '"';
    const label = quoted ? cursor.quoted() : cursor.name();
    cursor.blanks();
    if (!cursor.take("=")) {
      if (!quoted || name !== undefined || !first) cursor.fail(`expected "=" after the label ${label.slice(0, 40)}`);
      name = label;
      continue;
    }
    cursor.blanks();
    if (labels.has(label)) cursor.fail(`the label ${label.slice(0, 40)} occurs twice`);
    labels.set(label, cursor.quoted());
  }
}

/** A number as Go's ParseFloat reads it, without hexadecimal and underscores, as in Prometheus. */
export function parseValue(text: string): number | undefined {
  if (/^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?$/.test(text)) return Number(text);
  if (/^nan$/i.test(text)) return Number.NaN;
  if (/^[+-]?inf(inity)?$/i.test(text))
    return text.startsWith("-") ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  return undefined;
}

/** Reads tokens of one line; also used for selectors. */
export class Cursor {
  readonly #text: string;
  readonly fail: Fail;
  #at = 0;

  constructor(text: string, fail: Fail) {
    this.#text = text;
    this.fail = fail;
  }

  peek(): string {
    return this.#text[this.#at] ?? "";
  }

  done(): boolean {
    return this.#at >= this.#text.length;
  }

  rest(): string {
    return this.#text.slice(this.#at).trim();
  }

  blanks(): void {
    this.#match(/[ \t]*/y);
  }

  take(symbol: string): boolean {
    if (!this.#text.startsWith(symbol, this.#at)) return false;
    this.#at += symbol.length;
    return true;
  }

  word(): string {
    return this.#match(/[^ \t]*/y) ?? "";
  }

  name(): string {
    const name = this.#match(/[a-zA-Z_:][a-zA-Z0-9_:]*/y);
    return name ?? this.fail(`"${this.#text.slice(this.#at, this.#at + 20)}" is not a name`);
  }

  /** A text in double quotes with the escapes `\\`, `\"` and `\n`; any other backslash stands for itself. */
  quoted(quote = '"'): string {
    if (!this.take(quote)) return this.fail(`expected ${quote}`);
    let text = "";
    for (;;) {
      const plain = this.#match(/[^"'\\]*/y) ?? "";
      text += plain;
      const next = this.peek();
      if (next === "") return this.fail(`${quote} is not closed`);
      this.#at += 1;
      if (next === quote) return text;
      if (next !== "\\") {
        text += next;
        continue;
      }
      const escaped = this.peek();
      this.#at += 1;
      if (escaped === "n") text += "\n";
      else if (escaped === "\\" || escaped === quote) text += escaped;
      else text += `\\${escaped}`;
    }
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    if (found !== undefined) this.#at += found.length;
    return found;
  }
}
