/** The spellings Go's `strconv.ParseBool` takes. */
export const TRUTHS: ReadonlySet<string> = new Set(["1", "t", "T", "TRUE", "true", "True"]);
export const FALSEHOODS: ReadonlySet<string> = new Set(["0", "f", "F", "FALSE", "false", "False"]);
