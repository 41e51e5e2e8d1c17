import { parseDuration } from "./durations.ts";
import type {
  Bake,
  Baseline,
  Bound,
  Check,
  Commands,
  Duration,
  Freeze,
  Gate,
  Limits,
  MetricCheck,
  Pipeline,
  Quantity,
  Source,
  Stage,
  TargetSelector,
  Tolerance,
  VolumeUnit,
  Window,
} from "./model.ts";
import { parseQuantity } from "./quantities.ts";
import { checkKind, sourceKind } from "./raw.ts";
import type { CheckInput, GateInput, PipelineInput, SourceInput, StageInput } from "./schema.ts";

const DAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

/** A value of the grammar that `unsupported.ts` should have refused; it is refused all the same. */
export class NotSupported extends Error {
  readonly path: readonly string[];
  constructor(path: readonly string[], feature: string) {
    super(`not supported yet: ${feature}`);
    this.path = path;
  }
}

/**
 * The pipeline as the rest of the house sees it: defaults filled in, names resolved, units in base units. Expects a file
 * without mistakes, as `parse.ts` has it at hand.
 * @throws NotSupported for a part of the grammar that nothing implements.
 */
export function normalise(input: PipelineInput, file: string): Pipeline {
  const sources = mapValues(input.sources ?? {}, sourceOf);
  const checks = mapValues(input.checks ?? {}, (check, name) => checkOf(check, name, sources));
  const windows = mapValues(input.windows ?? {}, windowOf);
  return {
    service: input.service,
    file,
    values: mapValues(input.values ?? {}, (value) => value),
    stages: input.stages.map((stage) => stageOf(stage, checks, windows)),
    checks,
    freezes: (input.freezes ?? []).map(
      (freeze): Freeze => ({
        from: freeze.from,
        to: freeze.to,
        reason: freeze.reason,
        zone: freeze.zone ?? "UTC",
        hotfixes: freeze.hotfixes ?? false,
      }),
    ),
    ...(input.fleet === undefined ? {} : { fleet: fleetOf(input.fleet) }),
  };
}

/** Has no prototype, so that looking up `constructor` finds nothing. */
function mapValues<V, R>(record: Readonly<Record<string, V>>, map: (value: V, key: string) => R): Record<string, R> {
  const result: Record<string, R> = Object.create(null);
  for (const key of Object.keys(record).sort()) result[key] = map(record[key] as V, key);
  return result;
}

function known<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`${what} passed the rules and cannot be read`);
  return value;
}

function duration(text: string): Duration {
  return known(parseDuration(text), text);
}

const PERIODS: Readonly<Record<string, number>> = { second: 1_000, minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/** A number in a time as it was written: 60 per hour allow 60 in the first minute, and 1 per minute do not. */
function paceOf({ value, text }: Quantity): { count: number; per: number; text: string } {
  const per = PERIODS[/ per (\w+)$/.exec(text)?.[1] ?? ""] ?? 1_000;
  return { count: (value * per) / 1_000, per, text };
}

function quantity(written: string | number): Quantity {
  return known(parseQuantity(written), String(written));
}

function fleetOf(fleet: NonNullable<PipelineInput["fleet"]>): string {
  if (typeof fleet !== "string") throw new NotSupported(["fleet"], "a fleet listed from its runners");
  return fleet;
}

function sourceOf(source: NonNullable<PipelineInput["sources"]>[string], name: string): Source {
  const kind = sourceKind(source);
  switch (kind) {
    case "files": {
      const { files, format = "auto" } = source as SourceInput["files"];
      return { kind, name, files, format };
    }
    case "scrape": {
      const { scrape, headers } = source as SourceInput["scrape"];
      return { kind, name, url: scrape, headers: mapValues(headers ?? {}, (value) => value) };
    }
    case "command": {
      const { command, format = "auto" } = source as SourceInput["command"];
      return { kind, name, command, format };
    }
    case "loki": {
      const { loki, headers } = source as SourceInput["loki"];
      return { kind, name, url: loki, headers: mapValues(headers ?? {}, (value) => value) };
    }
    case "elasticsearch": {
      const { elasticsearch, index, headers } = source as SourceInput["elasticsearch"];
      return { kind, name, url: elasticsearch, index, headers: mapValues(headers ?? {}, (value) => value) };
    }
    case "prometheus": {
      const { prometheus, headers } = source as SourceInput["prometheus"];
      return { kind, name, url: prometheus, headers: mapValues(headers ?? {}, (value) => value) };
    }
    default:
      throw new NotSupported(["sources", name], `sources of kind ${kind}`);
  }
}

function boundOf(written: string | number): Bound {
  return parseQuantity(written) ?? { expression: String(written) };
}

function limitsOf(check: { min?: string | number | undefined; max?: string | number | undefined }): Limits {
  return {
    ...(check.min === undefined ? {} : { min: boundOf(check.min) }),
    ...(check.max === undefined ? {} : { max: boundOf(check.max) }),
  };
}

function toleranceOf(text: string): Tolerance {
  const [failures, of] = text.split(" of ").map(Number);
  return { failures: known(failures, text), of: known(of, text) };
}

type AnyCheck = NonNullable<PipelineInput["checks"]>[string];

function checkOf(check: AnyCheck, name: string, sources: Readonly<Record<string, Source>>): Check {
  const kind = checkKind(check);
  const base = {
    name,
    noData: check["no-data"] ?? "fail",
    dryRun: check["dry-run"] ?? false,
    ...(check.tolerate === undefined ? {} : { tolerate: toleranceOf(check.tolerate) }),
  } as const;
  switch (kind) {
    case "junit": {
      const input = check as CheckInput["junit"];
      return {
        ...base,
        kind,
        files: input.junit,
        minTests: input["min-tests"] ?? 1,
        maxFailures: input["max-failures"] ?? 0,
      };
    }
    case "json": {
      const input = check as CheckInput["json"];
      return { ...base, kind, file: input.json, value: input.value, limits: limitsOf(input) };
    }
    case "logs": {
      const input = check as CheckInput["logs"];
      const { "max-rate": maxRate, "max-count": maxCount, of } = input.errors ?? {};
      const rate = maxRate === undefined ? undefined : quantity(maxRate);
      return {
        ...base,
        kind,
        source: known(sources[input.logs], input.logs),
        minLines: input["min-lines"] ?? 1,
        baseline: duration(input.baseline ?? "1h"),
        ...(input.query === undefined ? {} : { query: input.query }),
        ...(input["new-signatures"] === undefined ? {} : { newSignatures: input["new-signatures"] }),
        silentHosts: input["silent-hosts"] ?? 0,
        ...(input.fatal === undefined ? {} : { maxFatal: input.fatal }),
        ...(rate === undefined ? {} : rate.perSecond ? { maxPace: paceOf(rate) } : { maxRate: rate }),
        ...(of === "requests" ? { rateOf: of } : {}),
        ...(maxCount === undefined ? {} : { maxCount }),
        ...(input.detect === undefined ? {} : { detect: factorOf(input.detect) }),
        ...(input.match === undefined ? {} : { match: input.match }),
        ...(input.ignore === undefined ? {} : { ignore: input.ignore }),
      };
    }
    case "http": {
      const input = check as CheckInput["http"];
      const status = input.status ?? 200;
      return {
        ...base,
        kind,
        url: input.http,
        headers: mapValues(input.headers ?? {}, (value) => value),
        status: typeof status === "number" ? [status] : status,
        timeout: duration(input.timeout ?? "10s"),
        ...(input["max-latency"] === undefined ? {} : { maxLatency: quantity(input["max-latency"]) }),
        ...(input.contains === undefined ? {} : { contains: input.contains }),
        ...(input["max-failures"] === undefined ? {} : { maxFailures: quantity(input["max-failures"]) }),
      };
    }
    case "run": {
      const input = check as CheckInput["run"];
      return { ...base, kind, command: input.run, timeout: duration(input.timeout ?? "10m") };
    }
    case "metric": {
      const input = check as CheckInput["metric"];
      const { slope, sigma, baseline } = input;
      return {
        ...base,
        kind,
        source: known(sources[input.metric], input.metric),
        query: input.query,
        limits: limitsOf(input),
        ...(input.total === undefined ? {} : { total: input.total }),
        ...(input.quantile === undefined ? {} : { quantile: input.quantile }),
        ...(slope === undefined ? {} : { slope: slopeOf(slope) }),
        ...(sigma === undefined
          ? {}
          : {
              sigma: { max: sigma.max, history: duration(sigma.history), sameHour: sigma["same-hour"] ?? false },
            }),
        ...(baseline === undefined
          ? {}
          : {
              comparison: {
                baseline: baselineOf(baseline),
                worse: input.worse ?? "higher",
                tolerance: quantity(input.tolerance ?? 0).value,
              },
            }),
        ...(input.detect === undefined ? {} : { detect: factorOf(input.detect) }),
      };
    }
    default:
      throw new NotSupported(["checks", name], `checks of kind ${kind}`);
  }
}

type MetricInput = CheckInput["metric"];

function slopeOf({ min, max }: NonNullable<MetricInput["slope"]>): NonNullable<MetricCheck["slope"]> {
  return {
    ...(min === undefined ? {} : { min: quantity(min) }),
    ...(max === undefined ? {} : { max: quantity(max) }),
  };
}

function baselineOf(input: NonNullable<MetricInput["baseline"]>): Baseline {
  const { query, total, history } = input;
  const targets = targetsOf(input);
  return {
    ...(Object.keys(targets).length === 0 ? {} : { targets }),
    ...(query === undefined ? {} : { query }),
    ...(total === undefined ? {} : { total }),
    ...(history === undefined ? {} : { history: duration(history) }),
  };
}

/** `2x` as 2. */
function factorOf(written: string): number {
  return Number(written.slice(0, -1));
}

/** Throws for keys that are said and that the model does not carry: a line deleted from `unsupported.ts` too early must not let them through. */
function refuse<T extends object>(path: readonly string[], input: T, keys: readonly (keyof T & string)[]): void {
  for (const key of keys) if (input[key] !== undefined) throw new NotSupported([...path, key], key);
}

function windowOf(window: NonNullable<PipelineInput["windows"]>[string], name: string): Window {
  if (window.zone === "target") throw new NotSupported(["windows", name, "zone"], "windows in the zone of each target");
  const written = window.days ?? "sun-sat";
  const days = (typeof written === "string" ? [written] : written).flatMap(daysOf);
  const [from, to] = (window.hours ?? "00:00-24:00").split("-").map((time) => {
    const [hours, minutes] = time.split(":").map(Number);
    return known(hours, time) * 60 + known(minutes, time);
  });
  return {
    name,
    days: [...new Set(days)].sort(),
    from: known(from, "hours"),
    to: known(to, "hours"),
    zone: window.zone ?? "UTC",
  };
}

/** `mon-thu` as numbers; `sat-mon` goes over the end of the week. */
function daysOf(range: string): number[] {
  const [first, last = first] = range.split("-").map((day) => DAYS.indexOf(day));
  const start = known(first, range);
  const length = (known(last, range) - start + 7) % 7;
  return Array.from({ length: length + 1 }, (_, index) => (start + index) % 7);
}

function commandsOf(written: NonNullable<StageInput["deploy"]>): Commands {
  if (typeof written === "string") return { artifact: written };
  const commands: { -readonly [L in keyof Commands]: string } = {};
  for (const layer of ["database", "artifact", "fleet", "feature"] as const) {
    const command = written[layer];
    if (command !== undefined) commands[layer] = command;
  }
  return commands;
}

function gateOf(written: GateInput | undefined, checks: Readonly<Record<string, Check>>): Gate {
  const input = Array.isArray(written) ? { checks: written } : (written ?? { checks: [] });
  return {
    checks: input.checks.map((name) => known(checks[name], name)),
    timeout: duration(input.timeout ?? "10m"),
    // A gate shorter than the default looks at least once more before it gives up.
    every:
      input.every === undefined ? Math.min(duration("30s"), duration(input.timeout ?? "10m")) : duration(input.every),
  };
}

function bakeOf(input: NonNullable<StageInput["bake"]>, checks: Readonly<Record<string, Check>>): Bake {
  const length = duration(input.for);
  const volume = input["at-least"]?.split(" ");
  const falseAlarm = input["false-alarm"];
  return {
    checks: input.checks.map((name) => known(checks[name], name)),
    for: length,
    every:
      input.every === undefined
        ? Math.max(1, Math.min(duration("5m"), Math.floor(length / 12)))
        : duration(input.every),
    extend: input.extend === undefined ? length : duration(input.extend),
    ...(falseAlarm === undefined ? {} : { falseAlarm: quantity(falseAlarm).value }),
    ...(volume === undefined ? {} : { atLeast: { count: Number(volume[0]), unit: volume[1] as VolumeUnit } }),
  };
}

function targetsOf(input: Pick<NonNullable<StageInput["targets"]>, "ring" | "region" | "names">): TargetSelector {
  return {
    ...(input.ring === undefined ? {} : { ring: input.ring }),
    ...(input.region === undefined ? {} : { region: input.region }),
    ...(input.names === undefined ? {} : { names: typeof input.names === "string" ? [input.names] : input.names }),
  };
}

const PRODUCTION = ["prod", "production", "one-box"];

function stageOf(
  input: StageInput,
  checks: Readonly<Record<string, Check>>,
  windows: Readonly<Record<string, Window>>,
): Stage {
  refuse(["stages"], input, ["waves", "one-at-a-time", "order-by"]);
  const labels = input["runs-on"] ?? "ubuntu-latest";
  const environment = input.name === "source" ? undefined : (input.environment ?? input.name);
  return {
    name: input.name,
    ...(environment === undefined ? {} : { environment }),
    production: input.production ?? PRODUCTION.includes(input.name),
    reviewers: input.reviewers ?? false,
    runsOn: typeof labels === "string" ? [labels] : labels,
    ...(input.deploy === undefined ? {} : { deploy: commandsOf(input.deploy) }),
    ...(input.rollback === undefined ? {} : { rollback: commandsOf(input.rollback) }),
    deployTimeout: duration(input["deploy-timeout"] ?? "30m"),
    ready: gateOf(input.ready, checks),
    gate: gateOf(input.gate, checks),
    ...(input.bake === undefined ? {} : { bake: bakeOf(input.bake, checks) }),
    ...(input.window === undefined ? {} : { window: known(windows[input.window], input.window) }),
    ...(input.targets === undefined ? {} : { targets: targetsOf(input.targets) }),
    ...(input.url === undefined ? {} : { url: input.url }),
  };
}
