import { describe, expect, it } from "vitest";
import { defaultOptions, parseOptions, usage } from "../../rehearsal/options.ts";
import { ConfigurationError } from "../../src/platform/errors.ts";

const known = { candidates: ["good", "errors", "slow"], hosts: ["beta-eu-1", "prod-ap-1"] };
const parse = (...args: string[]) => parseOptions(args, known);

function refusal(...args: string[]): string {
  try {
    parse(...args);
  } catch (error) {
    if (error instanceof ConfigurationError) return error.message;
    throw error;
  }
  throw new Error(`${args.join(" ")} was accepted`);
}

describe("the options of a rehearsal", () => {
  it("runs the good candidate unattended when nothing is said", () => {
    expect(parse()).toEqual(defaultOptions);
    expect(defaultOptions).toMatchObject({ candidate: "good", approve: "yes", speed: 720, workflow: "pipeline.yml" });
  });

  it("reads every option", () => {
    expect(
      parse(
        "--candidate=errors",
        "--pipeline",
        "pipeline.sequential.yml",
        "--workflow",
        "hotfix.yml",
        "--input",
        "version=1.5.0",
        "--input",
        "reason=a = b",
        "--approve",
        "no",
        "--speed",
        "99.5",
        "--json",
        "o.json",
        "--keep",
        "k",
        "--offline",
        "prod-ap-1",
        "--seed",
        "7",
      ),
    ).toEqual({
      candidate: "errors",
      pipeline: "pipeline.sequential.yml",
      workflow: "hotfix.yml",
      inputs: { version: "1.5.0", reason: "a = b" },
      approve: "no",
      speed: 99.5,
      json: "o.json",
      keep: "k",
      offline: ["prod-ap-1"],
      seed: 7,
    });
  });

  it.each([
    [["--canditate", "good"], "--canditate is not an option: did you mean --candidate?"],
    [["--xyz"], "--xyz is not an option: the options are --candidate, --pipeline, --workflow"],
    [
      ["--candidate", "erors"],
      '--candidate "erors" is not known: did you mean "errors"? It is one of good, errors, slow',
    ],
    [["--candidate"], "--candidate needs a value"],
    [["--approve", "maybe"], '--approve "maybe" is not known: It is one of yes, no, ask'],
    [["--speed", "0"], '--speed "0" is not a number above 0: write --speed 720'],
    [["--speed", "fast"], '--speed "fast" is not a number above 0'],
    [["--seed", "1.5"], '--seed "1.5" is not a whole number above 0'],
    [["--input", "version"], '--input "version" is not NAME=VALUE'],
    [["--input", "a=1", "--input", "a=2"], "--input a is given twice"],
    [["--offline", "beta-eu-2"], '--offline "beta-eu-2" is not known: did you mean "beta-eu-1"?'],
    [["--repo", ".", "--candidate", "good"], "--candidate is for the demo"],
    [["errors"], '"errors" is not an option: options start with --'],
    [["--help=yes"], "--help takes no value"],
  ])("refuses %j and says what to write", (args, message) => {
    expect(refusal(...args)).toContain(message);
  });

  it("reports several mistakes in one go", () => {
    expect(refusal("--speed", "x", "--approve", "z", "--nope").split("\n")).toHaveLength(3);
  });

  it("takes any host of a user's own fleet", () => {
    expect(parse("--repo", ".", "--offline", "rack-7")).toMatchObject({ repository: ".", offline: ["rack-7"] });
  });

  it("never reads an input as something else", () => {
    expect(parse("--input", "__proto__=x")).toMatchObject({ inputs: {} });
    expect(Object.keys((parse("--input", "constructor=x") as { inputs: object }).inputs)).toEqual(["constructor"]);
  });

  it("documents every option in its help", () => {
    for (const name of [
      "candidate",
      "workflow",
      "input",
      "approve",
      "speed",
      "json",
      "keep",
      "repo",
      "offline",
      "seed",
    ]) {
      expect(usage(known.candidates)).toContain(`--${name} `);
    }
    expect(parse("--help")).toBe("help");
  });
});
