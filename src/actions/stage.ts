import { parseInventory, selectTargets } from "../fleet/inventory.ts";
import type { Folded, History } from "../ledger/fold.ts";
import type { Candidate, DeploymentRecord, Kind } from "../ledger/record.ts";
import type { Pipeline, Stage, Target } from "../pipeline/model.ts";
import { nearest } from "../pipeline/nearest.ts";
import { loadPipeline } from "../pipeline/parse.ts";
import { formatProblem, problemsError } from "../pipeline/problem.ts";
import { commandVariables, type TextContext } from "../pipeline/text.ts";
import { ConfigurationError } from "../platform/errors.ts";
import type { CommonInputs } from "./inputs.ts";
import { readWorkspaceFile, type World } from "./world.ts";

/** A stage with the pipeline and the targets that it stands in. */
export interface OpenStage {
  readonly pipeline: Pipeline;
  readonly stage: Stage;
  /** The stage's targets; empty for a stage without. */
  readonly targets: readonly Target[];
  /** All targets of the fleet; empty without one. */
  readonly fleet: readonly Target[];
  /** How many targets the last stage has. */
  readonly prodHosts: number;
}

/** Reads the pipeline file of the workspace, and its fleet. */
export function openPipeline(world: World, file: string): { pipeline: Pipeline; fleet: readonly Target[] } {
  const { pipeline, warnings } = loadPipeline(readWorkspaceFile(world.context, file, "the pipeline file"), file);
  for (const warning of warnings) world.runner.warning(formatProblem(warning));
  if (pipeline.fleet === undefined) return { pipeline, fleet: [] };
  const inventory = parseInventory(readWorkspaceFile(world.context, pipeline.fleet, "the fleet file"), pipeline.fleet);
  if (!inventory.ok) throw problemsError(inventory.problems);
  return { pipeline, fleet: inventory.targets };
}

/** The stage that the inputs name, with its targets. Throws {@link ConfigurationError} for an unknown stage, or one whose targets are none. */
export function openStage(world: World, inputs: Pick<CommonInputs, "stage" | "pipeline">): OpenStage {
  const { pipeline, fleet } = openPipeline(world, inputs.pipeline);
  const stage = pipeline.stages.find((candidate) => candidate.name === inputs.stage);
  if (!stage) {
    const names = pipeline.stages.map((candidate) => candidate.name);
    const near = nearest(inputs.stage, names);
    throw new ConfigurationError(
      `input "stage" is "${inputs.stage}", and ${inputs.pipeline} has no such stage: ${near ? `did you mean "${near}"? It has` : "it has"} ${names.join(", ")}`,
    );
  }
  return {
    pipeline,
    stage,
    targets: targetsOf(stage, pipeline, fleet),
    fleet,
    prodHosts: targetsOf(pipeline.stages.at(-1), pipeline, fleet).length,
  };
}

function targetsOf(stage: Stage | undefined, pipeline: Pipeline, fleet: readonly Target[]): readonly Target[] {
  if (!stage?.targets) return [];
  const targets = selectTargets(fleet, stage.targets);
  if (targets.length === 0) {
    throw new ConfigurationError(
      `stage "${stage.name}" selects no target of ${pipeline.fleet ?? "the fleet"}: a stage that deploys nowhere never passes`,
    );
  }
  return targets;
}

/** Who and what a step is about, for texts, commands and reports. */
export interface Subject {
  readonly kind: Kind;
  readonly candidate: Candidate;
  readonly previous?: Candidate;
  readonly deployment?: number;
  /** Milliseconds since the epoch: from when on data count. */
  readonly since: number;
}

/** What a record is about. */
export function subjectOf(record: DeploymentRecord, since: number): Subject {
  const { kind, candidate, previous } = record.payload;
  return { kind, candidate, deployment: record.id, since, ...(previous && { previous: previous.candidate }) };
}

/** The values of `${…}` for a stage and what happens in it. */
export function textContext(
  world: World,
  { pipeline, stage, targets, prodHosts }: OpenStage,
  subject: Subject,
): TextContext {
  return {
    names: {
      ...pipeline.values,
      service: pipeline.service,
      stage: stage.name,
      environment: stage.environment ?? "",
      version: subject.candidate.version,
      commit: subject.candidate.commit,
      digest: subject.candidate.digest,
      previous_version: subject.previous?.version ?? "",
      previous_commit: subject.previous?.commit ?? "",
      ...(subject.deployment !== undefined && { deployment_id: subject.deployment }),
      run_id: world.context.run.id,
      since: Math.floor(subject.since / 1_000),
      hosts: targets.length,
      prod_hosts: prodHosts,
    },
    env: world.env,
  };
}

/** The variables that a command gets: every value travels here, and none in the command's text. */
export function commandEnvironment(
  world: World,
  open: OpenStage,
  subject: Subject,
  target?: Target,
): Record<string, string> {
  const { kind, previous } = subject;
  return {
    ...world.variables,
    ...commandVariables(textContext(world, open, subject)),
    ROCKSOLID_KIND: kind,
    ROCKSOLID_PREVIOUS_DIGEST: previous?.digest ?? "",
    ROCKSOLID_TARGETS: open.targets.map(({ name }) => name).join(" "),
    ROCKSOLID_TARGET: target?.name ?? "",
    ROCKSOLID_ADDRESS: target?.address ?? "",
    ROCKSOLID_RING: target?.ring ?? "",
    ROCKSOLID_REGION: target?.region ?? "",
    ROCKSOLID_ZONE: target?.zone ?? "",
  };
}

/** The record that a step belongs to: the one named, else the one in flight in the stage. */
export function findRecord(history: History, deployment: number | undefined, stage: Stage): Folded | undefined {
  if (deployment === undefined) return history.inFlight[0];
  const found = history.records.find((record) => record.id === deployment);
  if (!found)
    throw new ConfigurationError(
      `input "deployment-id" is ${deployment}, and the ledger of "${stage.name}" has no such deployment`,
    );
  return found;
}
