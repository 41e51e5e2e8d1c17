import type { PendingReview } from "./ports.ts";
import { awaitingReview, decide, findEnvironment, mayReview, type Review } from "./state/environments.ts";
import type { World } from "./world.ts";

/** The decisions that runs wait for, one for all jobs of a run at the same environment. */
export function pendingReviews(world: World): PendingReview[] {
  const pending = new Map<string, PendingReview>();
  for (const entry of awaitingReview(world.records)) {
    const environment = findEnvironment(world.records, entry.environment);
    if (environment === undefined) continue;
    const { run } = entry;
    pending.set(`${run} ${environment.id}`, { run, environment: environment.name, reviewers: environment.reviewers });
  }
  return [...pending.values()];
}

/** Records a decision and lets the waiting jobs know. Answers why it is not allowed, undefined when done. */
export function review(world: World, decision: Omit<Review, "at">): string | undefined {
  const actor = world.records.runs.get(decision.run)?.request.actor ?? "";
  for (const name of decision.environments) {
    const environment = findEnvironment(world.records, name);
    const waits = awaitingReview(world.records, decision.run).some(
      (entry) => entry.environment.toLowerCase() === name.toLowerCase(),
    );
    if (environment === undefined || !waits) return `run ${decision.run} has no pending review for ${name}`;
    if (!mayReview(environment, decision.user, actor)) {
      return environment.reviewers.includes(decision.user)
        ? `${environment.name} prevents ${decision.user} from reviewing a run of their own`
        : `${decision.user} is not a reviewer of ${environment.name}`;
    }
  }
  decide(world.records, { ...decision, at: world.clock.now() });
  world.signals.review.emit();
  return undefined;
}
