if (process.env.RUNNER_TOOL_CACHE)
  (await import("node:module")).enableCompileCache?.(`${process.env.RUNNER_TOOL_CACHE}/rocksolid-compile-cache`);
await (await import("../dist/index.js")).run("bake");
