import { spawnSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import type { TestContext } from "vitest";

/** Set in CI: whatever would be skipped fails instead. */
export const NO_SKIPS = "ROCKSOLID_NO_SKIPS";
/** Programs, separated by blanks, that may be missing all the same: those that take longer to build than CI has time. */
export const MAY_MISS = "ROCKSOLID_MAY_MISS";

/** Whether a test may be skipped for a reason that {@link skipUnless} gave. */
export function maySkip(reason: string, env: Readonly<Record<string, string | undefined>>): boolean {
  if (env[NO_SKIPS] !== "1") return true;
  const missable = (env[MAY_MISS] ?? "").split(" ").filter((name) => name !== "");
  return missable.some((name) => reason === reasonFor(name));
}

function reasonFor(name: string): string {
  return `${name} is not installed`;
}

function executable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Where `go install` puts programs; undefined without Go. */
function goPrograms(): string | undefined {
  const { stdout, status } = spawnSync("go", ["env", "GOPATH"], { encoding: "utf8" });
  return status === 0 ? join(stdout.trim(), "bin") : undefined;
}

/** The path of a program, from `PATH` and where `go install` puts programs, or as given; undefined where it is not installed. */
function findTool(name: string): string | undefined {
  if (name.includes("/")) return executable(name) ? name : undefined;
  const paths = (process.env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  const inPath = [...paths, "/usr/sbin"].map((folder) => join(folder, name)).find(executable);
  if (inPath !== undefined) return inPath;
  const folder = goPrograms();
  const installed = folder === undefined ? undefined : join(folder, name);
  return installed !== undefined && executable(installed) ? installed : undefined;
}

/**
 * The path of a program that a test cannot do without. Where it is missing, the test is skipped with the reason, and
 * fails under {@link NO_SKIPS} unless it {@link MAY_MISS}.
 */
export function skipUnless(name: string, context: Pick<TestContext, "skip">): string {
  const found = findTool(name);
  if (found !== undefined) return found;
  const reason = reasonFor(name);
  if (!maySkip(reason, process.env)) throw new Error(`${reason}, and ${NO_SKIPS}=1 forbids to skip`);
  return context.skip(reason);
}
