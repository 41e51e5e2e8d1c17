import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { readCandidate } from "./candidates.ts";
import { fleetFile, type Machine } from "./machines.ts";
import { rocksolidRoot } from "./root.ts";

const run = promisify(execFile);

/** Git with settings of its own, so that what a user has configured (signing, hooks, line ends) changes nothing. */
const identity = {
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_AUTHOR_NAME: "Rehearsal",
  GIT_AUTHOR_EMAIL: "rehearsal@example.test",
  GIT_COMMITTER_NAME: "Rehearsal",
  GIT_COMMITTER_EMAIL: "rehearsal@example.test",
};

/** Runs git in a directory and answers what it printed. */
export async function git(directory: string, ...args: string[]): Promise<string> {
  const { stdout } = await run("git", args, { cwd: directory, env: { ...process.env, ...identity } });
  return stdout.trim();
}

/** The workflow files that a user copies, and so does the demo. */
const workflows = ["pipeline.yml", "hotfix.yml", "rollback.yml", "watch.yml"];

/** Where the demo's pipeline file says that the machines' directories lie; in a rehearsal they lie elsewhere. */
const MACHINES = "/srv/machines";

/** What was live before the baseline, so that there is something to return to from it. */
export const FORMER = "1.3.0";
export const BASELINE = "1.4.0";
export const CANDIDATE = "1.5.0";

export interface Release {
  readonly version: string;
  readonly commit: string;
  /** `refs/tags/v1.5.0` */
  readonly ref: string;
}

export interface DemoRepository {
  readonly directory: string;
  readonly former: Release;
  readonly baseline: Release;
  readonly candidate: Release;
}

async function release(directory: string, version: string, message: string): Promise<Release> {
  const file = join(directory, "package.json");
  const text = await readFile(file, "utf8");
  await writeFile(file, text.replace(/("version": )"[^"]*"/, `$1"${version}"`));
  await git(directory, "add", "--all");
  await git(directory, "commit", "--quiet", "--allow-empty", "--message", message);
  await git(directory, "tag", `v${version}`);
  return { version, commit: await git(directory, "rev-parse", "HEAD"), ref: `refs/tags/v${version}` };
}

/**
 * Makes the demo's repository in an empty directory: the service and its pipeline, tagged v1.3.0 and v1.4.0 (both good),
 * and the candidate's commit on top, tagged v1.5.0.
 */
export async function createDemoRepository(options: {
  readonly directory: string;
  readonly machines: readonly Machine[];
  readonly machinesDirectory: string;
  readonly candidate: string;
  /** File name of the pipeline file to release by, `pipeline.yml` unless said; it becomes the repository's only one. */
  readonly pipeline?: string;
  /** The environment whose wait timer holds the 1-box bake, where one does. */
  readonly bakeEnvironment?: string;
}): Promise<DemoRepository> {
  const { directory } = options;
  await cp(join(rocksolidRoot, "rehearsal", "demo"), directory, { recursive: true });
  await mkdir(join(directory, ".github", "workflows"), { recursive: true });
  for (const name of workflows) {
    const source = join(rocksolidRoot, ".github", "workflows", name);
    if (existsSync(source)) await cp(source, join(directory, ".github", "workflows", name));
  }
  if (options.bakeEnvironment !== undefined) {
    const file = join(directory, ".github", "workflows", "pipeline.yml");
    const workflow = await readFile(file, "utf8");
    await writeFile(
      file,
      workflow.replace(/^( +)stage: one-box$/m, `$&\n$1bake-environment: ${options.bakeEnvironment}`),
    );
  }
  const pipeline = join(directory, ".github", "pipeline.yml");
  const text = await readFile(join(directory, ".github", options.pipeline ?? "pipeline.yml"), "utf8");
  for (const file of await readdir(join(directory, ".github")))
    if (/^pipeline\..*yml$/.test(file)) await rm(join(directory, ".github", file));
  await writeFile(pipeline, text.replaceAll(MACHINES, options.machinesDirectory));
  await writeFile(join(directory, ".github", "fleet.yml"), fleetFile(options.machines));
  await git(directory, "init", "--quiet", "--initial-branch", "main");
  const former = await release(directory, FORMER, `storage-node ${FORMER}`);
  const baseline = await release(directory, BASELINE, `storage-node ${BASELINE}`);
  const { patch, message } = readCandidate(options.candidate);
  await git(directory, "apply", patch);
  const candidate = await release(directory, CANDIDATE, message);
  return { directory, former, baseline, candidate };
}
