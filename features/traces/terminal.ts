/* What `ops-console traces` prints: pure texts of the replies. A door for the command line. */

export { decodeSkeleton } from "./domain/skeleton-wire";
export { toCompareText } from "./domain/terminal/compare-text";
export { toExplainText } from "./domain/terminal/explain-text";
export { toShowText } from "./domain/terminal/show-text";
export { toSlowestProgressText, toSlowestText } from "./domain/terminal/slowest-text";
