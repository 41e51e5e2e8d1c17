import type {
  HttpCheck,
  JsonCheck,
  JunitCheck,
  LogsCheck,
  MetricCheck,
  Quantity,
  RunCheck,
} from "../../src/pipeline/model.ts";

/** Checks with the defaults of the pipeline file, for tests. */
const base = { noData: "fail", dryRun: false } as const;

export const percent = (value: number): Quantity => ({
  value: value / 100,
  unit: "%",
  perSecond: false,
  text: `${value}%`,
});
export const plain = (value: number): Quantity => ({ value, unit: "", perSecond: false, text: String(value) });
export const seconds = (value: number, text = `${value}s`): Quantity => ({ value, unit: "s", perSecond: false, text });
export const mebibytes = (value: number): Quantity => ({
  value: value * 2 ** 20,
  unit: "B",
  perSecond: false,
  text: `${value}MiB`,
});

export const logsCheck = (more: Partial<LogsCheck> = {}): LogsCheck => ({
  ...base,
  name: "errors",
  kind: "logs",
  source: { kind: "files", name: "host-logs", files: "*.log", format: "auto" },
  minLines: 100,
  baseline: 3_600_000,
  maxRate: percent(0.5),
  ...more,
});

export const metricCheck = (more: Partial<MetricCheck> = {}): MetricCheck => ({
  ...base,
  name: "cpu",
  kind: "metric",
  source: { kind: "scrape", name: "metrics", url: "http://127.0.0.1:1/metrics", headers: {} },
  query: "cpu_busy",
  limits: { max: percent(80) },
  ...more,
});

export const jsonCheck = (more: Partial<JsonCheck> = {}): JsonCheck => ({
  ...base,
  name: "coverage",
  kind: "json",
  file: "coverage.json",
  value: "total.lines.pct",
  limits: { min: plain(80) },
  ...more,
});

export const httpCheck = (more: Partial<HttpCheck> = {}): HttpCheck => ({
  ...base,
  name: "healthy",
  kind: "http",
  url: "http://127.0.0.1:1/healthz",
  headers: {},
  status: [200],
  timeout: 2_000,
  ...more,
});

export const runCheck = (more: Partial<RunCheck> = {}): RunCheck => ({
  ...base,
  name: "smoke",
  kind: "run",
  command: "true",
  timeout: 600_000,
  ...more,
});

export const junitCheck = (more: Partial<JunitCheck> = {}): JunitCheck => ({
  ...base,
  name: "unit-tests",
  kind: "junit",
  files: "reports/**/*.xml",
  minTests: 1,
  maxFailures: 0,
  ...more,
});
