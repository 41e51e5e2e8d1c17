import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { loadInventory } from "../src/fleet/inventory.ts";
import { loadPipeline } from "../src/pipeline/parse.ts";
import { ConfigurationError, messageOf } from "../src/platform/errors.ts";
import { git } from "./fleet/repository.ts";
import type { RunnerMachine } from "./runner/types.ts";
import { hostedMachines, type Scene } from "./scene.ts";

const PIPELINE = ".github/pipeline.yml";

/** The version of a repository's newest commit where no tag names one. */
const UNTAGGED = "0.0.0-rehearsal";

/**
 * A user's own repository, of which a clone is rehearsed, so that nothing is written to it. Its fleet's targets and the
 * labels that its stages name become runners of this machine. The candidate is the newest commit; nothing is live before.
 * @throws ConfigurationError where it is no git repository, has no commit or no valid pipeline file.
 */
export async function createOwnScene(options: {
  readonly directory: string;
  readonly repository: string;
  readonly offline: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}): Promise<Scene> {
  const directory = join(options.directory, "repository");
  try {
    await git(options.directory, "clone", "--quiet", "--no-hardlinks", options.repository, directory);
  } catch (error) {
    const said = error instanceof Error && "stderr" in error ? String(error.stderr).trim() : messageOf(error);
    throw new ConfigurationError(`--repo ${options.repository} cannot be cloned: ${messageOf(said)}`);
  }
  const commit = await git(directory, "rev-parse", "--verify", "HEAD").catch(() => {
    throw new ConfigurationError(`--repo ${options.repository} has no commit yet: commit what shall be rehearsed`);
  });
  const tags = (await git(directory, "tag", "--points-at", "HEAD", "--sort=-version:refname"))
    .split("\n")
    .filter(Boolean);
  const tag = tags.find((name) => /^v\d/.test(name)) ?? tags[0] ?? `v${UNTAGGED}`;
  if (tags.length === 0) await git(directory, "tag", tag);

  const file = join(directory, PIPELINE);
  if (!existsSync(file)) {
    throw new ConfigurationError(
      `--repo ${options.repository} has no ${PIPELINE} in its newest commit: add it and commit`,
    );
  }
  const { pipeline } = loadPipeline(await readFile(file, "utf8"), PIPELINE);
  const targets =
    pipeline.fleet === undefined
      ? []
      : loadInventory(await readFile(join(directory, pipeline.fleet), "utf8"), pipeline.fleet);
  const machines: RunnerMachine[] = [
    ...hostedMachines(3),
    ...targets.map(({ name, labels }) => ({ name, labels, online: !options.offline.includes(name) })),
  ];
  for (const { name, runsOn } of pipeline.stages) {
    const taken = machines.some((machine) => runsOn.every((label) => machine.labels.includes(label)));
    if (!taken) machines.push({ name: `runner-of-${name}`, labels: runsOn });
  }
  return {
    directory,
    pipelineFile: PIPELINE,
    release: { version: tag.replace(/^v(?=\d)/, ""), commit, ref: `refs/tags/${tag}` },
    history: [],
    targets,
    machines,
    environment: options.environment,
    // Their addresses may be those of real machines, which a rehearsal has no business to ask.
    versions: async () => Object.fromEntries(targets.map(({ name }) => [name, null])),
    traffic: () => ({ sent: 0, failed: 0, unreachable: 0 }),
    async close() {},
  };
}
