import { expect, it } from "vitest";
import { parseAttributeMap } from "./attribute-map";

it.each([
  ["{", "unexpected end of JSON input"],
  ['{"a', "unexpected end of JSON input"],
  ["error=true", "invalid character 'e' looking for beginning of value"],
  ["{a:1}", "invalid character 'a' looking for beginning of object key string"],
  ['{"a" 1}', "invalid character '1' after object key"],
  ['{"a":"b" "c"}', `invalid character '"' after object key:value pair`],
  ['{"a":"b"}x', "invalid character 'x' after top-level value"],
  ["[]", "json: cannot unmarshal array into Go value of type map[string]string"],
  ['{"a":1}', "json: cannot unmarshal number into Go value of type string"],
])("complains about %s as Go does", (text, problem) => {
  expect(parseAttributeMap(text)).toEqual({ problem });
});

it("takes texts, null and nothing", () => {
  expect(parseAttributeMap('{"a":"b"}')).toEqual({ attributes: new Map([["a", "b"]]) });
  expect(parseAttributeMap("null")).toEqual({ attributes: new Map() });
  expect(parseAttributeMap("")).toEqual({ attributes: new Map() });
});
