import { lastLine } from "../pipeline/format.ts";
import { type Commands, type Layer, layers, type Stage, type Target } from "../pipeline/model.ts";
import { commandEnvironment, type OpenStage, type Subject } from "./stage.ts";
import type { World } from "./world.ts";

/** What has to be run, and where, in order. */
export interface DeployStep {
  readonly layer: Layer;
  readonly command: string;
  /** Absent for a layer that is shared by all targets, and in a stage without targets. */
  readonly target?: Target;
}

/** When in a deploy the layers of a stage with targets are run: shared ones before and after those of each machine. */
export type Moment = "before" | "on-target" | "after";

/**
 * The commands of a deploy in the order of the layers: the database, shared and first; the artifact on each target; then
 * what is shared again, the fleet's balancers and the features. A rollback goes the other way round and leaves the
 * database alone unless the file says how to bring it back, because it has to fit both versions.
 */
export function planDeploy(
  stage: Stage,
  targets: readonly Target[],
  direction: "forward" | "back",
): Record<Moment, readonly DeployStep[]> {
  const commands: Commands =
    direction === "forward" ? (stage.deploy ?? {}) : (stage.rollback ?? withoutDatabase(stage.deploy ?? {}));
  const shared = (layer: Layer): DeployStep[] =>
    commands[layer] === undefined ? [] : [{ layer, command: commands[layer] }];
  const { artifact } = commands;
  const before = layers.slice(0, layers.indexOf("artifact")).flatMap(shared);
  const after = layers.slice(layers.indexOf("artifact") + 1).flatMap(shared);
  const onTarget: DeployStep[] =
    artifact === undefined
      ? []
      : targets.length === 0
        ? [{ layer: "artifact", command: artifact }]
        : targets.map((target) => ({ layer: "artifact", command: artifact, target }));
  return direction === "forward"
    ? { before, "on-target": onTarget, after }
    : { before: after.reverse(), "on-target": onTarget, after: before.reverse() };
}

function withoutDatabase({ database: _, ...rest }: Commands): Commands {
  return rest;
}

/** How running commands ended: done, or the first that failed, in words. */
export type Deployed =
  | { readonly ok: true; readonly steps: number }
  | { readonly ok: false; readonly cancelled: boolean; readonly reason: string };

/** Runs commands one after another and stops at the first that fails. */
export async function runSteps(
  world: World,
  open: OpenStage,
  subject: Subject,
  steps: readonly DeployStep[],
): Promise<Deployed> {
  for (const { layer, command, target } of steps) {
    const where = target ? ` on ${target.name}` : "";
    world.runner.info(`Deploying ${layer} ${subject.candidate.version}${where}: ${command}`);
    const result = await world.runCommand(command, {
      cwd: world.context.workspace,
      env: { ...commandEnvironment(world, open, subject, target), ROCKSOLID_LAYER: layer },
      timeout: open.stage.deployTimeout,
      signal: world.cancelled,
    });
    if (result.exitCode === 0 && !result.stopped) continue;
    const what = `deploy of ${layer}${where}`;
    const said = lastLine(result.tail);
    if (result.stopped === "cancelled") return { ok: false, cancelled: true, reason: `${what} was cancelled` };
    if (result.stopped === "timeout")
      return { ok: false, cancelled: false, reason: `${what} did not end in ${open.stage.deployTimeout / 1_000} s` };
    return {
      ok: false,
      cancelled: false,
      reason: `${what} ended with exit code ${result.exitCode}${said === "" ? "" : `: ${said}`}`,
    };
  }
  return { ok: true, steps: steps.length };
}
