import { type Folded, fold, type History, stepOf, steps } from "../../src/ledger/fold.ts";
import type { DeploymentRecord } from "../../src/ledger/record.ts";
import type { House } from "./house.ts";

const ends = new Set(["success", "failure", "error"]);

/**
 * What is wrong with the order of a record's statuses: its steps never go back and are said once (a bake may tell its
 * progress often), it ends once, and after its end only `inactive` follows, once.
 */
export function disorder(record: DeploymentRecord): string[] {
  const problems: string[] = [];
  const name = `deployment ${record.id} (${record.payload.kind} ${record.payload.candidate.version})`;
  let furthest = -1;
  let ended: string | undefined;
  const said = new Set<string>();
  for (const { state, description } of record.statuses) {
    const text = `${state}: ${description}`;
    // Another run's word, which may come at any instant of this one's life.
    if (description.startsWith("superseded by")) continue;
    if (ended === "inactive") problems.push(`${name} says "${text}" after it was inactive`);
    if (ends.has(state)) {
      if (ended !== undefined) problems.push(`${name} ends twice: ${ended}, then "${text}"`);
      ended = state;
      continue;
    }
    if (state === "inactive") {
      ended = "inactive";
      continue;
    }
    if (ended !== undefined) problems.push(`${name} says "${text}" after its ${ended}`);
    const step = stepOf(description);
    const rank = step === undefined ? -1 : steps.indexOf(step);
    if (rank < furthest) problems.push(`${name} goes back to "${text}"`);
    if (rank === furthest && step !== "baking") problems.push(`${name} says "${text}" twice`);
    if (said.has(text)) problems.push(`${name} says "${text}" twice`);
    said.add(text);
    furthest = Math.max(furthest, rank);
  }
  return problems;
}

const keyOf = ({ payload: { run, stage, kind, candidate } }: DeploymentRecord): string =>
  [run.id, stage, kind, candidate.version].join(" ");

const gaveWay = (record: DeploymentRecord): boolean =>
  record.statuses.some(({ description }) => description.startsWith("gave way"));

/** What no kill, race or weather may ever bring about, whatever came of the candidate. */
export async function broken(house: House): Promise<string[]> {
  const records = await house.records();
  const problems = [...house.github.administration.violations, ...records.flatMap(disorder)];
  for (const stage of ["beta", "prod"]) {
    const history = fold(records.filter(({ payload }) => payload.stage === stage));
    for (const { id, payload, step } of history.inFlight)
      problems.push(`deployment ${id} of ${payload.candidate.version} was left in flight (${step ?? "no step"})`);
    const live = history.live?.payload.candidate.version;
    // A rollback that failed, and a job that a person cancelled, leave machines that may run anything: the ledger knows no better.
    const newest = history.records.find(({ touched }) => touched);
    const unknown =
      newest !== undefined &&
      newest.outcome !== "good" &&
      (newest.payload.kind === "rollback" || newest.ending?.startsWith("cancelled"));
    if (live !== house.live[stage] && !unknown)
      problems.push(`the ledger says that ${live ?? "nothing"} is live in ${stage}, and ${house.live[stage]} is`);
    problems.push(...doubled(history));
  }
  const holds = await house.holds();
  if (new Set(holds).size !== holds.length) problems.push(`a failure is held twice: ${holds.join(", ")}`);
  return problems;
}

/** Steps that have more than one record: of those that a run made for the same step, at most one counts. */
function doubled({ records }: History): string[] {
  const seen = new Map<string, Folded>();
  const problems: string[] = [];
  for (const record of records) {
    // What a dead job left and GitHub's own word closed is not the step that its next attempt makes.
    if (record.outcome === "broken" || gaveWay(record)) continue;
    const before = seen.get(keyOf(record));
    if (before) problems.push(`deployments ${record.id} and ${before.id} are of the same step: ${keyOf(record)}`);
    seen.set(keyOf(record), record);
  }
  return problems;
}

/** One line for each record: `beta promotion 1.5.0: queued admitted, in_progress deploying, …, success`. */
export async function standing(house: House): Promise<string[]> {
  return (await house.records()).map(({ payload, statuses }) => {
    const words = statuses.map(({ state, description }) => {
      const step = stepOf(description);
      return state === "queued" || state === "in_progress" ? (step ?? state) : state;
    });
    const once = words.filter((word, index) => !(word === "baking" && words[index - 1] === "baking"));
    return `${payload.stage} ${payload.kind} ${payload.candidate.version}: ${once.join(" ")}`;
  });
}
