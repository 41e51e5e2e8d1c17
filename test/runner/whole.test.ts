import { expect, test } from "vitest";
import { workflow } from "./world.ts";

test("jobs, needs, outputs, a JavaScript action with post and a checkout play together", async () => {
  await using w = await workflow(
    `
jobs:
  one:
    runs-on: ubuntu-latest
    outputs: { value: "\${{ steps.set.outputs.value }}" }
    steps:
      - uses: actions/checkout@v4
      - id: set
        run: |
          cat README.md
          echo "value=\${{ github.ref_name }}-$GITHUB_RUN_ID" >> "$GITHUB_OUTPUT"
      - uses: $/act
        with: { greeting: hello }
  two:
    needs: one
    runs-on: ubuntu-latest
    steps:
      - env: { VALUE: "\${{ needs.one.outputs.value }}" }
        run: echo "got $VALUE"
`,
    {
      "README.md": "read me\n",
      "act/action.yml":
        "name: act\ndescription: d\ninputs: { greeting: { description: g }, status: { description: s, default: '${{ job.status }}' } }\nruns: { using: node24, main: main.js, post: post.js }\n",
      "act/main.js":
        "const fs=require('fs');console.log('main', process.env.INPUT_GREETING, process.env.INPUT_STATUS);fs.appendFileSync(process.env.GITHUB_STATE,'k=v\\n')",
      "act/post.js": "console.log('post', process.env.STATE_k, process.env.INPUT_STATUS)",
    },
  );
  const result = await w.start();
  expect(result.conclusion).toBe("success");
  expect(w.log("two")).toContain("got main-1");
  expect(w.log("one")).toContain("read me");
  expect(w.log("one")).toContain("post v success");
});
