import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, test } from "vitest";
import { commands, runCommandLine } from "../../src/cli/commands.ts";

const example = readFileSync(new URL("example.yml", import.meta.url), "utf8");
const fleet = "targets:\n  - { name: a, ring: one-box }\n  - { name: b, ring: prod }\n";
let cwd = "";

beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), "validate-"));
});
afterEach(() => rmSync(cwd, { recursive: true }));

function write(path: string, text: string | Buffer) {
  mkdirSync(dirname(join(cwd, path)), { recursive: true });
  writeFileSync(join(cwd, path), text);
}

async function rocksolid(...args: string[]) {
  let out = "";
  let err = "";
  const io = {
    cwd,
    env: {},
    out: (text: string) => {
      out += text;
    },
    err: (text: string) => {
      err += text;
    },
  };
  const status = await runCommandLine(args, io);
  return { status, out, err };
}

describe("rocksolid validate", () => {
  it("takes .github/pipeline.yml unless told otherwise", async () => {
    write(".github/pipeline.yml", example);
    write(".github/fleet.yml", fleet);
    expect(await rocksolid("validate")).toEqual({ status: 0, out: ".github/pipeline.yml is valid.\n", err: "" });
  });

  it("finds the fleet beside a pipeline file elsewhere", async () => {
    write("demo/.github/pipeline.yml", example);
    write("demo/.github/fleet.yml", fleet.replace("ring: prod", "rnig: prod"));
    const { status, err } = await rocksolid("validate", "demo/.github/pipeline.yml");
    expect(status).toBe(1);
    expect(err).toBe(
      'demo/.github/fleet.yml:3:16: unknown key "rnig" in target "b": did you mean "ring"?\n1 mistake.\n',
    );
  });

  it("reports the mistakes of both files in one go", async () => {
    write(".github/pipeline.yml", example.replace("service:", "sevice:"));
    write(".github/fleet.yml", "targets: 3\n");
    const { status, err } = await rocksolid("validate");
    expect(status).toBe(1);
    expect(err.split("\n").map((line) => line.split(" ")[0])).toEqual([
      ".github/pipeline.yml:2:1:",
      ".github/pipeline.yml:2:1:",
      ".github/fleet.yml:1:10:",
      "3",
      "",
    ]);
  });

  it("says which stage selects no target, and where", async () => {
    write(".github/pipeline.yml", example);
    write(".github/fleet.yml", fleet.replace("ring: prod", "ring: prdo"));
    const { status, err } = await rocksolid("validate");
    expect(status).toBe(1);
    expect(err).toMatch(
      /^\.github\/pipeline\.yml:\d+:\d+: stage "prod": targets: the fleet has no ring "prod": did you mean "prdo"\?\n/,
    );
  });

  it("says at its place that the fleet's file is missing", async () => {
    write(".github/pipeline.yml", example);
    const { status, err } = await rocksolid("validate");
    expect(status).toBe(1);
    expect(err).toMatch(/^\.github\/pipeline\.yml:\d+:8: \.github\/fleet\.yml: there is no such file\n/);
  });

  it("reads no fleet outside the repository", async () => {
    write(".github/pipeline.yml", example.replace(".github/fleet.yml", "../../../../../../etc/passwd"));
    const { status, err } = await rocksolid("validate");
    expect(status).toBe(1);
    expect(err).toContain("must be a path inside the repository");
    expect(err).not.toContain("root");
  });

  it("writes JSON for machines", async () => {
    write("p.yml", "service: s\nchecks: { c: { run: x }, d: { run: y } }\nstages: [{ name: beta, gate: [cc] }]\n");
    const { status, out } = await rocksolid("validate", "--json", "p.yml");
    expect(status).toBe(1);
    expect(JSON.parse(out)).toEqual({
      version: 1,
      ok: false,
      problems: [
        {
          file: "p.yml",
          line: 3,
          column: 31,
          message: 'unknown check "cc" in stage "beta": gate: did you mean "c"?',
          rule: "unknown-check",
          suggestion: "c",
        },
      ],
      warnings: [],
    });
  });

  it("shows warnings and passes", async () => {
    write("p.yml", "service: s\nchecks: { c: { run: x }, d: { run: y } }\nstages: [{ name: beta, gate: [c] }]\n");
    expect(await rocksolid("validate", "p.yml")).toEqual({
      status: 0,
      out: "p.yml is valid.\n",
      err: 'p.yml:2:26: warning: check "d" is used by nothing\n',
    });
  });

  test.each([
    [["validate"], ".github/pipeline.yml: there is no such file"],
    [["validate", "."], "this is a folder"],
    [["validate", "--jsn"], "Unknown option '--jsn'"],
    [["validate", "a", "b"], "it takes one file"],
    [["valdate"], 'unknown command "valdate": did you mean "validate"?'],
    [["::error::x\n"], "unknown command"],
    [[], "Usage: rocksolid COMMAND"],
  ])("%j cannot be carried out", async (args, message) => {
    const { status, out, err } = await rocksolid(...args);
    expect({ status, out }).toEqual({ status: 2, out: "" });
    expect(err).toContain(message);
    expect(err).not.toMatch(/\n\s+at |^::/m);
  });

  it("refuses a file that is no text", async () => {
    write("p.yml", Buffer.from([0xff, 0xfe, 0x00]));
    expect(await rocksolid("validate", "p.yml")).toMatchObject({
      status: 2,
      err: expect.stringContaining("is not UTF-8 text"),
    });
  });

  test.each(["--help", "-h", "help"])("%s lists every command", async (flag) => {
    const { status, out } = await rocksolid(flag);
    expect(status).toBe(0);
    const lines = out.split("\n").map((line) => line.trim().split(/ {2,}/));
    for (const { name, summary } of commands) expect(lines).toContainEqual([name, summary]);
  });

  test.each(commands.map(({ name }) => name))("%s --help says how it is used", async (name) => {
    expect(await rocksolid(name, "--help")).toMatchObject({
      status: 0,
      out: expect.stringContaining("rocksolid"),
      err: "",
    });
  });
});
