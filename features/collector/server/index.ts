export { closeCollectorPool } from "./collector-pool-repository";
export { hasService } from "./existence-repository";
export { deleteTracesByResourceAttribute } from "./sample-repository";
export { type Collector, startCollector } from "./start-collector";
export { countSpans, ingestStatus } from "./status-repository";
