import { ACTIONS_BOT } from "./access.ts";
import { enterEnvironment, markOwnDeployment } from "./gate.ts";
import type { ActionsService, Conclusion } from "./ports.ts";
import type { StatusState } from "./state/deployments.ts";
import { addRun, type JobRecord, type RunRecord } from "./state/runs.ts";
import type { World } from "./world.ts";

/** How a job's end shows on GitHub's own deployment for it. */
const OWN_STATES: Readonly<Record<Conclusion, StatusState>> = {
  success: "success",
  failure: "failure",
  timed_out: "failure",
  cancelled: "error",
  skipped: "inactive",
};

/** The side of the embedded GitHub that the workflow runner talks to. */
export function actionsService(world: World): ActionsService {
  const { records, clock, signals } = world;
  const runOf = (id: number): RunRecord => {
    const run = records.runs.get(id);
    if (run === undefined) throw new Error(`there is no workflow run ${id}`);
    return run;
  };
  const jobOf = (id: number): JobRecord => {
    const job = records.jobs.get(id);
    if (job === undefined) throw new Error(`there is no job ${id}`);
    return job;
  };
  return {
    createRun: (request) => addRun(records, request, clock.now()),
    updateRun(id, status, conclusion) {
      const run = runOf(id);
      records.runs.set(id, { ...run, status, conclusion: conclusion ?? null, updatedAt: clock.now() });
    },
    createJob(request) {
      const now = clock.now();
      const id = records.nextId();
      records.jobs.set(id, {
        ...request,
        id,
        sha: runOf(request.run).request.sha,
        status: "queued",
        conclusion: null,
        runner: undefined,
        createdAt: now,
        startedAt: now,
        completedAt: undefined,
        deployment: undefined,
      });
      return id;
    },
    updateJob(id, status, detail = {}) {
      const job = jobOf(id);
      const now = clock.now();
      records.jobs.set(id, {
        ...job,
        status,
        conclusion: detail.conclusion ?? null,
        runner: detail.runner ?? job.runner,
        startedAt: status === "in_progress" && job.status !== "in_progress" ? now : job.startedAt,
        completedAt: status === "completed" ? now : undefined,
      });
      if (status === "completed" && detail.conclusion !== undefined) {
        markOwnDeployment(world, job, OWN_STATES[detail.conclusion], now);
      }
    },
    issueToken: (grant) => world.tokens.issue({ kind: "job", login: ACTIONS_BOT, ...grant }),
    revokeToken: (token) => world.tokens.revoke(token),
    registerRunner(runner) {
      const id = records.runners.get(runner.name)?.id ?? records.nextId();
      records.runners.set(runner.name, { ...runner, id });
    },
    enterEnvironment: (entry, signal) => enterEnvironment(world, entry, signal),
    onDispatch: (listener) => signals.dispatch.on(listener),
    onCancel: (listener) => signals.cancel.on(listener),
    onRerun: (listener) => signals.rerun.on(listener),
  };
}
