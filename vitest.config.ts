import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["src/**/*.test.ts", "rehearsal/**/*.test.ts", "test/**/*.test.ts"],
    testTimeout: 30_000,
    // The rehearsal's parser imports JSON without attributes, which Vite resolves and Node refuses.
    server: { deps: { inline: ["@actions/workflow-parser"] } },
  },
});
