import { attributeText } from "./attribute-value-text";
import { visibleText } from "./visible-text";

type Attributes = readonly { key: string; value: unknown }[];
type Spoken = {
  events: readonly { name: string; attributes: Attributes }[];
  status: { message: string };
  attributes: Attributes;
};

/** A sentence has room for so much of a message, characters. */
const MAX_ERROR_TEXT = 160;

/**
 * What a span says of its failure, in one line: its last exception event (`exception.type`, `exception.message`), else the
 * message of its status, else `error.type`. Undefined where it says nothing.
 */
export function errorText({ events, status, attributes }: Spoken): string | undefined {
  const exception = events.findLast(({ name, attributes: own }) => name === "exception" || own.some(isException));
  const told = exception === undefined ? [] : exception.attributes;
  const texts = [textOf(told, "exception.type"), textOf(told, "exception.message") || status.message];
  const line = texts.filter((text) => text !== "").join(": ") || textOf(attributes, "error.type");
  const shown = visibleText(line.replace(/\s+/g, " ").trim());
  if (shown === "") return undefined;
  return shown.length > MAX_ERROR_TEXT ? `${shown.slice(0, MAX_ERROR_TEXT - 1)}…` : shown;
}

const isException = ({ key }: Attributes[number]): boolean => key === "exception.type" || key === "exception.message";

function textOf(attributes: Attributes, wanted: string): string {
  const found = attributes.find(({ key }) => key === wanted);
  return found === undefined ? "" : attributeText(found);
}
