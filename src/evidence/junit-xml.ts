import sax from "sax";

/** Tests of one or more JUnit reports; `tests` includes the skipped ones. */
export interface JunitCounts {
  readonly tests: number;
  readonly failures: number;
  readonly errors: number;
  readonly skipped: number;
}

interface Suite extends Counter {
  /** What the suite's own attributes claim. */
  readonly claimed: Counter;
}

interface Counter {
  tests: number;
  failures: number;
  errors: number;
  skipped: number;
}

const DEEPEST = 64;

/**
 * Counts the tests of one JUnit XML document. Test cases are counted one by one; where a suite's attributes claim more
 * failures or errors than its cases show (a set-up that failed, a collection error), the attributes count, and a suite
 * without cases is taken at its word. Document types and entities are refused, since no report needs them.
 * @throws Error for what is not well-formed, ends early, or is no JUnit report.
 */
export function parseJunit(text: string): JunitCounts {
  const parser = sax.parser(true, { position: true });
  const stack: { readonly name: string; readonly suite: Suite | undefined }[] = [];
  const total = counter();
  let rooted = false;
  let testCase: { outcome: "failures" | "errors" | "skipped" | undefined } | undefined;

  parser.onerror = (error) => {
    throw new Error(error.message.split("\n")[0] ?? "malformed");
  };
  parser.ondoctype = () => {
    throw new Error("it has a document type, which is not accepted in a report");
  };
  parser.onopentag = ({ name, attributes }) => {
    if (stack.length === 0 && name !== "testsuites" && name !== "testsuite") {
      throw new Error(`its root is <${name.slice(0, 40)}>, not <testsuites> or <testsuite>`);
    }
    if (stack.length === 0 && rooted) throw new Error("it has more than one root");
    rooted = true;
    if (stack.length >= DEEPEST) throw new Error(`its elements are nested deeper than ${DEEPEST}`);
    const suite =
      name === "testsuite" || name === "testsuites" ? { ...counter(), claimed: claims(attributes) } : undefined;
    stack.push({ name, suite });
    if (name === "testcase") testCase = { outcome: undefined };
    else if (testCase) testCase.outcome = worse(testCase.outcome, outcomes[name]);
  };
  parser.onclosetag = () => {
    const closed = stack.pop();
    if (!closed) return;
    const around = stack.findLast(({ suite }) => suite)?.suite ?? total;
    if (closed.name === "testcase" && testCase) {
      around.tests += 1;
      if (testCase.outcome) around[testCase.outcome] += 1;
      testCase = undefined;
    }
    if (closed.suite) add(around, settled(closed.suite));
  };
  parser.write(text.replace(/^\uFEFF/, "")).close();
  // The parser forgets in close() how far it came; strict, it has thrown by then if an element was left open.
  if (stack.length > 0 || !rooted) throw new Error("it ends early");
  return total;
}

const outcomes: Readonly<Record<string, keyof Counter & ("failures" | "errors" | "skipped")>> = {
  failure: "failures",
  error: "errors",
  skipped: "skipped",
};

/** A case that both failed and was skipped, or failed in its body and broke in its tear-down, counts once, as the worst. */
function worse(
  a: "failures" | "errors" | "skipped" | undefined,
  b: "failures" | "errors" | "skipped" | undefined,
): "failures" | "errors" | "skipped" | undefined {
  const order = [undefined, "skipped", "failures", "errors"] as const;
  return order.indexOf(a) >= order.indexOf(b) ? a : b;
}

function settled(suite: Suite): Counter {
  const { claimed } = suite;
  const empty = suite.tests === 0;
  return {
    tests: empty ? claimed.tests : suite.tests,
    failures: Math.max(suite.failures, claimed.failures),
    errors: Math.max(suite.errors, claimed.errors),
    skipped: empty ? claimed.skipped : suite.skipped,
  };
}

function claims(attributes: Readonly<Record<string, unknown>>): Counter {
  const read = (name: string): number => {
    const text = attributes[name];
    if (text === undefined) return 0;
    if (typeof text !== "string" || !/^\s*\d{1,15}\s*$/.test(text))
      throw new Error(`the attribute ${name} is not a count`);
    return Number(text);
  };
  return { tests: read("tests"), failures: read("failures"), errors: read("errors"), skipped: read("skipped") };
}

function counter(): Counter {
  return { tests: 0, failures: 0, errors: 0, skipped: 0 };
}

function add(to: Counter, from: Counter): void {
  to.tests += from.tests;
  to.failures += from.failures;
  to.errors += from.errors;
  to.skipped += from.skipped;
}
