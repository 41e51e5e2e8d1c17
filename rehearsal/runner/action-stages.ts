import type { Action } from "./model.ts";

/** Whether an action has something to do before the job's first step. */
export function hasPre(action: Action): boolean {
  if (action.runs.kind === "node") return action.runs.pre !== undefined;
  return (
    action.runs.kind === "composite" &&
    action.runs.steps.some((step) => step.action !== undefined && !step.action.local && hasPre(step.action))
  );
}

/** Whether an action has something to do after the job's last step. A composite with a `./` step may turn out to have something to do after the job. */
export function hasPost(action: Action): boolean {
  if (action.runs.kind === "node") return action.runs.post !== undefined;
  if (action.runs.kind !== "composite") return false;
  return action.runs.steps.some((step) => (step.action ? hasPost(step.action) : step.uses !== undefined));
}
