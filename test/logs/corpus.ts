/** Real-looking lines of every format, with what a reader of logs would say of them. */
export interface Example {
  readonly name: string;
  readonly text: string;
  /** Levels of the events, in order. */
  readonly levels: readonly string[];
  /** Times of the events (ISO 8601), where the lines name them or inherit them. */
  readonly times?: readonly (string | null)[];
  /** Templates of the error events, in order of first occurrence. */
  readonly signatures?: readonly string[];
}

const pino = (level: number, msg: string, more = "") =>
  `{"level":${level},"time":1795168800123,"pid":77,"hostname":"n-1"${more},"msg":"${msg}"}`;
const T = "2026-11-20T10:00:00.123Z";

export const corpus: readonly Example[] = [
  {
    name: "pino",
    text: [
      pino(10, "a"),
      pino(20, "b"),
      pino(30, "c"),
      pino(40, "d"),
      pino(50, "order 17 failed"),
      pino(60, "out of memory"),
    ].join("\n"),
    levels: ["trace", "debug", "info", "warn", "error", "fatal"],
    times: [T, T, T, T, T, T],
    signatures: ["order <*> failed", "out of memory"],
  },
  {
    name: "bunyan",
    text: `{"name":"app","hostname":"n-1","pid":3,"level":50,"msg":"cannot reach 10.1.2.3:5432","time":"2026-11-20T10:00:00.123Z","v":0}`,
    levels: ["error"],
    times: [T],
    signatures: ["cannot reach <*>"],
  },
  {
    name: "winston with colours in the level",
    text: `{"level":"\\u001b[31merror\\u001b[39m","message":"boom","timestamp":"2026-11-20T10:00:00.123Z"}`,
    levels: ["error"],
    times: [T],
    signatures: ["boom"],
  },
  {
    name: "zap, epoch seconds as a fraction",
    text: `{"level":"dpanic","ts":1795168800.123,"caller":"a/b.go:12","msg":"bad state"}\n{"level":"info","ts":1795168800.123,"msg":"x"}`,
    levels: ["fatal", "info"],
    times: [T, T],
  },
  {
    name: "logrus and slog",
    text: `{"level":"warning","msg":"slow","time":"2026-11-20T11:00:00+01:00"}\n{"time":"2026-11-20T10:00:00.123456789Z","level":"ERROR","msg":"failed \\"quoted\\"","user":{"level":"info"}}`,
    levels: ["warn", "error"],
    times: ["2026-11-20T10:00:00.000Z", T],
    signatures: ["failed <*>"],
  },
  {
    name: "ECS, flat and nested",
    text: `{"@timestamp":"2026-11-20T10:00:00.123Z","log.level":"error","message":"a"}\n{"@timestamp":"2026-11-20T10:00:00.123Z","ecs":{"version":"8"},"log":{"level":"WARN","logger":"x"},"message":"b"}`,
    levels: ["error", "warn"],
    times: [T, T],
  },
  {
    name: "Google Cloud severity, Serilog",
    text: `{"severity":"CRITICAL","message":"x","timestamp":"2026-11-20T10:00:00.123Z"}\n{"@t":"2026-11-20T10:00:00.123Z","@mt":"User {Name} failed","@l":"Error"}`,
    levels: ["fatal", "error"],
    times: [T, T],
  },
  {
    name: "systemd journal: priority, message as bytes, an application's own level",
    text: [
      `{"__CURSOR":"s=1","__REALTIME_TIMESTAMP":"1795168800123456","PRIORITY":"3","_HOSTNAME":"n-1","MESSAGE":"disk sda1 failed"}`,
      `{"PRIORITY":"6","MESSAGE":[104,195,169],"__REALTIME_TIMESTAMP":"1795168800123456"}`,
      `{"MESSAGE":"level=error msg=\\"lost 7\\"","PRIORITY":"6","__REALTIME_TIMESTAMP":"1795168800123456"}`,
    ].join("\n"),
    levels: ["error", "info", "error"],
    times: [T, T, T],
  },
  {
    name: "docker's JSON file",
    text: `{"log":"ERROR: lost connection 12\\n","stream":"stderr","time":"2026-11-20T10:00:00.123456789Z"}\n{"log":"hello\\n","stream":"stdout","time":"2026-11-20T10:00:00.123456789Z"}`,
    levels: ["error", "none"],
    times: [T, T],
  },
  {
    name: "container runtime's lines around JSON and plain text",
    text: `2026-11-20T10:00:00.123456789Z stderr F {"level":"error","msg":"x"}\n2026-11-20T10:00:00.123456789Z stdout F INFO started`,
    levels: ["error", "info"],
    times: [T, T],
  },
  {
    name: "logfmt",
    text: `time="2026-11-20T10:00:00.123Z" level=error msg="cannot open \\"a b\\"" path=/x\nts=2026-11-20T10:00:00.123Z caller=main.go:3 level=info msg=started\nlevel=fatal ts=1795168800.123 msg=gone`,
    levels: ["error", "info", "fatal"],
    times: [T, T, T],
  },
  {
    name: "syslog RFC 5424",
    text: `<11>1 2026-11-20T10:00:00.123Z host app 12 ID47 [a@1 x="]\\"y"] lost 3 packets\n<165>1 2026-11-20T11:00:00.123+01:00 host app - - - ok`,
    levels: ["error", "info"],
    times: [T, T],
    signatures: ["lost <*> packets"],
  },
  {
    name: "syslog RFC 3164, with and without priority",
    text: `<34>Nov 20 10:00:00 host su[12]: denied for root\nNov 20 10:00:00 host sshd[12]: error: maximum exceeded\nNov  2 10:00:00 host kernel: started`,
    levels: ["fatal", "error", "none"],
    times: ["2026-11-20T10:00:00.000Z", "2026-11-20T10:00:00.000Z", "2026-11-02T10:00:00.000Z"],
  },
  {
    name: "log4j and logback, with a stack trace",
    text: [
      "2026-11-20 10:00:00,123 [main] INFO  c.e.App - started",
      "2026-11-20 10:00:00,123 ERROR [http-7] c.e.Handler - request 12 failed",
      "java.lang.IllegalStateException: closed",
      "\tat c.e.Handler.run(Handler.java:12)",
      "\tat java.base/java.lang.Thread.run(Thread.java:1)",
      "Caused by: java.io.IOException: gone",
      "\t... 12 more",
      "2026-11-20 10:00:00,123 [main] WARN  c.e.App - after",
    ].join("\n"),
    levels: ["info", "error", "warn"],
    times: [T, T, T],
    signatures: ["[<*>] c.e.Handler - request <*> failed java.lang.IllegalStateException"],
  },
  {
    name: "Spring Boot",
    text: "2026-11-20T10:00:00.123Z  WARN 1 --- [           main] c.e.A : low\n2026-11-20T10:00:00.123Z ERROR 1 --- [nio-8080-exec-1] o.a.c.C : Servlet.service() threw",
    levels: ["warn", "error"],
    times: [T, T],
  },
  {
    name: "java.util.logging in two lines",
    text: "Nov 20, 2026 10:00:00 AM com.example.App run\nSEVERE: broken\nNov 20, 2026 10:00:00 PM com.example.App run\nINFO: fine",
    levels: ["error", "info"],
    times: ["2026-11-20T10:00:00.000Z", "2026-11-20T22:00:00.000Z"],
  },
  {
    name: "Python logging with a traceback",
    text: [
      "2026-11-20 10:00:00,123 - app.db - ERROR - query 5 failed",
      "Traceback (most recent call last):",
      '  File "a.py", line 3, in run',
      "    go()",
      "ValueError: bad",
      "",
      "During handling of the above exception, another exception occurred:",
      "",
      "Traceback (most recent call last):",
      '  File "a.py", line 9, in run',
      "app.errors.QuotaExceeded: too much",
      "2026-11-20 10:00:00,123 - app.db - INFO - next",
    ].join("\n"),
    levels: ["error", "info"],
    times: [T, T],
    signatures: ["query <*> failed ValueError"],
  },
  {
    name: "Python's default and uvicorn's format, without a time",
    text: 'ERROR:root:cannot do 5\nINFO:     10.0.0.1:5000 - "GET / HTTP/1.1" 200 OK\nWARNING:app:low',
    levels: ["error", "info", "warn"],
  },
  {
    name: "an uncaught Python error between ordinary lines",
    text: [
      "2026-11-20 10:00:00,123 INFO ok",
      "Traceback (most recent call last):",
      '  File "a.py", line 3',
      "KeyError: 'x'",
      "2026-11-20 10:00:00,123 INFO ok",
    ].join("\n"),
    levels: ["info", "error", "info"],
  },
  {
    name: "an uncaught Node error",
    text: [
      "/app/x.js:12",
      '    throw new Error("boom")',
      "    ^",
      "",
      "Error: boom",
      "    at Object.<anonymous> (/app/x.js:12:9)",
      "    at node:internal/main:1:1",
      "",
      "Node.js v24.1.0",
    ].join("\n"),
    levels: ["none", "error", "none"],
  },
  {
    name: "a Go panic",
    text: [
      "2026/11/20 10:00:00 started",
      "panic: runtime error: index out of range [5] with length 3",
      "",
      "goroutine 1 [running]:",
      "main.main()",
      "\t/app/main.go:12 +0x1d",
      "exit status 2",
      "2026/11/20 10:00:00 restarted",
    ].join("\n"),
    levels: ["none", "fatal", "none"],
    signatures: ["panic: runtime error: index out of range [<*>] with length <*>"],
  },
  {
    name: "an uncaught Java error",
    text: 'Exception in thread "main" java.lang.NullPointerException\n\tat a.B.c(B.java:1)\nCaused by: x.Y: z\n\t... 1 more',
    levels: ["error"],
  },
  {
    name: "klog and glog",
    text: "E1120 10:00:00.123456    1234 server.go:99] cannot sync pod 7\nI1120 10:00:00.123456       1 server.go:99] ok\nF1120 10:00:00.123456       1 main.go:1] gone\nW1120 10:00:00.123456       1 main.go:1] hm",
    levels: ["error", "info", "fatal", "warn"],
    times: [T, T, T, T],
    signatures: ["cannot sync pod <*>", "gone"],
  },
  {
    name: "access logs: 5xx is an error",
    text: [
      '10.0.0.1 - - [20/Nov/2026:10:00:00 +0000] "GET /a?x=1 HTTP/1.1" 200 12 "-" "curl ERROR"',
      '10.0.0.1 - frank [20/Nov/2026:11:00:00 +0100] "POST /objects/77 HTTP/1.1" 503 0 "http://x/" "Mozilla/5.0 (X)"',
      '::1 - - [20/Nov/2026:10:00:00 +0000] "GET /\\"x HTTP/1.0" 404 -',
      'example.com:443 10.0.0.1 - - [20/Nov/2026:10:00:00 +0000] "GET / HTTP/1.1" 500 12',
    ].join("\n"),
    levels: ["info", "error", "warn", "error"],
    times: Array.from({ length: 4 }, () => "2026-11-20T10:00:00.000Z"),
    signatures: ["POST <*> 503", "GET / <*> 500"],
  },
  {
    name: "nginx's and Apache's error logs",
    text: "2026/11/20 10:00:00 [error] 12#0: *7 connect() failed\n[Fri Nov 20 10:00:00.123456 2026] [core:error] [pid 1] AH001: x\n[Fri Nov 20 10:00:00.123456 2026] [mpm_event:notice] [pid 1] ok",
    levels: ["error", "error", "info"],
    times: ["2026-11-20T10:00:00.000Z", T, T],
  },
  {
    name: "PostgreSQL and Redis",
    text: "2026-11-20 10:00:00.123 UTC [12] LOG:  checkpoint\n2026-11-20 10:00:00.123 UTC [12] FATAL:  no password\n12:M 20 Nov 2026 10:00:00.123 # Out of memory",
    levels: ["info", "fatal", "none"],
    times: [T, T, T],
  },
  {
    name: "level words at their usual places only",
    text: [
      "2026-11-20T10:00:00.123Z INFO no ERROR here",
      "2026-11-20T10:00:00.123Z error something",
      "2026-11-20T10:00:00.123Z [warn] x",
      "2026-11-20T10:00:00.123Z | Error | x",
      "2026-11-20T10:00:00.123Z the error was small",
      "[ERROR] 2026-11-20T10:00:00.123Z x",
      "2026-11-20T10:00:00.123Z level=debug x",
      "2026-11-20T10:00:00.123Z TERROR ERRORS x",
    ].join("\n"),
    levels: ["info", "error", "warn", "error", "none", "error", "debug", "none"],
  },
  {
    name: "ANSI colours",
    text: "\u001b[90m2026-11-20T10:00:00.123Z\u001b[0m \u001b[31mERROR\u001b[0m red 7\n\u001b[32mINFO\u001b[0m[0000] green",
    levels: ["error", "info"],
    times: [T, T],
    signatures: ["<*> ERROR red <*>"],
  },
  {
    name: "Windows line ends",
    text: "2026-11-20T10:00:00.123Z ERROR x 1\r\n\r\n2026-11-20T10:00:00.123Z INFO y\r\n",
    levels: ["error", "info"],
    signatures: ["x <*>"],
  },
  {
    name: "a line without a time inherits the one before",
    text: '{"level":"info","time":"2026-11-20T10:00:00.123Z"}\n{"level":"error","msg":"x"}\nERROR y',
    levels: ["info", "error", "error"],
    times: [T, T, T],
  },
  {
    name: "kubectl --prefix and compose",
    text: '[pod/web-1/app] {"level":"error","ts":"2026-11-20T10:00:00.123Z","msg":"x"}\nweb-1  | 2026-11-20T10:00:00.123Z WARN y',
    levels: ["error", "warn"],
    times: [T, T],
  },
  {
    name: "braces that are no JSON",
    text: '{not json\n2026-11-20T10:00:00.123Z ERROR x\n{"level":"error","time":',
    levels: ["none", "error", "error"],
  },
];
