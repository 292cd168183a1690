export { closeCollectorPool } from "./collector-pool-repository";
export { deleteTracesByResourceAttribute } from "./sample-repository";
export { type Collector, type CollectorOptions, startCollector } from "./start-collector";
export { countSpans, type IngestStatus, ingestStatus } from "./status-repository";
