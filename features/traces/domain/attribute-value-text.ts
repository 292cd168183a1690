/** The value as a person would write it: text bare, lists and maps as JSON. */
export function attributeText({ value }: { value: unknown }): string {
  return typeof value === "string" ? value : (JSON.stringify(value) ?? "");
}
