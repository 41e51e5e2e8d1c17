import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

const root = new URL("../../", import.meta.url).pathname;

describe("what V8 compiled, in the runner's tool cache", () => {
  let tools: string;
  const kept = () => join(tools, "rocksolid-start");
  beforeEach(() => {
    tools = mkdtempSync(join(tmpdir(), "rocksolid-tools-"));
  });
  afterEach(() => rmSync(tools, { recursive: true, force: true }));

  /** Starts the shipped gate outside of a job, which it says. */
  const start = () =>
    spawnSync(process.execPath, [join(root, "action-gate/main.js")], {
      env: { PATH: process.env["PATH"], RUNNER_TOOL_CACHE: tools },
      encoding: "utf8",
    });
  const said = "::error::GITHUB_RUN_ID is not set";

  test("is kept by the first start for the next, for nobody else to read or write", () => {
    expect(start().stdout).toContain(said);
    const [name = "", ...more] = readdirSync(kept());
    expect(more).toEqual([]);
    expect(name).toMatch(/^gate-v\d+\.\d+\.\d+-\w+-[0-9a-f]{64}$/);
    expect(statSync(kept()).mode & 0o777).toBe(0o700);
    expect(statSync(join(kept(), name)).mode & 0o777).toBe(0o600);
    const first = readFileSync(join(kept(), name));
    expect(start().stdout).toContain(said);
    expect(readFileSync(join(kept(), name)).equals(first)).toBe(true);
  });

  test("is made anew where it is damaged", () => {
    start();
    const [name = ""] = readdirSync(kept());
    writeFileSync(join(kept(), name), "damaged");
    expect(start().stdout).toContain(said);
    expect(statSync(join(kept(), name)).size).toBeGreaterThan(10_000);
  });

  test("replaces that of another version of the same action and leaves the others'", () => {
    mkdirSync(kept(), { mode: 0o700 });
    for (const name of ["gate-v1.0.0-x64-old", "bake-v1.0.0-x64-old"]) writeFileSync(join(kept(), name), "");
    start();
    expect(readdirSync(kept()).filter((name) => name.endsWith("-old"))).toEqual(["bake-v1.0.0-x64-old"]);
  });

  test("is neither read nor written where others may write", () => {
    mkdirSync(kept());
    chmodSync(kept(), 0o777);
    expect(start().stdout).toContain(said);
    expect(readdirSync(kept())).toEqual([]);
  });
});
