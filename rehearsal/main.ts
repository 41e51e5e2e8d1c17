import { rehearseCommand } from "./cli.ts";

process.exitCode = await rehearseCommand(process.argv.slice(2), {
  cwd: process.cwd(),
  env: process.env,
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
});
