import { execFile } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { CLOCK_VARIABLE } from "../../src/platform/clock.ts";
import { LIFELINE_VARIABLE, openLifeline } from "./lifeline.ts";
import { ciMachine, createMachines, demoHosts, type Machine, stopMachines, versionOf } from "./machines.ts";
import type { Release } from "./repository.ts";

const run = promisify(execFile);

/** The demo's machines: the twelve hosts, and the one that runs CI. */
export interface Fleet {
  /** Where the machines' directories lie. */
  readonly directory: string;
  readonly hosts: readonly Machine[];
  readonly ci: Machine;
  /** What every machine has in its environment: where artifacts are, the clock, the lifeline. */
  readonly environment: Readonly<Record<string, string>>;
  /** What one machine has in its environment besides. */
  environmentOf(machine: Machine): Readonly<Record<string, string>>;
  /** What each host answers when asked for its version; null for no answer. */
  versions(): Promise<Record<string, string | null>>;
  /** Stops every process of the fleet. */
  close(): Promise<void>;
}

/** Makes the machines under a directory; nothing runs on them yet. `clock` as by `formatClock`. */
export async function createFleet(options: { readonly directory: string; readonly clock: string }): Promise<Fleet> {
  const directory = join(options.directory, "machines");
  const artifacts = join(options.directory, "artifacts");
  await mkdir(artifacts, { recursive: true });
  const [ci, ...hosts] = await createMachines(directory, [ciMachine, ...demoHosts]);
  if (ci === undefined) throw new Error("the fleet has no machine for CI");
  const lifeline = await openLifeline();
  return {
    directory,
    hosts,
    ci,
    environment: {
      ARTIFACT_STORE: artifacts,
      [CLOCK_VARIABLE]: options.clock,
      [LIFELINE_VARIABLE]: String(lifeline.port),
    },
    environmentOf: ({ name }) => ({ STORAGE_HOME: join(directory, name) }),
    async versions() {
      return Object.fromEntries(await Promise.all(hosts.map(async (host) => [host.name, await versionOf(host)])));
    },
    async close() {
      await stopMachines(directory, [ci, ...hosts]);
      await lifeline.close();
    },
  };
}

/** Builds a release that is checked out in `repository` with its own script, and answers the digest. */
export async function buildRelease(fleet: Fleet, repository: string): Promise<string> {
  const { stdout } = await run("./ops/build.sh", { cwd: repository, env: { ...process.env, ...fleet.environment } });
  return stdout.trim();
}

/** Deploys to one machine with the repository's own script, as its runner would. Rejects with what the script said. */
export async function deployRelease(
  fleet: Fleet,
  repository: string,
  release: Release & { readonly digest: string },
  machine: Machine,
): Promise<void> {
  const environment = machine.ring === "ci" ? "alpha" : machine.ring;
  await run("./ops/deploy.sh", {
    cwd: repository,
    env: {
      ...process.env,
      ...fleet.environment,
      ...fleet.environmentOf(machine),
      ROCKSOLID_STAGE: environment,
      ROCKSOLID_ENVIRONMENT: environment,
      ROCKSOLID_VERSION: release.version,
      ROCKSOLID_COMMIT: release.commit,
      ROCKSOLID_DIGEST: release.digest,
    },
  });
}

/** Deploys to all machines, two at a time, because a laptop has few cores. */
export async function deployEverywhere(
  fleet: Fleet,
  repository: string,
  release: Release & { readonly digest: string },
): Promise<void> {
  const waiting = [fleet.ci, ...fleet.hosts];
  const worker = async (): Promise<void> => {
    for (let machine = waiting.shift(); machine !== undefined; machine = waiting.shift()) {
      await deployRelease(fleet, repository, release, machine);
    }
  };
  await Promise.all([worker(), worker(), worker()]);
}
