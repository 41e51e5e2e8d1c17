// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${name} is the notation of the pipeline file
import { spawnSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { nearest } from "../../src/pipeline/nearest.ts";
import { checkPattern } from "../../src/pipeline/patterns.ts";
import {
  checkCommand,
  checkExpression,
  checkText,
  commandVariables,
  evaluate,
  render,
} from "../../src/pipeline/text.ts";
import { ConfigurationError } from "../../src/platform/errors.ts";

const rules = { values: new Set(["peak_rps", "label"]), env: false };
const context = {
  names: { version: "1.4.0", hosts: 3, prod_hosts: 12, peak_rps: 900, label: "x", rate: "90 per minute" },
  env: { TOKEN: "s3cret" },
};

describe("texts", () => {
  it("are filled from names and, where asked for, from the environment", () => {
    expect(render("v${version}/${hosts} ${env:TOKEN} $version {version}", context)).toBe(
      "v1.4.0/3 s3cret $version {version}",
    );
  });

  it("are filled once: a value that looks like a name stays as it is", () => {
    expect(render("${version}", { names: { version: "${commit}", commit: "abc" } })).toBe("${commit}");
    expect(render("${version}", { names: { version: "$&$1" } })).toBe("$&$1");
  });

  test.each([
    ["${previous_version}", /previous_version} has no value/],
    ["${env:NONE}", /environment variable NONE is not set/],
    ["${constructor}", /has no value/],
  ])("%s without a value is an error", (text, message) => {
    expect(() => render(text, context)).toThrow(ConfigurationError);
    expect(() => render(text, context)).toThrow(message);
  });

  it("take no value that could split a header", () => {
    expect(() => render("${version}", { names: { version: "1\r\nX-Evil: 1" } })).toThrow(/line break/);
  });

  test.each([
    ["${version} ${peak_rps}", []],
    ["${vresion}", ["version"]],
    ["${peak_rsp}", ["peak_rps"]],
    ["${env:TOKEN}", [undefined]],
    ["${version", [undefined]],
    ["${}", [undefined]],
    ["${toString}", [undefined]],
  ])("%s: the mistakes and what was likely meant", (text, suggestions) => {
    expect(checkText(text, rules).map(({ suggestion }) => suggestion)).toEqual(suggestions);
  });

  it("may take the environment where the rules allow it", () => {
    expect(checkText("Bearer ${env:TOKEN}", { ...rules, env: true })).toEqual([]);
  });
});

describe("arithmetic", () => {
  const value = (expression: string) => evaluate({ expression }, context);
  test.each([
    ["${peak_rps} * ${hosts} / ${prod_hosts}", 225],
    ["1 + 2 * 3", 7],
    ["(1 + 2) * 3", 9],
    ["8 / 4 / 2", 1],
    ["8 - 4 - 2", 2],
    ["-(2 - 5) * -2", -6],
    ["${hosts}*2", 6],
    ["${rate}", 1.5],
  ])("%s is %d", (expression, result) => expect(value(expression)).toBe(result));

  it("takes a quantity for its value", () => {
    expect(evaluate({ value: 0.8, unit: "%", perSecond: false, text: "80%" }, context)).toBe(0.8);
  });

  test.each(["1 / 0", "0 / 0", "${hosts} / (${hosts} - 3)", "${label}", "1 +", "", "9".repeat(400)])(
    "%s has no value",
    (expression) => {
      expect(() => value(expression)).toThrow(ConfigurationError);
    },
  );

  test.each([
    ["${hosts} * 2", []],
    ["${hosts} *", [/is not a limit/]],
    ["80 percent", [/is not a limit/]],
    ["${version} * 2", [/is a text/]],
    ["${label} * 2", [/is a text/]],
    ["${hsots}", [/did you mean \${hosts}/]],
    ["${env:PEAK}", [/only in the headers/]],
    [`${"(".repeat(5_000)}1${")".repeat(5_000)}`, [/is not a limit/]],
    ["process.exit()", [/is not a limit/]],
  ])("%s: its mistakes", (expression, messages) => {
    const found = checkExpression(expression, rules, new Set(["peak_rps"]));
    expect(found).toHaveLength(messages.length);
    for (const [index, message] of messages.entries()) expect(found[index]?.message).toMatch(message);
  });

  it("agrees with JavaScript on every expression of numbers", () => {
    const { expression } = fc.letrec<{ expression: string }>((tie) => ({
      expression: fc.oneof(
        { maxDepth: 5 },
        fc.nat(99).map(String),
        fc
          .tuple(tie("expression"), fc.constantFrom("+", "-", "*", "/"), tie("expression"))
          .map(([a, sign, b]) => `${a} ${sign} ${b}`),
        tie("expression").map((inner) => `(${inner})`),
      ),
    }));
    fc.assert(
      fc.property(expression, (text) => {
        const expected: unknown = new Function(`return ${text}`)();
        if (Number.isFinite(expected)) expect(value(text)).toBe(expected);
        else expect(() => value(text)).toThrow(ConfigurationError);
      }),
    );
  });
});

describe("commands", () => {
  test.each([
    ['./deploy.sh "$ROCKSOLID_VERSION" "${HOME}" "${FOO:-x}" ${ROCKSOLID_VERSION}', []],
    ["./deploy.sh ${version}", ['"$ROCKSOLID_VERSION"']],
    ["./deploy.sh ${previous_version} ${peak_rps}", ['"$ROCKSOLID_PREVIOUS_VERSION"', '"$ROCKSOLID_PEAK_RPS"']],
    ["curl -H ${env:TOKEN}", ['"$TOKEN"']],
  ])("%s", (command, suggestions) => {
    expect(checkCommand(command, rules.values).map(({ suggestion }) => suggestion)).toEqual(suggestions);
  });

  it("get values as variables, which a shell does not read as code", () => {
    const env = commandVariables({
      names: { version: '"; echo hacked; "', stage: undefined },
      env: { TOKEN: "s3cret" },
    });
    expect(env).toEqual({ ROCKSOLID_VERSION: '"; echo hacked; "' });
    const shell = spawnSync("sh", ["-c", 'printf %s "$ROCKSOLID_VERSION"'], {
      env: { ...process.env, ...env },
      encoding: "utf8",
    });
    expect(shell.stdout).toBe('"; echo hacked; "');
  });
});

describe("regular expressions of the user", () => {
  test.each(["ERROR", "^(?:WARN|ERROR) \\[[^\\]]+\\]", "(a|b)?c{2,3}", "\\p{L}+ \\(x+\\)", "[(a+)]+"])(
    "%s is taken",
    (pattern) => {
      expect(checkPattern(pattern)).toBeUndefined();
    },
  );
  test.each([
    "(a+)+",
    "(a|a)*",
    "((a*)b?){2,}",
    "(?:x(?:y*))+",
    "(a)\\1",
    "(?=a)",
    "(?<!a)b",
    "(",
    "[",
    "a{2,1}",
    "x".repeat(1_001),
  ])("%s is refused", (pattern) => {
    expect(checkPattern(pattern)).toBeTypeOf("string");
  });
});

describe("the nearest name", () => {
  test.each([
    ["smok", "smoke"],
    ["sm oke", "smoke"],
    ["Smoke", "smoke"],
    ["mindset", undefined],
    ["max_rate", "max-rate"],
    ["hte", undefined],
    ["x", undefined],
    ["y".repeat(1_000), undefined],
  ])("%s → %s", (name, expected) => expect(nearest(name, ["smoke", "max-rate", "errors"])).toBe(expected));
});
