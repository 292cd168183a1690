import path from "node:path";
import { Command, Option } from "commander";
import {
  CHECK_FORMATS,
  type CheckFormat,
  countProblems,
  toCheckText,
  toGitHubAnnotations,
} from "@/features/runbooks/terminal";
import { env } from "@/server/config/env";

type CheckOptions = { format: CheckFormat; strict?: boolean };

/** `ops-console runbooks …`: what can be said of runbooks without a console. */
export function runbooksCommand(): Command {
  return new Command("runbooks").description("examine runbooks").addCommand(checkCommand());
}

function checkCommand(): Command {
  return new Command("check")
    .description("find what is wrong with the runbooks below a directory; ends with 1 when there is an error")
    .argument("[directory]", "where the Markdown files are", "runbooks")
    .addOption(
      new Option("--format <format>", "github writes annotations of Actions").choices(CHECK_FORMATS).default("text"),
    )
    .option("--strict", "end with 1 for a warning, too")
    .action(async (directory: string, { format, strict = false }: CheckOptions) => {
      // Loaded here, so that the other commands stay light.
      const { checkRunbooks } = await import("@/features/runbooks/server/index");
      const checked = await checkRunbooks(path.resolve(env().INIT_CWD, directory), new AbortController().signal);
      const files = checked.files.map((file) => ({ ...file, path: path.posix.join(directory, file.path) }));
      const { errors, warnings } = countProblems(files);
      if (format === "json")
        console.log(JSON.stringify({ files, notes: checked.notes, errors, warnings }, undefined, 2));
      else console.log(format === "github" ? toGitHubAnnotations(files) : toCheckText(files));
      for (const note of checked.notes) console.error(`ops-console: ${note}`);
      process.exitCode = errors > 0 || (strict && warnings > 0) ? 1 : 0;
    });
}
