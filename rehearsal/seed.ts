import type { Ledger } from "../src/ledger/ledger.ts";
import { SCHEMA } from "../src/ledger/record.ts";
import type { Pipeline } from "../src/pipeline/model.ts";
import type { Release } from "./fleet/repository.ts";
import type { EmbeddedGitHub } from "./github/ports.ts";

/** Who reviews deployments in a rehearsal. */
export const REVIEWER = "release-manager";
/** Who pushes tags and starts workflows. */
export const ACTOR = "developer";

/** Creates the pipeline's environments as their owner would, with a reviewer where the pipeline file demands one. */
export function createEnvironments(github: EmbeddedGitHub, pipeline: Pipeline): void {
  for (const { environment, reviewers } of pipeline.stages) {
    if (environment === undefined) continue;
    github.administration.createEnvironment({ name: environment, ...(reviewers && { reviewers: [REVIEWER] }) });
  }
}

/** Writes the ledger of an earlier run that brought `release` through every stage. Answers that run's id. */
export async function seedLedger(
  github: EmbeddedGitHub,
  ledger: Ledger,
  pipeline: Pipeline,
  release: Release & { readonly digest: string },
): Promise<number> {
  const run = github.actions.createRun({
    workflow: ".github/workflows/pipeline.yml",
    name: "pipeline",
    event: "push",
    ref: release.ref,
    sha: release.commit,
    actor: ACTOR,
  });
  for (const stage of pipeline.stages) {
    if (stage.environment === undefined) continue;
    const record = await ledger.create({
      environment: stage.environment,
      production: stage.production,
      description: `${pipeline.service} ${release.version}`,
      payload: {
        schema: SCHEMA,
        service: pipeline.service,
        stage: stage.name,
        kind: "promotion",
        candidate: { version: release.version, commit: release.commit, digest: release.digest },
        run: {
          id: run.id,
          attempt: run.attempt,
          url: `${github.url}/${github.repository}/actions/runs/${run.id}/attempts/${run.attempt}`,
        },
        actor: ACTOR,
      },
    });
    await ledger.append(record.id, { state: "in_progress", description: "deployed before this rehearsal" });
    await ledger.append(record.id, { state: "success", description: "released before this rehearsal" });
  }
  github.actions.updateRun(run.id, "completed", "success");
  return run.id;
}
