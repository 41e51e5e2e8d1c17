/**
 * The pipeline file as the rest of the house sees it: validated, defaults filled in, durations in milliseconds.
 * Texts that may hold `${name}` are {@link Text}; they are filled by `render` in `text.ts`.
 */

/** A text with `${name}` from the closed list of `text.ts`; every name in it is known to exist. */
export type Text = string;

/** Milliseconds. */
export type Duration = number;

/** A number as written, in base units: `80%` is 0.8, `500ms` is 0.5 (seconds), `1MiB` is 1048576 (bytes), `1MiB per hour` is 291.3 (per second). */
export interface Quantity {
  readonly value: number;
  readonly unit: "" | "%" | "s" | "B";
  /** True for a rate: the value is per second. */
  readonly perSecond: boolean;
  /** As the user wrote it, for reasons and reports. */
  readonly text: string;
}

/** A limit: a quantity, or arithmetic over `${…}` names (`${peak_rps} * ${hosts} / ${prod_hosts}`), evaluated by `evaluate` in `text.ts`. */
export type Bound = Quantity | { readonly expression: Text };

export interface Limits {
  readonly min?: Bound;
  readonly max?: Bound;
}

/** `tolerate: 2 of 5`: up to 2 of the last 5 looks may break the rule. */
export interface Tolerance {
  readonly failures: number;
  readonly of: number;
}

export type Headers = Readonly<Record<string, Text>>;

export type LogFormat = "auto" | "json" | "logfmt" | "syslog" | "access" | "plain";

export type Source =
  | { readonly kind: "files"; readonly name: string; readonly files: Text; readonly format: LogFormat }
  | { readonly kind: "command"; readonly name: string; readonly command: Text; readonly format: LogFormat }
  | { readonly kind: "loki"; readonly name: string; readonly url: Text; readonly headers: Headers }
  | {
      readonly kind: "elasticsearch";
      readonly name: string;
      readonly url: Text;
      readonly headers: Headers;
      readonly index: string;
    }
  | { readonly kind: "prometheus"; readonly name: string; readonly url: Text; readonly headers: Headers }
  | { readonly kind: "scrape"; readonly name: string; readonly url: Text; readonly headers: Headers };

/** What every check has. */
interface CheckBase {
  readonly name: string;
  /** What it means when there are no data; never a pass. */
  readonly noData: "fail" | "inconclusive";
  /** Shown in the report, never counted in the verdict. */
  readonly dryRun: boolean;
  /** Up to so many failed looks of the last so many do not fail a bake. */
  readonly tolerate?: Tolerance;
}

export interface JunitCheck extends CheckBase {
  readonly kind: "junit";
  readonly files: Text;
  readonly minTests: number;
  readonly maxFailures: number;
}

export interface JsonCheck extends CheckBase {
  readonly kind: "json";
  readonly file: Text;
  /** Dotted path to a number, `total.lines.pct`; `"a.b"` in quotes for a key with a dot. */
  readonly value: string;
  readonly limits: Limits;
}

export interface LogsCheck extends CheckBase {
  readonly kind: "logs";
  readonly source: Source;
  /** Error events per event, or per request (a fraction). */
  readonly maxRate?: Quantity;
  /** What the rate is a share of; all events unless said. */
  readonly rateOf?: "requests";
  /** Error events in such a time, `10 per minute`. */
  readonly maxPace?: { readonly count: number; readonly per: Duration; readonly text: string };
  /** Error events in the whole window. */
  readonly maxCount?: number;
  readonly minLines: number;
  /** Fatal events in the whole window. */
  readonly maxFatal?: number;
  /** New kinds of error events allowed. */
  readonly newSignatures?: number;
  /** Machines, files or streams that may fall silent, none unless said. */
  readonly silentHosts?: number | "any";
  /** How long before the deploy is read too, to tell what is new and who fell silent. */
  readonly baseline: Duration;
  /** What to ask a log server for: LogQL for Loki, Lucene's syntax for Elasticsearch. */
  readonly query?: Text;
  /** The effect that a bake has to be able to detect, as a factor: 2 is twice the rate. */
  readonly detect?: number;
  /** Regular expressions: only these events count; these events never count. */
  readonly match?: string;
  readonly ignore?: string;
}

export interface HttpCheck extends CheckBase {
  readonly kind: "http";
  readonly url: Text;
  readonly headers: Headers;
  /** Accepted statuses. */
  readonly status: readonly number[];
  readonly maxLatency?: Quantity;
  /** A text that the body must contain. */
  readonly contains?: Text;
  /** Share of the answers in a bake that may fail (a fraction); without it none may. */
  readonly maxFailures?: Quantity;
  readonly timeout: Duration;
}

export interface RunCheck extends CheckBase {
  readonly kind: "run";
  readonly command: string;
  readonly timeout: Duration;
}

export interface MetricCheck extends CheckBase {
  readonly kind: "metric";
  readonly source: Source;
  /** A query in the source's language; for a scrape source a metric name with optional label matchers, `requests_total{code="500"}`. */
  readonly query: Text;
  /** Exposure: the value is `query / total`, both counted since the last look. */
  readonly total?: Text;
  /** A quantile (0..1) of the histogram named by `query`. */
  readonly quantile?: number;
  readonly limits: Limits;
  readonly slope?: { readonly max?: Quantity; readonly min?: Quantity };
  readonly sigma?: { readonly max: number; readonly history: Duration; readonly sameHour: boolean };
  readonly comparison?: {
    readonly baseline: Baseline;
    readonly worse: "higher" | "lower" | "different";
    readonly tolerance: number;
  };
  /** The effect that a bake has to be able to detect, as a factor: 2 is twice as bad. */
  readonly detect?: number;
}

/** What a candidate is compared with: other targets of the fleet, another query, or both. */
export interface Baseline {
  /** Targets of the fleet, those of the stage left out; the check's own query is read there too. */
  readonly targets?: TargetSelector;
  readonly query?: Text;
  readonly total?: Text;
  /** How long before the deploy both sides are read, for what differed between them already. */
  readonly history?: Duration;
}

export type Check = JunitCheck | JsonCheck | LogsCheck | HttpCheck | RunCheck | MetricCheck;

export interface Window {
  readonly name: string;
  /** Days of the week, 0 = Sunday; all seven where the file names none. */
  readonly days: readonly number[];
  /** Minutes after midnight; an end before the start runs over midnight. */
  readonly from: number;
  readonly to: number;
  /** An IANA zone, or `target`: the zone of each target. */
  readonly zone: string;
}

export interface Freeze {
  /** Inclusive calendar days, `YYYY-MM-DD`, in the zone. */
  readonly from: string;
  readonly to: string;
  readonly zone: string;
  readonly reason: string;
  /** Whether a hotfix may pass it. */
  readonly hotfixes: boolean;
}

/** The layers of a deploy, in the order in which they are deployed; a rollback takes them in reverse. */
export const layers = ["database", "artifact", "fleet", "feature"] as const;
export type Layer = (typeof layers)[number];

/** Commands by layer; a single command in the file is the `artifact` layer. */
export type Commands = Readonly<Partial<Record<Layer, string>>>;

export interface Gate {
  readonly checks: readonly Check[];
  /** How long to go on trying until all checks pass in one sample. */
  readonly timeout: Duration;
  readonly every: Duration;
}

/** What a volume is counted in: the key of the same name in `Observation.values`. */
export type VolumeUnit = "requests" | "lines" | "samples";

export interface Bake {
  readonly checks: readonly Check[];
  readonly for: Duration;
  readonly every: Duration;
  readonly atLeast?: { readonly count: number; readonly unit: VolumeUnit };
  /** The longest that too little volume may extend the bake beyond `for`. */
  readonly extend: Duration;
  /** Probability (0..1) that a healthy candidate is ever stopped by this bake. */
  readonly falseAlarm?: number;
}

/** Which targets of the fleet a stage deploys to. */
export interface TargetSelector {
  readonly ring?: string;
  readonly region?: string;
  readonly names?: readonly string[];
}

export interface Stage {
  readonly name: string;
  /** Absent for a stage of checks only (`source`): no `deploy`, no targets, no environment. */
  readonly environment?: string;
  /** Whether GitHub shows the environment as production. */
  readonly production: boolean;
  /** Labels of the runner for the stage's own jobs (gate, bake, deploy without targets). */
  readonly runsOn: readonly string[];
  readonly deploy?: Commands;
  readonly rollback?: Commands;
  readonly deployTimeout: Duration;
  readonly ready: Gate;
  readonly gate: Gate;
  readonly bake?: Bake;
  /** Whether the environment must have required reviewers. */
  readonly reviewers: boolean;
  readonly window?: Window;
  readonly targets?: TargetSelector;
  readonly oneAtATime?: string;
  readonly waves?: readonly string[];
  readonly orderBy?: string;
  /** Shown as the environment's link. */
  readonly url?: Text;
}

/** One machine or site of the fleet. */
export interface Target {
  readonly name: string;
  readonly ring?: string;
  readonly region?: string;
  readonly zone?: string;
  /** `${address}` in texts: host and port, or host. Equals the name where the file names none. */
  readonly address: string;
  /** Labels of its own runner. */
  readonly labels: readonly string[];
}

export interface Pipeline {
  readonly service: string;
  readonly file: string;
  /** The file's own `values:`, to be added to the names of a text's context. */
  readonly values: Readonly<Record<string, string | number>>;
  readonly stages: readonly Stage[];
  readonly checks: Readonly<Record<string, Check>>;
  readonly freezes: readonly Freeze[];
  /** Path of the inventory file, relative to the workspace, where the pipeline names one. */
  readonly fleet?: string;
}
