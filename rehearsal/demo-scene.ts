import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { loadInventory } from "../src/fleet/inventory.ts";
import { buildRelease, createFleet, deployEverywhere } from "./fleet/fleet.ts";
import { type LoadTarget, startLoad } from "./fleet/load.ts";
import { fleetFile } from "./fleet/machines.ts";
import { createDemoRepository, git } from "./fleet/repository.ts";
import { hostedMachines, type Scene } from "./scene.ts";

/** Requests in each real second for one host of a ring: customers' in production, a script's in the lab, none in gamma. */
const load: Readonly<Record<string, Pick<LoadTarget, "traffic" | "perSecond">>> = {
  beta: { traffic: "synthetic", perSecond: 20 },
  "one-box": { traffic: "production", perSecond: 45 },
  prod: { traffic: "production", perSecond: 15 },
};

/** Builds the demo under `directory`: its repository, the fleet with 1.4.0 live on every machine, and its traffic. */
export async function createDemoScene(options: {
  readonly directory: string;
  readonly candidate: string;
  /** One of the demo's pipeline files. */
  readonly pipeline: string;
  readonly offline: readonly string[];
  readonly seed: number;
  /** The environment whose wait timer holds the 1-box bake, where one does. */
  readonly bakeEnvironment?: string;
  /** As by `formatClock`. */
  readonly clock: string;
}): Promise<Scene> {
  const fleet = await createFleet({ directory: options.directory, clock: options.clock });
  try {
    const repository = await createDemoRepository({
      directory: join(options.directory, "repository"),
      machines: fleet.hosts,
      machinesDirectory: fleet.directory,
      candidate: options.candidate,
      pipeline: options.pipeline,
      ...(options.bakeEnvironment !== undefined && { bakeEnvironment: options.bakeEnvironment }),
    });
    const checkout = join(options.directory, "baseline");
    await mkdir(checkout);
    await git(repository.directory, "worktree", "add", "--quiet", "--detach", checkout, repository.baseline.commit);
    const baseline = { ...repository.baseline, digest: await buildRelease(fleet, checkout) };
    await git(checkout, "checkout", "--quiet", repository.former.commit);
    const former = { ...repository.former, digest: await buildRelease(fleet, checkout) };
    await deployEverywhere(fleet, checkout, baseline);
    const targets = fleet.hosts.flatMap(({ name, ring, port }) => {
      const traffic = load[ring];
      return traffic === undefined ? [] : [{ name, port, ...traffic }];
    });
    const sender = await startLoad({ seed: options.seed, targets });
    return {
      directory: repository.directory,
      pipelineFile: ".github/pipeline.yml",
      release: repository.candidate,
      history: [former, baseline],
      targets: loadInventory(fleetFile(fleet.hosts), "fleet.yml"),
      machines: [
        ...hostedMachines(3),
        ...[fleet.ci, ...fleet.hosts].map((machine) => ({
          name: machine.name,
          labels: ["self-hosted", machine.name],
          online: !options.offline.includes(machine.name),
          env: fleet.environmentOf(machine),
        })),
      ],
      environment: fleet.environment,
      versions: () => fleet.versions(),
      traffic() {
        const all = Object.values(sender.counts());
        const sum = (key: "sent" | "failed" | "unreachable"): number => all.reduce((total, one) => total + one[key], 0);
        return { sent: sum("sent"), failed: sum("failed"), unreachable: sum("unreachable") };
      },
      async close() {
        await sender.close();
        await fleet.close();
      },
    };
  } catch (error) {
    await fleet.close();
    throw error;
  }
}
