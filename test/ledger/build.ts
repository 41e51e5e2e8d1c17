import type { AdmissionFacts, AdmissionRequest } from "../../src/ledger/admission.ts";
import { fold, type History } from "../../src/ledger/fold.ts";
import type { Candidate, DeploymentRecord, Payload, Status } from "../../src/ledger/record.ts";
import { SCHEMA } from "../../src/ledger/record.ts";
import { loadPipeline } from "../../src/pipeline/parse.ts";

export const now = Date.parse("2026-11-18T12:00:00Z");

export function candidate(version: string, more: Partial<Candidate> = {}): Candidate {
  const digits = version.replaceAll(".", "");
  return { version, commit: digits.padStart(40, "c"), digest: `sha256:${digits.padStart(64, "d")}`, ...more };
}

/** Statuses in a row, a minute apart: `in_progress deployed 1.4.0`. */
export function statuses(...written: string[]): Status[] {
  return written.map((text, index) => {
    const [state, ...description] = text.split(" ");
    return {
      state: state as Status["state"],
      description: description.join(" "),
      at: now - 3_600_000 + index * 60_000,
    };
  });
}

export function record(
  id: number,
  stage: string,
  version: string,
  written: string[],
  payload: Partial<Payload> = {},
): DeploymentRecord {
  return {
    id,
    environment: stage,
    createdAt: now - 7_200_000 + id,
    creator: "github-actions[bot]",
    statuses: statuses(...written),
    payload: {
      schema: SCHEMA,
      service: "storage-node",
      stage,
      kind: "promotion",
      candidate: candidate(version),
      run: { id: 1_000 + id, attempt: 1, url: `https://github.test/runs/${1_000 + id}` },
      actor: "ada",
      ...payload,
    },
  };
}

export const good = ["queued admitted", "in_progress deploying", "in_progress deployed", "success baked"];
export const bad = [
  "queued admitted",
  "in_progress deploying",
  "in_progress deployed",
  "failure errors: rate 2.1% > 0.5%",
];
export const flying = ["queued admitted", "in_progress deploying"];

export const { pipeline } = loadPipeline(
  `
service: storage-node
checks:
  smoke: { run: ./smoke.sh }
stages:
  - { name: source, gate: [smoke] }
  - { name: beta, deploy: ./deploy.sh, gate: [smoke] }
  - { name: one-box, deploy: ./deploy.sh, gate: [smoke] }
  - { name: prod, deploy: ./deploy.sh, gate: [smoke], reviewers: true, window: office }
windows:
  office: { days: mon-thu, hours: "10:00-16:00", zone: UTC }
`,
  ".github/pipeline.yml",
);

export function histories(...records: DeploymentRecord[]): ReadonlyMap<string, History> {
  const stages = ["beta", "one-box", "prod"];
  return new Map(stages.map((stage) => [stage, fold(records.filter((one) => one.payload.stage === stage))]));
}

export function request(stage: string, version: string, more: Partial<AdmissionRequest> = {}): AdmissionRequest {
  const found = pipeline.stages.find(({ name }) => name === stage);
  if (!found) throw new Error(`no stage ${stage}`);
  return {
    stage: found,
    candidate: candidate(version),
    kind: "promotion",
    run: { id: 1, attempt: 1, url: "https://github.test/runs/1" },
    ...more,
  };
}

export function facts(records: DeploymentRecord[], more: Partial<AdmissionFacts> = {}): AdmissionFacts {
  return {
    pipeline,
    histories: histories(...records),
    environment: { reviewers: true },
    statuses: new Map([["source", "success"]]),
    holds: [],
    ancestry: new Map(records.map(({ payload }) => [payload.candidate.commit, "ahead" as const])),
    fixes: [],
    now,
    ...more,
  };
}
