/**
 * A reader that sends this header with a search is told more of each trace than Jaeger's API knows: how long the root span
 * took, and how far clocks are apart. Without it the embedded collector answers word for word as Jaeger does; a Jaeger
 * passes over it.
 */
export const OWN_FIELDS_HEADER = "x-ops-console-fields";
