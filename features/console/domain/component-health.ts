import type { Health } from "@/lib/console-contract";

type Component = Health["components"][number];

/** What is known of one of the console's own parts. */
export function findComponent(health: Health | undefined, name: Component["name"]): Component | undefined {
  return health?.components.find((component) => component.name === name);
}

/** Whether one of the console's own parts is down, as far as is known. */
export function isDown(health: Health | undefined, name: Component["name"]): boolean {
  return findComponent(health, name)?.status === "down";
}
