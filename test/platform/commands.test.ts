import { tmpdir } from "node:os";
import { afterEach, expect, it } from "vitest";
import { commandRunner } from "../../src/platform/process.ts";

const given = { INPUT_TOKEN: "ghs_secret", STATE_started: "true", ROCKSOLID_VARIABLES: "KEY=ghs_secret", KEPT: "kept" };
afterEach(() => {
  for (const name of Object.keys(given)) delete process.env[name];
});

it("a command of the pipeline file does not inherit the action's inputs, where the job's token is", async () => {
  Object.assign(process.env, given);
  const options = { cwd: tmpdir(), env: { KEY: "value" }, timeout: 10_000, capture: true };
  const { exitCode, stdout = "" } = await commandRunner(() => {})("env", options);
  expect(exitCode).toBe(0);
  expect(stdout).not.toContain("ghs_secret");
  expect(stdout).not.toContain("STATE_started");
  expect(stdout).toContain("KEPT=kept");
  expect(stdout).toContain("KEY=value");
});
