/** Upper bounds of the histogram of request durations, in seconds. */
const bounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];

/** Counts requests, and prints them in Prometheus' text format. */
export function createMetrics() {
  const codes = new Map();
  const buckets = bounds.map(() => 0);
  let count = 0;
  let errors = 0;
  let seconds = 0;
  return {
    observe(code, duration) {
      codes.set(code, (codes.get(code) ?? 0) + 1);
      count += 1;
      if (code >= 500) errors += 1;
      seconds += duration;
      for (const [index, bound] of bounds.entries()) if (duration <= bound) buckets[index] += 1;
    },
    text() {
      const lines = [
        "# HELP requests_total Customers' requests by status code.",
        "# TYPE requests_total counter",
        ...[...codes].sort().map(([code, n]) => `requests_total{code="${code}"} ${n}`),
        "# HELP errors_total Customers' requests that failed here.",
        "# TYPE errors_total counter",
        `errors_total ${errors}`,
        "# HELP request_duration_seconds Time to answer a customer's request.",
        "# TYPE request_duration_seconds histogram",
        ...bounds.map((bound, index) => `request_duration_seconds_bucket{le="${bound}"} ${buckets[index]}`),
        `request_duration_seconds_bucket{le="+Inf"} ${count}`,
        `request_duration_seconds_sum ${seconds}`,
        `request_duration_seconds_count ${count}`,
        "# HELP process_resident_memory_bytes Memory of this process.",
        "# TYPE process_resident_memory_bytes gauge",
        `process_resident_memory_bytes ${process.memoryUsage.rss()}`,
        "# HELP nodejs_external_memory_bytes Memory of buffers.",
        "# TYPE nodejs_external_memory_bytes gauge",
        `nodejs_external_memory_bytes ${process.memoryUsage().external}`,
        "# HELP process_uptime_seconds Time since this process started.",
        "# TYPE process_uptime_seconds gauge",
        `process_uptime_seconds ${process.uptime()}`,
      ];
      return `${lines.join("\n")}\n`;
    },
  };
}
