/* What `ops-console runbooks` prints: pure texts of what was found. A door for the command line. */

export {
  CHECK_FORMATS,
  type CheckFormat,
  countProblems,
  toCheckText,
  toGitHubAnnotations,
} from "./domain/check-report";
