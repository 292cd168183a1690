import { noSuchKey } from "./object-operations";
import type { Operation, OperationContext } from "./operation";
import type { StoredObject } from "./stored-object";
import { type XmlNode, xmlDocument } from "./xml";

const OWNER = "local";
const GROUP = "http://acs.amazonaws.com/groups/global";
/** Who else may read, by canned access rules. The owner and the bucket's owner are one here. */
const READERS: Record<string, string> = {
  "public-read": `${GROUP}/AllUsers`,
  "authenticated-read": `${GROUP}/AuthenticatedUsers`,
};

function objectOf({ request, catalog }: OperationContext): StoredObject {
  const object = catalog.bucket(request.bucket).get(request.key);
  if (object === undefined) throw noSuchKey(request.key);
  return object;
}

/** GetObjectTagging. */
export const getObjectTagging: Operation = (context) => {
  const tags = (objectOf(context).tags ?? []).map(
    ([name, value]): XmlNode => [
      "Tag",
      [
        ["Key", name],
        ["Value", value],
      ],
    ],
  );
  return { status: 200, body: xmlDocument("Tagging", [["TagSet", tags]]) };
};

/** GetObjectAcl. */
export const getObjectAcl: Operation = (context) => {
  const reader = READERS[objectOf(context).acl ?? ""];
  const grant = (grantee: XmlNode, permission: string): XmlNode => [
    "Grant",
    [
      ["Grantee", [grantee]],
      ["Permission", permission],
    ],
  ];
  const grants = [
    grant(["ID", OWNER], "FULL_CONTROL"),
    ...(reader === undefined ? [] : [grant(["URI", reader], "READ")]),
  ];
  return {
    status: 200,
    body: xmlDocument("AccessControlPolicy", [
      ["Owner", [["ID", OWNER]]],
      ["AccessControlList", grants],
    ]),
  };
};
