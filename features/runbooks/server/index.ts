export { checkRunbooks } from "./check-runbooks";
export { hasRun, hasRunbook } from "./existence-repository";
export { matchRunbooks } from "./match-runbooks";
export { findRun, findRunbook } from "./pages";
export { getRunbook, listRunbooks } from "./runbook-catalogue";
export { runbookSyncTask } from "./runbook-sync-task";
export { appendRunEvent, getRun, listRuns, startRun, watchRun } from "./runs";
export { configuredSources, syncRunbooks } from "./sync-runbooks";
export { tryRunbookSource } from "./try-source";
