import { afterEach, describe, expect, it, vi } from "vitest";
import type { TestModule } from "vitest/node";
import { skipReporter } from "./skip-reporter.ts";
import { MAY_MISS, NO_SKIPS, skipUnless } from "./tools.ts";

afterEach(() => vi.unstubAllEnvs());

describe("a test that needs a program", () => {
  const skip = (note?: string | boolean): never => {
    throw new Error(`skipped: ${note}`);
  };

  it("goes on where it is installed", () => {
    expect(skipUnless("sh", { skip })).toMatch(/\/sh$/);
  });

  it("is skipped with the reason where it is not", () => {
    vi.stubEnv(NO_SKIPS, undefined);
    expect(() => skipUnless("no-such-program", { skip })).toThrow("skipped: no-such-program is not installed");
  });

  it("fails instead where skipping is forbidden", () => {
    vi.stubEnv(NO_SKIPS, "1");
    expect(() => skipUnless("no-such-program", { skip })).toThrow("ROCKSOLID_NO_SKIPS=1 forbids to skip");
  });

  it("is skipped there only if its program is named as one that may be missing", () => {
    vi.stubEnv(NO_SKIPS, "1");
    vi.stubEnv(MAY_MISS, "other-program no-such-program");
    expect(() => skipUnless("no-such-program", { skip })).toThrow("skipped: no-such-program is not installed");
    vi.stubEnv(MAY_MISS, "no-such");
    expect(() => skipUnless("no-such-program", { skip })).toThrow("forbids to skip");
  });
});

describe("a run with a skipped test", () => {
  const module = {
    project: { config: {} },
    children: {
      *allTests() {
        yield {
          module: { relativeModuleId: "test/a.test.ts" },
          fullName: "needs act",
          result: () => ({ state: "skipped", note: "act is not installed" }),
        };
      },
    },
  } as unknown as TestModule;

  it.each([
    { env: {}, fails: 0 },
    { env: { [NO_SKIPS]: "1" }, fails: 1 },
    { env: { [NO_SKIPS]: "1", [MAY_MISS]: "act" }, fails: 0 },
  ])("names it, and fails $fails times under $env", ({ env, fails }) => {
    const print = vi.fn();
    const fail = vi.fn();
    skipReporter(print, env, fail).onTestRunEnd?.([module], [], "passed");
    expect(print.mock.calls.flat().join("")).toContain("test/a.test.ts > needs act: act is not installed");
    expect(fail).toHaveBeenCalledTimes(fails);
  });
});
