import type { Pipeline, Stage } from "../pipeline/model.ts";
import { opensAt } from "../pipeline/windows.ts";
import type { Folded, History } from "./fold.ts";
import { type Candidate, type Kind, type RunReference, sameCandidate } from "./record.ts";

/** Who wants to bring what where. */
export interface AdmissionRequest {
  readonly stage: Stage;
  readonly candidate: Candidate;
  readonly kind: Kind;
  readonly run: RunReference;
  readonly reason?: string;
  /** A person's reason to let a known-bad candidate or a downgrade pass; recorded. */
  readonly override?: string;
}

/** An open issue that stops a stage. */
export interface Hold {
  readonly number: number;
  readonly title: string;
  readonly url: string;
  /** A stage's name, or `all`. */
  readonly stage: string;
}

/** How commit `a` stands to commit `b`, in the words of GitHub's compare API; `unknown` where it could not be told. */
export type Ancestry = "identical" | "ahead" | "behind" | "diverged" | "unknown";

/** Everything that admission looks at, read beforehand. */
export interface AdmissionFacts {
  readonly pipeline: Pipeline;
  /** One history for each stage that has an environment, by stage name. */
  readonly histories: ReadonlyMap<string, History>;
  /** Whether the stage's environment exists, and whether it has required reviewers; absent where it does not exist. */
  readonly environment?: { readonly reviewers: boolean };
  /** The newest commit status of each stage without an environment, by stage name, for the candidate's commit. */
  readonly statuses: ReadonlyMap<string, string>;
  readonly holds: readonly Hold[];
  /** How the candidate's commit stands to other commits, by commit; what is missing is `unknown`. */
  readonly ancestry: ReadonlyMap<string, Ancestry>;
  /** Commits that the candidate's history declares mended by a `Fixes-bad: <sha>` trailer; full or abbreviated (≥ 7 digits). */
  readonly fixes: readonly string[];
  /** GitHub's time. */
  readonly now: number;
}

/** The answer: exactly one of these, with every reason that was found and not only the first. */
export type Admission =
  /** Go on and create a record. */
  | {
      readonly decision: "admitted";
      readonly previous?: Folded;
      readonly supersedes: readonly Folded[];
      readonly notes: readonly string[];
    }
  /** A record of this very step exists: go on with it. */
  | { readonly decision: "resume"; readonly record: Folded; readonly previous?: Folded }
  /** This candidate is already good and live here: nothing to do. */
  | { readonly decision: "done"; readonly record: Folded }
  /** Not now; at `until` (GitHub's time) it is worth asking again, where that is known. */
  | { readonly decision: "wait"; readonly until?: number; readonly because: readonly string[] }
  | {
      readonly decision: "refused";
      readonly because: readonly string[];
      /** What this very step deployed before, where it still has to be undone. */
      readonly undo?: Folded;
    };

/**
 * Decides whether a candidate may enter a stage. Pure: the same request and facts give the same answer. A rollback is
 * stopped by nothing but a missing environment: neither order, window, freeze, hold, nor a promotion in flight.
 */
export function admit(request: AdmissionRequest, facts: AdmissionFacts): Admission {
  const history = facts.histories.get(request.stage.name) ?? { records: [], inFlight: [] };
  const previous = history.live && { previous: history.live };
  const mine = history.records.find((record) => isSameStep(record, request));
  if (mine?.outcome === "in-flight") return { decision: "resume", record: mine, ...previous };
  if (mine?.outcome === "good" && history.live === mine) return { decision: "done", record: mine };

  const undo = mine && mine.outcome !== "good" && mine.touched && !isUndone(mine, history) ? mine : undefined;

  const environment = environmentProblems(request, facts);
  if (request.kind === "rollback") {
    if (environment.length > 0) return { decision: "refused", because: environment };
    return { decision: "admitted", ...previous, supersedes: history.inFlight, notes: [] };
  }
  if (history.live && sameCandidate(history.live.payload.candidate, request.candidate)) {
    if (history.inFlight.length === 0) return { decision: "done", record: history.live };
  }

  const refusals = [
    ...environment,
    ...orderProblems(request, facts),
    ...identityProblems(request, facts),
    ...knownBad(request, facts),
    ...downgrade(request, facts, history.live),
    ...holds(request, facts),
    ...(undo && isBeingUndone(undo, request, history)
      ? [`this run is rolling deployment ${undo.id} back, and has not finished`]
      : []),
    ...(request.kind === "hotfix" && !request.reason
      ? ['a hotfix needs a reason: write it in the input "reason"']
      : []),
  ];
  if (refusals.length > 0) return { decision: "refused", because: refusals, ...(undo && { undo }) };

  const waits = [...turns(history), ...windows(request, facts)];
  if (waits.length > 0) {
    const ends = waits.map((wait) => wait.until);
    const known = ends.filter((end) => end !== undefined);
    return {
      decision: "wait",
      because: waits.map((wait) => wait.because),
      ...(known.length === ends.length && { until: Math.max(...known) }),
    };
  }
  return { decision: "admitted", ...previous, supersedes: [], notes: overtaken(request, facts) };
}

/** Whether a rollback has undone the record and said so on it, so that nothing is left to do. */
function isUndone(record: Folded, history: History): boolean {
  return (
    record.statuses.some(({ state }) => state === "inactive") &&
    history.records.some((other) => other.payload.undoes === record.id && other.outcome === "good")
  );
}

/** Whether a rollback that this run began, and whose job died, is still open. */
function isBeingUndone(record: Folded, { run }: AdmissionRequest, history: History): boolean {
  return history.inFlight.some(({ payload }) => payload.undoes === record.id && payload.run.id === run.id);
}

/** A record that this run made for this step before: by it, a second attempt finds what the first one began. */
export function isSameStep(record: Folded, request: AdmissionRequest): boolean {
  const { payload } = record;
  return (
    payload.run.id === request.run.id &&
    payload.stage === request.stage.name &&
    payload.kind === request.kind &&
    sameCandidate(payload.candidate, request.candidate)
  );
}

/** Of records in flight at once, the one that owns the environment: the lowest id, so that all who look agree. */
export function owner(history: History): Folded | undefined {
  return history.inFlight[0];
}

/**
 * Whether something that admission looks at has ended in the environment since a record was admitted: then what was
 * decided may not hold any more (the live candidate is another, a candidate turned out bad), and has to be asked again.
 * `asked` is the history that the decision was made on; of a record that a dead job left, only its time is known.
 */
export function isOvertaken(record: Folded, history: History, asked?: History): boolean {
  return history.records.some((other) => {
    if (other.id === record.id || other.outcome === "in-flight" || !other.touched) return false;
    if (!asked) return (endedAt(other) ?? 0) >= record.createdAt;
    return asked.records.find(({ id }) => id === other.id)?.outcome !== other.outcome;
  });
}

function endedAt({ statuses }: Folded): number | undefined {
  return statuses.find(({ state }) => state === "success" || state === "failure" || state === "error")?.at;
}

function environmentProblems({ stage, kind }: AdmissionRequest, { environment }: AdmissionFacts): string[] {
  if (!environment) {
    return [
      `the environment "${stage.environment}" does not exist: create it under Settings → Environments, with its protection rules (GitHub would create it unprotected)`,
    ];
  }
  if (stage.reviewers && !environment.reviewers && kind !== "rollback") {
    return [
      `the environment "${stage.environment}" has no required reviewers, and the pipeline file demands them: add them under Settings → Environments → ${stage.environment}`,
    ];
  }
  return [];
}

function orderProblems({ stage, candidate }: AdmissionRequest, facts: AdmissionFacts): string[] {
  const { stages } = facts.pipeline;
  const before = stages[stages.findIndex((other) => other.name === stage.name) - 1];
  if (!before) return [];
  if (before.environment === undefined) {
    const state = facts.statuses.get(before.name);
    if (state === "success") return [];
    return [
      `${before.name} has not passed for commit ${short(candidate.commit)}: ${state ? `its status is "${state}"` : "it has no status"}`,
    ];
  }
  const records = facts.histories.get(before.name)?.records ?? [];
  const newest = records.find(
    (record) => record.payload.kind !== "rollback" && sameCandidate(record.payload.candidate, candidate),
  );
  if (!newest) return [`${candidate.version} was never deployed to ${before.name}, the stage before`];
  if (newest.outcome === "good") return [];
  const how = { "in-flight": "is still in flight", failed: "failed", broken: "did not finish" }[newest.outcome];
  return [
    `${candidate.version} ${how} in ${before.name}, the stage before${newest.ending ? `: ${newest.ending}` : ""} (deployment ${newest.id})`,
  ];
}

function* allRecords(facts: AdmissionFacts): Generator<Folded> {
  for (const history of facts.histories.values()) yield* history.records;
}

function identityProblems({ candidate }: AdmissionRequest, facts: AdmissionFacts): string[] {
  const problems = new Set<string>();
  for (const { payload, id } of allRecords(facts)) {
    if (payload.candidate.version !== candidate.version) continue;
    if (payload.candidate.digest !== candidate.digest) {
      problems.add(
        `version ${candidate.version} was deployed to ${payload.stage} with digest ${payload.candidate.digest} (deployment ${id}), and this is ${candidate.digest}: a version is one artifact; release the new bytes under a new version`,
      );
    } else if (payload.candidate.commit !== candidate.commit) {
      problems.add(
        `version ${candidate.version} was deployed to ${payload.stage} from commit ${short(payload.candidate.commit)} (deployment ${id}), and this is ${short(candidate.commit)}`,
      );
    }
  }
  return [...problems];
}

/** Bad deployments that count against a stage: failed or rolled back there or in a later stage, and not overridden since. */
export function badRecords(stage: Stage, facts: Pick<AdmissionFacts, "pipeline" | "histories">): Folded[] {
  const { stages } = facts.pipeline;
  const from = stages.findIndex((other) => other.name === stage.name);
  const bad = stages
    .slice(Math.max(from, 0))
    .flatMap((other) => facts.histories.get(other.name)?.records ?? [])
    .filter((record) => record.outcome === "failed" && record.payload.kind !== "rollback");
  const all = [...facts.histories.values()].flatMap((history) => history.records);
  return bad.filter(
    (record) =>
      !all.some(
        (newer) =>
          newer.id > record.id &&
          newer.payload.override !== undefined &&
          sameCandidate(newer.payload.candidate, record.payload.candidate),
      ),
  );
}

function knownBad(request: AdmissionRequest, facts: AdmissionFacts): string[] {
  if (request.override) return [];
  const { candidate } = request;
  const problems: string[] = [];
  const descendants = new Set<string>();
  for (const { payload, id, ending } of badRecords(request.stage, facts)) {
    const bad = payload.candidate;
    const what = `${bad.version} is known bad: it failed or was rolled back in ${payload.stage} (deployment ${id}${ending ? `: ${ending}` : ""})`;
    if (bad.version === candidate.version || bad.digest === candidate.digest || bad.commit === candidate.commit) {
      problems.push(`${what}; release a fix under a new version, or say why it may pass in the input "override"`);
    } else if (!descendants.has(bad.commit)) {
      descendants.add(bad.commit);
      const relation = facts.ancestry.get(bad.commit) ?? "unknown";
      if (facts.fixes.some((fix) => fix.length >= 7 && bad.commit.startsWith(fix.toLowerCase()))) continue;
      if (relation === "ahead") {
        problems.push(
          `${what}, and commit ${short(candidate.commit)} descends from it: add the trailer "Fixes-bad: ${bad.commit}" to the commit that mends it, or say why it may pass in the input "override"`,
        );
      } else if (relation === "unknown") {
        problems.push(`${what}, and GitHub could not say whether commit ${short(candidate.commit)} descends from it`);
      }
    }
  }
  return problems;
}

function downgrade(request: AdmissionRequest, facts: AdmissionFacts, live: Folded | undefined): string[] {
  if (!live || request.override) return [];
  const { version, commit } = live.payload.candidate;
  if (commit === request.candidate.commit) return [];
  const relation = facts.ancestry.get(commit) ?? "unknown";
  if (relation === "ahead" || relation === "identical") return [];
  const why =
    relation === "unknown"
      ? `GitHub could not say how commit ${short(request.candidate.commit)} stands to it`
      : `its commit ${short(commit)} is not an ancestor of ${short(request.candidate.commit)} (${relation})`;
  return [
    `${request.candidate.version} would be a downgrade: ${version} is live, and ${why}; go back with a rollback, or say why it may pass in the input "override"`,
  ];
}

function holds({ stage }: AdmissionRequest, facts: AdmissionFacts): string[] {
  return facts.holds
    .filter((hold) => hold.stage === stage.name || hold.stage === "all")
    .map(
      (hold) =>
        `${stage.name} is on hold: #${hold.number} "${hold.title}" is open; closing it releases the stage (${hold.url})`,
    );
}

interface Wait {
  readonly because: string;
  readonly until?: number;
}

function turns(history: History): Wait[] {
  return history.inFlight.map(({ payload, id }) => ({
    because: `deployment ${id} of ${payload.candidate.version} is in flight (${payload.run.url})`,
  }));
}

function windows({ stage, kind }: AdmissionRequest, { pipeline, now }: AdmissionFacts): Wait[] {
  const freezes = pipeline.freezes.filter(({ hotfixes }) => kind !== "hotfix" || !hotfixes);
  const opening = opensAt(stage.window, freezes, now);
  return opening.open ? [] : [{ because: opening.because, until: opening.until }];
}

/** What a hotfix leaves behind in the stages before: told, not refused. */
function overtaken({ kind, candidate, stage }: AdmissionRequest, facts: AdmissionFacts): string[] {
  if (kind !== "hotfix") return [];
  const notes: string[] = [];
  for (const other of facts.pipeline.stages) {
    if (other.name === stage.name) continue;
    const history = facts.histories.get(other.name);
    const inFlight = history?.inFlight[0]?.payload.candidate.version;
    const live = history?.live?.payload.candidate.version;
    if (inFlight !== undefined && inFlight !== candidate.version) {
      notes.push(`overtakes ${inFlight}, which is in flight in ${other.name}`);
    } else if (live !== undefined && live !== candidate.version) {
      notes.push(`${other.name} is still on ${live}`);
    }
  }
  return notes;
}

function short(commit: string): string {
  return commit.slice(0, 12);
}
