import { selectTargets } from "../fleet/inventory.ts";
import type { Check, MetricCheck, Target } from "../pipeline/model.ts";
import { ConfigurationError, messageOf } from "../platform/errors.ts";
import type { Sample, Side } from "../verdict/series/types.ts";
import { sourceTexts } from "./logs.ts";
import { metricScrape } from "./metric-scrape.ts";
import { inParallel } from "./parallel.ts";
import { placeOf } from "./place.ts";
import {
  defineReader,
  type EvidencePorts,
  type Look,
  namesTarget,
  type Reader,
  type Reading,
  type Scope,
} from "./reader.ts";
import { valuesOf } from "./sides.ts";

type Controlled = MetricCheck & { readonly comparison: NonNullable<MetricCheck["comparison"]> };

const AT_ONCE = 16;

/**
 * A metric of scraped pages beside a control. Every target of the stage is a machine of the candidate, every target that
 * `baseline` chooses (those of the stage left out) one of the control; both are read in the same look with the same
 * query and total, unless `baseline` has its own. Each page is read as `metric-scrape` reads it. Observed once for the
 * stage, as `samples` and the `values` of `valuesOf`. A machine of the candidate that cannot be read, or has no data,
 * makes the observation so; of the control, only when all are.
 */
export const metricControl = defineReader<Controlled>({
  is: (check: Check): check is Controlled =>
    check.kind === "metric" && check.source.kind === "scrape" && check.comparison !== undefined,
  perTarget: () => false,
  open: (check, { scope }, ports): Reader => {
    const { baseline } = check.comparison;
    const candidate = machinesOf(check, scope.targets, scope, ports);
    const control = machinesOf(
      {
        ...check,
        query: baseline.query ?? check.query,
        ...(check.total !== undefined && { total: baseline.total ?? check.total }),
      },
      baseline.targets === undefined ? scope.targets : controlTargets(check, scope),
      scope,
      ports,
    );
    return {
      async read(look) {
        const [ours, theirs] = await Promise.all([readAll(candidate, look), readAll(control, look)]);
        return put(check, look.until, ours, theirs);
      },
    };
  },
});

function controlTargets(check: Controlled, { fleet = [], targets }: Scope): readonly Target[] {
  const own = new Set(targets.map(({ name }) => name));
  const chosen = selectTargets(fleet, check.comparison.baseline.targets ?? {}).filter(({ name }) => !own.has(name));
  if (chosen.length > 0) return chosen;
  throw new ConfigurationError(
    "baseline chooses no target of the fleet besides those of the stage: there is no control",
  );
}

interface Machine {
  readonly name: string | undefined;
  readonly reader: Reader;
}

function machinesOf(
  check: Controlled,
  targets: readonly Target[],
  scope: Scope,
  ports: EvidencePorts,
): readonly Machine[] {
  const { comparison: _, ...alone } = check;
  const perTarget = namesTarget([...sourceTexts(check.source), check.query, check.total ?? ""]);
  const places = perTarget ? targets.map((target) => placeOf(scope, target)) : [placeOf(scope)];
  return places.map((place) => ({ name: place.target?.name, reader: metricScrape.open(alone, place, ports) }));
}

interface Read {
  readonly machine: string | undefined;
  readonly reading: Reading;
}

function readAll(machines: readonly Machine[], look: Look): Promise<readonly Read[]> {
  return inParallel(machines, AT_ONCE, async ({ name, reader }): Promise<Read> => {
    try {
      return { machine: name, reading: await reader.read(look) };
    } catch (error) {
      return { machine: name, reading: { values: {}, points: 0, unreadable: messageOf(error) } };
    }
  });
}

function put(check: Controlled, at: number, ours: readonly Read[], theirs: readonly Read[]): Reading {
  const counted = check.total !== undefined;
  const samples = [...samplesOf(ours, "candidate", at, counted), ...samplesOf(theirs, "baseline", at, counted)];
  const values = valuesOf(samples, counted);
  const points = counted ? (values["total"] ?? 0) : samples.filter(({ side }) => side === "candidate").length;
  const base = { values, points, ...(samples.length > 0 && { samples }) };

  const unreadable = ours.find(({ reading }) => reading.unreadable !== undefined);
  if (unreadable) return { ...base, unreadable: told(unreadable, "unreadable") };
  const silent = theirs.filter(({ reading }) => reading.unreadable !== undefined);
  if (silent[0] && silent.length === theirs.length)
    return { ...base, unreadable: `no machine of the baseline can be read: ${told(silent[0], "unreadable")}` };
  const absent = ours.find(isAbsent);
  if (absent) return { ...base, absent: told(absent, "absent") };
  const missing = theirs.find(isAbsent);
  if (missing && theirs.every((one) => isAbsent(one) || one.reading.unreadable !== undefined))
    return { ...base, absent: `baseline: ${told(missing, "absent")}` };
  const pending = ours.find(({ reading }) => reading.pending !== undefined)?.reading.pending;
  if (pending !== undefined) return { ...base, pending };
  const quiet = ours.find(({ reading }) => reading.absent !== undefined);
  const lost = silent[0] && {
    note: `${silent.length} of ${theirs.length} machines of the baseline left out: ${told(silent[0], "unreadable")}`,
  };
  return { ...base, ...(points === 0 && quiet && { absent: told(quiet, "absent") }), ...lost };
}

/** Without data although asked; a counter that has not grown is an answer. */
function isAbsent({ reading }: Read): boolean {
  return reading.absent !== undefined && reading.values["requests"] !== 0;
}

function told({ machine, reading }: Read, what: "unreadable" | "absent"): string {
  return `${machine === undefined ? "" : `${machine}: `}${reading[what] ?? ""}`;
}

function samplesOf(reads: readonly Read[], side: Side, at: number, counted: boolean): Sample[] {
  return reads.flatMap(({ machine, reading: { values, pending, unreadable } }) => {
    const value = counted ? values["events"] : values["value"];
    if (pending !== undefined || unreadable !== undefined || value === undefined) return [];
    return [
      { side, at, value, ...(counted && { total: values["total"] ?? 0 }), ...(machine !== undefined && { machine }) },
    ];
  });
}
