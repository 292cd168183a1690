import { z } from "zod";

/** `{data, errors}` around every answer of the older API; lists are null when empty. */
export const legacyNamesSchema = z.object({ data: z.array(z.string()).nullable() });
