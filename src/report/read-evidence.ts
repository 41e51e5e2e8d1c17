import { z } from "zod";
import { ConfigurationError } from "../platform/errors.ts";
import { phases } from "../verdict/phase.ts";
import { sides } from "../verdict/series/types.ts";
import { EVIDENCE_SCHEMA, type Evidence } from "./evidence.ts";

const number = z.union([z.number(), z.enum(["NaN", "Infinity", "-Infinity"]).transform(Number)]);

const sample = z.strictObject({
  side: z.enum(sides),
  at: number,
  value: number,
  total: number.optional(),
  machine: z.string().optional(),
});

const observation = z.strictObject({
  check: z.string(),
  target: z.string().optional(),
  at: number,
  values: z.record(z.string(), number),
  samples: z.array(sample).optional(),
  points: number,
  unreadable: z.string().optional(),
  absent: z.string().optional(),
  pending: z.string().optional(),
  note: z.string().optional(),
});

const some = number.nullable();

const explanation = z.strictObject({
  check: z.string(),
  target: z.string().optional(),
  phase: z.enum(phases),
  reason: z.string(),
  stoppedAt: some,
  effect: z.strictObject({ ratio: some, difference: some, low: some, high: some }).nullable(),
  firstViolation: z.strictObject({ at: number, value: some, reason: z.string().optional() }).nullable(),
  turnedBy: z.string().nullable(),
  sees: some,
  summary: z.strictObject({ samples: number, min: some, median: some, max: some, gaps: number, ignored: number }),
  looks: number,
});

const kind = z.strictObject({
  id: z.string(),
  template: z.string(),
  count: number,
  before: number,
  first: number,
  last: number,
  sources: z.array(z.string()),
  sample: z.string(),
  coarse: z.boolean().optional(),
});

const logs = z.strictObject({
  check: z.string(),
  target: z.string().optional(),
  lines: number,
  warnings: number,
  errors: number,
  fatal: number,
  requests: number,
  buckets: z.array(z.strictObject({ start: number, lines: number, errors: number, fatal: number, warnings: number })),
  width: number,
  sources: z.array(
    z.strictObject({
      name: z.string(),
      lines: number,
      errors: number,
      fatal: number,
      before: number,
      beforeErrors: number,
    }),
  ),
  newKinds: z.array(kind),
  risenKinds: z.array(kind),
  silent: z.array(
    z.strictObject({ name: z.string(), quiet: number, wroteIn: number, spans: number, span: number, pause: number }),
  ),
  all: z.strictObject({ sources: number, newKinds: number, risenKinds: number, silent: number }),
});

const document = z.strictObject({
  schema: z.literal(EVIDENCE_SCHEMA),
  service: z.string(),
  stage: z.string(),
  candidate: z.strictObject({ version: z.string(), commit: z.string(), digest: z.string() }),
  deployment: z.number().optional(),
  kind: z.enum(["ready", "gate", "bake"]),
  since: number,
  until: number,
  falseAlarm: z.number().optional(),
  final: z.boolean(),
  checks: z.array(
    z.looseObject({ name: z.string(), kind: z.enum(["junit", "json", "logs", "http", "run", "metric"]) }),
  ),
  observations: z.array(observation),
  measurements: z.array(z.strictObject({ phase: z.enum(phases), reason: z.string() })),
  explanations: z.array(explanation).optional(),
  logs: z.array(logs).optional(),
  verdict: z.strictObject({
    phase: z.enum(phases),
    reasons: z.array(z.string()),
    looks: number,
    failed: number,
    span: number,
  }),
  dropped: z.strictObject({ notes: z.number(), looks: z.number() }).optional(),
});

/**
 * Reads a document back. The checks in it are taken as this program wrote them.
 * @throws ConfigurationError that names `file` and every field that is wrong.
 */
export function parseEvidence(json: string, file: string): Evidence {
  let raw: unknown;
  try {
    raw = JSON.parse(json);
  } catch {
    throw new ConfigurationError(`${file} is not JSON: give the evidence file that an action wrote`);
  }
  const parsed = document.safeParse(raw);
  if (parsed.success) return parsed.data as unknown as Evidence;
  const problems = parsed.error.issues
    .slice(0, 5)
    .map(({ path, message }) => `${path.join(".") || "document"}: ${message}`);
  throw new ConfigurationError(`${file} is not an evidence document (${EVIDENCE_SCHEMA}): ${problems.join("; ")}`);
}
