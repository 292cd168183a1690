import type { Configure, S3MigrationSnapshot } from "../contract";
import { type ConfigChange, configureSchema } from "../domain/config";
import { PRIORITIES, type Priority } from "../domain/limits";
import { amountText, parseAmount } from "../domain/time-window-text";
import { windowText } from "../domain/time-windows";
import { toWindows } from "./migration-draft";

type Options = S3MigrationSnapshot["options"];
export type SettingsDraft = {
  objectsPerSecond: string;
  requestsPerSecond: string;
  bytesPerSecond: string;
  concurrency: string;
  windows: string;
  priority: Priority;
  stopAtPercent: string;
  reason: string;
};

const shown = (value: number | undefined): string => (value === undefined ? "" : String(value));

/** What is so now, as a person would type it. */
export function toSettingsDraft({ limits, concurrency, priority, stopAtFailedShare }: Options): SettingsDraft {
  return {
    objectsPerSecond: shown(limits.objectsPerSecond),
    requestsPerSecond: shown(limits.requestsPerSecond),
    bytesPerSecond: limits.bytesPerSecond === undefined ? "" : amountText(limits.bytesPerSecond),
    concurrency: String(concurrency),
    windows: limits.windows.map(windowText).join("\n"),
    priority,
    stopAtPercent: String(Math.round(stopAtFailedShare * 1e4) / 100),
    reason: "",
  };
}

type Checked = { configure: Configure } | { problems: ReadonlyMap<ConfigChange["field"], string> };

/** The command for what was changed, or what is wrong by field. Only what differs is sent. */
export function toConfigure(draft: SettingsDraft, before: SettingsDraft): Checked {
  const isChanged = (field: keyof SettingsDraft) => draft[field].trim() !== before[field].trim();
  const number = (text: string, parse: (text: string) => number = Number) => (text.trim() === "" ? null : parse(text));
  const limits = {
    ...(isChanged("objectsPerSecond") ? { objectsPerSecond: number(draft.objectsPerSecond) } : {}),
    ...(isChanged("requestsPerSecond") ? { requestsPerSecond: number(draft.requestsPerSecond) } : {}),
    ...(isChanged("bytesPerSecond") ? { bytesPerSecond: number(draft.bytesPerSecond, parseAmount) } : {}),
    ...(isChanged("windows") ? { windows: toWindows(draft.windows) } : {}),
  };
  const result = configureSchema.safeParse({
    ...(Object.keys(limits).length > 0 ? { limits } : {}),
    ...(isChanged("concurrency") ? { concurrency: Number(draft.concurrency) } : {}),
    ...(isChanged("priority") ? { priority: PRIORITIES.find((name) => name === draft.priority) } : {}),
    ...(isChanged("stopAtPercent") ? { stopAtFailedShare: Number(draft.stopAtPercent) / 100 } : {}),
  });
  if (result.success) return { configure: result.data };
  return { problems: new Map(result.error.issues.map(({ path, message }) => [path.slice(0, 2).join("."), message])) };
}
